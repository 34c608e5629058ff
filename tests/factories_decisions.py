"""Makers of drawn calls: what a draw leaves behind, without the lottery itself."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from samkraft.calls.models import (
    Application,
    Call,
    CallState,
    Decision,
    Draw,
    DrawState,
    Outcome,
    PoolMember,
)
from samkraft.calls.queries.pool import rules_as_data
from samkraft.engines.selection import Cap, Floor, Quota, Rules
from samkraft.people.models import User

from . import factories_calls
from .factories import NOW

_numbers = count(1)


@dataclass
class Drawn:
    """A call that is drawn, its organiser, and its decisions by the names that the test gave."""

    call: Call
    organiser: User
    draw: Draw
    decisions: dict[str, Decision] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Decision:
        """The decision as it stands in the database now."""
        made = Decision.objects.select_related("application", "call").get(pk=self.decisions[name].pk)
        return made

    def outcomes(self) -> dict[str, str]:
        """The outcome and the reply of each, as "place none"."""
        return {name: f"{self[name].outcome} {self[name].reply}" for name in self.decisions}

    def names(self, wanted: Any) -> list[str]:
        """The names of the decisions in a list or queryset, in its order."""
        by_pk = {made.pk: name for name, made in self.decisions.items()}
        return [by_pk[row.pk] for row in wanted]


def quotas(feature: str, **limits: tuple[int, int]) -> tuple[Quota, ...]:
    return tuple(Quota(feature, value, least, most) for value, (least, most) in limits.items())


def drawn(
    *,
    places: dict[str, dict[str, str]],
    waiting: dict[str, dict[str, str]] | None = None,
    no: dict[str, dict[str, str]] | None = None,
    limits: tuple[Quota, ...] = (),
    caps: tuple[Cap, ...] = (),
    floor: Floor | None = None,
    state: str = CallState.DRAWN,
    languages: dict[str, str] | None = None,
    users: dict[str, User] | None = None,
    **fields: Any,
) -> Drawn:
    """A call with so many places as there are names in `places`; each name with what it is in the draw.

    With a state of after the announcement, those with a place were offered it at NOW for ten days.
    """
    seats = fields.pop("seats", len(places))
    call = factories_calls.call(seats=seats, state=state, closes_at=NOW + timedelta(hours=1), **fields)
    draw = Draw.objects.create(
        call=call,
        state=DrawState.DRAWN,
        seats=seats,
        limits={"rules": rules_as_data(Rules(seats, limits, caps, floor))},
        seed="12 34",
        begun_at=NOW,
        drawn_at=NOW,
    )
    found = Drawn(call, factories_calls.organiser(call), draw)
    groups = ((Outcome.PLACE, places), (Outcome.WAITLIST, waiting or {}), (Outcome.NO, no or {}))
    for outcome, people in groups:
        for number, (name, features) in enumerate(people.items(), 1):
            user = (users or {}).get(name)
            email = user.email if user else f"{name}-{next(_numbers)}@example.org"
            language = (languages or {}).get(name, "en")
            application = factories_calls.application(call, email, name=name.capitalize(), language=language, user=user)
            found.decisions[name] = _decision(found, application, outcome, number, features)
    return found


def _decision(found: Drawn, application: Application, outcome: str, number: int, features: dict[str, str]) -> Decision:
    PoolMember.objects.create(
        draw=found.draw,
        application=application,
        public_id=f"id{application.pk}",
        features={"municipality": f"place-{application.place_id}", **features},
    )
    is_offered = found.call.state in {CallState.ANNOUNCED, CallState.ARCHIVED} and outcome == Outcome.PLACE
    return Decision.objects.create(
        call=found.call,
        draw=found.draw,
        application=application,
        drawn_outcome=outcome,
        outcome=outcome,
        position=number if outcome == Outcome.WAITLIST else None,
        offered_at=NOW if is_offered else None,
        answer_by=NOW + timedelta(days=10) if is_offered else None,
    )
