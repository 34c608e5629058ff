"""On "my page": invitations to help with a call, the calls that I run or review, and those that wait for me."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.ui import panels

from ..models import CallRole, CallState
from ..queries import calls as queries
from ..queries.checklist import next_of
from ..queries.stakes import stakes_of

SHOWN = 20
# Where something waits for the organisers as soon as the state is reached. What waits in a review or for an answer to
# a place has panels of its own.
_WAITING = (CallState.DRAFT, CallState.CLOSED, CallState.COMMITTED, CallState.DRAWN, CallState.DECIDED)


def _roles(request: HttpRequest, user: Any) -> list[Any]:
    """The person's roles in calls, asked once, and only of those who have any."""
    helps = panels.shared(request, stakes_of, user).helps
    return panels.shared(request, queries.calls_of, user) if helps else []


@panels.register("my.todo", order=13, template="calls/_offers_todo.html")
def offers(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    if not panels.shared(request, stakes_of, user).invited:
        return None
    found = queries.offers_for(user, timezone.now())
    return {"offers": found} if found else None


@panels.register("my.todo", order=50, template="calls/_calls_todo.html")
def waiting(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """Drafts to publish and calls that wait for a step, those that have waited longest first."""
    now = timezone.now()
    calls = [row.call for row in _roles(request, user) if row.role == CallRole.ORGANISER]
    late = [call for call in calls if call.state == CallState.OPEN and call.closes_at and call.closes_at <= now]
    found = sorted([*late, *(call for call in calls if call.state in _WAITING)], key=lambda call: call.pk)[:SHOWN]
    return {"items": [{"call": call, "next": next_of(call, now)} for call in found]} if found else None


@panels.register("my.mine", order=50, template="calls/_calls_mine.html")
def mine(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = _roles(request, user)[:SHOWN]
    return {"roles": found} if found else None
