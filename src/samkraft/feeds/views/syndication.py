"""Feeds for programs beside each feed's page: Atom, JSON Feed, calendar. Kept as pages are, and read conditionally."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from samkraft.ui.access import public

from ..queries import events
from ..queries import reading as queries
from ..queries.reading import Cursor, Feed
from . import syndication_documents as documents
from .reading import feed_of_actor, feed_of_area, feed_of_country, feed_of_network, kept

POSTS_IN_FEED = 50


@public
@require_safe
def area(request: HttpRequest, country: str, slug: str, form: str) -> HttpResponse:
    return _answer(request, feed_of_area(request, country, slug), form)


@public
@require_safe
def country(request: HttpRequest, country: str, form: str) -> HttpResponse:
    return _answer(request, feed_of_country(country), form)


@public
@require_safe
def network(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return _answer(request, feed_of_network(slug), form)


@public
@require_safe
def actor(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return _answer(request, feed_of_actor(slug), form)


@public
@require_safe
def post_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """One event, to be put into a calendar."""
    found = queries.published_post(pk)
    if found is None or not queries.is_event(found):
        raise Http404("No such event.")
    response = HttpResponse(documents.calendar(found.title, [found]), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="event-{found.pk}.ics"'
    return kept(response, found.tag)


def _answer(request: HttpRequest, feed: Feed, form: str) -> HttpResponse:
    if form == "calendar":
        found = events.in_calendar(feed, timezone.now())
        body: bytes | str = documents.calendar(documents.title_of(feed), found)
        kind = "text/calendar; charset=utf-8"
    elif form == "atom":
        body, kind = documents.atom(feed, queries.latest(feed, POSTS_IN_FEED)), documents.AtomFeed.content_type
    else:
        body, kind = _json(request, feed), "application/feed+json; charset=utf-8"
    response = HttpResponse(body, content_type=kind)
    # Readers in other sites' pages may take them: they hold nothing but what is public.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return kept(response, feed.tag)


def _json(request: HttpRequest, feed: Feed) -> str:
    page = queries.page(feed.posts(), before=Cursor.read(request.GET.get("before", "")), size=POSTS_IN_FEED)
    next_url = ""
    if page.older is not None:
        path = feed.address("json")
        next_url = documents.whole(f"{path}{'&' if '?' in path else '?'}before={page.older}")
    return json.dumps(documents.json_feed(feed, page.posts, next_url), ensure_ascii=False)
