"""The people of the demo's tales."""

from dataclasses import dataclass

from samkraft.people.models import User

from . import accounts


@dataclass(frozen=True)
class Cast:
    """The people of the tale."""

    coordinator: User
    officer: User
    convener: User
    editor: User
    contact: User


def the_cast() -> Cast:
    """The demo accounts, which have to be there."""
    emails = (accounts.COORDINATOR, accounts.OFFICER, accounts.CONVENER, accounts.EDITOR, accounts.CONTACT)
    return Cast(*(User.objects.get(email=email) for email in emails))
