"""What was changed about an actor, by whom and when, in words."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samkraft.people.models import User

from ..models import Actor

MOST = 200
LONGEST = 120
# What history says of a change of municipalities, which lie in a table of their own.
MUNICIPALITIES = "municipalities: "
_SAID_OTHERWISE = {"id", "slug", "created_by", "created_at", "closed_at", "logo"}


class Difference(NamedTuple):
    name: str
    before: str
    after: str


class Change(NamedTuple):
    at: datetime
    by: User | None
    differences: list[Difference]
    is_first: bool
    is_closing: bool
    is_reopening: bool


def changes_of(actor: Actor) -> list[Change]:
    """The latest changes, the newest first, each with what it changed. One query."""
    rows = list(actor.history.select_related("history_user").order_by("-history_date", "-history_id")[: MOST + 1])
    found = []
    for newer, older in zip(rows, [*rows[1:], None], strict=True):
        if older is None:
            found.append(Change(newer.history_date, newer.history_user, [], True, False, False))
            continue
        closing = newer.closed_at is not None and older.closed_at is None
        reopening = newer.closed_at is None and older.closed_at is not None
        differences = _differences(newer, older)
        if differences or closing or reopening:
            found.append(Change(newer.history_date, newer.history_user, differences, False, closing, reopening))
    return found[:MOST]


def _differences(newer: Any, older: Any) -> list[Difference]:
    found = []
    for field in newer.tracked_fields:
        if field.name in _SAID_OTHERWISE:
            continue
        before, after = (_words(row, field) for row in (older, newer))
        if before != after:
            found.append(Difference(capfirst(str(field.verbose_name)), before, after))
    reason = newer.history_change_reason or ""
    if reason.startswith(MUNICIPALITIES):
        found.append(Difference(_("Municipalities"), "", reason.removeprefix(MUNICIPALITIES)))
    return found


def _words(row: Any, field: Any) -> str:
    value = getattr(row, field.attname)
    if field.choices:
        value = dict(field.flatchoices).get(value, value)
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
