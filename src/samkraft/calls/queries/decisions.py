"""Decisions of a call: who has a place, who waits, who is not chosen this time, and what they answered."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samkraft.networks.models import ActorPerson, ActorRole
from samkraft.people.models import Membership, Role, User

from ..models import (
    TOLD_STATES,
    Application,
    Call,
    CallPerson,
    CallRole,
    CallState,
    Decision,
    DrawState,
    ManualChange,
    Outcome,
    PoolMember,
    Reply,
)
from .features import Feature

GONE = (Reply.DECLINED, Reply.EXPIRED)
# Which decisions a filter of the page shows; the first shows all.
FILTERS = {
    "all": (_("All"), Q()),
    "place": (pgettext_lazy("of a call", "Places"), Q(outcome=Outcome.PLACE) & ~Q(reply__in=GONE)),
    "waitlist": (_("Waiting list"), Q(outcome=Outcome.WAITLIST)),
    "no": (_("Not this time"), Q(outcome=Outcome.NO, was_in_draw=True)),
    "outside": (_("Not in the draw"), Q(outcome=Outcome.NO, was_in_draw=False)),
    "changed": (_("Changed by hand"), Q(is_changed=True)),
}
# These have something to show once people are told.
FILTERS_TOLD = {
    "accepted": (pgettext_lazy("of a call", "Accepted"), Q(outcome=Outcome.PLACE, reply=Reply.ACCEPTED)),
    "unanswered": (_("Not answered"), Q(outcome=Outcome.PLACE, reply=Reply.NONE)),
    "gone": (_("Gave the place up"), Q(outcome=Outcome.PLACE, reply__in=GONE)),
}


def filters_for(call: Call) -> dict[str, tuple[Any, Q]]:
    return FILTERS | FILTERS_TOLD if call.state in TOLD_STATES else FILTERS


def of_call(call: Call) -> QuerySet[Decision]:
    """All decisions, each with whether it was changed by hand, and whether it was in the draw."""
    rows = _annotated(call).select_related("application__place", "application__actor", "replaced_by__application")
    return rows.defer("application__place__outline", "application__working")


def _annotated(call: Call) -> QuerySet[Decision]:
    changes = ManualChange.objects.filter(decision=OuterRef("pk"))
    members = PoolMember.objects.filter(draw=OuterRef("draw"), application=OuterRef("application"))
    return Decision.objects.filter(call=call).annotate(is_changed=Exists(changes), was_in_draw=Exists(members))


def counts(call: Call) -> dict[str, int]:
    """How many decisions each filter shows. One query."""
    found = _annotated(call).aggregate(
        **{
            f"n_{name}": Count("pk", filter=where) if where else Count("pk")
            for name, (_t, where) in filters_for(call).items()
        }
    )
    return {name: found[f"n_{name}"] for name in filters_for(call)}


_ORDER = {Outcome.PLACE: 0, Outcome.WAITLIST: 1, Outcome.NO: 2}


def listed(call: Call, *, wanted: str = "all", search: str = "") -> list[Decision]:
    """The decisions that a filter and a search (in names of people and municipalities) leave, in their order."""
    rows = of_call(call).filter(filters_for(call)[wanted][1])
    if search:
        rows = rows.filter(
            Q(application__name__icontains=search)
            | Q(application__place__name__icontains=search)
            | Q(application__actor__name__icontains=search)
        )
    return sorted(rows, key=_place_in_list)


def _place_in_list(row: Decision) -> tuple[Any, ...]:
    """Places first, then the waiting list in its order, then the others; by municipality or actor, and by name."""
    order = _ORDER[Outcome(row.outcome)]
    is_outside = row.outcome == Outcome.NO and not getattr(row, "was_in_draw", True)
    waits = row.position or 0 if row.outcome == Outcome.WAITLIST else 0
    whence = row.application.place or row.application.actor
    return order, is_outside, row.reply in GONE, waits, whence.name if whence else "", _natural(row), row.pk


def _natural(row: Decision) -> list[tuple[int, str]]:
    """The name so that figures in it stand by their number: "Team 3" before "Team 29"."""
    parts = re.split(r"([0-9]+)", row.application.name.casefold())
    return [(int(part), "") if part.isascii() and part.isdigit() else (0, part) for part in parts]


def ranks(call: Call) -> dict[int, int]:
    """For each decision that waits, by its id, its number on the waiting list, from 1, without those who left it."""
    waiting = Decision.objects.filter(call=call).waiting().filter(application__erased_at=None)
    return {pk: number for number, pk in enumerate(waiting.values_list("pk", flat=True), 1)}


def rank_of(decision: Decision) -> int | None:
    """The number on the waiting list of one who waits."""
    if decision.outcome != Outcome.WAITLIST or decision.reply != Reply.NONE:
        return None
    ahead = Decision.objects.filter(call=decision.call_id).waiting().filter(application__erased_at=None)
    before = Q(position__lt=decision.position) | Q(position=decision.position, pk__lt=decision.pk)
    return ahead.filter(before).count() + 1


def took_part(call: Call) -> set[int]:
    """The ids of the applications that were in the draw that decided. One query."""
    rows = PoolMember.objects.filter(draw__call=call, draw__is_test=False, draw__state=DrawState.DRAWN)
    return set(rows.filter(application__isnull=False).values_list("application_id", flat=True))


def changes_of(call: Call) -> list[ManualChange]:
    """What people changed, the first first, with who was concerned."""
    rows = ManualChange.objects.filter(decision__call=call)
    return list(
        rows.select_related("decision__application__place", "by").defer("decision__application__place__outline")
    )


def told_to(application: Application) -> Decision | None:
    """The decision as its applicant may know it: None until the call is announced, whoever asks and wherever."""
    rows = Decision.objects.filter(application=application, call__state__in=TOLD_STATES)
    return rows.filter(application__erased_at=None).select_related("application", "call__area", "call__actor").first()


def accepted(call: Call) -> QuerySet[Application]:
    """The applications whose people have accepted a place, for what comes after the call. None before it is told."""
    rows = Application.objects.filter(call=call, call__state__in=TOLD_STATES, erased_at=None)
    rows = rows.filter(decision__outcome=Outcome.PLACE, decision__reply=Reply.ACCEPTED)
    return rows.select_related("place", "actor", "user").defer("place__outline", "working").order_by("name", "pk")


def to_answer(user: Any, now: datetime) -> list[Decision]:
    """Places that the person is offered and has not answered, the most urgent first."""
    rows = Decision.objects.filter(
        application__user=user,
        application__erased_at=None,
        call__state=CallState.ANNOUNCED,
        outcome=Outcome.PLACE,
        reply=Reply.NONE,
        answer_by__gt=now,
    )
    return list(rows.select_related("call", "application").order_by("answer_by", "pk"))


def free_places(call: Call) -> QuerySet[Decision]:
    """Places that were given up and neither filled nor left empty, the first first."""
    rows = Decision.objects.filter(call=call, outcome=Outcome.PLACE, reply__in=GONE, replaced_by=None, relaxation="")
    return rows.select_related("application").order_by("replied_at", "pk")


def calls_with_free_places(user: Any) -> list[Decision]:
    """The first free place of each call that the person runs, to be filled by a decision of theirs."""
    roles = CallPerson.objects.active().filter(user=user, role=CallRole.ORGANISER)
    areas = Membership.objects.active().of(user).filter(role=Role.COORDINATOR).values("area")
    actors = ActorPerson.objects.active().filter(user=user, role=ActorRole.CONTACT).values("actor")
    runs = Q(call__in=roles.values("call")) | Q(call__actor__in=actors) | Q(call__area__in=areas)
    runs |= Q(call__area__parent__in=areas) | Q(call__area__parent__parent__in=areas)
    rows = Decision.objects.filter(
        runs,
        call__state=CallState.ANNOUNCED,
        outcome=Outcome.PLACE,
        reply__in=GONE,
        replaced_by=None,
        relaxation="",
    )
    found: dict[int, Decision] = {}
    for row in rows.select_related("call").order_by("replied_at", "pk")[:200]:
        found.setdefault(row.call_id, row)
    return list(found.values())


def organisers_of(call: Call) -> list[User]:
    """Who is told what happens in the call: its organisers, or, when it has none, who made it."""
    people = CallPerson.objects.active().filter(call=call, role=CallRole.ORGANISER, user__is_active=True)
    return [person.user for person in people.select_related("user")] or [call.created_by]


def words_of(features: Sequence[Feature], values: dict[str, str]) -> list[tuple[str, str]]:
    """An application's features in words: (label, value), in the order of the criteria."""
    return [(feature.label, feature.word(values[feature.key])) for feature in features if feature.key in values]
