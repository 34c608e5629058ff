"""On "my page": places that I am offered, and free places in calls that I run."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.ui import panels

from ..operations.decisions_telling import reply_address
from ..queries import decisions as queries
from ..queries.stakes import stakes_of


@panels.register("my.todo", order=12, template="calls/_decision_todo.html")
def to_answer(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    stakes = panels.shared(request, stakes_of, user)
    if not (stakes.applies and stakes.answers_come):
        return None
    found = queries.to_answer(user, timezone.now())
    return {"offers": [{"decision": row, "url": reply_address(row)} for row in found]} if found else None


@panels.register("my.todo", order=46, template="calls/_decision_todo_free.html")
def to_fill(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    if not panels.shared(request, stakes_of, user).answers_come:
        return None
    found = queries.calls_with_free_places(user)
    return {"vacancies": found} if found else None
