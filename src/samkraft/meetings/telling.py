"""Mails and notices about a meeting, one to each person however many parties they come for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.text import format_lazy

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell

from . import rules
from .hosts import hosting_of
from .links import token_of
from .models import Attendance, Meeting


def by_person(rows: Iterable[Attendance]) -> list[list[Attendance]]:
    """The rows of each person together."""
    people: dict[tuple[str, Any], list[Attendance]] = {}
    for row in rows:
        people.setdefault(("user", row.user_id) if row.user_id else ("row", row.pk), []).append(row)
    return list(people.values())


def facts(meeting: Meeting) -> dict[str, Any]:
    """What mails say of a meeting. Times are shown in the zone of the host's country."""
    return {"meeting": meeting, "host": meeting.host, "zone": str(rules.zone_of(country_of(meeting)))}


def country_of(meeting: Meeting) -> str:
    return hosting_of(meeting.host).country(meeting.host)


def tell_person(
    rows: Sequence[Attendance],
    *,
    meeting: Meeting,
    kind: str,
    subject: str | Promise,
    template: str,
    now: datetime,
    key: str = "",
    **context: Any,
) -> None:
    """Tell one person who is invited, with the link by which they answer. `rows` are all theirs.

    Nobody is told whose account is closed, or who has left no address.
    """
    row = rows[0]
    if (row.user is not None and not row.user.is_active) or (row.user is None and not row.email):
        return
    tell(
        to=row.user or row.email,
        language=None if row.user else row.language or None,
        kind=kind,
        subject=format_lazy(subject, meeting=meeting.title, host=meeting.host),
        text=from_template(template, {**facts(meeting), **context, "rows": rows}),
        url=reverse_lazy("meetings:answer", args=[token_of(row)]),
        now=now,
        useful_until=meeting.ends_at if kind != "meetings.minutes" else None,
        dedupe_key=f"{key} {row.pk}" if key else None,
    )


def tell_all(rows: Iterable[Attendance], **what: Any) -> None:
    for person in by_person(rows):
        tell_person(person, **what)
