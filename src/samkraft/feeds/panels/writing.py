"""What awaits those who write and those who look after posts, on "my page"."""

from collections.abc import Mapping
from typing import Any

import rules
from django.http import HttpRequest

from samkraft.networks.queries.actors import actors_of
from samkraft.networks.queries.networks import own_networks
from samkraft.people.models import Role
from samkraft.people.queries import memberships_of
from samkraft.ui import panels
from samkraft.ui.context import viewer

from ..models import MailedPost, MailedState, Post, PostState
from ..queries import moderation
from ..queries.posts import authors_among

SHOWN_ON_MY_PAGE = 5


@panels.register("my.todo", order=40, template="feeds/my_posts_todo.html")
def drafts(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """The drafts that the reader has begun, the last changed first."""
    rows = Post.objects.filter(created_by=user, state=PostState.DRAFT).order_by("-changed_at")
    found = list(rows.only("pk", "title", "changed_at")[: SHOWN_ON_MY_PAGE + 1])
    if not found:
        return None
    return {"drafts": found[:SHOWN_ON_MY_PAGE], "more": len(found) > SHOWN_ON_MY_PAGE}


@panels.register("my.todo", order=25, template="feeds/moderation_todo.html")
def to_decide(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """Reported posts that await a decision, and what was mailed in."""
    if not _looks_after(request, user):
        return None
    reported = moderation.reported(user).count()
    mailed = MailedPost.objects.filter(state=MailedState.WAITING).count() if user.is_steward else 0
    return {"reported": reported, "mailed": mailed} if reported or mailed else None


@panels.register("my.mine", order=20, template="feeds/my_posts_mine.html")
def writing(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """The ways to write, for those who may; to the queue, for those who look after posts."""
    actors = [actor for actor, _roles in panels.shared(request, actors_of, user)]
    roles = panels.shared(request, memberships_of, user)
    authors = authors_among(actors, roles, panels.shared(request, own_networks, user).written)
    looks_after = _looks_after(request, user)
    return {"authors": authors, "looks_after": looks_after} if authors or looks_after else None


def _looks_after(request: HttpRequest, user: Any) -> bool:
    """As the rule `looks_after_posts`, of what the page has read already."""
    roles = panels.shared(request, memberships_of, user)
    coordinates = any(role.role == Role.COORDINATOR for role in roles)
    return user.is_steward or coordinates or panels.shared(request, own_networks, user).convenes


@panels.register("post.tools", order=10, template="feeds/post_edit_tools.html")
def tools(*, request: HttpRequest, post: Post, **_subject: Any) -> Mapping[str, Any] | None:
    """What a signed-in reader can do with a published post: those who write it, and those who look after it."""
    reader = viewer(request)
    if reader is None:
        return None
    may_edit = rules.test_rule("feeds.may_edit_post", reader, post)
    may_decide = rules.test_rule("feeds.moderates", reader, post)
    return {"post": post, "may_edit": may_edit, "may_decide": may_decide} if may_edit or may_decide else None
