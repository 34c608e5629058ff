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
    "networks/",
    "networks/start/",
    "networks/without/",
    "networks/actors/map/",
    "networks/areas/",
    "networks/areas/se/nya-ludvika-tidning/",
    "places/se/feed/",
]
NETWORK = "networks/kraftsamling-norra-vanern-demo/"
# Read in two languages: words differ in length, and some pages hold much of them.
OF_NETWORKS = [
    NETWORK,
    f"{NETWORK}members/",
    f"{NETWORK}members/demo-bageriet/",
    f"{NETWORK}condition/",
    f"{NETWORK}contact/",
    f"{NETWORK}campaigns/",
    f"{NETWORK}meetings/",
    f"{NETWORK}feed/",
    "networks/counties/se/vastra-gotalands-lan/",
    "networks/conditions/se/vastra-gotalands-lan/",
    "networks/areas/se/mariestads-tidningen/",
    "networks/actors/",
    "networks/actors/demo-bageriet/",
    "places/se/mariestad/feed/",
    "places/se/mariestad/feed/events/",
    "places/se/mariestad/feed/follow/",
    "places/se/vastra-gotalands-lan/feed/",
    "places/se/mariestad/",
]
# The posts, meetings and campaigns that a page leads to, told by the page and by the beginning of their addresses.
LED_TO = [
    ("places/se/mariestad/feed/", ".post__title a", "post"),
    ("places/se/mariestad/feed/", "a[href*='/report/']", "post-report"),
    (f"{NETWORK}meetings/", "main a[href*='/meetings/']:not([href*='/networks/']):not([href*='calendar'])", "meeting"),
    (f"{NETWORK}campaigns/", ".campaign a", "campaign"),
]
CONVENERS = [
    "my/",
    NETWORK,
    f"{NETWORK}check/",
    f"{NETWORK}people/",
    f"{NETWORK}people/invite/",
    f"{NETWORK}edit/",
    f"{NETWORK}history/",
    f"{NETWORK}join/",
    f"{NETWORK}meetings/new/",
    f"{NETWORK}campaigns/",
    f"{NETWORK}campaigns/new/",
    "networks/actors/register/",
    "networks/actors/demo-cykelverkstaden/people/",
    "networks/actors/demo-cykelverkstaden/change/",
    "networks/start/new/",
    "meetings/calendar/",
    "write/",
    "my/posts/",
]
EDITORS = [
    "my/",
    f"{NETWORK}join/demo-bageriet/",
    "networks/actors/demo-bageriet/history/",
    "write/",
    "tray/",
    "my/posts/",
]
COORDINATORS = [
    "my/",
    "networks/areas/se/mariestads-tidningen/change/",
    "networks/areas/draw/se/",
    "networks/conditions/se/vastra-gotalands-lan/write/",
    "networks/counties/se/vastra-gotalands-lan/",
    "moderation/",
    "tray/",
    "tray/se/vastra-gotalands-lan/sources/",
    "networks/actors/import/",
]
SIGNED_IN = [
    ("demo.convener@example.org", CONVENERS),
    ("demo.editor@example.org", EDITORS),
    ("demo.coordinator@example.org", COORDINATORS),
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
    "moderation/",
    "moderation/mailed/",
    "networks/actors/import/",
    "networks/counties/se/orebro-lan/",
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


@pytest.mark.parametrize("path", OF_NETWORKS)
def test_page_of_networks_and_feeds_has_no_barrier(reader: Reader, path: str) -> None:
    reader.open(path)
    assert reader.page.locator("h1").count() == 1
    reader.sees_no_barrier(_named("net", path))


@pytest.mark.parametrize(("path", "link", "name"), LED_TO, ids=[name for _path, _link, name in LED_TO])
def test_page_that_another_leads_to_has_no_barrier(reader: Reader, path: str, link: str, name: str) -> None:
    reader.open(path)
    reader.follow(link)
    reader.sees_no_barrier(f"net-{name}")


@pytest.mark.parametrize("path", [NETWORK, "networks/actors/", "places/se/mariestad/feed/", f"{NETWORK}campaigns/"])
def test_dark_page_of_networks_has_no_barrier(open_reader: Callable[..., Reader], path: str) -> None:
    reader = open_reader("da", "desktop")
    reader.page.emulate_media(color_scheme="dark")
    reader.open(path)
    reader.sees_no_barrier(_named("dark", path))


@pytest.mark.parametrize(("email", "paths"), SIGNED_IN, ids=["convener", "editor", "coordinator"])
def test_pages_of_those_who_take_part_have_no_barrier(reader: Reader, email: str, paths: list[str]) -> None:
    sign_in(reader, email)
    for path in paths:
        reader.open(path)
        assert reader.page.locator("h1").count() == 1
        reader.sees_no_barrier(_named(email.split("@", maxsplit=1)[0].removeprefix("demo."), path))


def test_written_pages_have_no_barrier(reader: Reader) -> None:
    """The forms that a convener comes to by a choice: to write a post, and the work on a meeting and on a campaign."""
    sign_in(reader, "demo.convener@example.org")
    for kind in ("news", "share", "event"):
        reader.open("write/")
        reader.page.locator("input[name=author]").first.check()
        reader.page.check(f"input[name=kind][value={kind}]")
        reader.send()
        reader.page.locator("[contenteditable=true]").focus()
        reader.sees_no_barrier(f"convener-write-{kind}")
    for path, link in ((f"{NETWORK}meetings/", LED_TO[2][1]), (f"{NETWORK}campaigns/", ".campaign a")):
        reader.open(path)
        reader.follow(link)
        reader.sees_no_barrier(_named("convener-work", path))


def _named(who: str, path: str) -> str:
    return f"{who}-" + path.strip("/").replace("/", "-").replace("networks-kraftsamling-norra-vanern-demo", "network")
