"""What a demo shows: people of every role, and the tales of the platform's parts, alive with real municipalities.

All demo people and actors say that they are. Nothing of this is made in production.
"""

from collections.abc import Callable
from datetime import datetime

from . import calls, network
from .accounts import ACCOUNTS, COORDINATOR, OFFICER, PASSWORD, POLITICIAN, STEWARD, load_accounts

__all__ = ["ACCOUNTS", "COORDINATOR", "OFFICER", "PASSWORD", "POLITICIAN", "STEWARD", "load", "load_accounts"]


def load(*, now: datetime, say: Callable[[str], None]) -> list[tuple[str, str]]:
    """Make what is missing of the demo. Returns (e-mail, password) of its accounts, or nothing outside a demo."""
    accounts = load_accounts(now=now)
    if accounts and network.load(now=now):
        say("The demo network in Mariestad, Töreboda and Gullspång is in place.")
    if accounts and calls.load(now=now):
        say("The demo calls are in place: one announced, one open, one in review.")
    return accounts
