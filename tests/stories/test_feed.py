"""A resident reads and follows a municipality's feed, and tells when something in it is wrong."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from samkraft.feeds.queries.reading import A_PAGE

from .conftest import ROOT, Reader, address_from_mail, sign_in

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FEED = "places/se/mariestad/feed/"
FOLLOWER = "frida.follower@example.org"


@pytest.fixture(scope="module")
def old_posts(site: str, site_environment: dict[str, str]) -> None:
    """So many older posts in Mariestad that its feed has two pages."""
    command = [sys.executable, str(Path(__file__).with_name("old_posts.py")), "25"]
    subprocess.run(command, cwd=ROOT, env=site_environment, check=True)


def test_resident_reads_without_scripts_and_without_cookies(
    old_posts: None, open_reader: Callable[..., Reader]
) -> None:
    reader = open_reader(scripts=False)
    posts = reader.page.locator("article.post")
    titles = posts.locator(".post__title")
    reader.open(FEED)
    first = titles.all_inner_texts()
    reader.follow("nav.pages a[rel=next]")
    older = titles.all_inner_texts()
    assert len(first) == A_PAGE
    assert older != []
    assert set(first) & set(older) == set()
    reader.follow("nav.pages a[rel=prev]")
    assert titles.all_inner_texts() == first
    reader.follow("article.post .post__title a")
    assert reader.heading() == first[0]
    reader.open(f"{FEED}events/")
    expect(reader.page.locator("main")).to_contain_text("Lagakväll")
    assert reader.page.context.cookies() == []


def test_programs_read_the_feed_too(open_reader: Callable[..., Reader]) -> None:
    reader = open_reader()
    reader.open(FEED)
    address = f"{reader.site}/sv/places/se/mariestad/"
    for link, form, word in (
        ("feed.atom", "application/atom+xml", "<entry "),
        ("feed.json", "application/feed+json", '"items"'),
        ("calendar.ics", "text/calendar", "BEGIN:VEVENT"),
    ):
        assert reader.page.locator(f"link[rel=alternate][href$='{link}']").count() == 1
        answer = reader.page.request.get(address + link)
        assert answer.status == 200
        assert answer.headers["content-type"].split(";")[0] == form
        assert word in answer.text()


def test_reported_post_is_gone_from_everywhere_at_once(
    open_reader: Callable[..., Reader], let_time_pass: Callable[..., None]
) -> None:
    resident, editor, coordinator, steward = (open_reader() for _ in range(4))
    sign_in(steward, "demo.steward@example.org")
    _follows(resident, steward)
    sign_in(editor, "demo.editor@example.org")
    _writes(editor, "Vi bjuder på kaffe på fredag", "Kom förbi, så berättar vi om taket.")
    harmful = _writes(editor, "Grannen är en skurk", "Så här heter hen och här bor hen.")
    assert _where_told(resident, harmful) == {"page", "feed", "atom", "json", "api"}
    resident.page.goto(harmful)
    resident.follow("article.post a[href*='/report/']")
    resident.page.fill("textarea[name=text]", "Inlägget hänger ut en människa.")
    resident.sees_no_barrier("feed-report")
    resident.send("main form:has(textarea[name=text])")
    resident.sees_no_barrier("feed-reported")
    sign_in(coordinator, "demo.coordinator@example.org")
    coordinator.open("moderation/")
    coordinator.sees_no_barrier("feed-moderation")
    coordinator.follow("main a:has-text('Grannen är en skurk')")
    coordinator.page.check("input[name=decision][value=unpublished]")
    coordinator.page.fill("textarea[name=why]", "Det hänger ut en människa.")
    coordinator.sees_no_barrier("feed-moderate")
    coordinator.send()
    assert _where_told(resident, harmful) == set()
    tomorrow = datetime.now(STOCKHOLM).date() + timedelta(days=1)
    let_time_pass(datetime.combine(tomorrow, time(7, 5), STOCKHOLM))
    address_from_mail(steward, FOLLOWER, "Vi bjuder på kaffe på fredag")
    expect(steward.page.locator("main")).not_to_contain_text("Grannen är en skurk")


def _follows(resident: Reader, steward: Reader) -> None:
    resident.open(f"{FEED}follow/")
    resident.page.fill("input[name=email]", FOLLOWER)
    resident.page.check("input[name=frequency][value=daily]")
    resident.send("main form:has(input[name=email])")
    link = address_from_mail(steward, FOLLOWER, r"/\w\w/following/confirm/[^\s/]+/")
    resident.page.goto(resident.site + link)
    resident.send()


def _writes(editor: Reader, title: str, text: str) -> str:
    """A published post's address."""
    editor.open("write/")
    editor.page.get_by_label("Demo Bageriet", exact=True).check()
    editor.page.check("input[name=kind][value=news]")
    editor.send()
    editor.page.fill("input[name=title]", title)
    editor.writes("text", text)
    editor.send(button="button[value=preview]")
    editor.send("main form[action$='/publish/']")
    editor.follow("main a.ds-button[href*='/posts/']")
    return editor.page.url


def _where_told(reader: Reader, post: str) -> set[str]:
    """Where a reader without account finds the post: by its own words, and not only by its title."""
    request = reader.page.request
    number = post.rstrip("/").rsplit("/", 1)[1]
    places = f"{reader.site}/sv/places/se/mariestad/"
    told = {"page"} if request.get(post).status == 200 else set()
    told |= {"feed"} if f'id="post-{number}"' in request.get(f"{places}feed/").text() else set()
    for name in ("atom", "json"):
        told |= {name} if f"/posts/{number}/" in request.get(f"{places}feed.{name}").text() else set()
    listed = json.loads(request.get(f"{reader.site}/api/v1/posts?municipality=SE-1493").text())
    return told | ({"api"} if any(row["id"] == int(number) for row in listed["items"]) else set())
