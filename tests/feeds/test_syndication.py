"""Feeds for programs: valid, with whole addresses and nothing private, and fresh at once."""

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from samkraft.feeds.models import Post, PostState
from samkraft.feeds.queries import reading
from samkraft.places.models import Area
from samkraft.ui.page_cache import changed, store
from tests import factories_networks, factories_reading
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def feed() -> reading.Feed:
    return reading.of_area(Area.objects.select_related("parent__parent").get(key="SE-1493"))


def post(**fields) -> Post:
    return factories_networks.post(municipality=Area.objects.select_related("parent").get(key="SE-1493"), **fields)


def atom_of(client: Client, feed: reading.Feed) -> ElementTree.Element:
    return ElementTree.fromstring(client.get(feed.address("atom")).content)


def test_atom_tells_of_each_post_with_whole_addresses(client, feed):
    one = post(title="A <b>", text="<p>Words &amp; more</p>", language="da", edited_at=NOW + timedelta(days=1))
    picture = factories_reading.picture(one)
    root = atom_of(client, feed)
    entry = root.find(f"{ATOM}entry")
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == settings.SITE_URL + feed.address("atom")
    assert entry.find(f"{ATOM}title").text == "A <b>"
    assert entry.find(f"{ATOM}link[@rel='alternate']").get("href") == settings.SITE_URL + one.get_absolute_url()
    assert entry.find(f"{ATOM}author/{ATOM}name").text == str(one.author)
    assert entry.find(f"{ATOM}updated").text == "2026-03-03T09:30:00+00:00"
    assert [found.get("term") for found in entry.findall(f"{ATOM}category")] == ["news", "Mariestad"]
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "da"
    content = entry.find(f"{ATOM}content")
    assert (content.get("type"), content.text.startswith("<p>Words &amp; more</p>")) == ("html", True)
    enclosure = entry.find(f"{ATOM}link[@rel='enclosure']")
    assert enclosure.get("href").startswith(settings.SITE_URL) and picture.file.token in enclosure.get("href")
    assert (enclosure.get("type"), enclosure.get("length")) == ("image/jpeg", "1000")


def test_entry_has_the_same_id_in_every_language(client, feed):
    post()
    ids = {
        ElementTree.fromstring(client.get(f"/{code}/places/se/mariestad/feed.atom").content)
        .find(f"{ATOM}entry/{ATOM}id")
        .text
        for code, _name in settings.LANGUAGES
    }
    assert len(ids) == 1


def test_what_xml_cannot_hold_does_not_break_the_feed(client, feed):
    post(title="Bell \x07 and \x0b tab", text="<p>\x08x\uffff</p>")
    assert atom_of(client, feed).find(f"{ATOM}entry/{ATOM}title").text == "Bell  and  tab"


def test_wicked_text_is_cleaned_in_feeds_too(client, feed):
    post(text='<p onclick="x()">a<script>alert(1)</script></p>')
    for part in ("atom", "json"):
        body = client.get(feed.address(part)).content.decode()
        assert "alert(1)" not in body and "onclick" not in body


def test_json_feed_is_of_version_1_1_and_leads_on(client, feed):
    made = [post(link_url="https://elsewhere.example/a", kind="share") for _number in range(3)]
    factories_reading.picture(made[-1])
    response = client.get(feed.address("json"))
    document = json.loads(response.content)
    assert response.headers["Content-Type"].startswith("application/feed+json")
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"] == settings.SITE_URL + feed.address("json")
    first = document["items"][0]
    assert first["url"] == settings.SITE_URL + made[-1].get_absolute_url()
    assert first["external_url"] == "https://elsewhere.example/a"
    assert first["attachments"][0]["mime_type"] == "image/jpeg"
    assert "next_url" not in document


def test_json_feed_is_paged(client, feed, monkeypatch):
    monkeypatch.setattr("samkraft.feeds.views.syndication.POSTS_IN_FEED", 2)
    made = [post() for _number in range(3)]
    document = json.loads(client.get(feed.address("json")).content)
    following = json.loads(client.get(document["next_url"].removeprefix(settings.SITE_URL)).content)
    assert [item["title"] for item in following["items"]] == [made[0].title]


def test_calendar_holds_events_of_three_months_past_and_all_to_come(client, feed, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    area = feed.subject
    for days in (-91, -89, 400):
        factories_reading.event(area, municipality=area, days=days, title=f"Day {days}")
    calendar = Calendar.from_ical(client.get(feed.address("calendar")).content)
    assert [str(event["summary"]) for event in calendar.events] == ["Day -89", "Day 400"]


def test_event_is_a_calendar_file_of_its_own(client, feed):
    area = feed.subject
    one = factories_reading.event(
        area,
        municipality=area,
        title="Bicycles; and, more",
        text="<p>Bring <strong>tools</strong></p>",
        event_ends_at=NOW + timedelta(days=7, hours=2),
    )
    response = client.get(reverse("feeds:post_calendar", args=[one.pk]))
    (event,) = Calendar.from_ical(response.content).events
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (str(event["summary"]), str(event["location"])) == ("Bicycles; and, more", "The library")
    assert (event.start, event.end) == (one.event_starts_at, one.event_ends_at)
    assert str(event["url"]) == settings.SITE_URL + one.get_absolute_url()
    assert "Bring tools" in str(event["description"])


def test_news_has_no_calendar_file(client, feed):
    assert client.get(reverse("feeds:post_calendar", args=[post().pk])).status_code == 404


@pytest.mark.parametrize("part", ["atom", "json", "calendar"])
def test_feed_is_read_conditionally_and_is_fresh_at_once(client, feed, part):
    one = factories_reading.event(feed.subject, municipality=feed.subject, title="Unique words", days=10**4)
    address = feed.address(part)
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    Post.objects.filter(pk=one.pk).update(state=PostState.UNPUBLISHED)
    changed(feed.tag)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, b"Unique words" in again.content) == (200, False)
    assert dict(again.cookies) == {}


def test_empty_feed_is_the_same_each_time(client, feed):
    first = client.get(feed.address("atom")).content
    store.clear()
    assert client.get(feed.address("atom")).content == first


def test_page_names_its_feeds(client, feed):
    html = client.get(feed.address()).content.decode()
    for part in ("atom", "json", "calendar"):
        assert f'href="{feed.address(part)}"' in html


def test_nothing_private_is_in_a_feed(client, feed):
    actor = factories_networks.actor(feed.subject)
    person = factories_networks.speaker(actor)
    network = factories_networks.network(contact_email="private@example.org")
    post(by=actor, network=network, created_by=person, unpublished_why="once hidden", in_network_feed=True)
    for part in ("", "atom", "json", "calendar"):
        body = client.get(feed.address(part)).content.decode()
        for secret in (person.email, "private@example.org", "once hidden"):
            assert secret not in body
