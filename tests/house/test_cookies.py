"""Reading leaves no trace: no cookie, nothing inline, nothing from other sites, on any kind of page."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from samkraft.places.models import Area
from tests import factories_campaigns, factories_networks, factories_reading

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]

PAGES = {
    "front": "",
    "map by another measure": "?measure=change",
    "places": "places/",
    "country": "places/se/",
    "county": "places/se/vastra-gotalands-lan/",
    "municipality": "places/se/mariestad/",
    "Danish municipality": "places/dk/aarhus/",
    "Norwegian municipality": "places/no/skien/",
    "municipality without figures": "places/no/oslo/",
    "two of one name": "places/no/heroy/",
    "comparison": "places/se/mariestad/compare/",
    "compared": "places/se/mariestad/compare/?with=gotene",
    "search": "search/",
    "search with results": "search/?q=maries",
    "search without results": "search/?q=zzz",
    "suggestions": "search/suggest/?q=mar",
    "about": "about/",
    "accessibility": "accessibility/",
    "privacy": "privacy/",
    "open data": "api/",
    "receipt": "received/",
    "not found": "places/se/atlantis/",
    "unknown address": "nowhere/at/all/",
}
# What people have made: the addresses of `made_by_people`.
MADE = {
    "networks": "networks/",
    "networks of a place": "networks/?q=mariestad",
    "network": "networks/reading-network/",
    "members": "networks/reading-network/members/",
    "membership": "networks/reading-network/members/reading-actor/",
    "condition of a network": "networks/reading-network/condition/",
    "condition of a county": "networks/conditions/se/vastra-gotalands-lan/",
    "campaigns": "networks/reading-network/campaigns/",
    "meetings": "networks/reading-network/meetings/",
    "areas without a network": "networks/without/",
    "how to start a network": "networks/start/",
    "actors": "networks/actors/",
    "actors narrowed": "networks/actors/?country=se&q=read",
    "map of actors": "networks/actors/map/",
    "actor": "networks/actors/reading-actor/",
    "newspaper areas": "networks/areas/",
    "newspaper area": "networks/areas/se/reading-paper/",
    "feed of a network": "networks/reading-network/feed/",
    "events of a network": "networks/reading-network/feed/events/",
    "feed of an actor": "networks/actors/reading-actor/feed/",
    "feed of a municipality": "places/se/mariestad/feed/",
    "events of a municipality": "places/se/mariestad/feed/events/",
    "feed of a county": "places/se/vastra-gotalands-lan/feed/",
    "feed of a country": "places/se/feed/",
    "events of a country": "places/se/feed/events/",
    "post": "posts/{post}/",
}
FILES_MADE = {
    "networks as a file": "networks/export.csv",
    "actors as a file": "networks/actors/actors.csv",
    "actors as a spreadsheet": "networks/actors/actors.xlsx",
    "members as a file": "networks/reading-network/members/members.csv",
    "members as a spreadsheet": "networks/reading-network/members/members.xlsx",
    "calendar of meetings": "networks/reading-network/meetings/calendar.ics",
    "event": "posts/{event}/event.ics",
    **{
        f"{whose} as {form}": f"{way}{form}"
        for whose, way in {
            "country": "places/se/",
            "municipality": "places/se/mariestad/",
            "network": "networks/reading-network/",
            "actor": "networks/actors/reading-actor/",
        }.items()
        for form in ("feed.atom", "feed.json", "calendar.ics")
    },
}
OUTSIDE = {
    "description of the API": "/api/v1/docs",
    "OpenAPI": "/api/v1/openapi.json",
    "API": "/api/v1/municipalities?country=SE&limit=2",
    "file": "/sv/places/se/mariestad/emissions.csv",
    "health": "/health",
    "way to the language": "/",
    "address without language": "/nowhere/",
}
FORMS = {
    "sign in": "account/login/",
    "sign in with a password": "account/login/password/",
    "sign up": "account/signup/",
    "report a fault": "accessibility/report/",
    "report content": "report/",
}
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(response: HttpResponse) -> dict[str, str]:
    """The Content-Security-Policy, by directive."""
    parts = (part.split(maxsplit=1) for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: value.strip() for name, value in parts}


class Inline(HTMLParser):
    """Collects what a strict policy would refuse: scripts, styles and handlers in the page, and foreign sources."""

    SOURCES = {"src", "srcset", "data", "poster"}

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "style" or (tag == "script" and not named.get("src")):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in named if name == "style" or re.match(r"(on|hx-on|x-)", name)]
        loaded = {name: named[name] or "" for name in named if name in self.SOURCES}
        if tag in {"link", "use", "image"} and "alternate" not in (named.get("rel") or ""):
            loaded["href"] = named.get("href") or ""
        self.found += [f"{tag} {name}={address}" for name, address in loaded.items() if not _own(address)]
        if tag == "a" and (named.get("href") or "").strip().lower().startswith("javascript:"):
            self.found.append("javascript:")


def _own(address: str) -> bool:
    return address.startswith("/") and not address.startswith("//")


def inline_in(response: HttpResponse) -> list[str]:
    parser = Inline()
    parser.feed(response.content.decode())
    return parser.found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_reading_sets_no_cookie_and_the_page_is_strict(page: str, language: str, client: Client) -> None:
    # Read twice: the first time the page is made, and the second time it may be given out from memory.
    for _ in range(2):
        response = client.get(f"/{language}/{PAGES[page]}")

        assert (dict(response.cookies), dict(client.cookies)) == ({}, {})
        assert policy(response) == STRICT
        assert inline_in(response) == []
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def made_by_people() -> dict[str, int]:
    """A network with a condition, a member and a campaign, and the member's news and event."""
    place = Area.objects.get(key="SE-1493")
    area = factories_networks.newspaper_area(place, slug="reading-paper")
    network = factories_networks.network(area, slug="reading-network", county=place.parent)
    actor = factories_networks.actor(place, slug="reading-actor")
    version = factories_networks.condition(county=place.parent)
    factories_networks.admitted(network, actor, version=version)
    factories_campaigns.campaign(network)
    post = factories_networks.post(actor, municipality=place, network=network)
    event = factories_reading.event(actor, days=9999, municipality=place, network=network)
    return {"post": post.pk, "event": event.pk}


@pytest.mark.parametrize("page", MADE)
def test_reading_what_people_made_sets_no_cookie_and_the_page_is_strict(
    page: str, made_by_people: dict[str, int], client: Client
) -> None:
    for _ in range(2):
        response = client.get(f"/sv/{MADE[page].format(**made_by_people)}")

        assert (response.status_code, dict(response.cookies), dict(client.cookies)) == (200, {}, {})
        assert policy(response) == STRICT
        assert inline_in(response) == []
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("page", FILES_MADE)
def test_files_of_what_people_made_set_no_cookie_either(
    page: str, made_by_people: dict[str, int], client: Client
) -> None:
    response = client.get(f"/sv/{FILES_MADE[page].format(**made_by_people)}")

    assert (response.status_code, dict(response.cookies)) == (200, {})
    assert not response.headers["Content-Type"].startswith("text/html")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("page", OUTSIDE)
def test_what_has_no_language_sets_no_cookie_either(page: str, client: Client) -> None:
    response = client.get(OUTSIDE[page])

    assert dict(response.cookies) == {}
    assert policy(response) == STRICT
    if response.headers["Content-Type"].startswith("text/html"):
        assert inline_in(response) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", FORMS)
def test_a_page_with_a_form_sets_the_cookie_that_protects_the_form_alone(
    page: str, language: str, client: Client
) -> None:
    response = client.get(f"/{language}/{FORMS[page]}")

    assert (response.status_code, set(response.cookies)) == (200, {"csrftoken"})
    assert response.cookies["csrftoken"]["httponly"] and response.cookies["csrftoken"]["samesite"] == "Lax"
    assert policy(response) == STRICT
    assert inline_in(response) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["my/", "my/account/", "my/notices/", "my/notices/mail/"])
def test_pages_of_an_account_are_strict_and_are_kept_by_no_cache(page: str, language: str, cast) -> None:
    response = cast.client("member").get(f"/{language}/{page}")

    assert (response.status_code, policy(response), inline_in(response)) == (200, STRICT, [])
    assert "no-store" in response.headers["Cache-Control"]


def test_every_page_for_reading_is_in_the_language_of_its_address(client: Client) -> None:
    spoken = {
        language: re.search(r'<html lang="(\w+)"', client.get(f"/{language}/").content.decode()).group(1)
        for language in LANGUAGES
    }

    assert spoken == {language: language for language in LANGUAGES}


def test_the_bare_address_leads_to_swedish_unless_the_browser_prefers_another_language(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/sv/"
    assert client.get("/", headers={"accept-language": "da"}).headers["Location"] == "/da/"
    assert client.get("/", headers={"accept-language": "fi"}).headers["Location"] == "/sv/"


def test_what_is_inline_or_foreign_would_be_seen() -> None:
    wicked = HttpResponse(
        '<style>a{}</style><script>1</script><script src="/a.js"></script><p style="a" onclick="b"></p>'
        '<a href="javascript:1">c</a><img src="https://elsewhere.example/i.png"><link rel="stylesheet" href="//cdn/a">'
    )

    assert inline_in(wicked) == [
        "<style>",
        "<script>",
        "p style",
        "p onclick",
        "javascript:",
        "img src=https://elsewhere.example/i.png",
        "link href=//cdn/a",
    ]
