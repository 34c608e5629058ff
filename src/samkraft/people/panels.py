"""What awaits a person from this app, on "my page"."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.records.models import VisitorMessage
from samkraft.ui import panels

from . import queries


@panels.register("my.todo", order=10, template="people/_todo_invitations.html")
def invitations(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = queries.invitations_for(user, timezone.now())
    return {"invitations": found} if found else None


@panels.register("my.todo", order=20, template="people/_todo_messages.html")
def messages(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    if not user.is_steward:
        return None
    count = VisitorMessage.objects.visible_to(user).open().count()
    return {"count": count} if count else None


@panels.register("my.todo", order=30, template="people/_todo_name.html")
def name(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    return None if user.name else {}


@panels.register("my.mine", order=10, template="people/_my_account.html")
def account(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    return {"memberships": panels.shared(request, queries.memberships_of, user), "is_steward": user.is_steward}
