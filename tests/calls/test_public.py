"""What everybody reads of calls: the list and each call's page, kept no longer than it is true."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samkraft.calls.models import CALL, ApplicationState, Call, CallState, Comparison, Merit
from samkraft.calls.operations import publishing
from samkraft.records.operations import log_transition
from samkraft.ui import page_cache

from .. import factories, factories_calls, factories_networks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def opened(**fields):
    """A call that is open as the clock is now."""
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=10), "published_at": now}
    return factories_calls.call(**{**window, **fields})


def page_of(call, client=None) -> str:
    response = (client or Client()).get(reverse("calls:call", args=[call.slug]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def index(query="") -> str:
    return " ".join(Client().get(reverse("calls:index") + query).content.decode().split())


def test_page_tells_what_who_when_and_how() -> None:
    call = opened(
        offer="<p>Four mornings.</p>",
        municipality_cap=2,
        merit=Merit.THRESHOLD,
        merit_threshold=3,
        seed_source="Lotto of 3 July.",
        seats=50,
        contact_email="ask@example.org",
    )
    call.eligibility.create(fact="population", comparison=Comparison.AT_MOST, value=15_000)
    factories_calls.scale(call, label="Motivation")
    factories_calls.question(call, label="Why you?")
    factories_calls.criterion(call, planning=(5, 20))

    page = page_of(call)

    for words in (
        "Four mornings.",
        "You work in a municipality or a county, or are elected in one.",
        "The municipality has at most 15,000 inhabitants.",
        "Each application is read by 2 reviewers. They do not see who wrote it.",
        "They give points for: Motivation.",
        "Those who reach 3 points take part in the draw.",
        "50 places are drawn so that all the limits hold.",
        "At most 2 come from one municipality.",
        "5 to 20",
        "a number that nobody knows beforehand: Lotto of 3 July.",
        "Anybody can check the draw afterwards",
        "10 days left",
        "Why you?",
        f'href="/en/calls/{call.slug}/apply/"',
        f'href="/en/calls/{call.slug}/calendar.ics"',
        '<meta property="og:title"',
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("state", "words", "applies"),
    [
        (CallState.CLOSED, "The applications are being looked through.", False),
        (CallState.COMMITTED, "All is ready for the draw.", False),
        (CallState.DRAWN, "The draw is done. Those who applied hear soon.", False),
        (CallState.ANNOUNCED, "Those who applied have been told.", False),
        (CallState.CANCELLED, "This call is cancelled. Nobody is chosen.", False),
        (CallState.OPEN, "You need no account.", True),
    ],
)
def test_page_says_politely_where_the_call_stands(state: str, words: str, applies: bool) -> None:
    call = opened(state=state)
    page = page_of(call)

    assert (words in page, f'/calls/{call.slug}/apply/"' in page) == (True, applies)


def facts_of(page: str) -> str:
    return page.partition('<dl class="facts-list">')[2].partition("</dl>")[0]


def test_page_speaks_of_what_has_been_as_what_was() -> None:
    now = timezone.now()
    call = opened(announce_on=(now + timedelta(days=20)).date())
    page = page_of(call)
    assert ("How to apply" in page, "Applications are closed" in page) == (True, False)
    for words in ("<dt>Opened</dt>", "<dt>Closes</dt>", "<dt>You hear by</dt>"):
        assert words in facts_of(page)

    Call.objects.update(state=CallState.DRAWN, closes_at=now - timedelta(hours=1))
    page_cache.changed(call.tag)
    page = page_of(call)
    assert ("How to apply" in page, "Applications are closed" in page) == (False, True)
    assert "<dt>Closed on</dt>" in facts_of(page) and "<dt>You hear by</dt>" in facts_of(page)
    assert f'href="/en/calls/{call.slug}/report/">How those who get a place are chosen' in page

    Call.objects.update(state=CallState.DECIDED)
    call.refresh_from_db()
    page_cache.changed(call.tag)
    log_transition(subject=call, machine=CALL, to=CallState.ANNOUNCED, by=factories_calls.organiser(call), now=now)
    page = page_of(call)
    assert "<dt>Those who applied were told</dt>" in facts_of(page) and "You hear by" not in facts_of(page)
    assert f'href="/en/calls/{call.slug}/report/">How those who got a place were chosen' in page


def test_call_closed_early_is_not_said_to_have_closed_at_its_deadline() -> None:
    page = page_of(opened(state=CallState.CLOSED))
    assert "The call has closed, so nobody can apply to it any more." in page
    assert ("<dt>Closes</dt>" in page, "<dt>Closed on</dt>" in page) == (False, False)


def test_reader_of_another_language_is_told_in_which_the_call_is_written() -> None:
    call = opened(summary="Four mornings.")
    page = page_of(call)
    assert "The call is written in Swedish." in page and '<p class="statement" lang="sv">Four mornings.' in page
    page = Client().get(call.get_absolute_url().replace("/en/", "/sv/")).content.decode()
    assert "Swedish" not in page and "skriven på svenska" not in page


def test_cancelled_call_says_why() -> None:
    call = opened()
    publishing.cancel(call=call, why="No money.", by=factories_calls.organiser(call), now=timezone.now())

    assert "No money." in page_of(call)


def test_call_that_opens_later_says_when_and_has_no_button() -> None:
    now = timezone.now()
    page = page_of(opened(opens_at=now + timedelta(days=2)))

    assert ("Opens in 2 days" in page, "/apply/" in page) == (True, False)


def test_draft_is_seen_by_its_organisers_only(cast) -> None:
    call = factories_calls.call(factories.area("1440", "Ale"), state=CallState.DRAFT, published_at=None)
    person = factories_calls.organiser(call)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert "This is a draft" in page_of(call, client)
    assert cast.statuses(call.get_absolute_url()) == {
        "owner": 404,
        "member": 404,
        "outsider": 404,
        "steward": 200,
        "visitor": 404,
    }
    assert call.title not in index()
    assert Client().get(reverse("calls:call_calendar", args=[call.slug])).status_code == 404


def test_page_is_kept_and_made_anew_when_the_call_changes(django_assert_num_queries) -> None:
    call = opened()
    client = Client()
    client.get(call.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(call.get_absolute_url())
    until = timezone.now() + timedelta(days=30)
    publishing.prolong(
        call=call, closes_at=until, why="More time.", by=factories_calls.organiser(call), now=timezone.now()
    )

    assert "More time." in page_of(call)


def test_page_that_closes_soon_is_kept_no_longer_than_that() -> None:
    call = opened(closes_at=timezone.now() + timedelta(seconds=40))
    response = Client().get(call.get_absolute_url())

    assert "Less than an hour left" in response.content.decode()
    assert all(page.until - page_cache.time.monotonic() <= 40 for page in page_cache.store._pages.values())


def test_list_has_what_is_open_first_then_what_opens_then_what_closed() -> None:
    now = timezone.now()
    opened(title="Closes late", closes_at=now + timedelta(days=30))
    opened(title="Closes soon", closes_at=now + timedelta(days=2))
    opened(title="Opens later", opens_at=now + timedelta(days=1))
    opened(title="Was closed", state=CallState.CLOSED, closes_at=now - timedelta(hours=2))
    opened(title="Past its time", closes_at=now - timedelta(hours=1))
    opened(title="Was cancelled", state=CallState.CANCELLED)
    page = index()

    places = [
        page.index(title) for title in ("Closes soon", "Closes late", "Opens later", "Past its time", "Was closed")
    ]
    assert places == sorted(places)
    assert "Was cancelled" not in page


def test_list_is_narrowed_by_country_and_kind() -> None:
    opened(title="Swedish workshop")
    opened(title="Norwegian grant", country="NO", kind="grant")

    assert ("Swedish workshop" in index("?country=no"), "Norwegian grant" in index("?country=no")) == (False, True)
    assert ("Swedish workshop" in index("?kind=workshop"), "Norwegian grant" in index("?kind=workshop")) == (
        True,
        False,
    )
    assert "There is no open call of that kind now." in index("?kind=grant&country=se")
    assert "Swedish workshop" in index("?kind=%00magic&page=x")


def test_empty_list_says_what_will_be_here() -> None:
    assert "No call is open now" in index()


def test_closed_calls_come_in_pages() -> None:
    now = timezone.now()
    for number in range(31):
        closed = {"state": CallState.CLOSED, "closes_at": now - timedelta(hours=number + 1)}
        opened(title=f"Old {number}.", opens_at=now - timedelta(days=9), **closed)

    assert ("Old 29." in index(), "Old 30." in index(), "Old 30." in index("?page=2")) == (True, False, True)


@pytest.mark.parametrize("name", ["index", "calendar", "export"])
def test_lists_cost_the_same_with_one_and_three(name: str, django_assert_max_num_queries) -> None:
    def made() -> None:
        opened()
        opened(actor=factories_networks.actor())
        opened(state=CallState.ANNOUNCED, closes_at=timezone.now() - timedelta(hours=1))
        page_cache.store.clear()

    made()
    Client().get(reverse(f"calls:{name}"))
    page_cache.store.clear()
    with django_assert_max_num_queries(14) as one:
        Client().get(reverse(f"calls:{name}"))
    made()
    made()
    with django_assert_max_num_queries(14) as three:
        Client().get(reverse(f"calls:{name}"))

    assert len(three) == len(one)


def test_page_costs_the_same_with_one_and_three_of_everything(django_assert_max_num_queries) -> None:
    call = opened(merit=Merit.THRESHOLD, merit_threshold=2)

    def more(number: int) -> None:
        asked = factories_calls.choice_question(call, "a", "b")
        call.criteria.create(source="question", question=asked, position=9).limits.create(value="a", minimum=1)
        factories_calls.scale(call)
        call.eligibility.create(fact="population", comparison=["at_most", "at_least", "is_true"][number], value=5)
        page_cache.store.clear()

    more(0)
    Client().get(call.get_absolute_url())
    page_cache.store.clear()
    with django_assert_max_num_queries(25) as one:
        Client().get(call.get_absolute_url())
    more(1)
    more(2)
    with django_assert_max_num_queries(25) as three:
        Client().get(call.get_absolute_url())

    assert len(three) == len(one)


def test_file_of_calls_has_each_published_one() -> None:
    opened(title="=1+1")
    factories_calls.call(state=CallState.DRAFT, published_at=None)
    text = Client().get(reverse("calls:export")).content.decode("utf-8-sig")

    assert [row["title"] for row in csv.DictReader(StringIO(text), delimiter=";")] == ["'=1+1"]


def test_who_has_begun_an_application_is_on_no_public_page() -> None:
    call = opened()
    factories_calls.application(call, "secret@example.org", name="Secret Person", state=ApplicationState.DRAFT)

    assert "Secret" not in page_of(call) + index()
    assert Call.objects.count() == 1
