"""The register: filters, search, paging, the map, files and the API."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from samkraft.networks.models import Actor
from samkraft.networks.queries import actors as queries
from samkraft.networks.queries.actors import Wanted
from tests import factories, factories_networks

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(db):
    """A bakery and a school in Mariestad, a shop in Skien; the bakery is in a network."""
    area = factories.area()
    skien = queries.Area.objects.municipalities().in_country("NO").get(slug="skien")
    bakery = factories_networks.actor(area, name="Åsas Bageri", slug="bakery", organisation_number="5560360793")
    school = factories_networks.actor(area, name="Vadsbo skola", slug="school", kind="school")
    shop = factories_networks.actor(skien, name="Butikken", slug="shop", country="NO")
    factories_networks.admitted(factories_networks.network(name="The Lake", slug="the-lake"), bakery)
    return bakery, school, shop


def found(**wanted):
    return [actor.slug for actor in queries.register(Wanted(**wanted)).order_by("folded") if actor.name != "Convener"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"country": "no"}, ["shop"]),
        ({"county": "SE-14", "kind": "school"}, ["school"]),
        ({"municipality": "SE-1493", "name": "bag"}, ["bakery"]),
        ({"municipality": "SE-0180"}, []),
        ({"kind": "school"}, ["school"]),
        ({"network": "the-lake"}, ["bakery"]),
        ({"network": "nowhere"}, []),
        ({"name": "asas"}, ["bakery"]),
        ({"name": "ÅSAS B"}, ["bakery"]),
        ({"name": "sbo sk"}, ["school"]),
        ({"name": "%"}, []),
        ({"name": "…"}, []),
    ],
)
def test_filters_leave_the_actors_that_answer_to_them(three, wanted, expected):
    assert found(**wanted) == expected


def test_closed_actors_and_closed_networks_are_not_found(three):
    bakery, school, _shop = three
    Actor.objects.filter(pk=school.pk).update(closed_at="2026-03-02T00:00Z")
    assert found(kind="school") == []
    bakery.memberships.get().network.__class__.objects.update(state="withdrawn")
    assert found(network="the-lake") == []
    assert queries.networks_of([bakery]) == {bakery.pk: []}


def test_pages_follow_each_other_both_ways_and_hold_each_actor_once():
    for number in range(7):
        factories_networks.actor(name=f"Same {number // 3}", slug=f"a{number}")
    rows = queries.register(Wanted())
    everyone = list(rows.order_by("folded", "pk"))
    pages = [queries.page(rows, size=3)]
    while pages[-1].after:
        pages.append(queries.page(rows, size=3, after=pages[-1].after))
    assert [actor for page in pages for actor in page.actors] == everyone
    back = queries.page(rows, size=3, before=pages[-1].before)
    assert back.actors == pages[1].actors
    first = queries.page(rows, size=3, before=back.before)
    assert (first.actors, first.before) == (pages[0].actors, None)


def test_register_is_for_everyone_and_narrowed_by_its_form(cast, three):
    url = reverse("networks:actors")
    assert set(cast.statuses(url).values()) == {200}
    answer = Client().get(url, {"q": "bageri", "country": "SE", "county": "SE-14", "kind": "company"})
    assert [actor.slug for actor in answer.context["actors"]] == ["bakery"]
    assert (answer.context["count"], "The Lake" in answer.text, dict(answer.cookies)) == (1, True, {})
    assert "municipality" in answer.context["form"].fields


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?country=XX",
        "?county=SE-14",
        "?after=x",
        "?after=999999999999999999999",
        "?network=%27",
        "?kind=king",
    ],
)
def test_what_cannot_be_used_in_the_address_narrows_nothing(three, query):
    for name in ("actors", "actors_map", "actors_csv", "actors_xlsx"):
        assert Client().get(reverse(f"networks:{name}") + query).status_code == 200


def test_register_without_an_answer_says_what_to_do(three):
    text = Client().get(reverse("networks:actors"), {"q": "nobody"}).text
    assert "No actor answers to that" in text


def test_map_counts_the_actors_of_each_municipality(three):
    answer = Client().get(reverse("networks:actors_map"), {"country": "SE", "county": "SE-14"})
    counts = {one["area"].key: one["count"] for one in answer.context["found"]}
    assert counts["SE-1493"] >= 2
    assert "Mariestad: " in answer.text
    assert answer.context["small"] == ""
    link = next(one["url"] for one in answer.context["found"] if one["area"].key == "SE-1493")
    assert {actor.slug for actor in Client().get(link).context["actors"]} >= {"bakery", "school"}


def test_map_of_a_country_counts_an_actor_once_in_a_county(three):
    bakery, *_others = three
    before = Client().get(reverse("networks:actors_map"), {"country": "SE", "q": "bageri"}).context["found"]
    bakery.municipalities.add(factories.area("1473", "Töreboda"))
    answer = Client().get(reverse("networks:actors_map"), {"country": "SE", "q": "bageri", "again": 1})
    assert [(one["area"].key, one["count"]) for one in before] == [("SE-14", 1)]
    assert [(one["area"].key, one["count"]) for one in answer.context["found"]] == [("SE-14", 1)]
    assert "county=SE-14" in answer.context["found"][0]["url"]
    assert "Västra Götalands län: 1 actor" in answer.text


def test_csv_holds_what_everyone_may_see_and_no_formula(three):
    Actor.objects.filter(slug="bakery").update(does="=cmd|' /C calc'!A0", leader_name="@SUM(A1)")
    text = Client().get(reverse("networks:actors_csv"), {"q": "bageri"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["Name"], row["Organisation number"], row["Networks"]) for row in rows] == [
        ("Åsas Bageri", "556036-0793", "The Lake")
    ]
    assert (rows[0]["What it does for the transition"][:2], rows[0]["Leader"][:2]) == ("'=", "'@")
    assert "@example.org" not in text


def test_xlsx_holds_texts_and_no_formula(three):
    Actor.objects.filter(slug="bakery").update(does="=1+1")
    content = Client().get(reverse("networks:actors_xlsx")).content
    sheet = load_workbook(io.BytesIO(content)).active
    cells = {row[0].value: row[8] for row in sheet.iter_rows()}
    assert (cells["Åsas Bageri"].value, cells["Åsas Bageri"].data_type) == ("=1+1", "s")


def test_api_gives_pages_of_public_facts(three):
    answer = Client().get("/api/v1/actors?country=SE&municipality=SE-1493&name=bageri").json()
    assert [(item["slug"], item["networks"], item["municipalities"]) for item in answer["items"]] == [
        ("bakery", ["the-lake"], ["SE-1493"])
    ]
    assert set(answer["items"][0]) & {"created_by", "people", "link_problem", "closed_why"} == set()


@pytest.mark.parametrize("name", ["actors", "actors_map", "actors_csv"])
def test_register_asks_as_much_for_three_as_for_one(name):
    url = reverse(f"networks:{name}")
    counts = []
    for number in range(3):
        made = factories_networks.actor(factories.area(), name=f"Actor number {number}")
        factories_networks.admitted(factories_networks.network(convener=made), made)
        Client().get(url)
        with CaptureQueriesContext(connection) as asked:
            Client().get(url, {"country": "SE", "county": "SE-14", "again": number})
        counts.append(len(asked))
    assert (counts[0], counts[0] <= 14) == (counts[2], True), counts
