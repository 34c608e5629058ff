"""The feeds that people read: each is one walk along an index, from where the reader stands."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db.models import Prefetch, Q

from samkraft.networks.models import Actor, Network
from samkraft.places import rules as places
from samkraft.places.models import COUNTRY_NAMES, Area, AreaKind
from samkraft.ui.addresses import address

from ..models import Post, PostKind, PostPicture, PostQuerySet

A_PAGE = 12
_CURSOR = re.compile(r"([0-9]{1,17})-([0-9]{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Texts that no post shows, and that would be read for each post of a page.
_NOT_READ = (
    *(f"{place}__outline" for place in ("area", "municipality", "county")),
    *(
        f"{network}__{text}"
        for network in ("network", "by_network")
        for text in ("description", "organisation", "contact_email", "draft_step")
    ),
    *(f"actor__{text}" for text in ("does", "link_problem", "leader_name", "description_url", "closed_why")),
)


@dataclass(frozen=True)
class Cursor:
    """A place in a feed: the moment and the key of a post."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.pk}"

    @classmethod
    def of(cls, post: Post) -> "Cursor":
        return cls(post.published_at or post.created_at, post.pk)

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor that was written as `text`; None for anything else, which stands for the beginning."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            return None
        try:
            return cls(_EPOCH + int(match[1]) * _MICROSECOND, int(match[2]))
        except OverflowError:
            return None


@dataclass(frozen=True)
class Feed:
    """One feed: whose it is, which posts it holds, and its addresses.

    `kind` is municipality, county, country, network or actor; a county's feed can be narrowed to the posts of one of
    its municipalities.
    """

    kind: str
    subject: Area | Network | Actor | None
    country: str = ""
    only: Area | None = None

    @property
    def name(self) -> str:
        """Whose feed it is, as people say it."""
        if self.kind == AreaKind.COUNTRY:
            return str(COUNTRY_NAMES[self.country])
        return self.subject.display_name if isinstance(self.subject, Area) else str(self.subject)

    @property
    def is_of_municipality(self) -> bool:
        return self.kind == AreaKind.MUNICIPALITY

    @property
    def tag(self) -> str:
        """The page cache's tag of what the feed shows."""
        return self.subject.tag if self.subject is not None else places.area_tag(self.country, "")

    def posts(self) -> PostQuerySet:
        """The published posts of the feed, in no order."""
        posts = Post.objects.published()
        if self.kind == AreaKind.COUNTRY:
            return posts.in_country(self.country)
        if isinstance(self.subject, Network):
            return posts.in_network(self.subject)
        if isinstance(self.subject, Actor):
            return posts.filter(actor=self.subject)
        assert self.subject is not None
        if self.kind == AreaKind.COUNTY:
            found = posts.in_county(self.subject)
            return found.filter(municipality=self.only) if self.only else found
        return posts.in_municipality(self.subject)

    def address(self, part: str = "") -> str:
        """The path of the feed's page, or of what stands beside it: events, atom, json, calendar or event."""
        if isinstance(self.subject, Network):
            route, given = "network", [self.subject.slug]
        elif isinstance(self.subject, Actor):
            route, given = "actor", [self.subject.slug]
        elif self.kind == AreaKind.COUNTRY:
            route, given = "country", [self.country.lower()]
        else:
            assert self.subject is not None
            route, given = "area", [self.subject.country.lower(), self.subject.slug]
        path = address(f"feeds:{route}{f'_{part}' if part else ''}", *given)
        return f"{path}?municipality={self.only.slug}" if self.only and part != "events" else path

    def follow_address(self) -> str:
        """Where one begins to follow the feed by mail; "" where that is not offered."""
        if isinstance(self.subject, Network):
            return address("feeds:follow_network", self.subject.slug)
        if isinstance(self.subject, Area) and self.kind in {AreaKind.MUNICIPALITY, AreaKind.COUNTY}:
            return address("feeds:follow_area", self.subject.country.lower(), self.subject.slug)
        return ""

    def narrowed(self, municipality: Area) -> "Feed":
        return replace(self, only=municipality)


def of_area(area: Area) -> Feed:
    return Feed(area.kind, area, area.country)


def of_country(country: str) -> Feed:
    return Feed(AreaKind.COUNTRY, None, country.upper())


def of_network(network: Network) -> Feed:
    return Feed("network", network)


def of_actor(actor: Actor) -> Feed:
    return Feed("actor", actor)


def pictures() -> Prefetch:
    return Prefetch("pictures", PostPicture.objects.select_related("file"))


def with_authors(posts: PostQuerySet) -> PostQuerySet:
    """The posts with all that a page says about them: who, where, and their pictures. Two queries."""
    related = ("actor", "area", "by_network", "municipality", "county", "network")
    return posts.select_related(*related).defer(*_NOT_READ).prefetch_related(pictures())


@dataclass(frozen=True)
class Page:
    """Posts of a feed, the newest first, and the cursors of the pages beside it, None at the ends."""

    posts: Sequence[Post]
    newer: Cursor | None = None
    older: Cursor | None = None


def older_than(posts: PostQuerySet, cursor: Cursor) -> PostQuerySet:
    """Those that come after the cursor when the newest stand first. The first condition bounds the index walk."""
    return posts.filter(
        Q(published_at__lte=cursor.at), Q(published_at__lt=cursor.at) | Q(published_at=cursor.at, pk__lt=cursor.pk)
    )


def newer_than(posts: PostQuerySet, cursor: Cursor) -> PostQuerySet:
    return posts.filter(
        Q(published_at__gte=cursor.at), Q(published_at__gt=cursor.at) | Q(published_at=cursor.at, pk__gt=cursor.pk)
    )


def whole(rows: PostQuerySet) -> list[Post]:
    return list(with_authors(rows))


def page(
    posts: PostQuerySet,
    *,
    before: Cursor | None = None,
    after: Cursor | None = None,
    size: int = A_PAGE,
    read: Callable[[PostQuerySet], list[Post]] = whole,
) -> Page:
    """A page of a feed: what is older than `before`, or what is newer than `after`, or the newest."""
    if after is not None and before is None:
        nearest = newer_than(posts, after).order_by("published_at", "pk")
        found = read(nearest[: size + 1])
        more = len(found) > size
        found = found[:size][::-1]
        if found:
            return Page(found, newer=Cursor.of(found[0]) if more else None, older=Cursor.of(found[-1]))
    rows = older_than(posts, before) if before is not None else posts
    found = read(rows.newest_first()[: size + 1])
    more = len(found) > size
    found = found[:size]
    newer = Cursor.of(found[0]) if found and before is not None else None
    return Page(found, newer=newer, older=Cursor.of(found[-1]) if more else None)


def latest(feed: Feed, size: int) -> list[Post]:
    """The newest posts of a feed, in two queries."""
    return list(with_authors(feed.posts().newest_first())[:size])


def published_post(pk: int) -> Post | None:
    """A published post with all that its page shows, or None."""
    return with_authors(Post.objects.published().filter(pk=pk)).first()


def actor_of(slug: str) -> Actor | None:
    """An actor that anyone may see: of one that has closed there is no feed, as there is no page."""
    return Actor.objects.open().filter(slug=slug).first()


def network_of(slug: str) -> Network | None:
    """A network that anyone may see, with the county that says in which country it lies."""
    return Network.objects.open().select_related("county").defer("county__outline").filter(slug=slug).first()


def is_event(post: Post) -> bool:
    return post.kind == PostKind.EVENT and post.event_starts_at is not None
