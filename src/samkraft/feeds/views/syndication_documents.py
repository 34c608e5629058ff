"""A feed as Atom, as JSON Feed 1.1 and as a calendar. All addresses are whole, and nothing in them is private."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Event

from samkraft.records.files import address_of
from samkraft.ui import calendars, rich_text

from ..models import Post
from ..queries.reading import Feed

LARGEST_WORDS_IN_CALENDAR = 1500
# Neither XML nor a calendar may hold them.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class AtomFeed(Atom1Feed):
    """Atom with the whole text of each entry as its content, in the entry's own language."""

    def latest_post_date(self) -> datetime:
        """When something changed last; a feed without posts never did, so that it is the same each time."""
        return super().latest_post_date() if self.items else datetime(2020, 1, 1, tzinfo=UTC)

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def whole(path: str) -> str:
    """A path of this site as a whole address."""
    return settings.SITE_URL + path


def plain(text: str) -> str:
    return _CONTROLS.sub("", text)


def lasting_id(post: Post) -> str:
    """A name of the post that is the same in every language and at every address (RFC 4151)."""
    return f"tag:{_host()},{post.created_at:%Y-%m-%d}:post-{post.pk}"


def title_of(feed: Feed) -> str:
    return _("News from %(place)s") % {"place": feed.name}


def content_of(post: Post) -> str:
    """The post's text as HTML that programs may show: cleaned, with the event, the link and the pictures."""
    parts = []
    if post.event_starts_at is not None:
        when = date_format(timezone.localtime(post.event_starts_at), "DATETIME_FORMAT")
        parts.append(format_html("<p>{} {}</p>", when, post.event_place))
    parts.append(rich_text.shown(post.text))
    if post.link_url:
        parts.append(format_html('<p><a href="{}">{}</a></p>', post.link_url, post.link_title or post.link_url))
    rows = [(whole(address_of(item.file)), item.alt, _photo(item.photographer)) for item in post.pictures.all()]
    parts.append(format_html_join("", '<p><img src="{}" alt="{}"><br>{}</p>', rows))
    return plain("".join(parts))


def atom(feed: Feed, posts: Sequence[Post]) -> str:
    document = AtomFeed(
        title=plain(title_of(feed)),
        link=whole(feed.address()),
        description="",
        language=get_language(),
        feed_url=whole(feed.address("atom")),
        author_name=settings.SITE_NAME,
    )
    for post in posts:
        document.add_item(
            title=plain(post.title),
            link=whole(post.get_absolute_url()),
            description=None,
            content=content_of(post),
            language=post.language,
            author_name=plain(str(post.author)),
            author_link=whole(post.author.get_absolute_url()),
            pubdate=post.published_at,
            updateddate=post.edited_at or post.published_at,
            unique_id=lasting_id(post),
            categories=categories(post),
            enclosures=[
                Enclosure(whole(address_of(item.file)), str(item.file.size), item.file.content_type)
                for item in post.pictures.all()
            ],
        )
    return str(document.writeString("utf-8"))


def json_feed(feed: Feed, posts: Sequence[Post], next_url: str) -> dict[str, Any]:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(feed),
        "home_page_url": whole(feed.address()),
        "feed_url": whole(feed.address("json")),
        "language": get_language(),
        "authors": [{"name": settings.SITE_NAME, "url": settings.SITE_URL}],
        "items": [_json_item(post) for post in posts],
    }
    return {**document, "next_url": next_url} if next_url else document


def _json_item(post: Post) -> dict[str, Any]:
    pictures = list(post.pictures.all())
    item: dict[str, Any] = {
        "id": lasting_id(post),
        "url": whole(post.get_absolute_url()),
        "title": post.title,
        "content_html": content_of(post),
        "language": post.language,
        "date_published": post.published_at and post.published_at.isoformat(),
        "date_modified": (post.edited_at or post.published_at).isoformat(),  # type: ignore[union-attr]
        "authors": [{"name": str(post.author), "url": whole(post.author.get_absolute_url())}],
        "tags": categories(post),
    }
    if post.link_url:
        item["external_url"] = post.link_url
    if pictures:
        item["image"] = whole(address_of(pictures[0].file))
        item["attachments"] = [
            {
                "url": whole(address_of(picture.file)),
                "mime_type": picture.file.content_type,
                "size_in_bytes": picture.file.size,
                "title": picture.alt,
            }
            for picture in pictures
        ]
    return item


def categories(post: Post) -> list[str]:
    """The kind of the post, and the place that it tells of."""
    place = post.municipality or post.county
    return [post.kind, *([place.display_name] if place is not None else [])]


def calendar(name: str, posts: Sequence[Post]) -> bytes:
    """The events as iCalendar, to be followed."""
    return calendars.subscription(name, map(_event, posts))


def _event(post: Post) -> Event:
    url = whole(post.get_absolute_url())
    words = rich_text.to_plain(post.text)[:LARGEST_WORDS_IN_CALENDAR]
    event = Event()
    event.add("uid", f"post-{post.pk}@{_host()}")
    event.add("dtstamp", post.changed_at.astimezone(UTC))
    event.add("last-modified", post.changed_at.astimezone(UTC))
    event.add("sequence", post.version)
    event.add("summary", calendars.line(post.title))
    assert post.event_starts_at is not None
    event.add("dtstart", post.event_starts_at.astimezone(UTC))
    if post.event_ends_at is not None:
        event.add("dtend", post.event_ends_at.astimezone(UTC))
    if post.event_place:
        event.add("location", calendars.line(post.event_place))
    event.add("description", plain(f"{words}\n\n{url}".strip()))
    event.add("url", url)
    return event


def _photo(photographer: str) -> str:
    return _("Photo: %(name)s") % {"name": photographer}


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
