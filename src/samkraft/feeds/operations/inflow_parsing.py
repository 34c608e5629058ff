"""A feed of another site as plain items, from its bytes. What could make reading it slow is refused first."""

import calendar
import hashlib
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from xml.parsers import expat

import feedparser
from django.utils.translation import gettext_lazy as _

from samkraft.records.refusals import Refused

MOST_ITEMS = 100
MOST_ITEMS_READ = 2000
MOST_DEPTH = 60
MOST_MARKUP = 20_000
MOST_ATTRIBUTES = 200
LONGEST_PERSON = 2_000
# Elements in which the parser looks for an e-mail address, in a time that grows with the square of the text.
_PEOPLE = {"author", "contributor", "creator", "editor", "managingeditor", "owner", "publisher", "webmaster"}
_ENCODINGS = {"utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "latin-1", "latin1"}
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9._-]{1,40})")
_TAG = re.compile(r"<[^<>]*>")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]+")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class NotAFeed(Refused):
    """What lies at the address is no feed that can be read. The text says so in one sentence."""


@dataclass(frozen=True)
class Item:
    guid: str
    url: str
    title: str
    summary: str
    published_at: datetime | None


@dataclass(frozen=True)
class Document:
    title: str
    items: list[Item]


def read(content: bytes, *, url: str = "", content_type: str = "") -> Document:
    """The items of an RSS or Atom document, the newest 100, without markup. Raises NotAFeed."""
    text = _decoded(content, content_type)
    if "<!doctype" in text.lower() and "<!entity" in text.lower():
        # A few entities can unfold to gigabytes, and no feed needs its own.
        raise NotAFeed(_("The feed holds definitions that we do not read."))
    clean = _DECLARATION.sub("", text).encode()
    _check(clean)
    found = feedparser.parse(
        io.BytesIO(clean),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.version:
        raise NotAFeed(_("There is no RSS or Atom feed at that address."))
    items = [item for item in (_item(entry) for entry in found.entries) if item is not None]
    oldest = datetime.min.replace(tzinfo=UTC)
    items.sort(key=lambda item: item.published_at or oldest, reverse=True)
    unique = {item.guid: item for item in reversed(items)}
    return Document(_words(found.feed.get("title", ""), 160), list(reversed(unique.values()))[:MOST_ITEMS])


def _decoded(content: bytes, content_type: str) -> str:
    """The text, in one of the encodings that feeds are written in. Raises NotAFeed."""
    declared = _DECLARED.match(content.lstrip())
    charset = _CHARSET.search(content_type)
    named = [
        next((encoding for bom, encoding in _BOMS.items() if content.startswith(bom)), ""),
        declared[1].decode() if declared else "",
        charset[1] if charset else "",
        "utf-8",
        "windows-1252",
    ]
    for encoding in filter(None, named):
        if encoding.lower() not in {*_ENCODINGS, "utf-8-sig"}:
            raise NotAFeed(_("The feed is written in an encoding that we do not read."))
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    raise NotAFeed(_("There is no RSS or Atom feed at that address."))


def _check(content: bytes) -> None:
    """Whether it is well-formed XML of reasonable size and depth, which takes a parser without memory a moment."""
    depth = items = people = words = 0

    def begin(name: str, attributes: Any) -> None:
        nonlocal depth, items, people, words
        name = name.rpartition(" ")[2].lower()
        depth += 1
        items += name in {"item", "entry"}
        if name in _PEOPLE:
            people, words = people + 1, words if people else 0
        if depth > MOST_DEPTH or items > MOST_ITEMS_READ or len(attributes) > MOST_ATTRIBUTES:
            raise NotAFeed(_("The feed is larger than we can read."))

    def end(name: str) -> None:
        nonlocal depth, people
        depth -= 1
        people -= name.rpartition(" ")[2].lower() in _PEOPLE

    def text(data: str) -> None:
        nonlocal words
        words += len(data) if people else 0
        if words > LONGEST_PERSON:
            raise NotAFeed(_("The feed is larger than we can read."))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotAFeed(_("There is no RSS or Atom feed at that address.")) from error


def _item(entry: Any) -> Item | None:
    """The entry in plain words; None when it leads to no page of the open web."""
    url = str(entry.get("link", "")).strip()
    if len(url) > 500 or not _is_web(url):
        return None
    body = entry.get("summary") or next((part.get("value", "") for part in entry.get("content", [])), "")
    summary = _words(body, 400)
    guid = str(entry.get("id") or url)
    return Item(
        guid=guid if len(guid) <= 500 else hashlib.sha256(guid.encode()).hexdigest(),
        url=url,
        title=_words(entry.get("title", ""), 200) or _words(summary, 80) or url[:200],
        summary=summary,
        published_at=_moment(entry),
    )


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"\x00-\x1f]", url)


def _words(markup: str, most: int) -> str:
    """The words of a piece of HTML on one line, cut at the last whole word that fits."""
    text = unescape(_TAG.sub(" ", str(markup)[:MOST_MARKUP]))
    text = " ".join(_CONTROLS.sub(" ", text).split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def _moment(entry: Any) -> datetime | None:
    # As a plain dictionary: the parser's own answers with one date for the other, and warns that it does.
    parsed = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (OverflowError, ValueError, OSError):
        return None
