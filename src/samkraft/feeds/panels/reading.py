"""Latest posts and coming events on the pages of places, networks and actors, and what a reader follows."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from samkraft.networks.models import Actor, Network
from samkraft.places.models import Area
from samkraft.ui import panels

from ..operations import following
from ..queries import events, reading, reading_shown
from ..queries.reading import Feed

POSTS, EVENTS = 4, 5
HOME = "SE"
_POSTS, _EVENTS = "feeds/_feed_panel.html", "feeds/_feed_panel_events.html"


@panels.register("municipality.happening", order=10, template=_POSTS)
@panels.register("county.happening", order=10, template=_POSTS)
def latest_of_area(*, area: Area, **_subject: Any) -> Mapping[str, Any]:
    return _latest(reading.of_area(area))


@panels.register("municipality.happening", order=20, template=_EVENTS)
@panels.register("county.happening", order=20, template=_EVENTS)
def coming_of_area(*, area: Area, **_subject: Any) -> Mapping[str, Any] | None:
    return _coming(reading.of_area(area))


@panels.register("country.happening", order=10, template=_POSTS)
def latest_of_country(*, area: Area, **_subject: Any) -> Mapping[str, Any]:
    return _latest(reading.of_country(area.country))


@panels.register("country.happening", order=20, template=_EVENTS)
def coming_of_country(*, area: Area, **_subject: Any) -> Mapping[str, Any] | None:
    return _coming(reading.of_country(area.country))


@panels.register("front.happening", order=10, template=_POSTS)
def latest_on_front(*, area: Area | None = None, **_subject: Any) -> Mapping[str, Any] | None:
    """The newest of the country; nothing while nobody has told anything."""
    content = _latest(reading.of_country(area.country if area else HOME))
    return content if content["posts"] else None


@panels.register("front.happening", order=20, template=_EVENTS)
def coming_on_front(*, area: Area | None = None, **_subject: Any) -> Mapping[str, Any] | None:
    return _coming(reading.of_country(area.country if area else HOME))


@panels.register("network.happening", order=10, template=_POSTS)
def latest_of_network(*, network: Network, **_subject: Any) -> Mapping[str, Any]:
    return _latest(reading.of_network(network))


@panels.register("network.happening", order=20, template=_EVENTS)
def coming_of_network(*, network: Network, **_subject: Any) -> Mapping[str, Any] | None:
    return _coming(reading.of_network(network))


@panels.register("actor.happening", order=10, template=_POSTS)
def latest_of_actor(*, actor: Actor, **_subject: Any) -> Mapping[str, Any] | None:
    content = _latest(reading.of_actor(actor))
    return content if content["posts"] else None


@panels.register("my.mine", order=40, template="feeds/_follow_mine.html")
def followed(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """What the reader's addresses follow by mail."""
    found = [
        {
            "subscription": subscription,
            "name": following.name_of(subscription),
            "page_url": _feed_of(subscription).address(),
            "manage_url": reverse("feeds:follow_manage", args=[following.token_of(subscription, following.MANAGE)]),
        }
        for subscription in following.followed_by(user)
    ]
    return {"followed": found} if found else None


def _feed_of(subscription: Any) -> Feed:
    if subscription.area is not None:
        return reading.of_area(subscription.area)
    return reading.of_network(subscription.network)


def _latest(feed: Feed) -> dict[str, Any]:
    return {
        "feed": feed,
        "posts": reading_shown.posts(feed.posts().newest_first()[:POSTS]),
        "page_url": feed.address(),
        "follow_url": feed.follow_address(),
    }


def _coming(feed: Feed) -> dict[str, Any] | None:
    found = events.coming(feed, timezone.now(), EVENTS)
    return {"feed": feed, "found": found, "events_url": feed.address("events")} if found else None
