"""Each feed is read along its own partial index, on either database, however many posts there are."""

from datetime import timedelta

import pytest
from django.db import connection

from samkraft.feeds.models import Post, PostKind, PostState
from samkraft.feeds.queries import events, reading
from samkraft.places.models import Area
from tests import factories_networks
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MANY = 8000
PLACES, NETWORKS, ACTORS = 20, 10, 12


@pytest.fixture
def feeds() -> dict[str, reading.Feed]:
    """Feeds with some hundred posts each: of a few, a database reads all and sorts them, and is right to do so."""
    rows = Area.objects.municipalities().in_country("SE").select_related("parent").order_by("parent", "pk")
    places = list(rows[::8][:PLACES])
    networks = [factories_networks.network(factories_networks.newspaper_area(places[0])) for _ in range(NETWORKS)]
    actors = [factories_networks.actor(places[0]) for _ in range(ACTORS)]
    Post.objects.bulk_create(
        Post(
            actor=actors[number % ACTORS],
            title=f"Post {number}",
            kind=PostKind.EVENT if number % 3 == 0 else PostKind.NEWS,
            state=PostState.DRAFT if number % 17 == 9 else PostState.PUBLISHED,
            country="SE",
            municipality=places[number % PLACES],
            county=places[number % PLACES].parent,
            network=networks[number % NETWORKS],
            in_county_feed=number % 7 < 3,
            in_network_feed=number % 11 < 6,
            event_starts_at=NOW + timedelta(hours=number) if number % 3 == 0 else None,
            published_at=NOW - timedelta(minutes=number),
            created_at=NOW,
            changed_at=NOW,
        )
        for number in range(MANY)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE feeds_post")
    return {
        "municipality": reading.of_area(places[0]),
        "county": reading.of_area(places[0].parent),
        "country": reading.of_country("SE"),
        "network": reading.of_network(networks[0]),
        "actor": reading.of_actor(actors[0]),
    }


def is_sorted_by(plan: str, index: str) -> bool:
    """Whether the rows come out of the index in their order."""
    return index in plan and "Sort" not in plan and "TEMP B-TREE" not in plan


def test_feeds_are_read_along_their_indexes_without_sorting(feeds):
    cursor = reading.Cursor(NOW - timedelta(minutes=MANY // 2), 10**9)
    plans = {}
    for name, feed in feeds.items():
        posts = feed.posts()
        plans[name, "newest"] = posts.newest_first()[:21].explain()
        plans[name, "older"] = reading.older_than(posts, cursor).newest_first()[:21].explain()
        plans[name, "newer"] = reading.newer_than(posts, cursor).order_by("published_at", "pk")[:21].explain()
    largest = reading.older_than(feeds["country"].posts(), cursor).newest_first()[:21]
    plans["country", "shown"] = reading.with_authors(largest).explain()

    assert {key: plan for key, plan in plans.items() if not is_sorted_by(plan, f"post_feed_of_{key[0]}")} == {}


def test_events_are_read_along_their_indexes(feeds):
    plans = {
        name: events.of(feed).filter(event_starts_at__gte=NOW).order_by("event_starts_at", "pk")[:5].explain()
        for name, feed in feeds.items()
    }

    assert {name: plan for name, plan in plans.items() if f"post_events_of_{name}" not in plan} == {}
