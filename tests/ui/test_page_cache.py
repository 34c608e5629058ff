"""The page cache: whole pages for anonymous readers, fresh the moment their content changes."""

import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.translation import get_language

from samkraft.ui import page_cache
from samkraft.ui.access import public, public_page
from samkraft.ui.page_cache import KeptPage, PageStore, changed

from ..factories import NOW

_made = count(1)


@public_page(lambda name: (f"thing:{name}",))
def _page(request: HttpRequest, name: str) -> HttpResponse:
    """A page that is another each time it is made."""
    return HttpResponse(f"{name} {next(_made)} {request.GET.get('measure', '')}")


@public_page("thing:hasty")
def _changed_meanwhile(request: HttpRequest) -> HttpResponse:
    made = next(_made)
    changed("thing:hasty")
    return HttpResponse(f"hasty {made}")


@public_page("thing:greeting")
def _greeting(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"in {get_language()}")


@public_page("thing:cookie")
def _with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(f"personal {next(_made)}")
    response.set_cookie("mine", "1")
    return response


@public_page("thing:nothing")
def _missing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"nothing here {next(_made)}", status=404)


@public_page("thing:hours")
def _for_a_minute(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(f"{next(_made)} minutes left")
    page_cache.hold_until(response, NOW + timedelta(minutes=1), now=NOW)
    return response


@public
def _unkept(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"unkept {next(_made)}")


urlpatterns = [
    path("page/<str:name>/", _page),
    path("hasty/", _changed_meanwhile),
    path("greeting/", _greeting),
    path("hours/", _for_a_minute),
    path("cookie/", _with_cookie),
    path("missing/", _missing),
    path("unkept/", _unkept),
    path("account/login/", _unkept, name="account_login"),
]
handler404 = "django.views.defaults.page_not_found"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def body(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def test_a_kept_page_costs_one_query_and_is_not_made_again(client: Client, django_assert_num_queries: Any) -> None:
    first = body(client, "/page/oak/")

    with django_assert_num_queries(1):
        assert body(client, "/page/oak/") == first


def test_a_change_makes_the_page_stale_at_once(client: Client) -> None:
    first = body(client, "/page/oak/")

    changed("thing:oak")

    second = body(client, "/page/oak/")
    assert second != first
    assert body(client, "/page/oak/") == second


def test_a_change_of_another_thing_leaves_the_page(client: Client) -> None:
    first = body(client, "/page/oak/")

    changed("thing:elm")

    assert body(client, "/page/oak/") == first


def test_a_change_of_the_site_makes_every_page_stale(client: Client) -> None:
    before = [body(client, f"/page/{name}/") for name in ("oak", "elm")]

    changed(page_cache.SITE)

    assert not {body(client, f"/page/{name}/") for name in ("oak", "elm")} & set(before)


def test_a_change_that_is_rolled_back_leaves_the_page(client: Client) -> None:
    first = body(client, "/page/oak/")

    with transaction.atomic():
        changed("thing:oak")
        transaction.set_rollback(True)

    assert body(client, "/page/oak/") == first


def test_a_page_that_changes_while_it_is_made_is_not_kept(client: Client) -> None:
    assert body(client, "/hasty/") != body(client, "/hasty/")


def test_a_kept_page_grows_old_in_ten_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page_cache.SECONDS_KEPT == 600
    monkeypatch.setattr(page_cache, "SECONDS_KEPT", 0)

    assert body(client, "/page/oak/") != body(client, "/page/oak/")


def test_a_page_whose_words_hang_on_the_clock_is_kept_no_longer_than_they_hold(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/hours/").content
    assert client.get("/hours/").content == first
    a_minute_on = time.monotonic() + 61
    monkeypatch.setattr("time.monotonic", lambda: a_minute_on)
    assert client.get("/hours/").content != first


def test_readers_who_are_signed_in_get_a_page_of_their_own(client: Client, cast) -> None:
    kept = body(client, "/page/oak/")
    member = cast.client("member")

    assert len({kept, body(member, "/page/oak/"), body(member, "/page/oak/")}) == 3
    assert body(client, "/page/oak/") == kept


def test_a_page_made_for_a_reader_who_is_signed_in_is_not_kept_for_others(client: Client, cast) -> None:
    personal = cast.client("member").get("/page/oak/")

    assert personal.headers["Cache-Control"] == "private, no-store"
    assert body(client, "/page/oak/") != personal.content.decode()


def test_a_page_without_tags_is_made_for_every_reader(client: Client) -> None:
    assert body(client, "/unkept/") != body(client, "/unkept/")


def test_a_page_that_sets_a_cookie_is_not_kept(client: Client) -> None:
    assert body(Client(), "/cookie/") != body(Client(), "/cookie/")


def test_a_missing_page_is_not_kept(client: Client) -> None:
    first, second = client.get("/missing/"), client.get("/missing/")

    assert (first.status_code, second.status_code) == (404, 404)
    assert first.content != second.content


def test_posting_goes_past_the_cache(client: Client) -> None:
    kept = body(client, "/page/oak/")

    posted = client.post("/page/oak/")

    assert (posted.status_code, posted.content.decode() == kept) == (200, False)
    assert body(client, "/page/oak/") == kept


def test_addresses_with_different_queries_are_different_pages(client: Client) -> None:
    plain, change = body(client, "/page/oak/"), body(client, "/page/oak/?measure=change")

    assert change.endswith(" change")
    assert (body(client, "/page/oak/"), body(client, "/page/oak/?measure=change")) == (plain, change)


def test_a_page_with_an_endless_query_is_shown_and_not_kept(client: Client) -> None:
    address = f"/page/oak/?junk={'x' * 300}"

    assert body(client, address) != body(client, address)


def test_a_fragment_is_kept_apart_from_its_page(client: Client) -> None:
    page, fragment = body(client, "/page/oak/"), body(client, "/page/oak/", hx_request="true")

    assert page != fragment
    assert body(client, "/page/oak/", hx_request="true") == fragment


def test_a_page_whose_address_has_no_language_is_kept_once_for_each(client: Client) -> None:
    swedish = body(client, "/greeting/", accept_language="sv")
    english = body(client, "/greeting/", accept_language="en-GB, en;q=0.9")

    assert (swedish, english) == ("in sv", "in en")
    assert body(client, "/greeting/", accept_language="sv") == "in sv"


class TestConditions:
    """What a browser that has the page already is told."""

    def test_a_browser_with_the_page_is_told_that_nothing_has_changed(self, client: Client) -> None:
        first = client.get("/page/oak/")

        again = client.get("/page/oak/", headers={"if-none-match": first.headers["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]

    def test_the_answer_that_nothing_has_changed_announces_no_content(self, client: Client) -> None:
        etag = client.get("/page/oak/").headers["ETag"]

        again = client.get("/page/oak/", headers={"if-none-match": etag})

        assert {"Content-Length", "Content-Type"} & set(again.headers) == set()
        assert "default-src 'none'" in again.headers["Content-Security-Policy"]

    def test_one_of_several_remembered_pages_is_enough(self, client: Client) -> None:
        etag = client.get("/page/oak/").headers["ETag"]

        assert client.get("/page/oak/", headers={"if-none-match": f'"other", {etag}'}).status_code == 304

    def test_a_browser_with_an_older_page_gets_the_new_one(self, client: Client) -> None:
        etag = client.get("/page/oak/").headers["ETag"]
        changed("thing:oak")

        assert client.get("/page/oak/", headers={"if-none-match": etag}).status_code == 200

    def test_asking_for_the_head_gives_the_head_alone(self, client: Client) -> None:
        page = client.get("/page/oak/")

        head = client.head("/page/oak/")

        assert (head.status_code, head.content) == (200, b"")
        assert (head.headers["ETag"], head.headers["Content-Length"]) == (
            page.headers["ETag"],
            str(len(page.content)),
        )

    def test_a_page_first_asked_for_by_its_head_is_whole_for_the_next_reader(self, client: Client) -> None:
        head = client.head("/page/oak/")

        page = client.get("/page/oak/")

        assert page.content.startswith(b"oak ")
        assert page.headers["ETag"] == head.headers["ETag"]

    def test_caches_on_the_way_ask_again_and_tell_readers_apart(self, client: Client) -> None:
        for _ in range(2):
            response = client.get("/page/oak/")
            assert response.headers["Cache-Control"] == "no-cache"
            assert {"Cookie", "HX-Request"} <= set(response.headers["Vary"].split(", "))


class TestStore:
    """The memory that pages of one process may take."""

    @staticmethod
    def page(size: int) -> KeptPage:
        return KeptPage(b"x" * size, (), 'W/"1"', (), 0, 0.0)

    def test_the_page_that_was_not_used_for_longest_is_dropped_first(self) -> None:
        store = PageStore(bytes_kept=30)
        for name in ("a", "b", "c"):
            store.put(name, self.page(10))
        store.get("a")

        store.put("d", self.page(10))

        assert [name for name in "abcd" if store.get(name)] == ["a", "c", "d"]

    def test_a_page_put_again_takes_its_room_once(self) -> None:
        store = PageStore(bytes_kept=30)
        for _ in range(5):
            store.put("a", self.page(20))
        store.put("b", self.page(10))

        assert [name for name in "ab" if store.get(name)] == ["a", "b"]

    def test_a_page_too_large_to_keep_does_not_push_out_the_others(self) -> None:
        store = PageStore(bytes_kept=30)
        store.put("a", self.page(10))

        store.put("huge", self.page(31))

        assert [name for name in ("a", "huge") if store.get(name)] == ["a"]

    def test_dropping_makes_room(self) -> None:
        store = PageStore(bytes_kept=30)
        store.put("a", self.page(30))
        store.drop("a")
        store.put("b", self.page(30))

        assert (store.get("a"), store.get("b") is not None) == (None, True)


def test_a_change_by_another_process_is_seen_at_once(
    client: Client, at_once: Callable[[Callable[[int], Any], int], list[Any]]
) -> None:
    first = body(client, "/page/oak/")

    assert at_once(lambda place: changed("thing:oak"), 1) == [None]

    assert body(client, "/page/oak/") != first


def test_every_one_of_parallel_changes_counts(at_once: Callable[[Callable[[int], Any], int], list[Any]]) -> None:
    before = page_cache.version_of(["thing:oak"])

    assert at_once(lambda place: changed("thing:oak", "thing:elm"), 4) == [None] * 4

    assert page_cache.version_of(["thing:oak"]) == before + 4
