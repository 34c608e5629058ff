"""What is done in every app when a person closes their account. Each app registers its part; accounts calls them."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Protocol


class Leave(Protocol):
    """Ends what a person is in an app, and erases their addresses there, in the transaction of the closing."""

    def __call__(self, *, user: Any, addresses: Collection[str], pseudonym: str, now: datetime) -> None: ...


_leaves: dict[str, Leave] = {}


def register(name: str) -> Callable[[Leave], Leave]:
    """Register what an app does when somebody leaves. A name is taken once."""

    def decorate(leave: Leave) -> Leave:
        if name in _leaves and _leaves[name] is not leave:
            raise ValueError(f"What {name} does when somebody leaves is already registered.")
        _leaves[name] = leave
        return leave

    return decorate


def leave_everywhere(*, user: Any, addresses: Collection[str], pseudonym: str, now: datetime) -> None:
    for name in sorted(_leaves):
        _leaves[name](user=user, addresses=addresses, pseudonym=pseudonym, now=now)
