"""Checklists: what is left to do for one thing, such as a network on its way from mini to total.

A point with `done` is told by the data; one without is ticked by a person, and remembers who and when.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import ChecklistTick
from .refusals import Refused


@dataclass(frozen=True)
class Point:
    """One thing to do. `done` and `url` are asked with the subject; `url` leads to where it is done."""

    key: str
    title: str | Promise
    text: str | Promise
    done: Callable[[Any], bool] | None = None
    url: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Checklist:
    """Points in the order in which they are shown. The name is kept with each tick."""

    name: str
    points: Sequence[Point]

    def point(self, key: str) -> Point:
        """Raises LookupError when the list has no such point."""
        for point in self.points:
            if point.key == key:
                return point
        raise LookupError(f"The checklist {self.name} has no point {key}.")


@dataclass(frozen=True)
class PointState:
    """How a point stands. `by` and `at` are None where the data tells, and where it is not done."""

    point: Point
    is_done: bool
    by: Any
    at: datetime | None
    url: str


def states(checklist: Checklist, subject: models.Model) -> list[PointState]:
    """How each point stands for the subject: one query for all that people ticked."""
    ticks = {tick.point: tick for tick in _ticks(subject).select_related("by")}
    return [_state(point, subject, ticks.get(_kept_as(checklist, point))) for point in checklist.points]


@transaction.atomic
def tick(*, checklist: Checklist, subject: models.Model, point: str | Point, by: Any, now: datetime) -> None:
    """Say that a point is done. Who ticked it first stays. Raises Refused for a point that the data tells."""
    ChecklistTick.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        point=_kept_as(checklist, _by_hand(checklist, point)),
        defaults={"by": by, "at": now},
    )


@transaction.atomic
def untick(*, checklist: Checklist, subject: models.Model, point: str | Point, by: Any, now: datetime) -> None:
    """Say that a point is not done after all. Raises Refused for a point that the data tells."""
    _ticks(subject).filter(point=_kept_as(checklist, _by_hand(checklist, point))).delete()


def _state(point: Point, subject: models.Model, ticked: ChecklistTick | None) -> PointState:
    url = point.url(subject) if point.url is not None else ""
    if point.done is not None:
        return PointState(point, bool(point.done(subject)), None, None, url)
    if ticked is None:
        return PointState(point, False, None, None, url)
    return PointState(point, True, ticked.by, ticked.at, url)


def _ticks(subject: models.Model) -> models.QuerySet[ChecklistTick]:
    return ChecklistTick.objects.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)


def _by_hand(checklist: Checklist, point: str | Point) -> Point:
    found = checklist.point(point.key if isinstance(point, Point) else point)
    if found.done is not None:
        raise Refused(_("This point is ticked by itself when it is done."))
    return found


def _kept_as(checklist: Checklist, point: Point) -> str:
    return f"{checklist.name}.{point.key}"
