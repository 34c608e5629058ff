"""Pages for reading: feeds, the events to come, and a post. Kept in the page cache for anonymous readers."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.places import queries as places
from samkraft.places.models import Area, AreaKind
from samkraft.places.rules import COUNTRIES
from samkraft.records.files import address_of
from samkraft.ui import rich_text
from samkraft.ui.access import public
from samkraft.ui.context import viewer

from ..models import Post
from ..queries import events, reading, reading_shown
from ..queries.reading import Cursor, Feed

EVENTS_BESIDE = 4


def kept(response: HttpResponse, *tags: str) -> HttpResponse:
    """The response, for the page cache to keep until one of the tags changes."""
    response.page_tags = tags  # type: ignore[attr-defined]
    return response


def feed_of_area(request: HttpRequest, country: str, slug: str) -> Feed:
    """A municipality's feed, or a county's: narrowed to one of its municipalities where the address says so."""
    place = places.area(country, slug)
    if place is None:
        raise Http404("No such place.")
    feed = reading.of_area(place)
    wanted = request.GET.get("municipality", "")
    if not wanted or place.kind != AreaKind.COUNTY:
        return feed
    municipality = Area.objects.inside(place).filter(slug=wanted[:80]).defer("outline").first()
    if municipality is None:
        raise Http404("No such municipality in the county.")
    return feed.narrowed(municipality)


def feed_of_country(country: str) -> Feed:
    if country.upper() not in COUNTRIES:
        raise Http404("No such country.")
    return reading.of_country(country)


def feed_of_network(slug: str) -> Feed:
    network = reading.network_of(slug)
    if network is None:
        raise Http404("No such network.")
    return reading.of_network(network)


def feed_of_actor(slug: str) -> Feed:
    actor = reading.actor_of(slug)
    if actor is None:
        raise Http404("No such actor.")
    return reading.of_actor(actor)


@public
@require_safe
def area(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    return _feed_page(request, feed_of_area(request, country, slug))


@public
@require_safe
def country(request: HttpRequest, country: str) -> HttpResponse:
    return _feed_page(request, feed_of_country(country))


@public
@require_safe
def network(request: HttpRequest, slug: str) -> HttpResponse:
    return _feed_page(request, feed_of_network(slug))


@public
@require_safe
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    return _feed_page(request, feed_of_actor(slug))


@public
@require_safe
def area_events(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    return _events_page(request, feed_of_area(request, country, slug))


@public
@require_safe
def country_events(request: HttpRequest, country: str) -> HttpResponse:
    return _events_page(request, feed_of_country(country))


@public
@require_safe
def network_events(request: HttpRequest, slug: str) -> HttpResponse:
    return _events_page(request, feed_of_network(slug))


@public
@require_safe
def actor_events(request: HttpRequest, slug: str) -> HttpResponse:
    return _events_page(request, feed_of_actor(slug))


@public
@require_safe
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """One post. One that is not published does not exist here."""
    found = reading.published_post(pk)
    if found is None:
        raise Http404("No such post, or not a published one.")
    context = {
        "post": found,
        "crumbs": _crumbs_of_post(found),
        "description": description(found),
        "image": image(found),
        "url": settings.SITE_URL + found.get_absolute_url(),
    }
    return kept(render(request, "feeds/post.html", context), found.tag)


def description(post: Post) -> str:
    """What a post says, as one line for those who preview its link."""
    words = " ".join(rich_text.to_plain(rich_text.clean(post.text)).split())
    return words[:297] + "…" if len(words) > 300 else words


def image(post: Post) -> str:
    """The path of a post's first picture, or ""."""
    first = next(iter(post.pictures.all()), None)
    return address_of(first.file) if first is not None else ""


def _feed_page(request: HttpRequest, feed: Feed) -> HttpResponse:
    given = {name: Cursor.read(request.GET.get(name, "")) for name in ("before", "after")}
    page = reading.page(feed.posts(), **given, read=reading_shown.posts)
    is_first = page.newer is None
    context = {
        **_shared(feed),
        "page": page,
        "newer_url": _url(request, after=page.newer) if page.newer else None,
        "older_url": _url(request, before=page.older) if page.older else None,
        "is_first": is_first,
        "coming": events.coming(feed, timezone.now(), EVENTS_BESIDE) if is_first else (),
        "municipalities": places.children(feed.subject) if _is_county(feed) else (),
        "reader": viewer(request),
        "image": next((found for found in map(image, page.posts) if found), ""),
        "url": settings.SITE_URL + feed.address(),
    }
    return kept(render(request, "feeds/feed.html", context), feed.tag)


def _events_page(request: HttpRequest, feed: Feed) -> HttpResponse:
    after = Cursor.read(request.GET.get("after", ""))
    size = events.A_PAGE + 1
    found = events.coming_after(feed, after, size) if after else events.coming(feed, timezone.now(), size)
    more = len(found) == size
    found = found[: events.A_PAGE]
    last = found[-1] if more else None
    next_cursor = Cursor(last.event_starts_at, last.pk) if last is not None and last.event_starts_at else None
    context = {
        **_shared(feed),
        "months": events.by_month(found),
        "next_url": _url(request, after=next_cursor) if next_cursor else None,
        "first_url": request.path if after else None,
    }
    context["crumbs"] = [*context["crumbs"], {"title": _("Events"), "url": request.path}]
    return kept(render(request, "feeds/feed_events.html", context), feed.tag)


def _url(request: HttpRequest, **cursor: Cursor) -> str:
    """The address of this page from another place on, with what else it was asked for."""
    parameters = request.GET.copy()
    for name in ("before", "after"):
        parameters.pop(name, None)
    kept_parameters = {name: parameters[name] for name in parameters if name == "municipality"}
    pairs = {**kept_parameters, **{name: str(place) for name, place in cursor.items()}}
    return "?" + "&".join(f"{name}={text}" for name, text in pairs.items())


def _is_county(feed: Feed) -> bool:
    return feed.kind == AreaKind.COUNTY


def _shared(feed: Feed) -> dict[str, Any]:
    return {
        "feed": feed,
        "crumbs": _crumbs(feed),
        "addresses": {part: feed.address(part) for part in ("", "events", "atom", "json", "calendar")},
        "page_url": feed.address(),
        "follow_url": feed.follow_address(),
    }


def _crumbs(feed: Feed) -> list[dict[str, str]]:
    """The way to a feed: by the places above it, or by the page of its network or actor."""
    here = {"title": _("News"), "url": feed.address()}
    if feed.kind == AreaKind.COUNTRY:
        page = {"title": feed.name, "url": reverse("places:country", args=[feed.country.lower()])}
        return [*_crumbs_of_places([]), page, here]
    if isinstance(feed.subject, Area):
        return [*_crumbs_of_places([*places.ancestors(feed.subject), feed.subject]), here]
    assert feed.subject is not None
    return [{"title": str(feed.subject), "url": feed.subject.get_absolute_url()}, here]


def _crumbs_of_places(way: list[Area]) -> list[dict[str, str]]:
    first = {"title": _("Places"), "url": reverse("places:index")}
    return [first, *({"title": place.display_name, "url": place.get_absolute_url()} for place in way)]


def _crumbs_of_post(post: Post) -> list[dict[str, str]]:
    place = post.municipality or post.county
    feed = reading.of_area(place) if place is not None else None
    way = [{"title": feed.name, "url": feed.address()}] if feed is not None else []
    return [*way, {"title": post.title, "url": post.get_absolute_url()}]
