"""Published posts as open data, newest first, in pages by cursor. Nothing else about a post is public."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime
from pydantic.json_schema import SkipJsonSchema

from samkraft.networks.models import Actor, Network
from samkraft.places.models import Area
from samkraft.records.files import address_of

from .models import Post, PostKind, PostQuerySet
from .queries import reading
from .views.syndication_documents import whole

router = Router()
MOST = 100
# A control character is in no name or code, and PostgreSQL refuses one of them.
Text = Annotated[str, Field(pattern="^[^\\x00-\\x1f\\x7f]*$")]
Absent = SkipJsonSchema[None]
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class PictureOut(Schema):
    url: str
    alt: str
    photographer: str
    width: int | None
    height: int | None


class AuthorOut(Schema):
    """Who tells it. `kind` is actor, area or network."""

    kind: str
    name: str
    url: str


class PostOut(Schema):
    """A published post. `text` is sanitised HTML; places are keys, networks and actors slugs."""

    id: int
    kind: str
    language: str
    title: str
    text: str
    url: str
    author: AuthorOut
    published_at: datetime
    edited_at: datetime | None
    country: str
    municipality: str | None = Field(None, description="Key of the municipality")
    county: str | None = Field(None, description="Key of the county")
    network: str | None = Field(None, description="Slug of the network")
    link_url: str
    link_title: str
    event_starts_at: datetime | None
    event_ends_at: datetime | None
    event_place: str
    pictures: list[PictureOut]


class PostPage(Schema):
    items: list[PostOut]
    next: str | None


class Problem(Schema):
    """What in the address cannot be used."""

    detail: list[dict[str, Any]] | str


class PostFilter(Schema):
    municipality: Text = Field("", max_length=12, description="Key of a municipality, such as SE-1493")
    county: Text = Field("", max_length=12, description="Key of a county: what its feed holds")
    country: Text = Field("", max_length=2, description="SE, NO or DK: what the national feed holds")
    network: Text = Field("", max_length=80, description="Slug of a network: what its feed holds")
    actor: Text = Field("", max_length=80, description="Slug of the actor that tells it")
    kind: PostKind | Absent = Field(None, description="news, share or event")
    since: AwareDatetime | Absent = Field(None, description="Published at this time or later, with its offset from UTC")


class Paging(Schema):
    cursor: str = Field(
        "", pattern=r"^([0-9]{1,16}-[0-9]{1,18})?$", description="Where the page before ended; take it from `next`"
    )
    limit: int = Field(50, ge=1, le=MOST)


@router.get("/posts", response={200: PostPage, 422: Problem}, summary="Published posts, the newest first")
def posts(request: HttpRequest, wanted: Query[PostFilter], paging: Query[Paging]) -> dict[str, Any]:
    cursor = reading.Cursor.read(paging.cursor)
    rows = _chosen(wanted)
    is_of_a_feed = any((wanted.municipality, wanted.county, wanted.country, wanted.network, wanted.actor))
    found = (reading.page if is_of_a_feed else _all)(rows, before=cursor, size=paging.limit)
    return {
        "items": [_shown(post) for post in found.posts],
        "next": _address_after(request, found.older) if found.older else None,
    }


def _all(rows: PostQuerySet, *, before: reading.Cursor | None, size: int) -> reading.Page:
    """Posts of every place, in the order in which they were begun.

    An index by time over all posts would tempt the database to search it for the posts of one feed.
    """
    older = rows.filter(pk__lt=before.pk) if before is not None else rows
    found = list(reading.with_authors(older.order_by("-pk"))[: size + 1])
    more = len(found) > size
    found = found[:size]
    return reading.Page(found, older=reading.Cursor.of(found[-1]) if more else None)


def _chosen(wanted: PostFilter) -> PostQuerySet:
    rows = Post.objects.published()
    if wanted.municipality:
        rows = rows.filter(municipality=_area(wanted.municipality))
    if wanted.county:
        rows = rows.filter(county=_area(wanted.county), in_county_feed=True)
    if wanted.country:
        rows = rows.in_country(wanted.country)
    if wanted.network:
        rows = rows.filter(network=_key(Network.objects.open().filter(slug=wanted.network)), in_network_feed=True)
    if wanted.actor:
        rows = rows.filter(actor=_key(Actor.objects.filter(slug=wanted.actor)))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.since is None:
        return rows
    # Databases keep fewer years and offsets than a date can name; nothing was published in those years.
    return rows.filter(published_at__gte=min(max(wanted.since, EARLIEST), LATEST).astimezone(UTC))


def _area(key: str) -> int:
    return _key(Area.objects.filter(key=key.upper()))


def _key(rows: QuerySet[Any]) -> int:
    """The primary key of the only row; 0, which nothing has, where there is none. Plain keys let an index be walked."""
    return int(rows.values_list("pk", flat=True).first() or 0)


def _shown(post: Post) -> dict[str, Any]:
    """The public fields of a post, one by one, so that a new field of the model is private until it is named."""
    return {
        "id": post.pk,
        **{
            name: getattr(post, name)
            for name in (
                "kind",
                "language",
                "title",
                "text",
                "published_at",
                "edited_at",
                "country",
                "link_url",
                "link_title",
                "event_starts_at",
                "event_ends_at",
                "event_place",
            )
        },
        "url": whole(post.get_absolute_url()),
        "author": {
            "kind": "actor" if post.actor else "area" if post.area else "network",
            "name": str(post.author),
            "url": whole(post.author.get_absolute_url()),
        },
        "municipality": post.municipality.key if post.municipality else None,
        "county": post.county.key if post.county else None,
        "network": post.network.slug if post.network else None,
        "pictures": [
            {
                "url": whole(address_of(item.file)),
                "alt": item.alt,
                "photographer": item.photographer,
                "width": item.file.width,
                "height": item.file.height,
            }
            for item in post.pictures.all()
        ],
    }


def _address_after(request: HttpRequest, cursor: reading.Cursor) -> str:
    parameters = request.GET.copy()
    parameters["cursor"] = str(cursor)
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")
