"""The pages of places, with the real reference data."""

import csv
import re
from collections.abc import Callable
from html import unescape
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samkraft.places.models import Area, AreaKind, AreaLink, Neighbour, SimilarArea
from samkraft.ui.page_cache import changed, store

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
COMPOSED, LIST = 25, 12

PAGES = {
    "places/": LIST,
    "places/se/": COMPOSED,
    "places/dk/": COMPOSED,
    "places/no/": COMPOSED,
    "places/se/vastra-gotalands-lan/": COMPOSED,
    "places/dk/region-midtjylland/": COMPOSED,
    "places/no/more-og-romsdal-fylke/": COMPOSED,
    "places/se/mariestad/": COMPOSED,
    "places/se/gotland/": COMPOSED,
    "places/dk/kobenhavn/": COMPOSED,
    "places/no/skien/": COMPOSED,
    "places/no/oslo/": COMPOSED,
    "places/no/heroy/": LIST,
    "places/se/mariestad/compare/": LIST,
    "places/se/mariestad/compare/?with=gotene": COMPOSED,
}


def html_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def words_of(html: str) -> str:
    """What the main part of a page says, as text on one line."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def queries_of(client: Client, address: str) -> int:
    """How many queries it takes to make a page that is not kept."""
    store.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def chart_years(html: str, name: str) -> list[int]:
    """The years that can be read one by one in the chart of that name."""
    start = html.index(f'aria-labelledby="{name}-title')
    return [int(year) for year in re.findall(r'data-label="(\d{4})"', html[start : html.index("</svg>", start)])]


def published(table: str, key: str) -> dict[int, float]:
    """An area's whole figures by year, straight from the reference table."""
    with files("samkraft.places.reference").joinpath(table).open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["key"] == key and not row["sector"])
    return {int(year): float(tonnes) for year, tonnes in row.items() if year.isdigit() and tonnes}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_kind_of_page_answers_in_every_language(page: str, language: str, client: Client) -> None:
    html = html_of(client, f"/{language}/{page}")

    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_made_with_few_queries(page: str, client: Client) -> None:
    assert queries_of(client, f"/sv/{page}") <= PAGES[page]


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("se/mariestad", "Mariestad"),
        ("se/vastra-gotalands-lan", "Västra Götalands län"),
        ("se/gotland", "Gotland"),
        ("se/gotlands-lan", "Gotlands län"),
        ("dk/region-midtjylland", "Region Midtjylland"),
        ("no/oslo", "Oslo"),
    ],
)
def test_a_page_is_headed_by_its_place(address: str, heading: str, client: Client) -> None:
    assert re.search(r"<h1[^>]*>([^<]+)</h1>", html_of(client, f"/sv/places/{address}/")).group(1) == heading


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("sv", ["Sverige", "Norge", "Danmark"]),
        ("nb", ["Sverige", "Norge", "Danmark"]),
        ("da", ["Sverige", "Norge", "Danmark"]),
        ("en", ["Sweden", "Norway", "Denmark"]),
    ],
)
def test_countries_have_their_name_in_the_readers_language(language: str, names: list[str], client: Client) -> None:
    headings = [
        re.search(r"<h1[^>]*>([^<]+)</h1>", html_of(client, f"/{language}/places/{code}/")).group(1)
        for code in ("se", "no", "dk")
    ]

    assert headings == names


def test_the_list_of_places_holds_every_country_and_county(client: Client) -> None:
    html = html_of(client, "/sv/places/")

    areas = Area.objects.exclude(kind=AreaKind.MUNICIPALITY)
    assert [area.key for area in areas if f'href="{_path(area)}"' not in html] == []


def _path(area: Area) -> str:
    return f"/sv/places/{area.country.lower()}/" + ("" if area.kind == AreaKind.COUNTRY else f"{area.slug}/")


@pytest.mark.parametrize("slug", ["vastra-gotalands-lan", "gotlands-lan"])
def test_a_county_leads_to_all_its_municipalities(slug: str, client: Client) -> None:
    html = html_of(client, f"/sv/places/se/{slug}/")

    inside = Area.objects.municipalities().filter(parent__slug=slug)
    assert [area.name for area in inside if f'href="{_path(area)}"' not in html] == []


def test_every_area_of_the_map_is_a_link_with_a_name(client: Client) -> None:
    html = html_of(client, "/sv/places/se/")

    areas = re.findall(r'<a href="/sv/places/se/([\w-]+)/" class="area[^"]*" aria-label="([^":]+): [^"]+"', html)
    assert len(areas) == 21 + 290
    assert ("mariestad", "Mariestad") in areas


def test_a_country_may_be_written_in_capitals(client: Client) -> None:
    assert words_of(html_of(client, "/sv/places/SE/")) == words_of(html_of(client, "/sv/places/se/"))


def test_a_municipality_is_found_whatever_the_case_of_its_country(client: Client) -> None:
    html_of(client, "/sv/places/SE/mariestad/")
    html_of(client, "/sv/places/Se/mariestad/")


def test_codes_that_two_countries_use_are_two_places(client: Client) -> None:
    assert "Laxå" in html_of(client, "/sv/places/se/laxa/")
    assert "Vestvågøy" in html_of(client, "/sv/places/no/vestvagoy/")


class TestTwoOfOneName:
    def test_the_page_tells_them_apart_by_county(self, client: Client) -> None:
        html = html_of(client, "/sv/places/no/heroy/")

        links = re.findall(r'href="/sv/places/no/(heroy-[\w-]+)/">([^<]+)<', html)
        assert [slug for slug, _words in links] == ["heroy-more-og-romsdal", "heroy-nordland"]
        assert ["Møre og Romsdal" in links[0][1], "Nordland" in links[1][1]] == [True, True]

    @pytest.mark.parametrize("slug", ["heroy-more-og-romsdal", "heroy-nordland", "valer-ostfold", "valer-innlandet"])
    def test_each_has_a_page_of_its_own(self, slug: str, client: Client) -> None:
        html_of(client, f"/nb/places/no/{slug}/")


class TestUnknown:
    @pytest.mark.parametrize(
        "address",
        [
            "xx/",
            "se/atlantis/",
            "dk/mariestad/",
            "no/mariestad/",
            "se/SE/",
            "se/mariestad/more/",
            "se/1493/",
            "se/upplands/",
        ],
    )
    def test_an_unknown_place_is_not_found(self, address: str, client: Client) -> None:
        html_of(client, f"/sv/places/{address}", 404)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_page_that_says_so_shows_ways_on(self, language: str, client: Client) -> None:
        html = html_of(client, f"/{language}/places/se/atlantis/", 404)

        main = html[html.index("<main") :]
        assert f'action="/{language}/search/"' in main
        assert f'href="/{language}/"' in main

    @pytest.mark.parametrize("address", ["se/xx/compare/", "se/vastra-gotalands-lan/compare/", "se/xx/emissions.csv"])
    def test_so_are_the_pages_beside_it(self, address: str, client: Client) -> None:
        html_of(client, f"/sv/places/{address}", 404)

    def test_comparing_with_nobody_shows_the_choice(self, client: Client) -> None:
        html = html_of(client, "/sv/places/se/mariestad/compare/?with=atlantis")

        assert ('<option value="gotene">' in html, '<option value="mariestad">' in html) == (True, False)


class TestFigures:
    def test_the_state_in_words_is_the_publishers_figure(self, client: Client) -> None:
        totals = published("emissions_se_ghg_2024.csv", "SE-1493")
        words = words_of(html_of(client, "/en/places/se/mariestad/"))

        less = round(-(totals[2024] / totals[2015] - 1) * 100)
        assert totals[2024] == 132_290.46
        assert "132,000 tonnes of greenhouse gases in 2024" in words
        assert f"{less}% less than in 2015" in words

    def test_years_without_figures_are_gaps_in_the_chart(self, client: Client) -> None:
        html = html_of(client, "/sv/places/se/mariestad/")

        assert chart_years(html, "emissions") == list(published("emissions_se_ghg_2024.csv", "SE-1493"))
        assert chart_years(html, "emissions") == [1990, 2000, 2005, 2010, 2015, 2020, 2021, 2022, 2023, 2024]

    def test_the_line_of_emissions_is_lifted_over_gaps(self, client: Client) -> None:
        html = html_of(client, "/sv/places/se/mariestad/")

        start = html.index('aria-labelledby="pathway-carbon-law-title')
        path = re.search(r'class="chart__line" d="([^"]+)"', html[start:]).group(1)
        years = [year for year in published("emissions_se_ghg_2024.csv", "SE-1493") if year >= 2010]
        expected = ["M", *("L" if later - earlier == 1 else "M" for earlier, later in pairwise(years))]
        assert [command for command in path if command.isalpha()] == expected

    def test_a_sector_below_zero_stays_below_zero(self, client: Client) -> None:
        words = words_of(html_of(client, "/en/places/dk/kobenhavn/"))

        assert "\N{MINUS SIGN}1,070 tonnes" in words

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_municipality_without_figures_says_so_and_shows_a_way_on(self, language: str, client: Client) -> None:
        html = html_of(client, f"/{language}/places/no/oslo/")

        main = html[html.index("<main") : html.index("</main>")]
        assert ('<svg class="chart__svg' in main, "emissions.csv" in main) == (False, False)
        assert f'href="/{language}/places/"' in main

    def test_a_municipality_without_figures_shows_no_zero(self, client: Client) -> None:
        words = words_of(html_of(client, "/en/places/no/oslo/"))

        assert "We have no emission figures for Oslo yet." in words
        assert re.search(r"\b0(\.0)? tonnes|\b0 ?%", words) is None

    def test_a_county_with_figures_for_some_shows_those_of_others_as_unknown(self, client: Client) -> None:
        html = html_of(client, "/en/places/no/")

        (oslo,) = set(re.findall(r'href="/en/places/no/oslo/" class="area ([\w-]+)"', html))
        assert oslo == "class-none"

    @pytest.mark.parametrize("address", ["se/mariestad/", "dk/aarhus/", "no/skien/", "se/", "se/gotlands-lan/"])
    def test_every_page_with_figures_tells_source_and_licence(self, address: str, client: Client) -> None:
        words = words_of(html_of(client, f"/en/places/{address}"))

        assert "Source: " in words
        assert "Licence not stated." in words or "Licence: " in words


class TestGrowth:
    """The same number of queries with one row and with three."""

    @pytest.fixture
    def mariestad(self) -> Area:
        return Area.objects.get(key="SE-1493")

    def leave(self, rows: Any, count: int) -> None:
        rows.exclude(pk__in=list(rows.values_list("pk", flat=True)[:count])).delete()

    @pytest.mark.parametrize("relation", [SimilarArea, Neighbour])
    @pytest.mark.parametrize("page", ["", "compare/", "compare/?with=gotene"])
    def test_similar_municipalities_and_neighbours_cost_nothing_each(
        self, relation: Any, page: str, client: Client, mariestad: Area
    ) -> None:
        rows = relation.objects.filter(area=mariestad).order_by("pk")
        counts = []
        for count in (3, 1):
            self.leave(rows, count)
            assert rows.count() == count
            counts.append(queries_of(client, f"/sv/places/se/mariestad/{page}"))

        assert counts[0] == counts[1]

    def test_links_cost_nothing_each(self, client: Client, mariestad: Area) -> None:
        counts = []
        for number in range(1, 4):
            AreaLink.objects.create(
                area=mariestad, kind="other", title=f"Page {number}", url=f"https://a.example/{number}"
            )
            counts.append(queries_of(client, "/sv/places/se/mariestad/"))

        assert len(set(counts)) == 1

    def test_municipalities_of_a_county_cost_nothing_each(self, client: Client) -> None:
        counties = {"se/gotlands-lan": 1, "se/blekinge-lan": 5, "se/vastra-gotalands-lan": 49}
        for address, municipalities in counties.items():
            assert Area.objects.filter(parent__slug=address[3:]).count() == municipalities

        assert len({queries_of(client, f"/sv/places/{address}/") for address in counties}) == 1


def test_a_change_of_an_areas_links_is_seen_at_once(client: Client) -> None:
    area = Area.objects.get(key="SE-1493")
    html_of(client, "/sv/places/se/mariestad/")
    AreaLink.objects.create(
        area=area, kind="facebook", title="Klimat Mariestad", url="https://social.example/mariestad"
    )

    changed(area.tag)

    assert "Klimat Mariestad" in html_of(client, "/sv/places/se/mariestad/")


def test_a_kept_page_of_a_place_costs_one_query(
    client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    html = html_of(client, "/sv/places/se/mariestad/")

    with django_assert_num_queries(1):
        assert html_of(client, "/sv/places/se/mariestad/") == html


def test_comparison_with_a_municipality_without_figures_says_so(client: Client) -> None:
    html = html_of(client, "/sv/places/no/skien/compare/?with=bergen")

    assert "Inga siffror här än" in html
    assert "<tbody>" not in html


def test_comparison_names_its_source(client: Client) -> None:
    html = html_of(client, "/sv/places/se/mariestad/compare/?with=skovde")

    assert html.count("Emissioner av växthusgaser 1990–2024") == 2
