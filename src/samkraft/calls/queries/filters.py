"""Which of a call's applications are asked for: by name or place, by what they are, by any answer, by points."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from samkraft.places import facts
from samkraft.places.rules import fold

from ..models import Answer, Application, ApplicationState, Call, Question
from ..rules.answers import number_in
from ..rules.features import class_of
from . import features, merit

SENT_IN = (ApplicationState.SUBMITTED, ApplicationState.EXCLUDED, ApplicationState.WITHDRAWN)
EVERY = "every"
SORTS: dict[str, Promise] = {
    "sent": _("when they were sent in"),
    "name": _("name"),
    "place": _("municipality or county"),
    "points": _("points, the most first"),
}


@dataclass(frozen=True)
class AnswerWanted:
    """What the answer to one question has to be. What is empty does not narrow."""

    question: Question
    values: tuple[str, ...] = ()
    text: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    given: bool | None = None

    def fits(self, text: str, *, has_file: bool) -> bool:
        if self.values and text not in self.values:
            return False
        if self.text and fold(self.text) not in fold(text):
            return False
        if self.given is not None and self.given != (has_file or bool(text)):
            return False
        if self.least is None and self.most is None:
            return True
        number = number_in(text)
        if number is None:
            return False
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


@dataclass(frozen=True)
class Wanted:
    """Which applications, and in which order. What is empty does not narrow."""

    search: str = ""
    state: str = ApplicationState.SUBMITTED
    role: str = ""
    sector: str = ""
    part: str = ""
    size: str = ""
    outcome: str = ""
    least_points: Decimal | None = None
    answers: tuple[AnswerWanted, ...] = ()
    sort: str = "sent"


def sent_in(call: Call) -> QuerySet[Application]:
    """Every application that was sent in, whatever became of it. No samples, no drafts."""
    return Application.objects.real().in_call(call).filter(state__in=SENT_IN)


def drafts(call: Call) -> int:
    """How many have begun an application and not sent it in."""
    return Application.objects.real().in_call(call).filter(state=ApplicationState.DRAFT).count()


def matching(call: Call, wanted: Wanted, points: Mapping[int, Decimal] | None = None) -> list[int]:
    """The ids of the applications that are asked for, in the order asked for.

    `points` are those of `merit.points_of`, for who has them already.
    """
    found = _rows(call, wanted)
    if wanted.search:
        search = fold(wanted.search)
        found = [
            row for row in found if search in fold(f"{row['name']} {row['actor_name']} {row['place__name'] or ''}")
        ]
    for place_fits in _place_tests(call, wanted, {row["place"] for row in found if row["place"]}):
        found = [row for row in found if place_fits(row["place"])]
    for asked in wanted.answers:
        fitting = _fitting(asked, [row["pk"] for row in found])
        found = [row for row in found if row["pk"] in fitting]
    if points is None:
        points = merit.points_of(call) if wanted.least_points is not None or wanted.sort == "points" else {}
    if wanted.least_points is not None:
        least = wanted.least_points
        found = [row for row in found if row["pk"] in points and points[row["pk"]] >= least]
    return [row["pk"] for row in sorted(found, key=_order(wanted.sort, points))]


def _rows(call: Call, wanted: Wanted) -> list[dict[str, Any]]:
    rows = sent_in(call)
    if wanted.state != EVERY:
        rows = rows.filter(state=wanted.state)
    same = {"role": wanted.role, "sector": wanted.sector, "decision__outcome": wanted.outcome}
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    return list(rows.order_by("pk").values("pk", "name", "actor_name", "place", "place__name", "submitted_at"))


def _place_tests(call: Call, wanted: Wanted, places: Collection[int]) -> list[Callable[[int | None], bool]]:
    tests: list[Callable[[int | None], bool]] = []
    if wanted.part:
        parts = facts.values("part", places)
        tests.append(lambda place: parts.get(place or 0) == wanted.part)
    if wanted.size:
        persons = facts.values("population", places, features.edition_of(call, "population"))
        tests.append(lambda place: class_of(persons.get(place or 0), call.size_bounds) == wanted.size)
    return tests


def _fitting(asked: AnswerWanted, applications: Collection[int]) -> set[int]:
    rows = Answer.objects.filter(question=asked.question, application__in=applications)
    answers = {pk: (text, bool(file)) for pk, text, file in rows.values_list("application_id", "text", "file_id")}
    nothing = ("", False)
    return {pk for pk in applications if asked.fits(answers.get(pk, nothing)[0], has_file=answers.get(pk, nothing)[1])}


def _order(sort: str, points: Mapping[int, Decimal]) -> Callable[[dict[str, Any]], Any]:
    never = datetime.max.replace(tzinfo=UTC)
    keys: dict[str, Callable[[dict[str, Any]], Any]] = {
        "sent": lambda row: (row["submitted_at"] or never, row["pk"]),
        "name": lambda row: (fold(row["actor_name"] or row["name"]), row["pk"]),
        "place": lambda row: (fold(row["place__name"] or ""), row["pk"]),
        "points": lambda row: (-points.get(row["pk"], Decimal(0)), row["pk"]),
    }
    return keys.get(sort, keys["sent"])


def in_order(ids: Sequence[int]) -> list[Application]:
    """The applications of these ids with their places and what became of them, in the order of the ids. One query."""
    rows = Application.objects.filter(pk__in=ids).select_related("place__parent", "actor", "decision")
    found = {row.pk: row for row in rows.defer("place__outline", "place__parent__outline", "working")}
    return [found[pk] for pk in ids if pk in found]
