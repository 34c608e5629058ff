"""Feed pages: what each holds, how it is walked, and what a post shows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samkraft.feeds.models import Post, PostState
from samkraft.feeds.queries import events, reading
from samkraft.places.models import Area
from samkraft.ui.page_cache import changed, store
from tests import factories_networks, factories_reading
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LIST = 12


def mariestad() -> Area:
    return Area.objects.select_related("parent__parent").get(key="SE-1493")


@pytest.fixture
def place() -> Area:
    return mariestad()


def post(**fields) -> Post:
    place = fields.pop("municipality", None) or mariestad()
    return factories_networks.post(
        fields.pop("by", None) or factories_networks.actor(place), municipality=place, **fields
    )


def feeds_of(post: Post) -> dict[str, reading.Feed]:
    """Every feed that could hold a post."""
    found = {"municipality": reading.of_area(post.municipality), "county": reading.of_area(post.county)}
    found["country"] = reading.of_country(post.country)
    if post.network:
        found["network"] = reading.of_network(post.network)
    if post.actor:
        found["actor"] = reading.of_actor(post.actor)
    return found


def html_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def queries_of(client: Client, address: str) -> int:
    store.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_each_feed_holds_what_was_chosen_for_it(place):
    network = factories_networks.network(factories_networks.newspaper_area(place))
    here = post(network=network)
    wide = post(network=network, in_county_feed=True, in_network_feed=True)
    held = {name: {found.pk for found in feed.posts()} for name, feed in feeds_of(wide).items()}
    assert held == {
        "municipality": {here.pk, wide.pk},
        "county": {wide.pk},
        "country": {wide.pk},
        "network": {wide.pk},
        "actor": {wide.pk},
    }


@pytest.mark.parametrize("state", [PostState.DRAFT, PostState.SCHEDULED, PostState.UNPUBLISHED, PostState.WITHDRAWN])
def test_only_published_posts_are_read(place, client, state):
    hidden = post(state=state, scheduled_for=NOW, title="Hidden", in_county_feed=True, actor=None, area=place)
    for feed in feeds_of(hidden).values():
        for part in ("", "events", "atom", "json", "calendar"):
            assert "Hidden" not in html_of(client, feed.address(part))
    html_of(client, hidden.get_absolute_url(), 404)
    html_of(client, reverse("feeds:post_calendar", args=[hidden.pk]), 404)


def test_feed_is_walked_by_cursor_there_and_back(place):
    made = [post(published_at=NOW + timedelta(minutes=n // 2)) for n in range(7)]
    newest_first = [found.pk for found in made[::-1]]
    posts = reading.of_area(place).posts()
    first = reading.page(posts, size=3)
    second = reading.page(posts, before=first.older, size=3)
    third = reading.page(posts, before=second.older, size=3)
    assert [[found.pk for found in page.posts] for page in (first, second, third)] == [
        newest_first[:3],
        newest_first[3:6],
        newest_first[6:],
    ]
    assert (first.newer, third.older) == (None, None)
    back = reading.page(posts, after=third.newer, size=3)
    assert [found.pk for found in back.posts] == newest_first[3:6]
    assert reading.page(posts, after=back.newer, size=3).newer is None


def test_cursor_is_read_as_it_was_written_and_nothing_else_is_one():
    cursor = reading.Cursor(datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC), 17)
    assert reading.Cursor.read(str(cursor)) == cursor
    for text in ("", "x", "1", "1-", "-1-2", "1-2-3", "١-٢", "1-" + "9" * 19, "9" * 18 + "-1"):
        assert reading.Cursor.read(text) is None


def test_page_of_a_feed_says_who_when_where_and_what(place, client, in_english):
    actor = factories_networks.actor(place, name="Bicycle & Co", slug="bicycle")
    one = post(by=actor, title="We <3 trains", language="da", text="<p>Til <strong>toget</strong>.</p>", edited_at=NOW)
    factories_reading.picture(one, alt="A red train", photographer="Per Foto")
    html = html_of(client, reading.of_area(place).address())
    assert '<h2 class="ds-heading post__title" data-size="xs" lang="da">' in html
    assert "We &lt;3 trains" in html
    assert '<div class="post__text" lang="da"><p>Til <strong>toget</strong>.</p></div>' in html
    assert 'alt="A red train"' in html and "srcset=" in html
    assert "Photo: Per Foto" in html
    assert f'<time datetime="{NOW.astimezone().isoformat()[:10]}' in html
    assert "Edited" in html
    assert "Bicycle &amp; Co" in html


def test_text_that_was_not_cleaned_is_harmless_all_the_same(place, client):
    one = post(text='<p onclick="x()">Hello<script>alert(1)</script></p>')
    for address in (reading.of_area(place).address(), one.get_absolute_url()):
        html = html_of(client, address)
        assert "alert(1)" not in html and "onclick" not in html


def test_long_text_is_shortened_in_a_list_and_whole_on_its_page(place, client, in_english):
    one = post(text="<p>" + "word " * 200 + "END</p>")
    in_list = html_of(client, reading.of_area(place).address())
    assert "END" not in in_list and "Read on" in in_list
    assert "END" in html_of(client, one.get_absolute_url())


def test_post_has_open_graph_data_with_its_picture(place, client):
    one = post(title="Open", text="<p>First <em>words</em></p>")
    picture = factories_reading.picture(one)
    html = html_of(client, one.get_absolute_url())
    assert '<meta property="og:title" content="Open">' in html
    assert '<meta property="og:description" content="First words">' in html
    assert picture.file.token in html.partition('property="og:image"')[2].partition(">")[0]


def test_county_feed_can_be_narrowed_to_a_municipality(place, client):
    skara = Area.objects.select_related("parent__parent").get(key="SE-1495")
    post(title="Of Mariestad", in_county_feed=True)
    post(title="Of Skara", municipality=skara, in_county_feed=True)
    feed = reading.of_area(place.parent)
    both = html_of(client, feed.address())
    assert "Of Mariestad" in both and "Of Skara" in both
    narrowed = html_of(client, f"{feed.address()}?municipality={skara.slug}")
    assert "Of Mariestad" not in narrowed and "Of Skara" in narrowed
    assert "Of Mariestad" not in html_of(client, f"{feed.address('atom')}?municipality={skara.slug}")
    html_of(client, f"{feed.address()}?municipality=lund", 404)


def test_older_pages_keep_what_the_feed_is_narrowed_to(place, client):
    for _number in range(reading.A_PAGE + 1):
        post(in_county_feed=True)
    html = html_of(client, f"{reading.of_area(place.parent).address()}?municipality=mariestad")
    assert 'rel="next" href="?municipality=mariestad&amp;before=' in html


def test_feed_page_is_kept_and_gone_from_memory_when_a_post_is_unpublished(place, client):
    one = post(title="Soon gone")
    address = reading.of_area(place).address()
    assert "Soon gone" in html_of(client, address)
    with CaptureQueriesContext(connection) as captured:
        html_of(client, address)
    assert len(captured) == 1
    Post.objects.filter(pk=one.pk).update(state=PostState.UNPUBLISHED)
    changed(place.tag, one.tag)
    assert "Soon gone" not in html_of(client, address)
    html_of(client, one.get_absolute_url(), 404)


def test_reading_a_feed_sets_no_cookie(place, client):
    one = post()
    for address in (reading.of_area(place).address(), one.get_absolute_url()):
        assert dict(client.get(address).cookies) == {}


def test_query_count_does_not_grow_with_the_posts(place, client):
    network = factories_networks.network(factories_networks.newspaper_area(place))
    actor = factories_networks.actor(place)

    def make(number):
        one = post(by=actor, network=network, in_county_feed=True, in_network_feed=True)
        factories_reading.picture(one)
        factories_reading.picture(one)
        factories_reading.event(
            actor, municipality=place, network=network, in_county_feed=True, in_network_feed=True, days=number + 300
        )
        return one

    first = make(1)
    addresses = [feed.address(part) for feed in feeds_of(first).values() for part in ("", "events", "atom", "json")]
    addresses.append(first.get_absolute_url())
    with_one = {address: queries_of(client, address) for address in addresses}
    make(2), make(3)
    assert {address: queries_of(client, address) for address in addresses} == with_one
    assert max(with_one.values()) <= LIST


def test_events_to_come_stand_by_month_with_those_that_go_on(place):
    feed = reading.of_area(place)
    going_on = factories_reading.event(place, municipality=place, days=-1, event_ends_at=NOW + timedelta(hours=1))
    factories_reading.event(place, municipality=place, days=-1)
    soon = factories_reading.event(place, municipality=place, days=3)
    later = factories_reading.event(place, municipality=place, days=40)
    found = events.coming(feed, NOW)
    assert [event.pk for event in found] == [going_on.pk, soon.pk, later.pk]
    months = [(first, len(posts)) for first, posts in events.by_month(found)]
    assert months == [(date(2026, 3, 1), 2), (date(2026, 4, 1), 1)]


def test_missing_places_networks_and_actors_have_no_feed(client):
    for address in (
        "/en/places/se/atlantis/feed/",
        "/en/places/fi/feed/",
        "/en/networks/nowhere/feed/",
        "/en/networks/actors/nobody/feed/",
        "/en/posts/999999999/",
    ):
        html_of(client, address, 404)


def test_network_that_has_not_begun_has_no_feed(client):
    network = factories_networks.network(state="draft")
    html_of(client, f"/en/networks/{network.slug}/feed/", 404)


def test_empty_feed_says_how_to_begin(place, client, in_english):
    html = html_of(client, reading.of_area(place).address())
    assert "Nothing has been told here yet" in html
    assert reverse("feeds:follow_area", args=["se", "mariestad"]) in html
