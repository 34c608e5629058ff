"""Reads about calls that pages, panels, calendars and the API need."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from samkraft.people.models import User
from samkraft.people.queries import own_addresses
from samkraft.places.rules import happening_tag
from samkraft.records.models import TransitionLog

from ..models import (
    DRAWN_STATES,
    TOLD_STATES,
    Application,
    ApplicationState,
    Call,
    CallKind,
    CallOffer,
    CallPerson,
    CallRole,
    CallState,
    Review,
    ReviewState,
)

# Words that stand where a call's own address would: no call may take one.
RESERVED = frozenset(
    {"a", "answer", "answers", "application", "applications", "apply", "attachments", "calendar", "check", "decisions"}
    | {"draw", "draws", "export", "files", "letters", "link", "links", "mine", "new", "offer", "offers", "people"}
    | {"place", "places", "reply", "replies", "report", "reports", "review", "reviews", "selection", "verify"}
)
_COUNTED = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.EXCLUDED)


def with_organiser(calls: QuerySet[Call]) -> QuerySet[Call]:
    """The calls with the place or actor in whose name each is."""
    return calls.select_related("area__parent__parent", "actor").defer(
        "area__outline", "area__parent__outline", "area__parent__parent__outline"
    )


def by_slug(slug: str) -> Call | None:
    return with_organiser(Call.objects.filter(slug=slug)).first()


def tags_of(call: Call) -> set[str]:
    """The page cache's tags of all that shows the call: its own page, the lists, the organiser's and the places'."""
    tags = {call.tag, "calls", happening_tag(call.country)}
    if call.area is not None:
        tags.add(call.area.tag)
    if call.actor is not None:
        tags.add(call.actor.tag)
    return tags


def organiser_of(call: Call) -> str:
    """Who organises, as the call says it, or else the place or actor."""
    if call.organiser_name:
        return call.organiser_name
    return call.area.full_name if call.area is not None else call.actor.name  # type: ignore[union-attr]


def chosen(calls: QuerySet[Call], *, country: str = "", kind: str = "") -> QuerySet[Call]:
    if country:
        calls = calls.filter(country=country)
    return calls.filter(kind=kind) if kind else calls


def running(now: datetime) -> QuerySet[Call]:
    """Calls that take applications now, the first to close first."""
    return with_organiser(Call.objects.taking_applications(now)).order_by("closes_at", "pk")


def coming(now: datetime) -> QuerySet[Call]:
    """Calls that are published and open later, the first to open first."""
    return with_organiser(Call.objects.upcoming(now)).order_by("opens_at", "pk")


def not_over(now: datetime) -> QuerySet[Call]:
    """Calls that one can apply to now or later, the first to close first."""
    return with_organiser(Call.objects.filter(state=CallState.OPEN, closes_at__gt=now)).order_by("closes_at", "pk")


def over(now: datetime) -> QuerySet[Call]:
    """Calls that one could apply to, the latest to close first. Cancelled ones are found by their address only."""
    rows = Call.objects.public().filter(Q(closes_at__lte=now) | ~Q(state=CallState.OPEN))
    return with_organiser(rows.exclude(state=CallState.CANCELLED)).order_by("-closes_at", "-pk")


def countries_with_calls() -> list[str]:
    return list(Call.objects.public().order_by("country").values_list("country", flat=True).distinct())


def kinds_with_calls() -> list[CallKind]:
    held = set(Call.objects.public().values_list("kind", flat=True).distinct())
    return [kind for kind in CallKind if kind in held]


def is_drawn(call: Call) -> bool:
    return call.state in DRAWN_STATES


def standing_applications(call: Call) -> QuerySet[Application]:
    """Begun or sent in, and neither withdrawn, erased nor a sample."""
    return Application.objects.in_call(call).real().filter(state__in=_COUNTED, erased_at=None)


def has_begun(call: Call) -> bool:
    return standing_applications(call).exists()


def unfinished(call: Call) -> QuerySet[Application]:
    """Begun and neither sent in nor erased."""
    return Application.objects.in_call(call).real().filter(state=ApplicationState.DRAFT, erased_at=None)


def has_points(call: Call) -> bool:
    """Whether a reviewer has judged one of the call's applications, samples not counted."""
    return Review.objects.filter(application__call=call, application__is_sample=False, state=ReviewState.DONE).exists()


def counts_by_state(call: Call) -> dict[str, int]:
    """How many applications there are in each state; states without any are left out, and so are erased drafts."""
    erased = Q(state=ApplicationState.DRAFT, erased_at__isnull=False)
    rows = Application.objects.in_call(call).real().exclude(erased).order_by().values_list("state")
    return dict(rows.annotate(number=Count("pk")).values_list("state", "number"))


def why_cancelled(call: Call) -> str:
    moves = TransitionLog.objects.of(call).filter(machine="call", to_state=CallState.CANCELLED)
    return moves.values_list("why", flat=True).last() or ""


def told_at(call: Call) -> datetime | None:
    """When those who applied were told what was decided; None before that."""
    if call.state not in TOLD_STATES:
        return None
    moves = TransitionLog.objects.of(call).filter(machine="call", to_state=CallState.ANNOUNCED)
    return moves.values_list("at", flat=True).last()


def people_of(call: Call) -> list[CallPerson]:
    """Those who organise or review the call now, organisers first."""
    rows = CallPerson.objects.active().filter(call=call).select_related("user")
    return sorted(rows, key=lambda person: (CallRole.values.index(person.role), person.pk))


def organisers_of(call: Call) -> list[User]:
    """Whom news of the call is told to."""
    rows = CallPerson.objects.active().filter(call=call, role=CallRole.ORGANISER, user__is_active=True)
    return [person.user for person in rows.select_related("user")]


def calls_of(user: Any) -> list[CallPerson]:
    """The roles that a person has in calls, the newest call first."""
    rows = CallPerson.objects.active().filter(user=user).select_related("call")
    return list(rows.order_by("-call__pk", "pk"))


def offers_for(user: Any, now: datetime) -> list[CallOffer]:
    """Invitations that a person can accept now: those to an address that they have shown to be theirs."""
    rows = CallOffer.objects.open_at(now).to_addresses(own_addresses(user)).select_related("call")
    return list(rows)
