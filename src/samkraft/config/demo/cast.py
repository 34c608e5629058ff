"""The people of the demo's tales."""

from dataclasses import dataclass

from samkraft.people.models import User

from . import accounts


@dataclass(frozen=True)
class Cast:
    """The people of the tale."""

    steward: User
    coordinator: User
    officer: User
    politician: User
    convener: User
    editor: User
    contact: User


def the_cast() -> Cast:
    """The demo accounts, which have to be there."""
    emails = (
        accounts.STEWARD,
        accounts.COORDINATOR,
        accounts.OFFICER,
        accounts.POLITICIAN,
        accounts.CONVENER,
        accounts.EDITOR,
        accounts.CONTACT,
    )
    return Cast(*(User.objects.get(email=email) for email in emails))
