"""On "my page": invitations to help with a call, the calls that I run or review, and those that wait for me."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.ui import panels

from ..models import CallRole, CallState
from ..queries import calls as queries
from ..queries.checklist import next_of

SHOWN = 20
# Where something waits for the organisers as soon as the state is reached. What waits in a review or for an answer to
# a place has panels of its own.
_WAITING = (CallState.DRAFT, CallState.CLOSED, CallState.COMMITTED, CallState.DRAWN, CallState.DECIDED)


def _roles(user: Any) -> list[Any]:
    return list(queries.calls_of(user))


@panels.register("my.todo", order=13, template="calls/_offers_todo.html")
def offers(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = queries.offers_for(user, timezone.now())
    return {"offers": found} if found else None


@panels.register("my.todo", order=50, template="calls/_calls_todo.html")
def waiting(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """Drafts to publish and calls that wait for a step, those that have waited longest first."""
    now = timezone.now()
    calls = [row.call for row in panels.shared(request, _roles, user) if row.role == CallRole.ORGANISER]
    late = [call for call in calls if call.state == CallState.OPEN and call.closes_at and call.closes_at <= now]
    found = sorted([*late, *(call for call in calls if call.state in _WAITING)], key=lambda call: call.pk)[:SHOWN]
    return {"items": [{"call": call, "next": next_of(call)} for call in found]} if found else None


@panels.register("my.mine", order=50, template="calls/_calls_mine.html")
def mine(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = panels.shared(request, _roles, user)[:SHOWN]
    return {"roles": found} if found else None
