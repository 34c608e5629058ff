"""What every test has at hand: a clean cache, a database that parallel connections can share, and the cast."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoDbBlocker

from samkraft.people.models import User
from samkraft.places.models import Area
from samkraft.statistics.operations import load_reference
from samkraft.ui import page_cache

from . import factories

# Programs that a test starts are in test mode too.
os.environ["SAMKRAFT_MODE"] = "test"
# The server warns where the folder that files are served from is missing, and some tests import the server.
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """On SQLite the tests use a file: connections to a database in memory do not wait for each other."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        path: Path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(path)
        connections["default"].settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The reference data, loaded once for all tests.

    A test with `transactional_db` empties the whole database when it is done. Such tests come last, after all
    others, and must make what they need.
    """
    with django_db_blocker.unblock():
        load_reference(now=datetime(2026, 11, 21, tzinfo=UTC), progress=lambda step: None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The publishers' real files, which lie beside the checkout and not in it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("The publishers' files are missing beside the checkout.")
        pytest.skip("the publishers' files are not beside the checkout")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that empty the database afterwards run together, on one worker, after all that need its figures."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = getattr(item, "fixturenames", ())
        if "transactional_db" in fixtures or (marker is not None and marker.kwargs.get("transaction")):
            item.add_marker(pytest.mark.xdist_group("empties the database"))


@pytest.fixture(autouse=True)
def clean_caches() -> Iterator[None]:
    """No kept page and no counted attempt of one test reaches the next."""
    page_cache.store.clear()
    cache.clear()
    yield
    page_cache.store.clear()
    cache.clear()


@pytest.fixture
def in_english() -> Iterator[None]:
    """Addresses and texts of the source, so that what a test compares does not hang on a translation."""
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def first_language() -> Iterator[None]:
    """Every test begins in the site's first language: a page that one test asks for leaves its own behind."""
    with override(settings.LANGUAGE_CODE):
        yield


@dataclass(frozen=True)
class Cast:
    """Who tries a page: the owner of the matter, a member of the area, an outsider, a steward, a visitor.

    The owner coordinates the area; the member is an officer in it; the outsider has an account and nothing
    else; the visitor has no account.
    """

    area: Area
    owner: User
    member: User
    outsider: User
    steward: User

    def client(self, name: str) -> Client:
        """A browser in which the one of that name is signed in; for "visitor", nobody."""
        client = Client()
        if name != "visitor":
            client.force_login(getattr(self, name), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def statuses(self, url: str, method: str = "get") -> dict[str, int]:
        """What each of the cast is answered at an address: 200, 302 (asked to sign in) or 404."""
        names = ("owner", "member", "outsider", "steward", "visitor")
        return {name: getattr(self.client(name), method)(url).status_code for name in names}


@pytest.fixture
def cast(db: None) -> Cast:
    area = factories.area()
    return Cast(
        area=area,
        owner=factories.coordinator(area, person=factories.user("owner@example.org", name="Owner")),
        member=factories.member(area, person=factories.user("member@example.org", name="Member")).user,
        outsider=factories.user("outsider@example.org", name="Outsider"),
        steward=factories.steward("steward@example.org", name="Steward"),
    )


@pytest.fixture
def at_once(transactional_db: None) -> Callable[[Callable[[int], Any], int], list[Any]]:
    """Run a function in parallel threads, each with a database connection of its own, begun at one moment.

    `at_once(work, 4)` returns what each call returned, or the exception that it raised.
    """

    def run(work: Callable[[int], Any], times: int) -> list[Any]:
        results: list[Any] = [None] * times
        barrier = Barrier(times)

        def one(place: int) -> None:
            try:
                connection.ensure_connection()
                barrier.wait(timeout=20)
                results[place] = work(place)
            except Exception as error:  # the caller asserts which errors are expected
                results[place] = error
            finally:
                connections.close_all()

        threads = [Thread(target=one, args=(place,)) for place in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return results

    return run
