"""A reader's applications on "my page": what is to be sent in, and where the others stand."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.ui import panels

from ..links import application_path, form_path
from ..models import Application, ApplicationState
from ..queries import applications as queries
from ..queries.applications_state import standing_of
from ..queries.stakes import stakes_of

SHOWN = 20


def _own(request: HttpRequest, user: Any) -> list[Application]:
    """The reader's applications, asked once, and only of those who have any."""
    applies = panels.shared(request, stakes_of, user).applies
    return panels.shared(request, queries.of_reader, user) if applies else []


@panels.register("my.todo", order=30, template="calls/_applications_todo.html")
def to_send_in(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """What is begun or changed and not sent in, as long as the call is open; the first to close first."""
    now = timezone.now()
    found = [one for one in _own(request, user) if _waits(one) and standing_of(one, now).can_write]
    found.sort(key=lambda one: (one.call.closes_at, one.pk))
    return {"items": [{"application": one, "path": form_path(one)} for one in found[:SHOWN]]} if found else None


def _waits(application: Application) -> bool:
    return application.state == ApplicationState.DRAFT or queries.has_unsent(application)


@panels.register("my.mine", order=55, template="calls/_applications_mine.html")
def mine(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """What was sent in, with where it stands; and what was begun too late to be sent in."""
    now = timezone.now()
    shown = [(one, standing_of(one, now)) for one in _own(request, user)]
    items = [
        {"application": one, "standing": standing, "path": application_path(one)}
        for one, standing in shown
        if one.state != ApplicationState.DRAFT or not standing.can_write
    ]
    return {"items": items[:SHOWN]} if items else None
