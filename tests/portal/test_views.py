"""The front page, "my page", the pages about the site, and the pages for what went wrong."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from samkraft.places.models import Area, AreaKind
from samkraft.ui.access import public
from samkraft.ui.page_cache import store

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@public
def _broken(request: HttpRequest) -> None:
    raise ZeroDivisionError("a fault of ours")


urlpatterns = [path("broken/", _broken)]
handler500 = "samkraft.portal.views.server_error"


def html_of(address: str, client: Client | None = None) -> str:
    response = (client or Client()).get(address)
    assert response.status_code == 200
    return response.content.decode()


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def headings(html: str) -> list[str]:
    return [unescape(words) for words in re.findall(r"<h1[^>]*>([^<]+)</h1>", html)]


class TestFront:
    def test_it_asks_for_a_place_before_anything_else(self) -> None:
        main = main_of(html_of("/sv/"))

        assert main.index("<h1") < main.index('action="/sv/search/"') < main.index('class="map ')
        assert main.count('role="search"') == 1

    def test_it_shows_every_municipality_on_the_map_and_in_the_table(self) -> None:
        main = main_of(html_of("/sv/"))

        missing = [
            area.key
            for area in Area.objects.municipalities().in_country("SE")
            if main.count(f'href="{area.get_absolute_url()}"') < 2
        ]
        assert missing == []

    def test_its_map_for_a_phone_is_of_counties(self) -> None:
        main = main_of(html_of("/sv/"))

        small = main[main.index('class="map map--county') :]
        links = re.findall(r'<a href="/sv/places/se/([\w-]+)/" class="area', small[: small.index("</svg>")])
        assert set(links) == set(Area.objects.filter(country="SE", kind=AreaKind.COUNTY).values_list("slug", flat=True))

    @pytest.mark.parametrize("measure", ["per-person", "change", "budget"])
    def test_its_map_shows_the_chosen_measure(self, measure: str) -> None:
        main = main_of(html_of(f"/sv/?measure={measure}"))

        assert re.findall(r'href="\?measure=([\w-]+)#map" aria-current="true"', main) == [measure]

    def test_an_unknown_measure_is_the_first(self) -> None:
        main = main_of(html_of("/sv/?measure=<script>"))

        assert re.findall(r'href="\?measure=([\w-]+)#map" aria-current="true"', main) == ["per-person"]
        assert "<script>" not in main

    def test_its_map_can_be_skipped(self) -> None:
        main = main_of(html_of("/sv/"))

        target = re.search(r'class="map-skip" href="#([\w-]+)"', main).group(1)
        assert main.count(f'id="{target}"') == 1

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_takes_few_queries(self, language: str) -> None:
        store.clear()
        with CaptureQueriesContext(connection) as captured:
            html_of(f"/{language}/")

        assert len(captured) <= 25

    def test_without_any_figures_it_still_answers(self) -> None:
        Area.objects.filter(key="SE").update(country="XX")

        assert 'action="/sv/search/"' in main_of(html_of("/sv/"))


class TestEveryPage:
    PAGES = ("", "places/", "places/se/mariestad/", "search/?q=mar", "about/", "accessibility/", "privacy/", "api/")

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("page", PAGES)
    def test_it_has_a_skip_link_a_heading_a_search_and_a_footer(self, page: str, language: str) -> None:
        html = html_of(f"/{language}/{page}")

        body = html[html.index("<body") :]
        assert re.search(r'<a class="ds-skip-link" href="#main">', body).start() < body.index("<header")
        assert body.count('id="main"') == 1
        assert len(headings(html)) == 1
        assert f'action="/{language}/search/"' in body
        footer = body[body.index("<footer") :]
        for address in ("about/", "accessibility/", "privacy/", "api/"):
            assert f'href="/{language}/{address}"' in footer

    @pytest.mark.parametrize("page", PAGES)
    def test_it_links_to_itself_in_the_other_languages(self, page: str) -> None:
        html = html_of(f"/sv/{page}")

        alternates = dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)"', html))
        assert alternates == {language: f"/{language}/{page}" for language in LANGUAGES}

    @pytest.mark.parametrize("page", PAGES)
    def test_its_title_is_its_own(self, page: str) -> None:
        titles = {
            address: re.search(r"<title>([^<]+)</title>", html_of(f"/sv/{address}")).group(1) for address in self.PAGES
        }

        assert [address for address, title in titles.items() if title == titles[page]] == [page]

    @pytest.mark.parametrize("page", PAGES)
    def test_no_identifier_stands_twice(self, page: str) -> None:
        identifiers = re.findall(r'\sid="([^"]+)"', html_of(f"/sv/{page}"))

        assert sorted({name for name in identifiers if identifiers.count(name) > 1}) == []

    @pytest.mark.parametrize("language", ["nb", "da", "sv"])
    @pytest.mark.parametrize("page", ["", "places/", "about/", "accessibility/", "privacy/", "api/"])
    def test_it_is_translated(self, page: str, language: str) -> None:
        assert headings(html_of(f"/{language}/{page}")) != headings(html_of(f"/en/{page}"))


class TestAbout:
    def test_the_statement_of_accessibility_leads_to_the_form_that_reports_a_fault(self) -> None:
        main = main_of(html_of("/sv/accessibility/"))

        assert 'href="/sv/accessibility/report/"' in main
        assert "<form" not in main

    def test_the_page_on_privacy_names_whom_to_turn_to(self, settings: Any) -> None:
        settings.STEWARD_EMAIL = "steward@klimat.example"

        assert "steward@klimat.example" in main_of(html_of("/sv/privacy/"))

    def test_the_page_on_open_data_leads_to_files_that_exist(self, client: Client) -> None:
        main = main_of(html_of("/sv/api/"))

        addresses = [unescape(address) for address in re.findall(r'href="(/[^"]+)"', main)]
        answered = {address: client.get(address).status_code for address in addresses if "/se/" not in address}
        assert "/sv/places/dk/emissions.csv" in answered and "/api/v1/docs" in answered
        assert set(answered.values()) == {200}


class TestMy:
    def test_a_visitor_is_asked_to_sign_in(self, client: Client) -> None:
        assert client.get("/sv/my/").headers["Location"] == "/sv/account/login/?next=/sv/my/"

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_where_nothing_awaits_it_says_so_with_a_way_on(self, language: str, cast) -> None:
        main = main_of(html_of(f"/{language}/my/", cast.client("outsider")))

        assert f'href="/{language}/"' in main

    def test_it_takes_few_queries(self, cast) -> None:
        client = cast.client("member")
        with CaptureQueriesContext(connection) as captured:
            html_of("/sv/my/", client)

        assert len(captured) <= 25


class TestWrong:
    @pytest.mark.parametrize(
        "address", ["/sv/nowhere/", "/nowhere/", "/sv/places/se/nowhere/", "/xx/", "/api/v1/nowhere"]
    )
    def test_an_address_that_leads_nowhere_shows_ways_on(self, address: str, client: Client) -> None:
        response = client.get(address)

        main = main_of(response.content.decode())
        assert response.status_code == 404
        assert ('action="/sv/search/"' in main, 'href="/sv/"' in main) == (True, True)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_in_the_readers_language(self, language: str, client: Client) -> None:
        html = client.get(f"/{language}/nowhere/").content.decode()

        assert f'<html lang="{language}"' in html
        assert len({*headings(html), *headings(client.get("/en/nowhere/").content.decode())}) == (
            1 if language == "en" else 2
        )

    def test_it_takes_few_queries(self, client: Client) -> None:
        with CaptureQueriesContext(connection) as captured:
            client.get("/sv/nowhere/")

        assert len(captured) <= 2

    @pytest.mark.urls(__name__)
    def test_a_fault_of_ours_is_said_without_asking_the_database_again(self) -> None:
        client = Client(raise_request_exception=False)

        with CaptureQueriesContext(connection) as captured:
            response = client.get("/broken/", headers={"accept-language": "en"})

        assert response.status_code == 500
        assert headings(response.content.decode()) == ["Something went wrong with us"]
        assert "a fault of ours" not in response.content.decode()
        assert len(captured) <= 1
        assert dict(response.cookies) == {}
