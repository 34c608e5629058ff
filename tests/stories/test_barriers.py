"""Every kind of page is free of faults that axe knows of, at a desk and on a phone, in light and in dark."""

from collections.abc import Callable

import pytest

from .conftest import Reader, sign_in

OPEN = [
    "",
    "places/",
    "places/se/",
    "places/no/",
    "places/dk/",
    "places/se/vastra-gotalands-lan/",
    "places/se/gotland/",
    "places/no/skien/",
    "places/no/oslo/",
    "places/no/heroy/",
    "places/dk/aarhus/",
    "search/",
    "search/?q=mari",
    "search/?q=finns+inte",
    "about/",
    "privacy/",
    "api/",
    "nothing-here/",
    "account/signup/",
    "account/login/password/",
    "account/password/reset/",
    "report/",
]
OWN = [
    "my/",
    "my/account/",
    "my/account/close/",
    "my/notices/",
    "my/notices/mail/",
    "account/second-factor/",
    "account/sessions/",
    "account/password/change/",
    "account/email/",
]
STEWARDS = [
    "steward/messages/",
    "steward/mail/",
    "my/areas/se/mariestad/people/",
    "my/areas/se/mariestad/people/invite/",
]


@pytest.mark.parametrize("screen", ["desktop", "phone"])
@pytest.mark.parametrize("path", OPEN)
def test_open_page_has_no_barrier(open_reader: Callable[..., Reader], path: str, screen: str) -> None:
    reader = open_reader("sv", screen)
    reader.open(path)
    reader.sees_no_barrier("open-" + (path.strip("/?").replace("/", "-").replace("?", "-") or "front"))


@pytest.mark.parametrize("path", ["", "places/se/mariestad/", "places/se/", "accessibility/report/"])
def test_dark_page_has_no_barrier(open_reader: Callable[..., Reader], path: str) -> None:
    reader = open_reader("da", "desktop")
    reader.page.emulate_media(color_scheme="dark")
    reader.open(path)
    reader.sees_no_barrier("dark-" + (path.strip("/").replace("/", "-") or "front"))


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_own_pages_have_no_barrier(open_reader: Callable[..., Reader], screen: str) -> None:
    reader = open_reader("sv", screen)
    sign_in(reader, "demo.officer@example.org")
    for path in OWN:
        reader.open(path)
        reader.sees_no_barrier("own-" + path.strip("/").replace("/", "-"))


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_stewards_pages_have_no_barrier(open_reader: Callable[..., Reader], screen: str) -> None:
    reader = open_reader("sv", screen)
    sign_in(reader, "demo.steward@example.org")
    for path in STEWARDS:
        reader.open(path)
        assert reader.page.locator("h1").count() == 1
        reader.sees_no_barrier("steward-" + path.strip("/").replace("/", "-"))
