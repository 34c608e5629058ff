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
MANY = 3000


@pytest.fixture
def feeds() -> dict[str, reading.Feed]:
    """The feeds of one post among many, spread over places, actors and networks as in real life."""
    places = list(Area.objects.municipalities().in_country("SE").select_related("parent").order_by("pk")[:40])
    networks = [factories_networks.network(factories_networks.newspaper_area(place)) for place in places[:8]]
    actors = [factories_networks.actor(place) for place in places[:30]]
    Post.objects.bulk_create(
        Post(
            actor=actors[number % 30],
            title=f"Post {number}",
            kind=PostKind.EVENT if number % 5 == 0 else PostKind.NEWS,
            state=PostState.DRAFT if number % 10 == 9 else PostState.PUBLISHED,
            country="SE",
            municipality=places[number % 40],
            county=places[number % 40].parent,
            network=networks[number % 8],
            in_county_feed=number % 3 == 0,
            in_network_feed=number % 2 == 0,
            event_starts_at=NOW + timedelta(hours=number) if number % 5 == 0 else None,
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


def plan_of(rows) -> str:
    return rows.explain()


@pytest.mark.parametrize("name", ["municipality", "county", "country", "network", "actor"])
def test_feed_is_read_along_its_index_without_sorting(feeds, name):
    posts = feeds[name].posts()
    cursor = reading.Cursor(NOW - timedelta(minutes=500), 10**9)
    for rows in (
        posts.newest_first()[:21],
        reading.older_than(posts, cursor).newest_first()[:21],
        reading.newer_than(posts, cursor).order_by("published_at", "pk")[:21],
        reading.with_authors(reading.older_than(posts, cursor).newest_first())[:21],
    ):
        plan = plan_of(rows)
        assert f"post_feed_of_{name}" in plan
        assert "Sort" not in plan and "TEMP B-TREE" not in plan


@pytest.mark.parametrize("name", ["municipality", "county", "country", "network", "actor"])
def test_events_are_read_along_their_index(feeds, name):
    rows = events.of(feeds[name]).filter(event_starts_at__gte=NOW).order_by("event_starts_at", "pk")[:5]
    assert f"post_events_of_{name}" in plan_of(rows)


def test_what_anyone_publishes_is_read_along_its_index(feeds):
    plan = plan_of(Post.objects.published().newest_first()[:21])
    assert "post_published" in plan
    assert "Sort" not in plan and "TEMP B-TREE" not in plan
