"""What notices show on pages below: how many are unread, in the header, and the newest on "my page"."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from samkraft.ui import panels
from samkraft.ui.context import viewer

from . import queries
from .models import Notice

SHOWN_ON_MY_PAGE = 5


@panels.register("header.tools", order=10, template="notices/_unread_count.html")
def unread(*, request: HttpRequest, **_subject: Any) -> Mapping[str, Any] | None:
    """The number of unread notices, for signed-in readers only."""
    reader = viewer(request)
    if reader is None:
        return None
    return {"unread": queries.unread_count(reader)}


@panels.register("my.todo", order=50, template="notices/_newest.html")
def newest(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    notices = list(Notice.objects.visible_to(user).unread()[:SHOWN_ON_MY_PAGE])
    return {"notices": notices} if notices else None
