"""Digests: what is new in a feed, mailed to its followers at seven by their country's clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from samkraft.notices.operations import tell
from samkraft.ui import rich_text

from ..models import Post, Subscription
from ..queries import events, reading
from . import following

KIND = "feeds.digest"
MOST_POSTS = 30
WORDS_OF_A_POST = 40
EVENTS_AHEAD = timedelta(days=14)
MOST_EVENTS = 20
# A post gets its time when it is published and is seen once that is committed: digests wait for the slowest.
SETTLING = timedelta(minutes=2)


def send_digests(*, now: datetime, limit: int = 500) -> int:
    """Write the digests that are due, at most `limit` followers at a time. Returns how many mails were written.

    A follower's next time moves in the transaction of the mail, so that a digest is written once whatever happens
    to the worker. Without new posts nothing is mailed.
    """
    rows = Subscription.objects.active().filter(next_at__lte=now).select_related("area", "network__county")
    rows = rows.defer("area__outline", "network__county__outline", "network__description", "network__organisation")
    due = list(rows.order_by("next_at", "area_id", "network_id", "pk")[:limit])
    due.sort(key=_feed_key)
    return sum(_send_of_feed(list(followers), now) for _key, followers in groupby(due, key=_feed_key))


def _feed_key(subscription: Subscription) -> tuple[int, int]:
    return (subscription.area_id or 0, subscription.network_id or 0)


@transaction.atomic
def _send_of_feed(followers: Sequence[Subscription], now: datetime) -> int:
    """Mail the followers of one feed, whose posts are read once for all of them."""
    until = now - SETTLING
    issue = _Issue.of(followers, until, now)
    return sum(_send_one(follower, issue, until, now) for follower in followers)


def _send_one(follower: Subscription, issue: "_Issue", until: datetime, now: datetime) -> bool:
    upcoming = following.next_digest_at(follower.frequency, following.country_of(follower), now)
    since = follower.sent_until or follower.asked_at
    won = Subscription.objects.filter(pk=follower.pk, next_at=follower.next_at).update(
        next_at=upcoming, sent_until=max(since, until)
    )
    posts = issue.posts_since(since)
    if not won or not posts:
        return False
    manage = reverse_lazy("feeds:follow_manage", args=[following.token_of(follower, following.MANAGE)])
    stop = reverse_lazy("feeds:follow_stop", args=[following.token_of(follower, following.MANAGE)])
    with override(follower.language):
        last = {"manage_url": settings.SITE_URL + str(manage)}
        text = render_to_string("feeds/mail/digest_end.txt", {**last, "words": issue.body("txt", posts)})
        html = render_to_string("feeds/mail/digest_end.html", {**last, "words": SafeString(issue.body("html", posts))})
        tell(
            to=follower.email,
            language=follower.language,
            kind=KIND,
            subject=format_lazy(_("News from {name}"), name=issue.feed.name),
            text=text.strip(),
            html=html,
            unsubscribe_url=stop,
            now=now,
            useful_until=now + timedelta(days=2),
            dedupe_key=f"digest {follower.pk} {follower.next_at:%Y-%m-%dT%H:%MZ}",
        )
    return True


@dataclass
class _Issue:
    """What a feed has to tell its followers today: rendered once for all who read the same in the same language."""

    feed: reading.Feed
    posts: list[Post]
    coming: list[Post]
    bodies: dict[Any, str] = field(default_factory=dict)

    @classmethod
    def of(cls, followers: Sequence[Subscription], until: datetime, now: datetime) -> "_Issue":
        first = followers[0]
        feed = reading.of_area(first.area) if first.area is not None else reading.of_network(_network_of(first))
        since = min(follower.sent_until or follower.asked_at for follower in followers)
        new = feed.posts().filter(published_at__gt=since, published_at__lte=until).newest_first()
        posts = list(reading.with_authors(new).prefetch_related(None)[: MOST_POSTS + 1])
        coming = events.between(feed, now, now + EVENTS_AHEAD, MOST_EVENTS) if posts else []
        return cls(feed, posts, coming)

    def posts_since(self, since: datetime) -> list[Post]:
        return [post for post in self.posts if post.published_at is not None and post.published_at > since]

    def body(self, suffix: str, posts: list[Post]) -> str:
        """The digest without what is a follower's own, in the language that is active."""
        key = (suffix, get_language(), len(posts))
        if key not in self.bodies:
            context = {
                "feed": self.feed,
                "feed_url": settings.SITE_URL + self.feed.address(),
                "posts": [_in_mail(post) for post in posts[:MOST_POSTS]],
                "more": len(posts) > MOST_POSTS,
                "coming": [_in_mail(post) for post in self.coming],
            }
            self.bodies[key] = render_to_string(f"feeds/mail/digest.{suffix}", context)
        return self.bodies[key]


def _network_of(subscription: Subscription) -> Any:
    assert subscription.network is not None
    return subscription.network


def _in_mail(post: Post) -> dict[str, Any]:
    """A post as a mail shows it: its first words, and where to read on."""
    words = rich_text.to_plain(post.text).split()
    begin = " ".join(words[:WORDS_OF_A_POST])
    return {
        "post": post,
        "words": f"{begin} …" if len(words) > WORDS_OF_A_POST else begin,
        "url": settings.SITE_URL + reverse("feeds:post", args=[post.pk]),
    }
