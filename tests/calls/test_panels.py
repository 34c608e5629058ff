"""Calls on other pages: of places, the front page, "my page" and the site's menu."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from samkraft.calls.models import CallRole, CallState, Comparison
from samkraft.calls.operations import people, publishing
from samkraft.calls.queries import calls_places
from samkraft.statistics.models import Population, Release, ReleaseKind
from samkraft.ui.panels import render_slot

from .. import factories, factories_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def opened(of=None, **fields):
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=10), "published_at": now}
    return factories_calls.call(of, **{**window, **fields})


def people_of(area, persons: int) -> None:
    release, _new = Release.objects.get_or_create(
        slug="people-2006",
        defaults={"kind": ReleaseKind.POPULATION, "country": "SE", "title": "People", "version": "1", "digest": "1"},
    )
    Population.objects.create(release=release, area=area, year=2006, persons=persons)


def slot(rf, name: str, **subject) -> str:
    return " ".join(str(render_slot(name, rf.get("/"), **subject)).split())


def at_most(call, persons: int) -> None:
    call.eligibility.create(fact="population", comparison=Comparison.AT_MOST, value=persons, edition="people-2006")


def test_municipality_shows_the_calls_that_it_fits_and_its_own() -> None:
    small, large = factories.area("1447", "Gullspång"), factories.area("1473", "Töreboda")
    people_of(small, 15_000)
    people_of(large, 15_001)
    limited = opened(factories.area("1440", "Ale"), title="For small ones")
    at_most(limited, 15_000)
    own = opened(large, title="Own")
    at_most(own, 1)
    opened(country="NO", title="Norwegian")
    opened(state=CallState.CLOSED, title="Closed")
    now = timezone.now()

    assert calls_places.concerning(small, now, 9) == [limited]
    assert calls_places.concerning(large, now, 9) == [own]
    assert calls_places.concerning(small.parent, now, 9) == [limited, own]
    assert calls_places.concerning(small.parent.parent, now, 9) == [limited, own]


def test_place_of_which_a_fact_is_not_known_is_not_told_that_it_fits() -> None:
    at_most(opened(factories.area("1440", "Ale")), 15_000)

    assert calls_places.concerning(factories.area("1447", "Gullspång"), timezone.now(), 9) == []


def test_panel_of_a_place_has_words_that_do_not_change_with_the_time(rf) -> None:
    call = opened(title="For all")
    page = slot(rf, "municipality.side", area=factories.area("1447", "Gullspång"))

    assert (call.get_absolute_url() in page, "From " in page, "left" in page) == (True, True, False)


def test_front_page_shows_open_calls_and_is_fresh_when_one_closes() -> None:
    call = opened(title="On the front page")
    client = Client()
    assert "On the front page" in client.get("/en/").content.decode()

    publishing.close_due(now=call.closes_at)

    assert "On the front page" not in client.get("/en/").content.decode()


def test_page_of_a_place_that_is_kept_is_fresh_when_a_call_is_cancelled() -> None:
    area = factories.area("1447", "Gullspång")
    call = opened(title="Soon cancelled")
    client = Client()
    assert "Soon cancelled" in client.get(area.get_absolute_url()).content.decode()

    publishing.cancel(call=call, why="x", by=factories_calls.organiser(call), now=timezone.now())

    assert "Soon cancelled" not in client.get(area.get_absolute_url()).content.decode()


def test_panel_costs_the_same_with_one_and_three_calls() -> None:
    area = factories.area("1447", "Gullspång")
    people_of(area, 5_000)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            calls_places.concerning(area, timezone.now(), 9)
        return len(asked)

    at_most(opened(), 15_000)
    once = cost()
    for persons in (9_000, 20_000):
        at_most(opened(), persons)
    assert (once, cost()) == (3, 3)


def test_without_calls_nothing_is_shown_and_one_question_asked(rf, django_assert_num_queries) -> None:
    area = factories.area("1447", "Gullspång")

    with django_assert_num_queries(1):
        assert calls_places.concerning(area, timezone.now(), 3) == []


def test_menu_leads_to_the_calls(rf) -> None:
    assert reverse("calls:index") in slot(rf, "header.sections")


def my_page(person) -> str:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return " ".join(client.get("/en/my/").content.decode().split())


def test_my_page_has_what_waits_and_what_one_helps_with() -> None:
    draft = factories_calls.call(title="A draft", state=CallState.DRAFT, published_at=None)
    person = factories_calls.organiser(draft)
    factories_calls.organiser(opened(title="Runs by itself"), person)
    factories_calls.organiser(opened(title="Past its time", closes_at=timezone.now() - timedelta(minutes=1)), person)
    factories_calls.reviewer(opened(title="To review"), person)
    page = my_page(person)
    todo = page[page.index("Calls that wait for you") : page.index("Calls that you help with")]

    assert ("A draft" in todo, "Past its time" in todo, "Runs by itself" in todo) == (True, True, False)
    mine = page[page.index("Calls that you help with") :]
    assert all(title in mine for title in ("A draft", "Runs by itself", "Past its time", "To review"))


def test_invitation_is_on_my_page_until_it_is_accepted() -> None:
    call = opened(title="Needs reviewers")
    person = factories.user("new@example.org")
    offer = people.invite(
        call=call, email=person.email, role=CallRole.REVIEWER, by=factories_calls.organiser(call), now=timezone.now()
    )
    assert reverse("calls:accept_offer", args=[offer.pk]) in my_page(person)

    people.accept(offer=offer, by=person, now=timezone.now())
    assert reverse("calls:accept_offer", args=[offer.pk]) not in my_page(person)


def test_page_of_who_may_begin_leads_to_a_new_call() -> None:
    client = Client()
    coordinator = factories.coordinator()
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert reverse("calls:new") in client.get(reverse("calls:index")).content.decode()
    assert reverse("calls:new") not in Client().get(reverse("calls:index")).content.decode()
    fields = {"kind": "workshop", "whose": f"place-{factories.area().pk}", "title": "Our workshop"}
    response = client.post(reverse("calls:new"), fields)
    assert response.headers["Location"] == reverse("calls:organise", args=["our-workshop"])


def test_who_may_not_begin_finds_no_page_for_it(cast) -> None:
    assert cast.statuses(reverse("calls:new")) == {
        "owner": 200,
        "member": 404,
        "outsider": 404,
        "steward": 200,
        "visitor": 302,
    }
