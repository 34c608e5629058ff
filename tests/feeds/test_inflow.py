"""What comes in from elsewhere: safely fetched, plain, in measure, and only for those who write."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse

from samkraft.feeds.models import InflowItem, InflowSource
from samkraft.feeds.operations import inflow, inflow_parsing
from samkraft.feeds.operations.inflow_parsing import NotAFeed, read
from samkraft.feeds.queries.inflow import item_for
from samkraft.places.models import Area
from samkraft.records.fetch import CannotFetch, Fetched
from samkraft.records.refusals import Refused
from tests import factories, factories_networks, factories_reading
from tests.factories import NOW


def rss(*items: str, title: str = "Klimat 2030", before: str = "") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    start = f'<?xml version="1.0" encoding="utf-8"?>{before}<rss version="2.0"><channel><title>{title}</title>'
    return f"{start}{body}</channel></rss>".encode()


def rss_item(number: int = 1, **changes: str) -> str:
    fields = {
        "title": f"Item {number}",
        "link": f"https://region.example/{number}",
        "guid": f"guid-{number}",
        "pubDate": (NOW - timedelta(hours=number)).strftime("%a, %d %b %Y %H:%M:%S +0000"),
        **changes,
    }
    return "".join(f"<{name}>{text}</{name}>" for name, text in fields.items() if text)


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><entry><id>tag:a,1</id>
<title type="html">More &amp;lt;b&amp;gt; &lt;b&gt;bold&lt;/b&gt;</title><link href="https://atom.example/1"/>
<updated>2026-03-01T10:00:00Z</updated>
<content type="html">&lt;p&gt;One&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</content>
</entry></feed>"""


def answering(content: bytes, content_type: str = "application/rss+xml"):
    """A web on which every address answers the same."""

    def fetch(url, *, limit_bytes, timeout):
        assert (limit_bytes, timeout) == (2 * 1024 * 1024, 5.0)
        return Fetched(url=url, content=content, content_type=content_type)

    return fetch


def failing(url, **_limits):
    raise CannotFetch("The site took too long to answer.")


def test_rss_is_read_as_plain_words():
    words = "&lt;p&gt;Two&lt;/p&gt;&lt;p&gt;words&lt;/p&gt;"
    found = read(rss(rss_item(1, title="A &lt;b&gt;bold&lt;/b&gt; one", description=words)))
    (item,) = found.items
    assert found.title == "Klimat 2030"
    assert (item.title, item.summary, item.url) == ("A bold one", "Two words", "https://region.example/1")
    assert (item.guid, item.published_at) == ("guid-1", NOW - timedelta(hours=1))


def test_atom_is_read_too():
    (item,) = read(ATOM).items
    assert (item.guid, item.url, item.published_at.isoformat()) == (
        "tag:a,1",
        "https://atom.example/1",
        "2026-03-01T10:00:00+00:00",
    )
    assert "<b>" not in item.title.replace("<b> bold", "") and "<p>" not in item.summary


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "/relative",
        "",
        "https://",
        "http://a b/",
        "ftp://a/",
    ],
)
def test_item_that_leads_to_no_page_of_the_web_is_left_out(link):
    assert read(rss(rss_item(1, link=link), rss_item(2))).items[0].guid == "guid-2"
    assert len(read(rss(rss_item(1, link=link), rss_item(2))).items) == 1


def test_encodings_of_feeds_are_read():
    feed = rss(rss_item(title="Åäö")).decode()
    for encoding in ("utf-8", "iso-8859-1", "windows-1252", "utf-16"):
        (item,) = read(feed.replace("utf-8", encoding).encode(encoding)).items
        assert item.title == "Åäö"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><html><body>Hello</body></html>",
        b"<html></html>",
        b"{}",
        b"\x00\x01\x02",
        b"<rss",
        rss(rss_item())[:-8],
        b'<?xml version="1.0" encoding="utf-7"?><rss></rss>',
    ],
)
def test_what_is_no_feed_is_told(content):
    with pytest.raises(NotAFeed):
        read(content)


def laughs() -> str:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE rss [<!ENTITY a0 "lol">{levels}]>'


BOMBS = {
    "nested entities": rss("<title>&a11;</title><link>https://a.example/</link>", before=laughs()),
    "one long entity": rss(
        "<title>" + "&a;" * 100_000 + "</title>", before=f'<!DOCTYPE rss [<!ENTITY a "{"x" * 1_000_000}">]>'
    ),
    "outside entity": rss("<title>&a;</title>", before='<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    "in utf-16": '<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><title>&a;</title></rss>'.encode("utf-16"),
    "deep": b"<rss>" + b"<a>" * 300_000,
    "many items": rss(*["<title>x</title>"] * 80_000),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb_is_refused_quickly(bomb):
    began = time.process_time()
    with pytest.raises(NotAFeed):
        read(BOMBS[bomb])
    assert time.process_time() - began < 2


SLOW = {
    "tags": "&lt;" * 400_000,
    "ampersands": "&amp;" * 300_000,
    "digits": "1" * 1_900_000,
    "spaces": " " * 1_900_000 + "x",
    "brackets": "<![CDATA[" + "<a " * 600_000 + "]]>",
}


@pytest.mark.parametrize("field", ["title", "description", "pubDate", "link", "guid"])
@pytest.mark.parametrize("text", SLOW)
def test_long_nonsense_in_a_field_is_read_quickly(field, text):
    began = time.process_time()
    read(rss(rss_item(1, **{field: SLOW[text]}), rss_item(2)))
    assert time.process_time() - began < 4


def test_full_feed_of_two_megabytes_is_read_quickly():
    items = [rss_item(number, description="&lt;p&gt;words &lt;/p&gt;" * 40) for number in range(1800)]
    began = time.process_time()
    assert len(read(rss(*items)).items) == inflow_parsing.MOST_ITEMS
    assert time.process_time() - began < 8


def test_source_is_added_with_what_it_holds(db):
    county = factories.county()
    source = inflow.add_source(
        county=county, url="https://region.example/feed", title="", by=None, now=NOW, fetch=answering(rss(rss_item()))
    )
    assert (source.title, source.next_at) == ("Klimat 2030", NOW + timedelta(hours=1))
    assert InflowItem.objects.get().title == "Item 1"
    with pytest.raises(Refused):
        inflow.add_source(county=county, url=source.url, title="", by=None, now=NOW, fetch=answering(rss(rss_item())))


@pytest.mark.parametrize("fetch", [failing, answering(b"<html></html>")])
def test_address_without_a_feed_is_told_and_not_kept(db, fetch):
    with pytest.raises(Refused):
        inflow.add_source(county=factories.county(), url="https://a.example", title="", by=None, now=NOW, fetch=fetch)
    assert InflowSource.objects.count() == 0


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/feed", "http://[::1]/", "http://169.254.169.254/", "http://100.64.0.1/"]
)
def test_address_inside_a_closed_network_is_refused(db, url):
    with pytest.raises(CannotFetch):
        inflow.add_source(county=factories.county(), url=url, title="", by=None, now=NOW)


def test_items_are_taken_in_once_and_follow_their_source(db):
    source = factories_reading.source()
    assert inflow.take_in(now=NOW, fetch=answering(rss(rss_item(1), rss_item(2)))) == 1
    assert inflow.take_in(now=NOW, fetch=answering(rss(rss_item(3)))) == 0
    later = NOW + timedelta(hours=1)
    inflow.take_in(now=later, fetch=answering(rss(rss_item(3), rss_item(1, title="Changed"))))
    rows = InflowItem.objects.filter(source=source).order_by("guid").values_list("title", "taken_in_at")
    assert list(rows) == [("Changed", NOW), ("Item 2", NOW), ("Item 3", later)]


def test_what_comes_from_the_future_stands_at_now(db):
    factories_reading.source()
    inflow.take_in(now=NOW, fetch=answering(rss(rss_item(1, pubDate="Mon, 02 Mar 2099 10:00:00 +0000"))))
    assert InflowItem.objects.get().published_at == NOW


def test_no_more_than_a_hundred_items_are_kept_and_old_ones_are_forgotten(db):
    source = factories_reading.source()
    factories_reading.item(source, published_at=NOW - timedelta(days=181))
    inflow.take_in(now=NOW, fetch=answering(rss(*[rss_item(number) for number in range(1, 151)], rss_item(5000))))
    kept = InflowItem.objects.filter(source=source)
    assert (kept.count(), kept.last().title) == (100, "Item 100")


def test_source_that_fails_is_asked_after_longer_and_longer_waits_and_says_why(db):
    source = factories_reading.source()
    waits, now = [], NOW
    for _round in range(8):
        assert inflow.take_in(now=now, fetch=failing) == 0
        source.refresh_from_db()
        waits.append((source.next_at - now) // timedelta(hours=1))
        now = source.next_at
    assert waits == [2, 4, 8, 16, 32, 48, 48, 48]
    assert source.problem == "The site took too long to answer."
    inflow.take_in(now=now, fetch=answering(rss(rss_item())))
    source.refresh_from_db()
    assert (source.failures, source.problem, source.next_at) == (0, "", now + timedelta(hours=1))


def test_one_source_that_fails_does_not_hold_up_the_others(db):
    bad, good = factories_reading.source(), factories_reading.source()

    def fetch(url, **limits):
        return failing(url) if url == bad.url else answering(rss(rss_item()))(url, **limits)

    assert inflow.take_in(now=NOW, fetch=fetch) == 1
    assert InflowItem.objects.get().source == good


def test_workers_in_parallel_ask_a_source_once(at_once):
    factories_reading.source()
    asked = []

    def fetch(url, **limits):
        asked.append(url)
        return answering(rss(rss_item()))(url, **limits)

    results = at_once(lambda _place: inflow.take_in(now=NOW, fetch=fetch), 3)
    assert (sum(results), len(asked)) == (1, 1)


@pytest.fixture
def county(db) -> Area:
    return Area.objects.get(key="SE-14")


def writers(county: Area) -> dict[str, object]:
    """Everybody who may write somewhere in the county of Västra Götaland, by why."""
    place = factories.area()
    network = factories_networks.network(factories_networks.newspaper_area(place), county=county)
    return {
        "officer": factories.member(place).user,
        "coordinator of the county": factories.coordinator(county),
        "speaks for an actor": factories_networks.speaker(factories_networks.actor(place)),
        "network's editor": factories_networks.convener(network, role="editor"),
        "steward": factories.steward(),
    }


def test_items_are_for_those_who_write_in_the_county(county):
    item = factories_reading.item(factories_reading.source(county))
    concerned = writers(county)
    assert {why: item_for(user, item.pk) for why, user in concerned.items()} == dict.fromkeys(concerned, item)
    elsewhere = Area.objects.get(key="SE-1281")
    closed = factories_networks.actor(closed_at=NOW)
    others = [
        factories.user(),
        factories.member(elsewhere).user,
        factories.member(role="politician").user,
        factories_networks.speaker(factories_networks.actor(elsewhere)),
        factories_networks.speaker(closed),
    ]
    assert [item_for(user, item.pk) for user in others] == [None] * 5


def test_tray_is_open_to_those_who_write(cast, county):
    factories_reading.item(factories_reading.source(county), title="From the region", summary="Words")
    assert cast.statuses("/en/tray/") == {"owner": 200, "member": 200, "outsider": 404, "steward": 200, "visitor": 302}
    html = cast.client("member").get("/en/tray/").content.decode()
    assert "From the region" in html


def test_tray_is_paged_and_its_queries_do_not_grow(cast, county, django_assert_max_num_queries):
    source = factories_reading.source(county)
    for number in range(35):
        factories_reading.item(source, title=f"Item {number:02}", published_at=NOW + timedelta(minutes=number))
    client = cast.client("member")
    with django_assert_max_num_queries(12):
        first = client.get("/en/tray/")
    second = client.get(f"/en/tray/{first.context['next_url']}")
    assert [item.title for item in second.context["found"]] == [f"Item {n:02}" for n in range(4, -1, -1)]


def test_item_is_shared_with_one_click(cast, county):
    item = factories_reading.item(factories_reading.source(county))
    html = cast.client("member").get("/en/tray/").content.decode()
    assert f"{reverse('feeds:write')}?share={item.pk}" in html


def test_my_page_shows_what_is_new(cast, county):
    factories_reading.item(factories_reading.source(county), title="From the region")
    assert "From the region" in cast.client("member").get("/en/my/").content.decode()
    assert "From the region" not in cast.client("outsider").get("/en/my/").content.decode()


def test_sources_are_looked_after_by_the_countys_coordinators_and_stewards(cast, county):
    address = reverse("feeds:sources", args=["se", county.slug])
    of_county = factories.coordinator(county)
    # The owner of the cast coordinates a municipality, and the county is above it.
    assert cast.statuses(address) == {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
    client = cast.client("steward")
    client.force_login(of_county, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(address).status_code == 200


def test_address_that_cannot_be_fetched_is_told_in_the_form(cast, county):
    address = reverse("feeds:sources", args=["se", county.slug])
    answer = cast.client("steward").post(address, {"url": "http://127.0.0.1/feed", "title": ""})
    assert answer.status_code == 200
    assert list(answer.context["form"].non_field_errors()) == ["The address lies inside a closed network."]
    assert InflowSource.objects.count() == 0


def test_source_is_removed_with_what_came_in(cast, county):
    source = factories_reading.source(county)
    factories_reading.item(source)
    address = reverse("feeds:remove_source", args=[source.pk])
    assert cast.statuses(address) == {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
    assert cast.client("member").post(address).status_code == 404
    assert InflowSource.objects.count() == 1
    cast.client("steward").post(address)
    assert (InflowSource.objects.count(), InflowItem.objects.count()) == (0, 0)
