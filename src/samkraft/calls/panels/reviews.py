"""Applications to read, for reviewers, and reviews that take long, for organisers, on "my page"."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.ui import panels

from ..queries import reviews_todo
from ..queries.stakes import stakes_of


@panels.register("my.todo", order=35, template="calls/_reviews_todo.html")
def to_read(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    if not panels.shared(request, stakes_of, user).helps:
        return None
    calls = reviews_todo.to_read(user)
    return {"calls": calls} if calls else None


@panels.register("my.todo", order=55, template="calls/_reviews_todo_lagging.html")
def lagging(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    if not panels.shared(request, stakes_of, user).helps:
        return None
    calls = reviews_todo.lagging(user, timezone.now())
    return {"calls": calls} if calls else None
