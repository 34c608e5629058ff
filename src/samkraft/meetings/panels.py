"""Meetings on "my page": what awaits an answer, what one has promised, what comes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.ui import panels

from . import queries, rules
from .telling import country_of

MOST_DECISIONS = 20


def _timed(meetings: list[Any]) -> list[dict[str, Any]]:
    return [{"meeting": meeting, "zone": str(rules.zone_of(country_of(meeting)))} for meeting in meetings]


def _own(request: HttpRequest, user: Any) -> queries.OwnMeetings:
    return panels.shared(request, queries.own_meetings, user, panels.shared(request, timezone.now))


@panels.register("my.todo", order=15, template="meetings/_todo_answers.html")
def answers(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = _own(request, user).awaiting
    return {"meetings": _timed(found)} if found else None


@panels.register("my.todo", order=40, template="meetings/_todo_decisions.html")
def decisions(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = list(queries.decisions_due(user)[:MOST_DECISIONS])
    if not found:
        return None
    return {"decisions": found, "late": queries.late_decisions(found, timezone.now())}


@panels.register("my.mine", order=30, template="meetings/_my_meetings.html")
def mine(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = _own(request, user).coming
    if not found and queries.key_of(user) is None:
        return None
    return {"meetings": _timed(found)}
