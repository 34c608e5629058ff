"""What feeds show on the pages below, at the cost of two queries for posts and one for events."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from samkraft.feeds.models import Post, PostState
from samkraft.feeds.queries import reading
from samkraft.places.models import Area
from samkraft.ui.page_cache import changed
from samkraft.ui.panels import render_slot
from tests import factories_networks, factories_reading

pytestmark = pytest.mark.django_db


def shown(slot: str, **subject) -> str:
    request = RequestFactory().get("/en/")
    return render_slot(slot, request, **subject)


@pytest.fixture
def place() -> Area:
    return Area.objects.select_related("parent__parent").get(key="SE-1493")


def test_municipality_shows_its_latest_posts_and_coming_events(place, client, in_english):
    for number in range(6):
        factories_networks.post(place, municipality=place, title=f"News {number}")
    factories_reading.event(place, municipality=place, days=10**4, title="A meeting")
    html = client.get("/en/places/se/mariestad/").content.decode()
    assert [number for number in range(6) if f"News {number}" in html] == [3, 4, 5]
    assert "A meeting" in html
    assert reading.of_area(place).address() in html
    assert "/en/places/se/mariestad/feed/follow/" in html


def test_place_without_posts_says_what_will_be_here(place, client, in_english):
    assert "Nothing has been told here yet" in client.get("/en/places/se/mariestad/").content.decode()


def test_county_country_and_front_show_what_was_chosen_for_the_county(place, in_english):
    factories_networks.post(place, municipality=place, title="Only here")
    factories_networks.post(place, municipality=place, title="For all", in_county_feed=True)
    country = place.parent.parent
    for html in (
        shown("county.happening", area=place.parent),
        shown("country.happening", area=country),
        shown("front.happening"),
    ):
        assert "For all" in html and "Only here" not in html


@pytest.mark.parametrize("address", ["/en/", "/en/places/se/", "/en/places/se/vastra-gotalands-lan/"])
def test_unpublished_post_is_gone_from_the_pages_of_places_at_once(place, client, address):
    one = factories_networks.post(place, municipality=place, title="Soon gone", in_county_feed=True)
    assert "Soon gone" in client.get(address).content.decode()
    Post.objects.filter(pk=one.pk).update(state=PostState.UNPUBLISHED)
    changed(place.tag, place.parent.tag, place.parent.parent.tag)
    assert "Soon gone" not in client.get(address).content.decode()


def test_network_and_actor_show_their_own(place, in_english):
    network = factories_networks.network(factories_networks.newspaper_area(place))
    actor = factories_networks.actor(place)
    factories_networks.post(actor, municipality=place, network=network, in_network_feed=True, title="Ours")
    factories_networks.post(place, municipality=place, title="Theirs")
    for html in (shown("network.happening", network=network), shown("actor.happening", actor=actor)):
        assert "Ours" in html and "Theirs" not in html


@pytest.mark.parametrize("slot", ["municipality.happening", "county.happening", "country.happening", "front.happening"])
def test_panels_cost_three_queries_however_much_there_is(place, slot):
    area = {"municipality": place, "county": place.parent, "country": place.parent.parent}.get(slot.partition(".")[0])
    subject = {"area": area} if area else {}

    def queries_of() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(slot, **subject)
        return len([query for query in captured if "feeds_post" in query["sql"]])

    for _number in range(3):
        one = factories_networks.post(place, municipality=place, in_county_feed=True)
        factories_reading.picture(one)
        factories_reading.event(place, municipality=place, in_county_feed=True, days=10**4)
    # The posts, their pictures, and the events.
    assert queries_of() == 3
