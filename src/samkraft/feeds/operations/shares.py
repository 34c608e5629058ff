"""What a link leads to: its title, its site and a line about it, fetched safely."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from samkraft.records.fetch import CannotFetch, Fetched, fetch

from .charsets import decoded

MOST_BYTES = 2_000_000
MOST_SECONDS = 5.0
_CHARSET = re.compile(r"charset=[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True)
class Preview:
    """What a page says about itself, as plain text; empty where it says nothing."""

    title: str
    site: str
    text: str


class _Head(HTMLParser):
    """Reads the title and the `<meta>` elements of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.named: dict[str, str] = {}
        self.title: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title" and not self.title:
            self._in_title = True
        elif tag == "meta":
            found = dict(attrs)
            name = (found.get("property") or found.get("name") or "").strip().lower()
            if name and found.get("content"):
                self.named.setdefault(name, found["content"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"title", "head"}:
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < 50:
            self.title.append(data)


def _line(text: str, most: int) -> str:
    """The text on one line, without what is not printed, at most that long."""
    plain = " ".join(_NOT_PRINTED.sub(" ", text).split())
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"


def read_preview(html: str, url: str) -> Preview:
    """What an HTML page tells about itself: Open Graph first, then its title and description."""
    head = _Head()
    # The parser gives up on some markup that is no markup; what it has read until then counts.
    with suppress(AssertionError):
        head.feed(html[:500_000])
    named = head.named
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return Preview(
        title=_line(named.get("og:title") or named.get("twitter:title") or "".join(head.title), 160),
        site=_line(named.get("og:site_name") or host, 120),
        text=_line(named.get("og:description") or named.get("description", ""), 400),
    )


def _decoded(fetched: Fetched) -> str:
    found = _CHARSET.search(fetched.content_type) or _CHARSET.search(fetched.content[:4096].decode("ascii", "replace"))
    return decoded(fetched.content, found.group(1) if found else "utf-8")


def look_at(url: str, *, fetch: Callable[..., Fetched] = fetch) -> Preview:
    """What the page at an address says about itself. Raises CannotFetch, with one sentence."""
    fetched = fetch(url, limit_bytes=MOST_BYTES, timeout=MOST_SECONDS)
    kind = fetched.content_type.partition(";")[0].strip().lower()
    if kind not in {"text/html", "application/xhtml+xml", ""}:
        raise CannotFetch(_("What lies at the address is not a page with a title."))
    return read_preview(_decoded(fetched), fetched.url)
