"""What a call still needs before it can be published, and what comes next in each state. Told as data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Call, CallPerson, CallRole, CallState, Merit, SeedKind
from ..rules.limits import Bound, problems
from . import features, people

TIERS_NEED = 1


@dataclass(frozen=True)
class Draft:
    """A call with what was read of it once, for all points."""

    call: Call
    questions: int
    scales: int
    reviewers: int
    limit_problems: list[str]
    lacks_second: bool = False


@dataclass(frozen=True)
class Point:
    """One thing to do: where, and when it counts as done. What is not `needed` does not stop the publication.

    `concerns` tells of which calls it is asked at all.
    """

    key: str
    title: str | Promise
    missing: str | Promise
    route: str
    done: Callable[[Draft], bool]
    needed: bool = True
    concerns: Callable[[Draft], bool] = lambda _draft: True


@dataclass(frozen=True)
class Shown:
    key: str
    title: str
    missing: str
    url: str
    is_done: bool
    needed: bool


def _merit_is_told(draft: Draft) -> bool:
    call = draft.call
    if call.merit == Merit.NONE:
        return True
    if call.merit == Merit.TIERS:
        return draft.scales > 0 and len(call.merit_bounds) >= TIERS_NEED
    return draft.scales > 0 and call.merit_threshold is not None


def _number_is_named(draft: Draft) -> bool:
    return draft.call.seed_kind == SeedKind.TWO_PEOPLE or bool(draft.call.seed_source)


POINTS = (
    Point(
        "about",
        _("Say what you offer"),
        _("Write a summary and what one gets."),
        "calls:edit_about",
        lambda draft: bool(draft.call.summary and draft.call.offer),
    ),
    Point(
        "when",
        _("Say when the call opens and closes"),
        _("Set the day and the time at which it opens and closes."),
        "calls:edit_when",
        lambda draft: draft.call.opens_at is not None and draft.call.closes_at is not None,
    ),
    Point(
        "who",
        _("Say who may apply"),
        "",
        "calls:edit_who",
        lambda draft: True,
    ),
    Point(
        "questions",
        _("Write the questions"),
        _("Add at least one question."),
        "calls:questions",
        lambda draft: draft.questions > 0,
    ),
    Point(
        "criteria",
        _("Say how those who get a place are chosen"),
        _("Mend the limits, so that they can be kept."),
        "calls:criteria",
        lambda draft: not draft.limit_problems,
    ),
    Point(
        "review",
        _("Say how applications are reviewed"),
        _("Scores count, so say on which scales reviewers judge, and which points are needed."),
        "calls:edit_review",
        _merit_is_told,
    ),
    Point(
        "number",
        _("Name the draw's number beforehand"),
        _("Say which public number is used, so that nobody can choose it afterwards."),
        "calls:edit_number",
        _number_is_named,
    ),
    Point(
        "second",
        _("Invite one more organiser"),
        _("Two people enter a number each, so two have to organise. Without the second one nothing can be drawn."),
        "calls:invite",
        lambda draft: not draft.lacks_second,
        needed=False,
        concerns=lambda draft: draft.call.seed_kind == SeedKind.TWO_PEOPLE,
    ),
    Point(
        "people",
        _("Invite reviewers"),
        _("Scores count, so somebody has to review. You can invite them later, too."),
        "calls:people",
        lambda draft: draft.reviewers > 0,
        needed=False,
        concerns=lambda draft: draft.call.merit != Merit.NONE,
    ),
)


def draft_of(call: Call) -> Draft:
    """A call with what its points ask. Seven queries."""
    reviewers = CallPerson.objects.active().filter(call=call, role=CallRole.REVIEWER).count()
    lacks_second = people.lacks_second(call)
    return Draft(call, call.questions.count(), call.scales.count(), reviewers, limit_problems(call), lacks_second)


def limit_problems(call: Call) -> list[str]:
    """Why the call's limits cannot be kept, in words; empty when they can."""
    found = []
    for feature in features.features_of(call):
        limits = {value: (limit.minimum, limit.maximum) for value, limit in feature.limits.items()}
        bounds = [Bound(word, *limits.get(value, (0, None))) for value, word in feature.values]
        found += problems(feature.label, bounds, call.seats)
    return found


def points_of(call: Call) -> list[Shown]:
    draft = draft_of(call)
    return [
        Shown(
            point.key,
            str(point.title),
            _missing(point, draft),
            reverse(point.route, args=[call.slug]),
            point.done(draft),
            point.needed,
        )
        for point in POINTS
        if point.concerns(draft)
    ]


def _missing(point: Point, draft: Draft) -> str:
    """What the point lacks, with the limits that cannot be kept."""
    return " ".join([str(point.missing), *(draft.limit_problems if point.key == "criteria" else ())])


def missing(call: Call, now: datetime) -> list[str]:
    """Why the call cannot be published yet, one sentence each; empty when it can."""
    draft = draft_of(call)
    found = [_missing(point, draft) for point in POINTS if point.needed and not point.done(draft)]
    if call.closes_at is not None and call.closes_at <= now:
        found.append(str(_("The day at which the call closes is over. Set a later one.")))
    return found


@dataclass(frozen=True)
class Next:
    """What comes next in a state: a sentence, and where to do it (a route that takes the call's address)."""

    words: Promise | str
    route: str = ""
    action: Promise | str = ""


NEXT: dict[str, Next] = {
    CallState.DRAFT: Next(_("Only you who organise the call see it. Do what is left to do, then publish it.")),
    CallState.OPEN: Next(
        _("Applications come in. When the time is over the call closes by itself, and you get a mail."),
        "calls:applications",
        _("See the applications"),
    ),
    CallState.CLOSED: Next(
        _("The call is closed. Share the applications out among the reviewers; if scores do not count, go to the "
          "selection."),
        "calls:reviews",
        _("Begin the review"),
    ),
    CallState.IN_REVIEW: Next(
        _("The reviewers read and judge. When they are done, set the limits and prepare the draw."),
        "calls:reviews",
        _("See how far the review has come"),
    ),
    CallState.COMMITTED: Next(
        _("All is ready for the draw. When the number is known, enter it."), "calls:selection", _("Go to the draw")
    ),
    CallState.DRAWN: Next(
        _("It is drawn. Look through who gets a place, and say that it is right."),
        "calls:decisions",
        _("Look through the decisions"),
    ),
    CallState.DECIDED: Next(
        _("Nobody is told yet. Look through the letters, then announce the decisions."),
        "calls:decisions",
        _("Announce the decisions"),
    ),
    CallState.ANNOUNCED: Next(
        _("Everybody is told. Those who have a place answer, and a place that is declined goes to the waiting list."),
        "calls:decisions",
        _("See who has answered"),
    ),
    CallState.ARCHIVED: Next(_("The call is over. Its page and its report stay.")),
    CallState.CANCELLED: Next(_("The call is cancelled. Its page says so.")),
}  # fmt: skip

_WITHOUT_REVIEW = Next(
    _("The call is closed. Look through the applications, set the limits and prepare the draw."),
    "calls:selection",
    _("Go to the selection"),
)


_NOT_OPEN_YET = Next(
    _("The call is published and opens by itself. Spread its page to those who may apply."),
    "calls:call",
    _("The call's public page"),
)
_TWO_NUMBERS = Next(
    _("All is ready for the draw. Two of you who run the call enter a number each, and with the second it is made."),
    "calls:selection",
    _("Go to the draw"),
)


def is_coming(call: Call, now: datetime) -> bool:
    """Whether the call is published and not open yet."""
    return call.state == CallState.OPEN and call.opens_at is not None and call.opens_at > now


def next_of(call: Call, now: datetime) -> Next:
    if is_coming(call, now):
        return _NOT_OPEN_YET
    if call.state == CallState.COMMITTED and call.seed_kind == SeedKind.TWO_PEOPLE:
        return _TWO_NUMBERS
    if call.state == CallState.CLOSED and call.merit == Merit.NONE:
        return _WITHOUT_REVIEW
    return NEXT[call.state]
