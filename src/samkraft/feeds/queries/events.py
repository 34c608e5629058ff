"""Events of a feed: those to come, and those of a calendar that somebody follows."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Q
from django.utils import timezone

from ..models import Post, PostKind, PostQuerySet
from . import reading, reading_shown

A_PAGE = 40
MOST_IN_CALENDAR = 500
# An event of several days is shown until it ends; none is expected to last longer.
LONGEST = timedelta(days=60)
PAST_IN_CALENDAR = timedelta(days=90)


def of(feed: reading.Feed) -> PostQuerySet:
    return feed.posts().filter(kind=PostKind.EVENT)


def coming(feed: reading.Feed, now: datetime, size: int = A_PAGE) -> list[Post]:
    """The next events of a feed, those that go on now first. One query; no pictures."""
    rows = of(feed).filter(
        Q(event_starts_at__gte=now - LONGEST), Q(event_starts_at__gte=now) | Q(event_ends_at__gte=now)
    )
    return reading_shown.events(rows.order_by("event_starts_at", "pk")[:size])


def coming_after(feed: reading.Feed, cursor: reading.Cursor, size: int = A_PAGE) -> list[Post]:
    """The events that follow the cursor's in time."""
    rows = of(feed).filter(
        Q(event_starts_at__gte=cursor.at),
        Q(event_starts_at__gt=cursor.at) | Q(event_starts_at=cursor.at, pk__gt=cursor.pk),
    )
    return reading_shown.events(rows.order_by("event_starts_at", "pk")[:size])


def between(feed: reading.Feed, begin: datetime, end: datetime, size: int) -> list[Post]:
    """The events that begin in a span of time, the first first."""
    rows = of(feed).filter(event_starts_at__gte=begin, event_starts_at__lt=end)
    return list(_without_pictures(rows).order_by("event_starts_at", "pk")[:size])


def in_calendar(feed: reading.Feed, now: datetime) -> list[Post]:
    """The events of the last three months and all to come."""
    rows = of(feed).filter(event_starts_at__gte=now - PAST_IN_CALENDAR)
    return list(_without_pictures(rows).order_by("event_starts_at", "pk")[:MOST_IN_CALENDAR])


def by_month(found: Iterable[Post]) -> list[tuple[date, list[Post]]]:
    """Events under the first day of the month in which each begins, by the clock of the site."""

    def month(post: Post) -> date:
        assert post.event_starts_at is not None
        return timezone.localdate(post.event_starts_at).replace(day=1)

    return [(first, list(posts)) for first, posts in groupby(found, key=month)]


def _without_pictures(rows: PostQuerySet) -> PostQuerySet:
    return reading.with_authors(rows).prefetch_related(None)
