"""Whether a person has anything to do with calls at all, so that "my page" asks nothing more of most people."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from samkraft.people.models import User
from samkraft.people.queries import own_addresses

from ..models import Application, Call, CallOffer, CallPerson, CallState


@dataclass(frozen=True)
class Stakes:
    """`helps`: organises or reviews a call; `invited`: to do so; `applies`: has begun an application.

    `answers_come`: there is a call whose decisions are announced, so that places can be free.
    """

    helps: bool
    invited: bool
    applies: bool
    answers_come: bool


def stakes_of(user: Any) -> Stakes:
    """One query."""
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(CallPerson.objects.active().filter(user=OuterRef("pk"))),
        Exists(CallOffer.objects.unanswered().to_addresses(own_addresses(user))),
        Exists(Application.objects.filter(user=OuterRef("pk"))),
        Exists(Call.objects.filter(state=CallState.ANNOUNCED)),
    )
    return Stakes(*found.get())
