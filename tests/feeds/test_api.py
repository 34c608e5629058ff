"""The open data of posts: published ones only, public fields only, in pages by cursor."""

import pytest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI

from samkraft.config.urls import handler404, handler500
from samkraft.config.urls import urlpatterns as site
from samkraft.feeds.api import PostOut, router
from samkraft.feeds.models import PostState
from samkraft.places.models import Area
from tests import factories_networks, factories_reading
from tests.factories import NOW

api = NinjaAPI(urls_namespace="api-of-posts")
api.add_router("", router)
urlpatterns = [path("open/", api.urls), *site]
__all__ = ["handler404", "handler500", "urlpatterns"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def post(**fields):
    place = fields.pop("municipality", None) or Area.objects.select_related("parent").get(key="SE-1493")
    return factories_networks.post(municipality=place, **fields)


def ids(client: Client, query: str = "", status: int = 200):
    response = client.get(f"/open/posts{query}")
    assert response.status_code == status
    return [item["id"] for item in response.json()["items"]] if status == 200 else response.json()


def test_only_published_posts_are_given_out(client):
    shown = post()
    for state in (PostState.DRAFT, PostState.SCHEDULED, PostState.UNPUBLISHED):
        post(state=state, scheduled_for=NOW)
    assert ids(client) == [shown.pk]


def test_fields_are_the_public_ones(client):
    one = post(link_url="https://elsewhere.example/")
    factories_reading.picture(one)
    (item,) = client.get("/open/posts").json()["items"]
    assert set(item) == set(PostOut.model_fields)
    assert item["municipality"] == "SE-1493" and item["county"] == "SE-14"
    assert item["author"]["name"] == one.actor.name
    assert item["pictures"][0]["photographer"] == "Eva Ek"


def test_posts_are_filtered_by_what_holds_them(client):
    skara = Area.objects.select_related("parent").get(key="SE-1495")
    network = factories_networks.network()
    actor = factories_networks.actor()
    news = post(by=actor)
    county = post(in_county_feed=True)
    networks = post(network=network, in_network_feed=True)
    event = factories_reading.event(skara, municipality=skara)
    assert ids(client, "?municipality=SE-1495") == [event.pk]
    assert ids(client, "?county=SE-14") == [county.pk]
    assert ids(client, "?country=SE") == [county.pk]
    assert ids(client, f"?network={network.slug}") == [networks.pk]
    assert ids(client, f"?actor={actor.slug}") == [news.pk]
    assert ids(client, "?kind=event") == [event.pk]
    assert ids(client, "?municipality=SE-9999") == []
    assert ids(client, f"?since={county.published_at.isoformat().replace('+', '%2B')}") == [
        event.pk,
        networks.pk,
        county.pk,
    ]


def test_list_is_paged_by_cursor_and_no_post_is_twice(client):
    made = [post(published_at=NOW).pk for _number in range(5)]
    address, found = "/open/posts?limit=2", []
    while address:
        page = client.get(address).json()
        found += [item["id"] for item in page["items"]]
        address = page["next"]
    assert found == made[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "?cursor=x",
        "?limit=0",
        "?limit=1000",
        "?kind=rumour",
        "?since=yesterday",
        "?since=2026-01-01T00:00:00",
        "?actor=a%00b",
        "?municipality=" + "x" * 50,
    ],
)
def test_what_cannot_be_used_is_told(client, query):
    assert "detail" in ids(client, query, 422)


def test_a_time_that_no_database_keeps_is_before_or_after_everything(client):
    post = factories_networks.post()

    assert ids(client, "?since=0001-01-01T00:00:00%2B14:00") == [post.pk]
    assert ids(client, "?since=9999-12-31T23:59:59-14:00") == []


def test_an_offset_that_no_clock_has_is_understood_all_the_same(client):
    post = factories_networks.post()

    assert ids(client, "?since=1996-08-14T11:02:28%2B19:30") == [post.pk]
