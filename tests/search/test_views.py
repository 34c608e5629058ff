"""Finding a place by what people type."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samkraft.places import queries
from samkraft.places.models import Area

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PLACE = re.compile(r'href="/\w\w/places/([\w/-]+)/"')


class Tags(HTMLParser):
    """The tags of a piece of HTML, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def search(typed: str, language: str = "sv", **extra: Any) -> HttpResponse:
    return Client().get(f"/{language}/search/", {"q": typed}, **extra)


def suggested(typed: str) -> list[str]:
    """Addresses of the places that are suggested, the best first."""
    return PLACE.findall(Client().get("/sv/search/suggest/", {"q": typed}).content.decode())


def found(typed: str) -> list[str]:
    """Addresses of the places on the search page, the best first."""
    html = search(typed).content.decode()
    start = html.find('<ul class="result-list"')
    return PLACE.findall(html[start : html.index("</main>")]) if start >= 0 else []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Mariestad", "se/mariestad"),
        ("mariestad", "se/mariestad"),
        ("MARIESTAD", "se/mariestad"),
        ("  Mariestad  ", "se/mariestad"),
        ("Mariestads kommun", "se/mariestad"),
        ("maries", "se/mariestad"),
        ("Åmål", "se/amal"),
        ("amal", "se/amal"),
        ("ÅMÅL", "se/amal"),
        ("Upplands Bro", "se/upplands-bro"),
        ("upplands-bro", "se/upplands-bro"),
        ("Aabenraa", "dk/aabenraa"),
        ("Åbenrå", "dk/aabenraa"),
        ("Aarhus", "dk/aarhus"),
        ("århus", "dk/aarhus"),
        ("Ærø", "dk/aero"),
        ("aeroe", "dk/aero"),
        ("tønder", "dk/tonder"),
        ("Vestvågøy", "no/vestvagoy"),
        ("Västra Götalands län", "se/vastra-gotalands-lan"),
        ("västra göt", "se/vastra-gotalands-lan"),
        ("Region Midtjylland", "dk/region-midtjylland"),
        ("Nordland", "no/nordland-fylke"),
        ("Sverige", "se"),
    ],
)
def test_a_place_is_found_by_its_name(typed: str, first: str) -> None:
    assert (found(typed)[0], suggested(typed)[0]) == (first, first)


@pytest.mark.parametrize("typed", ["542 30", "54230", "SE-542 30", " 542\N{NO-BREAK SPACE}30"])
def test_a_municipality_is_suggested_by_its_postcode(typed: str) -> None:
    assert suggested(typed) == ["se/mariestad"]


@pytest.mark.parametrize("typed", ["542 30", "54230"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_postcode_leads_straight_to_its_municipality(typed: str, language: str) -> None:
    response = search(typed, language)

    assert (response.status_code, response.headers["Location"]) == (302, f"/{language}/places/se/mariestad/")


def test_the_beginning_of_a_postcode_shows_the_places_that_have_it() -> None:
    places = found("542")

    assert "se/mariestad" in places
    assert len(places) == len(set(places))


def test_a_town_leads_to_its_municipality_and_says_so() -> None:
    html = unescape(search("Lyrestad", "en").content.decode())

    assert found("Lyrestad") == ["se/mariestad"]
    assert "Lyrestad is here" in html


def test_two_of_one_name_are_both_found_and_told_apart() -> None:
    html = unescape(search("Herøy", "en").content.decode())

    assert found("heroy")[:2] == ["no/heroy-more-og-romsdal", "no/heroy-nordland"]
    assert ("Møre og Romsdal" in html, "Nordland" in html) == (True, True)


def test_a_municipality_and_a_county_of_one_name_are_both_found() -> None:
    assert set(found("Gotland")) == {"se/gotland", "se/gotlands-lan"}


def test_a_place_is_shown_once_however_many_of_its_names_fit() -> None:
    places = found("mar")

    assert len(places) == len(set(places)) > 3


def test_a_whole_name_comes_before_longer_names() -> None:
    assert set(suggested("Lund")[:2]) == {"se/lund", "no/lund"}
    assert suggested("Mora")[0] == "se/mora"


def test_suggestions_are_at_most_eight_options_of_a_list() -> None:
    html = Client().get("/sv/search/suggest/", {"q": "s"}).content.decode()

    tags = Tags(html).tags
    options = [attrs for tag, attrs in tags if tag == "li"]
    links = [attrs for tag, attrs in tags if tag == "a"]
    assert [option.get("role") for option in options] == ["option"] * 8
    assert [link.get("tabindex") for link in links] == ["-1"] * 8


@pytest.mark.parametrize("typed", ["", " ", "-", "...", "q"])
def test_nothing_is_suggested_for_nothing(typed: str) -> None:
    assert suggested(typed) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_found_is_said_with_ways_on(language: str) -> None:
    response = search("Atlantis", language)

    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert response.status_code == 200
    assert "Atlantis" in main and f'href="/{language}/places/"' in main


def test_the_empty_search_page_says_what_can_be_searched_for() -> None:
    html = search("", "en").content.decode()

    assert "Write the name of a municipality or county, a town, or a Swedish postcode." in html
    assert 'class="result-list"' not in html


@pytest.mark.parametrize("path", ["search/", "search/suggest/"])
@pytest.mark.parametrize(
    "typed",
    [
        "x" * 100_000,
        "%",
        "_",
        "ma%",
        "\\",
        "'; DROP TABLE places_area; --",
        "\x00",
        "Mariestad\x00",
        "\N{REPLACEMENT CHARACTER}",
        "\U0001f333",
        "a\nb\tc",
        "٥٤٢٣٠",
        "²³",
    ],
)
def test_any_input_is_answered(path: str, typed: str, client: Client) -> None:
    assert client.get(f"/sv/{path}", {"q": typed}).status_code == 200


def test_input_that_is_not_utf_8_is_answered(client: Client) -> None:
    assert client.get("/sv/search/?q=%ff%fe").status_code == 200


@pytest.mark.parametrize("typed", ["%", "_", "ma%", "M_riestad"])
def test_signs_of_the_database_mean_nothing(typed: str) -> None:
    assert found(typed) == []


def test_a_control_character_is_as_if_it_was_not_there() -> None:
    assert found("Marie\x00stad") == ["se/mariestad"]


def test_what_was_typed_is_escaped_wherever_it_stands() -> None:
    wicked = '"><script>alert(1)</script><img src=x onerror=alert(1)>'

    html = search(wicked).content.decode()

    tags = Tags(html).tags
    assert [
        attrs for tag, attrs in tags if tag == "script" and not (attrs.get("src") or "").startswith("/static/")
    ] == []
    assert [tag for tag, attrs in tags if tag == "img" or "onerror" in attrs] == []
    (field,) = [attrs for tag, attrs in tags if tag == "input" and attrs.get("id") == "page-search"]
    assert field["value"] == wicked


def test_what_was_typed_stands_in_the_field_again() -> None:
    html = search("  Maria   stad ").content.decode()

    assert 'value="Maria stad"' in html


@pytest.mark.parametrize("path", ["search/", "search/suggest/"])
@pytest.mark.parametrize("typed", ["heroy-more", "Mariestad", "s", "542", "Atlantis"])
def test_searching_takes_few_queries(path: str, typed: str, client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/sv/{path}", {"q": typed})

    assert len(captured) <= 12


def test_one_and_many_results_take_the_same_number_of_queries(client: Client) -> None:
    counts = []
    for typed, places in (("Mariestad", 1), ("heroy", 2), ("s", 40)):
        assert len(found(typed)) == places
        with CaptureQueriesContext(connection) as captured:
            client.get("/sv/search/", {"q": typed})
        counts.append(len(captured))

    assert len(set(counts)) == 1


def test_every_municipality_is_found_by_its_own_name() -> None:
    areas = Area.objects.municipalities().defer("outline")

    lost = [area.key for area in areas if area.pk not in {hit.area.pk for hit in queries.find(area.name)[:2]}]

    assert lost == []


@pytest.mark.parametrize(("language", "first"), [("sv", "SE-1281"), ("nb", "NO-1112")])
def test_places_of_the_readers_own_country_come_first_among_equals(language: str, first: str, client: Client) -> None:
    found = client.get(f"/{language}/search/", {"q": "lund"}).context["found"]

    assert {place.area.key for place in found[:2]} == {"SE-1281", "NO-1112"}
    assert found[0].area.key == first
