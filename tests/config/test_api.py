"""The public API, as programs use it."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from samkraft.config.api import api
from samkraft.config.wsgi import application
from samkraft.places.models import Area, AreaKind
from samkraft.statistics import api as statistics_api
from samkraft.statistics.models import Emission, Pathway, Release, ReleaseKind
from samkraft.statistics.open_data import EMISSION_COLUMNS

pytestmark = pytest.mark.django_db
LISTS = ("areas", "municipalities", "releases", "emissions", "pathways")
ALL = ("emissions.csv", *LISTS, "networks", "network-members", "conditions", "actors", "newspaper-areas")
ALL += ("campaigns", "meetings", "posts", "calls", "call-reports")
SINGLE = ("calls/{slug}", "call-reports/{slug}")


def get(path: str, /, **parameters: Any) -> dict[str, Any]:
    response = Client().get(f"/api/v1/{path}", parameters)
    assert response.status_code == 200, response.content
    return response.json()


def keys(**parameters: Any) -> list[str]:
    return [area["key"] for area in get("municipalities", **parameters)["items"]]


def walk(path: str, /, **parameters: Any) -> list[dict[str, Any]]:
    """All items of a list, page after page by `next`."""
    client, items = Client(), []
    page = get(path, **parameters)
    while True:
        items += page["items"]
        if page["next"] is None:
            return items
        page = client.get(page["next"].removeprefix("http://testserver")).json()


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode())))


class TestMunicipalities:
    def test_one_is_told_by_country_and_code_name_and_county(self) -> None:
        assert get("municipalities", country="SE", code="1493") == {
            "items": [
                {
                    "key": "SE-1493",
                    "country": "SE",
                    "code": "1493",
                    "kind": "municipality",
                    "name": "Mariestad",
                    "full_name": "Mariestads kommun",
                    "county": "SE-14",
                    "latitude": 58.72132,
                    "longitude": 13.85487,
                    "url": "/sv/places/se/mariestad/",
                }
            ],
            "next": None,
        }

    @pytest.mark.parametrize(("country", "number"), [("SE", 290), ("NO", 357), ("DK", 98), ("se", 290), ("XX", 0)])
    def test_country_filters(self, country: str, number: int) -> None:
        assert len(keys(country=country, limit=500)) == number

    def test_a_code_without_country_gives_all_places_that_have_it(self) -> None:
        assert set(keys(code="1860")) == {"SE-1860", "NO-1860"}
        assert keys(code="1860", country="NO") == ["NO-1860"]

    @pytest.mark.parametrize(
        ("name", "found"),
        [
            ("Mariestad", ["SE-1493"]),
            ("maries", ["SE-1493"]),
            ("amal", ["SE-1492"]),
            ("Aabenraa", ["DK-0580"]),
            ("Åbenrå", ["DK-0580"]),
            ("Herøy", ["NO-1515", "NO-1818"]),
            ("Atlantis", []),
            ("-", []),
            ("%", []),
        ],
    )
    def test_name_filters_by_the_beginning_whatever_the_spelling(self, name: str, found: list[str]) -> None:
        assert sorted(keys(name=name)) == found

    @pytest.mark.parametrize("county", ["SE-09", "09"])
    def test_county_filters_by_code_or_key(self, county: str) -> None:
        assert keys(county=county) == ["SE-0980"]

    def test_filters_are_joined(self) -> None:
        assert keys(country="SE", county="14", name="mari") == ["SE-1493"]
        assert keys(country="DK", county="SE-14") == []

    def test_only_municipalities_are_listed(self) -> None:
        assert {area["kind"] for area in walk("municipalities", limit=500)} == {"municipality"}


def test_areas_hold_countries_and_counties_too() -> None:
    kinds = [area["kind"] for area in walk("areas", limit=500)]

    assert {kind: kinds.count(kind) for kind in AreaKind.values} == {
        "country": 3,
        "county": 21 + 15 + 5,
        "municipality": 290 + 357 + 98,
    }
    assert {area["county"] for area in walk("areas", limit=500) if area["kind"] != "municipality"} == {None}


class TestPages:
    @pytest.mark.parametrize("limit", [7, 100, 290, 289, 500])
    def test_walking_through_gives_everything_once(self, limit: int) -> None:
        walked = [area["key"] for area in walk("municipalities", country="SE", limit=limit)]

        swedish = Area.objects.municipalities().in_country("SE")
        assert sorted(walked) == sorted(swedish.values_list("key", flat=True))

    def test_next_keeps_the_filters(self) -> None:
        page = get("municipalities", country="DK", county="DK-1082", limit=5)

        assert page["next"].startswith("http://testserver/api/v1/municipalities?")
        assert "country=DK" in page["next"] and "county=DK-1082" in page["next"] and "limit=5" in page["next"]

    def test_the_last_page_has_no_next(self) -> None:
        assert get("municipalities", country="DK", limit=98)["next"] is None
        assert get("municipalities", country="DK", cursor=2**62)["items"] == []

    @pytest.mark.parametrize("name", LISTS)
    def test_a_page_takes_the_same_few_queries_with_one_item_as_with_many(self, name: str, client: Client) -> None:
        counts = []
        for limit in (1, 3, 300):
            with CaptureQueriesContext(connection) as captured:
                client.get(f"/api/v1/{name}", {"limit": limit})
            counts.append(len(captured))

        assert (len(set(counts)), counts[0] <= 12) == (1, True)


class TestFigures:
    def test_emissions_of_an_area_and_year_are_the_publishers(self) -> None:
        (row,) = get("emissions", country="SE", code="1493", year=2022, sector="", release="se-smhi-co2-2024-04-18")[
            "items"
        ]

        stored = Emission.objects.get(
            area__key="SE-1493", year=2022, sector="", subsector="", release__slug="se-smhi-co2-2024-04-18"
        )
        assert row == {
            "country": "SE",
            "code": "1493",
            "name": "Mariestad",
            "year": 2022,
            "sector": "",
            "subsector": "",
            "gas_set": "co2",
            "tonnes": stored.tonnes,
            "release": "se-smhi-co2-2024-04-18",
        }

    def test_a_year_without_figures_has_no_row(self) -> None:
        assert get("emissions", country="SE", code="1493", year=2012)["items"] == []

    def test_an_empty_sector_is_all_sectors_and_no_sector_is_each_of_them(self) -> None:
        whole = walk("emissions", country="DK", code="0101", year=2023, sector="")
        each = walk("emissions", country="DK", code="0101", year=2023)

        assert [row["sector"] for row in whole] == [""]
        assert {"", "agriculture", "transport"} <= {row["sector"] for row in each}

    def test_a_figure_below_zero_stays_below_zero(self) -> None:
        (row,) = get("emissions", country="DK", code="0101", year=2023, sector="agriculture")["items"]

        assert row["tonnes"] == -1069.1

    def test_pathways_of_an_area_are_one_for_each_method(self) -> None:
        rows = walk("pathways", country="SE", code="1493")

        assert {row["method"] for row in rows} == {"budget-2024", "carbon-law"}
        (budget,) = get("pathways", country="SE", code="1493", method="budget-2024")["items"]
        stored = Pathway.objects.get(area__key="SE-1493", method="budget-2024")
        assert budget["required_total"] == stored.required_total
        assert date.fromisoformat(budget["budget_runs_out_on"]) == stored.budget_runs_out_on

    def test_releases_tell_where_figures_come_from_and_a_licence_that_is_not_stated_is_null(self) -> None:
        rows = walk("releases")

        assert {row["slug"] for row in rows} == set(Release.objects.values_list("slug", flat=True))
        unstated = set(Release.objects.filter(licence="").values_list("slug", flat=True))
        assert {row["slug"] for row in rows if row["licence"] is None} == unstated
        assert unstated != set()

    def test_releases_can_be_limited_to_a_country(self) -> None:
        assert {row["country"] for row in walk("releases", country="dk")} == {"DK"}


class TestFiles:
    def test_a_file_has_a_header_and_one_row_a_figure(self, client: Client) -> None:
        response = client.get("/api/v1/emissions.csv", {"country": "SE", "code": "1493", "year": 2022})

        rows = rows_of(response)
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert tuple(rows[0]) == EMISSION_COLUMNS
        assert len(rows) == Emission.objects.filter(area__key="SE-1493", year=2022).count()
        assert {(row["country"], row["code"], row["name"], row["year"]) for row in rows} == {
            ("SE", "1493", "Mariestad", "2022")
        }

    def test_numbers_are_the_stored_ones_to_the_last_digit(self, client: Client) -> None:
        (row,) = rows_of(
            client.get("/api/v1/emissions.csv", {"country": "DK", "code": "0101", "year": 2023, "sector": ""})
        )

        assert float(row["tonnes"]) == Emission.objects.get(area__key="DK-0101", year=2023, sector="").tonnes
        assert row["sector"] == "all"

    def test_every_row_names_its_release_and_its_licence_or_that_none_is_stated(self, client: Client) -> None:
        rows = rows_of(client.get("/api/v1/emissions.csv", {"country": "SE", "code": "1493"}))

        licences = dict(Release.objects.values_list("slug", "licence"))
        assert {row["release"] for row in rows} > {"se-smhi-co2-2024-04-18"}
        assert {(row["release"], row["licence"]) for row in rows} == {
            (row["release"], licences[row["release"]] or "not stated") for row in rows
        }

    def test_a_cell_that_a_spreadsheet_would_run_is_made_text(self, client: Client) -> None:
        area = Area.objects.get(key="SE-1493")
        release = Release.objects.create(
            slug="wicked",
            kind=ReleaseKind.EMISSIONS,
            country="SE",
            title="Wicked",
            publisher="=HYPERLINK(1)",
            version="1",
            licence="@SUM(1)",
            digest="1",
        )
        Emission.objects.create(
            release=release, area=area, year=2020, sector="waste", subsector="+1\tand, more", tonnes=-5.25
        )

        (row,) = rows_of(client.get("/api/v1/emissions.csv", {"release": "wicked"}))

        assert (row["publisher"], row["licence"], row["subsector"]) == ("'=HYPERLINK(1)", "'@SUM(1)", "'+1\tand, more")
        assert float(row["tonnes"]) == -5.25

    def test_a_file_that_does_not_hold_all_rows_says_where_the_rest_is(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(statistics_api, "ROWS_IN_A_FILE", 40)
        wanted = {"country": "SE", "code": "1493", "year": "2022"}
        response, rows = client.get("/api/v1/emissions.csv", wanted), []
        while True:
            rows += rows_of(response)
            if "Link" not in response.headers:
                break
            address, relation = response.headers["Link"].split("; ")
            assert relation == 'rel="next"'
            response = client.get(address.strip("<>").removeprefix("http://testserver"))

        assert len(rows) == Emission.objects.filter(area__key="SE-1493", year=2022).count() > 40

    @pytest.mark.parametrize("country", ["dk", "no"])
    def test_a_country_has_a_file_of_its_own(self, country: str, client: Client) -> None:
        response = client.get(f"/sv/places/{country}/emissions.csv")

        rows = rows_of(response)
        assert response.headers["Content-Disposition"] == f'attachment; filename="emissions-{country}.csv"'
        assert {row["country"] for row in rows} == {country.upper()}
        assert {"all", "agriculture"} < {row["sector"] for row in rows}

    def test_an_area_has_a_file_of_its_own_with_all_releases(self, client: Client) -> None:
        rows = rows_of(client.get("/sv/places/se/mariestad/emissions.csv"))

        assert len(rows) == Emission.objects.filter(area__key="SE-1493").count()


class TestConditions:
    @pytest.mark.parametrize(
        "address", ["municipalities?country=DK", "emissions.csv?country=DK&code=0101", "openapi.json"]
    )
    def test_who_has_the_answer_is_told_that_nothing_has_changed(self, address: str, client: Client) -> None:
        first = client.get(f"/api/v1/{address}")

        again = client.get(f"/api/v1/{address}", headers={"if-none-match": first.headers["ETag"]})

        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")

    def test_a_change_gives_a_new_answer(self, client: Client) -> None:
        etag = client.get("/api/v1/municipalities?country=SE&code=1493").headers["ETag"]
        Area.objects.filter(key="SE-1493").update(name="Marieholm")

        again = client.get("/api/v1/municipalities?country=SE&code=1493", headers={"if-none-match": etag})

        assert (again.status_code, again.json()["items"][0]["name"]) == (200, "Marieholm")

    def test_the_api_sets_no_cookie(self, client: Client) -> None:
        assert dict(client.get("/api/v1/municipalities").cookies) == {}


class TestBadInput:
    @pytest.mark.parametrize(
        "query",
        [
            "limit=0",
            "limit=501",
            "limit=many",
            "limit=",
            "cursor=-1",
            "cursor=x",
            "cursor=99999999999999999999",
            "country=SVERIGE",
            "code=123456789",
            "country=%00",
            "country=S%0A",
            f"county={'1' * 13}",
            f"name={'x' * 81}",
            "name=Marie%00stad",
        ],
    )
    def test_what_cannot_be_used_is_refused(self, query: str, client: Client) -> None:
        response = client.get(f"/api/v1/municipalities?{query}")

        assert response.status_code == 422
        (fault,) = response.json()["detail"]
        assert fault["loc"][-1] == query.partition("=")[0]

    @pytest.mark.parametrize(
        ("path", "query"),
        [
            ("emissions", "year=1066"),
            ("emissions", "year=this"),
            ("emissions", "sector=%00"),
            ("emissions.csv", "year=3000"),
            ("emissions.csv", "release=%00"),
            ("pathways", "method=%00"),
            ("pathways", "release=%01"),
            ("releases", "country=%00"),
            ("areas", "cursor=1.5"),
        ],
    )
    def test_so_it_is_on_every_list(self, path: str, query: str, client: Client) -> None:
        assert client.get(f"/api/v1/{path}?{query}").status_code == 422

    @pytest.mark.parametrize(
        "query", ["country=%ff", "name=%25%27%22%3B--", "code=..%2F", "unknown=1", "county=-", "county=--"]
    )
    def test_what_fits_nothing_is_an_empty_list_or_all(self, query: str, client: Client) -> None:
        response = client.get(f"/api/v1/municipalities?{query}")

        assert response.status_code == 200
        assert response.json()["items"] == [] or query == "unknown=1"

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_is_written_through_it(self, method: str, client: Client) -> None:
        assert getattr(client, method)("/api/v1/municipalities").status_code == 405


def test_the_page_of_the_api_describes_every_address(client: Client) -> None:
    html = client.get(reverse("api-docs")).content.decode()

    assert [path for path in api.get_openapi_schema()["paths"] if path not in html] == []


@pytest.fixture
def described(client: Client) -> Iterator[Any]:
    """The API's own description of itself, read from its address, and the application behind it."""
    schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    schema.app = application
    # The application closes old connections after each request, and would close the one that the test runs in.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_description_is_valid_openapi(described: Any) -> None:
    described.validate()
    assert {operation.ok().path for operation in described.get_all_operations()} == {
        f"/api/v1/{name}" for name in (*ALL, *SINGLE)
    }


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", ALL)
def test_every_answer_is_as_described(path: str, mode: GenerationMode, described: Any) -> None:
    operation = described[f"/api/v1/{path}"]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def is_as_described(case: schemathesis.Case) -> None:
        case.call_and_validate()

    is_as_described()
