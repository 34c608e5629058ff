"""Posts through their lives: written, published at once or at a time, edited, unpublished, copied.

Each operation locks the post, so that of two people at once the second acts on what the first has left, or is told.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import rules
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samkraft.networks.models import Network
from samkraft.people.models import User
from samkraft.places.models import Area
from samkraft.records.operations import IllegalMove, log_transition
from samkraft.records.refusals import Refused
from samkraft.ui import page_cache, rich_text

from ..models import POST, Post, PostKind, PostState
from ..queries.posts import Author, tags_of, whole

FURTHEST_AHEAD = timedelta(days=365)
EDITABLE = (PostState.DRAFT, PostState.SCHEDULED, PostState.PUBLISHED)
_HANDLED = _("Somebody else has just handled this post. Look at it again.")


class NotAllowed(Refused):
    """The person may not do this with the post."""


class ChangedMeanwhile(Refused):
    """Somebody else has saved the post since this person opened it."""


@dataclass(frozen=True)
class Content:
    """What a post says and where it is read. Without a municipality it is read in the network's or county's feed."""

    language: str
    title: str
    text: str = ""
    municipality: Area | None = None
    network: Network | None = None
    in_county_feed: bool = False
    link_url: str = ""
    link_title: str = ""
    link_site: str = ""
    link_text: str = ""
    event_starts_at: datetime | None = None
    event_ends_at: datetime | None = None
    event_place: str = ""


def locked(post: Post, by: Any) -> Post:
    """The post as it stands now, held until the transaction ends. Raises NotAllowed for who may not write it."""
    current = whole(Post.objects.select_for_update(of=("self",))).get(pk=post.pk)
    if not rules.test_rule("feeds.may_edit_post", by, current):
        raise NotAllowed(_("Only those who write for the author of this post can change it."))
    return current


def keep(post: Post, *, by: Any, now: datetime, reason: str = "", update_fields: list[str] | None = None) -> None:
    """Save the post with a line in its history: who, when, and for what is not in its fields, what."""
    post._history_user, post._history_date, post._change_reason = by, now, reason or None
    post.save(update_fields=update_fields)


def tell_caches(post: Post, *earlier: str) -> None:
    """Everything that shows the post is made anew; `earlier`: the tags of where it was read before."""
    page_cache.changed(*earlier, *tags_of(post))


@transaction.atomic
def create_draft(*, author: Author, kind: str, content: Content, by: User, now: datetime) -> Post:
    """A new draft. Raises NotAllowed for who may not write as the author, Refused for a place that is not theirs."""
    post = Post(kind=kind, created_by=by, created_at=now, changed_at=now, **{author.field: author.subject})
    if not rules.test_rule("feeds.may_edit_post", by, post):
        raise NotAllowed(_("You may not write as this author."))
    if not author.is_open:
        raise Refused(_("This author no longer tells anything here."))
    _fill(post, author, content)
    keep(post, by=by, now=now)
    return post


@transaction.atomic
def save_post(*, post: Post, content: Content, version: int, by: User, now: datetime) -> Post:
    """Save what was edited, unless somebody has saved since `version` was read. A published post changes at once.

    Raises ChangedMeanwhile, NotAllowed or Refused; then nothing is changed.
    """
    current = locked(post, by)
    if current.state not in EDITABLE:
        raise Refused(_("This post can no longer be edited. Copy it to a new draft instead."))
    if current.version != version:
        raise ChangedMeanwhile(
            _("Somebody else has saved this post while you wrote. Your text is still here; theirs is shown below it.")
        )
    earlier, before = tags_of(current), _told(current)
    _fill(current, Author(current.author), content)
    if _told(current) == before:
        return current
    current.version += 1
    current.changed_at = now
    if current.state == PostState.PUBLISHED:
        current.edited_at = now
        tell_caches(current, *earlier)
    keep(current, by=by, now=now)
    return current


def _told(post: Post) -> list[Any]:
    """Everything that saving can change."""
    names = [field.name for field in fields(Content)]
    return [getattr(post, name) for name in (*names, "county", "in_network_feed", "country")]


def _fill(post: Post, author: Author, content: Content) -> None:
    """Put the content into the post, in the feeds where its author may tell."""
    _check_places(post, author, content)
    for field in fields(Content):
        setattr(post, field.name, getattr(content, field.name))
    post.text = rich_text.clean(content.text)
    network = author.subject if isinstance(author.subject, Network) else content.network
    post.network, post.in_network_feed = network, network is not None
    if content.municipality is not None:
        post.county, post.country = content.municipality.parent, content.municipality.country
    else:
        post.county, post.country = author.county, author.country
    post.in_county_feed = content.in_county_feed or author.is_county
    if content.event_ends_at and content.event_starts_at and content.event_ends_at < content.event_starts_at:
        raise Refused(_("The event ends before it begins."))


def _check_places(post: Post, author: Author, content: Content) -> None:
    """Where the post was read before, it may stay, also when its author has left the place since."""
    place, network = content.municipality, content.network
    if place is not None and place.pk != post.municipality_id and place not in author.municipalities:
        raise Refused(_("This author tells nothing in that municipality."))
    if network is not None and network.pk != post.network_id and network not in author.networks:
        raise Refused(_("This author tells nothing in that network."))
    if place is None and network is None and not (isinstance(author.subject, Network) or author.is_county):
        raise Refused(_("Choose where the post is to be read."))


def lacks(post: Post) -> str:
    """What a post needs before it can be published, as a sentence; empty when nothing."""
    if post.kind == PostKind.SHARE and not post.link_url:
        return str(_("Fill in the link that you want to share."))
    if post.kind == PostKind.EVENT and post.event_starts_at is None:
        return str(_("Fill in when the event begins."))
    if post.kind == PostKind.NEWS and not rich_text.to_plain(post.text).strip() and not post.pictures.exists():
        return str(_("Write a text or add a picture before you publish."))
    if not Author(post.author).is_open:
        return str(_("This author no longer tells anything here."))
    return ""


@transaction.atomic
def publish_post(*, post: Post, version: int, by: User, now: datetime) -> Post:
    """Publish a draft or scheduled post now, as this person has seen it. Raises Refused."""
    current = _as_seen(post, version, by)
    if problem := lacks(current):
        raise Refused(problem)
    _publish(current, by, now)
    return current


def _as_seen(post: Post, version: int, by: User) -> Post:
    """The locked post, if it still is what the person saw."""
    current = locked(post, by)
    if current.state != post.state:
        raise IllegalMove(_HANDLED)
    if current.version != version:
        raise ChangedMeanwhile(_("Somebody else has just changed this post. Look at it again before you publish it."))
    return current


def _publish(current: Post, by: Any, now: datetime) -> None:
    # The time comes first: the database lets no post be published without one.
    Post.objects.filter(pk=current.pk).update(published_at=now)
    log_transition(subject=current, machine=POST, to=PostState.PUBLISHED, by=by, now=now)
    current.published_at, current.scheduled_for = now, None
    keep(current, by=by, now=now, update_fields=["published_at", "scheduled_for"])
    tell_caches(current)


@transaction.atomic
def schedule_post(*, post: Post, version: int, at: datetime, by: User, now: datetime) -> Post:
    """Have a draft published at a time to come. Raises Refused."""
    if not now < at <= now + FURTHEST_AHEAD:
        raise Refused(_("Choose a time that is still to come, within a year."))
    current = _as_seen(post, version, by)
    if problem := lacks(current):
        raise Refused(problem)
    Post.objects.filter(pk=current.pk).update(scheduled_for=at)
    log_transition(subject=current, machine=POST, to=PostState.SCHEDULED, by=by, now=now)
    current.scheduled_for = at
    keep(current, by=by, now=now, update_fields=["scheduled_for"])
    return current


@transaction.atomic
def unschedule_post(*, post: Post, by: User, now: datetime) -> Post:
    """Make a scheduled post a draft again. Raises Refused, too when it has been published meanwhile."""
    current = locked(post, by)
    log_transition(subject=current, machine=POST, to=PostState.DRAFT, by=by, now=now)
    current.scheduled_for = None
    keep(current, by=by, now=now, update_fields=["scheduled_for"])
    return current


def publish_scheduled(*, now: datetime, limit: int) -> int:
    """Publish posts whose time has come, at most `limit`, each in a transaction of its own. Returns how many.

    Two workers may do this at once, and one may be killed in between: the step from scheduled to published is
    taken once. Posts of an actor that has closed stay as they are.
    """
    due = Post.objects.filter(state=PostState.SCHEDULED, scheduled_for__lte=now).exclude(actor__closed_at__isnull=False)
    keys = list(due.order_by("scheduled_for", "pk").values_list("pk", flat=True)[:limit])
    return sum(_publish_due(key, now) for key in keys)


@transaction.atomic
def _publish_due(key: int, now: datetime) -> bool:
    waiting = Post.objects.select_for_update(of=("self",)).filter(state=PostState.SCHEDULED, scheduled_for__lte=now)
    current = whole(waiting).filter(pk=key).first()
    if current is None:
        return False
    _publish(current, None, now)
    return True


@transaction.atomic
def withdraw_draft(*, post: Post, by: User, now: datetime) -> None:
    """Put a draft away for good. Raises Refused."""
    current = locked(post, by)
    log_transition(subject=current, machine=POST, to=PostState.WITHDRAWN, by=by, now=now)


@transaction.atomic
def unpublish_own(*, post: Post, why: str, by: User, now: datetime) -> Post:
    """Take back what one's own author has told. It is kept as a record, with the reason. Raises Refused."""
    current = locked(post, by)
    if current.state != post.state:
        raise IllegalMove(_HANDLED)
    take_down(current, why=why, by=by, now=now)
    return current


def take_down(current: Post, *, why: str, by: User, now: datetime) -> None:
    """Unpublish a locked post: out of every page, feed and answer at once."""
    log_transition(subject=current, machine=POST, to=PostState.UNPUBLISHED, by=by, now=now, why=why)
    current.unpublished_why = why
    keep(current, by=by, now=now, update_fields=["unpublished_why"])
    tell_caches(current)


def bring_back(current: Post, *, why: str, by: User, now: datetime) -> None:
    """Publish a locked, unpublished post again, at its old place in the feeds."""
    log_transition(subject=current, machine=POST, to=PostState.PUBLISHED, by=by, now=now, why=why)
    current.unpublished_why = ""
    keep(current, by=by, now=now, update_fields=["unpublished_why"])
    tell_caches(current)
