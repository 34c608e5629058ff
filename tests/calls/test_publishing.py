"""A call is published, taken back, prolonged, closed, cancelled and laid aside; those concerned are told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.calls.models import ApplicationState, Call, CallChange, CallState
from samkraft.calls.operations import publishing
from samkraft.calls.operations.applications_erasing import erase
from samkraft.calls.queries import checklist
from samkraft.calls.queries.calls import counts_by_state
from samkraft.calls.queries.story import story
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.operations import IllegalMove
from samkraft.records.refusals import Refused

from .. import factories, factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = NOW + timedelta(days=20)


def draft(**fields):
    """A draft that lacks nothing."""
    call = factories_calls.call(
        state=CallState.DRAFT,
        **{"offer": "<p>A place.</p>", "seed_source": "Lotto", "published_at": None, **fields},
    )
    factories_calls.question(call)
    return call


def ready():
    call = draft()
    return call, factories_calls.organiser(call)


def moves(call):
    rows = TransitionLog.objects.of(call).filter(machine="call")
    return [(row.from_state, row.to_state, row.by_id, row.why) for row in rows]


def mails(kind="calls.receipt"):
    return list(OutboxMessage.objects.filter(kind=kind).order_by("pk"))


def test_published_call_is_open_and_the_log_says_who_did_it() -> None:
    call, person = ready()

    publishing.publish(call=call, by=person, now=NOW)

    call.refresh_from_db()
    assert (call.state, call.published_at) == (CallState.OPEN, NOW)
    assert moves(call) == [("draft", "open", person.pk, "")]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"offer": ""}, "Write a summary and what one gets."),
        ({"opens_at": None}, "Set the day and the time"),
        ({"seed_source": ""}, "Say which public number is used"),
        ({"merit": "threshold"}, "Scores count, so say on which scales"),
        ({"closes_at": NOW}, "The day at which the call closes is over."),
    ],
)
def test_call_that_lacks_something_is_not_published(fields: dict, sentence: str) -> None:
    call = draft(**fields)

    with pytest.raises(Refused, match=sentence):
        publishing.publish(call=call, by=factories_calls.organiser(call), now=NOW)
    assert Call.objects.get(pk=call.pk).state == CallState.DRAFT


def test_call_without_questions_or_with_limits_that_cannot_be_is_not_published() -> None:
    call, person = ready()
    factories_calls.criterion(call, planning=(3, None))

    with pytest.raises(Refused, match="comes to 3, and there are 2 places"):
        publishing.publish(call=call, by=person, now=NOW)
    call.criteria.all().delete()
    call.questions.all().delete()
    with pytest.raises(Refused, match="Add at least one question"):
        publishing.publish(call=call, by=person, now=NOW)


def test_a_draw_by_two_numbers_asks_for_a_second_organiser_and_can_be_published_before() -> None:
    call = draft(seed_kind="two_people")
    factories_calls.organiser(call)
    alone = {point.key: (point.is_done, point.needed) for point in checklist.points_of(call)}
    factories_calls.organiser(call)
    together = {point.key: (point.is_done, point.needed) for point in checklist.points_of(call)}

    assert (alone["second"], together["second"]) == ((False, False), (True, False))
    assert "second" not in {point.key for point in checklist.points_of(draft())}


def test_checklist_says_what_is_left_and_where() -> None:
    call = draft(offer="", merit="threshold")
    points = {point.key: point for point in checklist.points_of(call)}

    assert [key for key, point in points.items() if not point.is_done] == ["about", "review", "people"]
    assert points["about"].url == f"/en/calls/{call.slug}/organise/about/"
    assert not points["people"].needed


def test_reviewers_are_no_point_where_scores_do_not_count() -> None:
    assert "people" not in {point.key for point in checklist.points_of(draft())}


def test_story_is_told_in_sentences_that_say_who_did_what() -> None:
    call, person = ready()
    publishing.publish(call=call, by=person, now=NOW)
    publishing.prolong(call=call, closes_at=LATER, why="More time.", by=person, now=NOW + timedelta(hours=1))
    publishing.close_due(now=LATER)

    assert [line.words for line in story(call)] == [
        "The call closed by itself when its time was over.",
        f"{person} changed the dates.",
        f"{person} published the call.",
    ]


def test_published_call_that_is_not_open_yet_is_not_called_open() -> None:
    call = factories_calls.call(opens_at=NOW + timedelta(days=9000), closes_at=NOW + timedelta(days=9001))
    page = organised_page(call, factories_calls.organiser(call))

    assert "Published, opens " in page
    assert "Spread its page to those who may apply." in page
    assert "/organise/close/" not in page


def test_closing_early_is_offered_only_while_nobody_has_an_unfinished_application() -> None:
    call = factories_calls.call(closes_at=NOW + timedelta(days=9000))
    person = factories_calls.organiser(call)
    assert "/organise/close/" in organised_page(call, person)

    factories_calls.application(call, state=ApplicationState.DRAFT)

    page = organised_page(call, person)
    assert "/organise/close/" not in page
    assert "The call can be closed early when nobody has an unfinished application (now 1)." in page
    assert "<textarea" not in page_at(reverse("calls:close", args=[call.slug]), person)


def organised_page(call, person) -> str:
    return page_at(reverse("calls:organise", args=[call.slug]), person)


def page_at(url: str, person) -> str:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(url).content.decode()


def test_outsider_publishes_nothing() -> None:
    call, _person = ready()

    with pytest.raises(Refused, match="Only those who run the call"):
        publishing.publish(call=call, by=factories.user(), now=NOW)


def test_call_is_taken_back_while_nobody_has_begun_and_not_after() -> None:
    call = factories_calls.call()
    person = factories_calls.organiser(call)
    publishing.take_back(call=call, by=person, now=NOW)
    assert Call.objects.get(pk=call.pk).state == CallState.DRAFT

    begun = factories_calls.call()
    factories_calls.application(begun, state=ApplicationState.DRAFT, submitted_at=None)
    with pytest.raises(Refused, match="stays published"):
        publishing.take_back(call=begun, by=factories_calls.organiser(begun), now=NOW)


def test_prolonging_is_told_to_those_who_have_begun_and_logged() -> None:
    call = factories_calls.call()
    person = factories_calls.organiser(call)
    factories_calls.application(call, "begun@example.org", state=ApplicationState.DRAFT, submitted_at=None)
    factories_calls.application(call, "sent@example.org")
    factories_calls.application(
        call, "unseen@example.org", state=ApplicationState.DRAFT, submitted_at=None, confirmed_at=None
    )

    publishing.prolong(call=call, closes_at=LATER, why="Many are ill.", by=person, now=NOW)

    call.refresh_from_db()
    assert (call.state, call.closes_at) == (CallState.OPEN, LATER)
    assert [mail.to_address for mail in mails()] == ["begun@example.org"]
    assert "Sunday March 22, 2026 at 10:30" in mails()[0].text
    assert "Many are ill." in mails()[0].text
    assert list(CallChange.objects.values_list("part", "why")) == [("when", "Many are ill.")]


def test_closed_call_opens_again_with_a_reason() -> None:
    call = factories_calls.call(state=CallState.CLOSED, closes_at=NOW - timedelta(hours=1))
    person = factories_calls.organiser(call)

    with pytest.raises(Refused, match="Say why"):
        publishing.prolong(call=call, closes_at=LATER, why=" ", by=person, now=NOW)
    with pytest.raises(Refused, match="not over yet"):
        publishing.prolong(call=call, closes_at=NOW, why="x", by=person, now=NOW)
    publishing.prolong(call=call, closes_at=LATER, why="The server was away.", by=person, now=NOW)

    assert moves(call) == [("closed", "open", person.pk, "The server was away.")]


def test_call_in_review_cannot_be_opened_again() -> None:
    call = factories_calls.call(state=CallState.IN_REVIEW)

    with pytest.raises(Refused, match="judged already"):
        publishing.prolong(call=call, closes_at=LATER, why="x", by=factories_calls.organiser(call), now=NOW)


@pytest.mark.parametrize("act", ["close", "shorten"])
def test_time_is_not_shortened_while_somebody_has_an_unfinished_application(act: str) -> None:
    call = factories_calls.call()
    person = factories_calls.organiser(call)
    unfinished = factories_calls.application(call, state=ApplicationState.DRAFT, submitted_at=None)

    def shortened() -> None:
        if act == "close":
            publishing.close_now(call=call, why="Full.", by=person, now=NOW)
        else:
            publishing.prolong(call=call, closes_at=NOW + timedelta(days=1), why="Full.", by=person, now=NOW)

    with pytest.raises(Refused, match="counts on the deadline"):
        shortened()
    erase(application=unfinished, now=NOW)
    factories_calls.application(call)
    shortened()
    assert counts_by_state(call) == {ApplicationState.SUBMITTED: 1}
    assert Call.objects.get(pk=call.pk).closes_at <= NOW + timedelta(days=1)


def test_call_that_has_not_opened_is_not_closed_early() -> None:
    call = factories_calls.call(opens_at=NOW + timedelta(days=1))

    with pytest.raises(Refused, match="has not opened yet"):
        publishing.close_now(call=call, why="x", by=factories_calls.organiser(call), now=NOW)


def test_call_closes_by_the_clock_at_its_deadline_and_its_organisers_are_told_once() -> None:
    call = factories_calls.call()
    person = factories_calls.organiser(call)
    factories_calls.application(call)

    assert publishing.close_due(now=call.closes_at - timedelta(seconds=1)) == 0
    assert publishing.close_due(now=call.closes_at) == 1
    assert publishing.close_due(now=call.closes_at) == 0

    assert moves(call) == [("open", "closed", None, "")]
    (mail,) = mails("calls.work")
    assert (mail.to_user, "1 application was sent in" in mail.text) == (person, True)


def test_cancelled_call_tells_all_who_applied_with_the_reason() -> None:
    call = factories_calls.call()
    person = factories_calls.organiser(call)
    for state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN):
        factories_calls.application(call, f"{state}@example.org", state=state)

    publishing.cancel(call=call, why="No money.", by=person, now=NOW)

    assert {mail.to_address for mail in mails()} == {"draft@example.org", "submitted@example.org"}
    assert all("No money." in mail.text for mail in mails())
    assert moves(call) == [("open", "cancelled", person.pk, "No money.")]


def test_draft_is_not_cancelled_and_committed_call_neither() -> None:
    call, person = ready()
    with pytest.raises(Refused, match="not published"):
        publishing.cancel(call=call, why="x", by=person, now=NOW)

    committed = factories_calls.call(state=CallState.COMMITTED)
    with pytest.raises(IllegalMove):
        publishing.cancel(call=committed, why="x", by=factories_calls.organiser(committed), now=NOW)


def test_announced_call_is_laid_aside() -> None:
    call = factories_calls.call(state=CallState.ANNOUNCED)

    publishing.archive(call=call, by=factories_calls.organiser(call), now=NOW)

    assert Call.objects.get(pk=call.pk).state == CallState.ARCHIVED


def test_of_two_who_publish_at_once_one_is_told(at_once) -> None:
    call = draft()
    people = [factories_calls.organiser(call), factories_calls.organiser(call)]

    results = at_once(lambda place: publishing.publish(call=call, by=people[place], now=NOW), 2)

    refused = [result for result in results if isinstance(result, Refused)]
    assert len(refused) == 1
    assert moves(call) == [("draft", "open", moves(call)[0][2], "")]


def test_two_workers_close_a_call_once(at_once) -> None:
    call = factories_calls.call()

    assert sorted(at_once(lambda place: publishing.close_due(now=call.closes_at), 2)) == [0, 1]
    assert len(moves(call)) == 1
