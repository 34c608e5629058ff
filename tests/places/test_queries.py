"""Reads about places: search as people type, and what lies around a place."""

import pytest

from samkraft.places import queries
from samkraft.places.models import Area, AreaLink, PlaceName

pytestmark = pytest.mark.django_db


def found(text, **options):
    return [(one.area.key, one.matched) for one in queries.find(text, **options)]


def first(text):
    return found(text)[0]


@pytest.mark.parametrize(
    ("text", "key", "matched"),
    [
        ("mariestad", "SE-1493", "Mariestad"),
        ("MARIE", "SE-1493", "Mariestad"),
        ("  Mariestads  kommun ", "SE-1493", "Mariestads kommun"),
        ("Göteborg", "SE-1480", "Göteborg"),
        ("goteborg", "SE-1480", "Göteborg"),
        ("upplands-vasby", "SE-0114", "Upplands Väsby"),
        ("Aabenraa", "DK-0580", "Aabenraa"),
        ("Åbenrå", "DK-0580", "Aabenraa"),
        ("Gáivuotna", "NO-5540", "Gáivuotna"),
        ("vestvagoy", "NO-1860", "Vestvågøy"),
        ("Laxå", "SE-1860", "Laxå"),
    ],
)
def test_place_is_found_as_people_type_it(text, key, matched):
    assert first(text) == (key, matched)


def test_county_is_found_by_either_name():
    assert ("SE-14", "Västra Götaland") in found("västra göta")
    assert first("västra götalands län") == ("SE-14", "Västra Götalands län")


@pytest.mark.parametrize("text", ["54230", "542 30", "SE-542 30", "s 542 30", "542\N{NO-BREAK SPACE}30"])
def test_postcode_is_found_as_people_write_it(text):
    assert first(text) == ("SE-1493", "54230")


def test_beginning_of_a_postcode_finds_each_area_once():
    keys = [key for key, _ in found("542")]
    assert "SE-1493" in keys
    assert len(keys) == len(set(keys))


def test_whole_name_comes_before_a_beginning_and_both_before_a_locality():
    names = [matched for _, matched in found("Lund")]
    assert names[0] == "Lund"
    area = Area.objects.get(key="SE-1860")
    PlaceName.objects.create(area=area, kind="locality", text="Mariestad", folded="mariestad")
    assert [key for key, _ in found("mariestad")] == ["SE-1493", "SE-1860"]


def test_both_places_of_a_name_are_found():
    assert {key for key, matched in found("Herøy") if matched == "Herøy"} == {"NO-1515", "NO-1818"}


def test_at_most_as_many_places_as_asked_for_are_found():
    assert len(found("s", limit=3)) == 3


@pytest.mark.parametrize("text", ["", "   ", "-", "1", "zzzzzz", "99999"])
def test_nothing_is_found_for_nothing(text):
    assert found(text) == []


def test_search_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [one.area.parent.name for one in queries.find("mariestad")] == ["Västra Götaland"]


def test_area_is_found_by_country_and_slug():
    assert queries.area("se", "mariestad").key == "SE-1493"
    assert queries.area("no", "mariestad") is None
    assert queries.area("se", "se") is None


def test_country_is_found_by_its_code():
    assert queries.country("se").key == "SE"
    assert queries.country("fi") is None
    assert [area.key for area in queries.countries()] == ["SE", "NO", "DK"]


def test_address_of_two_places_leads_to_both():
    assert {area.key for area in queries.same_name("no", "heroy")} == {"NO-1515", "NO-1818"}


def test_ancestors_come_from_the_country_down():
    assert [area.key for area in queries.ancestors(queries.area("se", "mariestad"))] == ["SE", "SE-14"]
    assert queries.ancestors(queries.country("se")) == []


def test_children_are_one_step_below():
    assert queries.children(queries.country("dk")).count() == 5
    assert queries.children(queries.area("se", "vastra-gotalands-lan")).count() == 49
    assert queries.children(queries.area("se", "mariestad")).count() == 0


def test_neighbours_are_those_that_share_a_border():
    assert [area.name for area in queries.neighbours(queries.area("se", "mariestad"))] == [
        "Gullspång",
        "Götene",
        "Skövde",
        "Töreboda",
    ]
    assert list(queries.neighbours(queries.area("se", "gotland"))) == []


def test_similar_municipalities_are_in_the_publishers_order():
    mariestad = queries.area("se", "mariestad")
    assert len(queries.similar(mariestad)) == 7
    assert mariestad not in queries.similar(mariestad)
    assert queries.similar(queries.area("no", "porsgrunn")) == []


def test_map_frame_is_the_countrys():
    assert queries.map_frame("SE").country == "SE"
    assert queries.map_frame("FI") is None


def test_links_are_the_areas_own():
    laxa, vestvagoy = (Area.objects.get(key=key) for key in ("SE-1860", "NO-1860"))
    AreaLink.objects.create(area=laxa, kind="facebook", title="Laxå", url="https://example.org/laxa")
    assert [link.title for link in queries.links(laxa)] == ["Laxå"]
    assert list(queries.links(vestvagoy)) == []
