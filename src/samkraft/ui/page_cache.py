"""The page cache for anonymous readers: whole pages, fresh the moment their content changes.

A page names the tags it was made of (`public_page`). An operation that changes what a tag stands for
calls `changed(tag)` in its own transaction. A kept page is given out only while the sum of its tags'
versions in the database is what it was when the page was made, so every process sees a change at once.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_request

from .models import PageTag

SITE = "site"
SECONDS_KEPT = 600
BYTES_KEPT = 96 * 1024 * 1024
LARGEST_QUERY_STRING = 200
LARGEST_BODY_WITH_QUERY = 1024 * 1024


def changed(*tags: str) -> None:
    """Make all pages that show one of these tags stale. Call it inside the transaction of the change."""
    for tag in sorted(set(tags)):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ui_pagetag (tag, version) VALUES (%s, 1) "
                "ON CONFLICT (tag) DO UPDATE SET version = ui_pagetag.version + 1",
                [tag],
            )


def version_of(tags: Iterable[str]) -> int:
    """The sum of the tags' versions: it grows whenever any of them changes. One query."""
    wanted = (SITE, *tags)
    marks = ",".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT SUM(version) FROM ui_pagetag WHERE tag IN ({marks})", wanted)  # noqa: S608
        return int(cursor.fetchone()[0] or 0)


def version_of_all() -> int:
    """The sum of all tags' versions: it grows whenever anything changes. One query."""
    return int(PageTag.objects.aggregate(total=Sum("version"))["total"] or 0)


def hold_until(response: HttpResponse, moment: datetime, *, now: datetime) -> None:
    """Say that words on the page become others at a moment, such as "3 days left": it is kept no longer than that."""
    response.page_seconds = max(0.0, (moment - now).total_seconds())  # type: ignore[attr-defined]


@dataclass(frozen=True)
class KeptPage:
    body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str
    tags: tuple[str, ...]
    version: int
    until: float


class PageStore:
    """The pages of this process, the least recently used dropped first when they take too much memory."""

    def __init__(self, bytes_kept: int = BYTES_KEPT) -> None:
        self._pages: OrderedDict[str, KeptPage] = OrderedDict()
        self._bytes = 0
        self._bytes_kept = bytes_kept
        self._lock = Lock()

    def get(self, key: str) -> KeptPage | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: KeptPage) -> None:
        with self._lock:
            self._drop(key)
            if len(page.body) > self._bytes_kept:
                return
            self._pages[key] = page
            self._bytes += len(page.body)
            while self._bytes > self._bytes_kept:
                self._drop(next(iter(self._pages)))

    def drop(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    def _drop(self, key: str) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= len(page.body)


store = PageStore()


class PageCacheMiddleware:
    """Answers an anonymous reader's GET from the store, and keeps pages that say what they show."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        key = self._key(request)
        page = store.get(key)
        try:
            if page is not None:
                if page.until > time.monotonic() and page.version == version_of(page.tags):
                    return self._answer(request, page)
                store.drop(key)
            before = version_of_all()
        except DatabaseError:
            # Without the database nothing can be kept. What does not need it, such as the health address, answers.
            return self.get_response(request)
        return self._make(request, key, before)

    @staticmethod
    def _key(request: HttpRequest) -> str:
        """A page's address, with what else decides what is on it: its language, and whether it is a fragment."""
        fragment = "fragment" if request.headers.get("HX-Request") == "true" else "page"
        language = get_language_from_request(request, check_path=True)
        return f"{fragment} {language} {request.get_host()} {request.get_full_path()}"

    def _make(self, request: HttpRequest, key: str, before: int) -> HttpResponse:
        response = self.get_response(request)
        tags = getattr(response, "page_tags", None)
        if tags is None or response.status_code != 200 or response.cookies or response.streaming:
            return response
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        response.headers.setdefault("Cache-Control", "no-cache")
        etag = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
        page = KeptPage(
            body=response.content,
            headers=tuple(response.headers.items()),
            etag=etag,
            tags=tags,
            version=version_of(tags),
            until=time.monotonic() + min(SECONDS_KEPT, getattr(response, "page_seconds", SECONDS_KEPT)),
        )
        # A change while the page was being made may or may not be on it: such a page is not kept.
        if version_of_all() == before and self._is_worth_keeping(request, page):
            store.put(key, page)
        return self._answer(request, page)

    @staticmethod
    def _is_worth_keeping(request: HttpRequest, page: KeptPage) -> bool:
        """Anybody can make up queries: not those that are long, nor large files under more than one address."""
        query = len(request.META.get("QUERY_STRING", ""))
        return query == 0 or (query <= LARGEST_QUERY_STRING and len(page.body) <= LARGEST_BODY_WITH_QUERY)

    @staticmethod
    def _answer(request: HttpRequest, page: KeptPage) -> HttpResponse:
        not_changed = page.etag in parse_etags(request.headers.get("If-None-Match", ""))
        response = HttpResponse(b"" if not_changed else page.body, status=304 if not_changed else 200)
        for name, value in page.headers:
            response.headers[name] = value
        response.headers["ETag"] = page.etag
        if not_changed:
            # A server that trusts these would wait for content that does not come.
            del response.headers["Content-Length"], response.headers["Content-Type"]
        return response
