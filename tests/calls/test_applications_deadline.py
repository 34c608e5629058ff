"""The deadline: what reaches us before it counts, nothing after it does, and nothing that was typed is lost."""

from datetime import timedelta
from threading import Semaphore

import pytest
from django.db import connection
from django.urls import reverse

from samkraft.calls import links
from samkraft.calls.models import (
    CALL,
    Answer,
    Applicants,
    Application,
    ApplicationState,
    Applying,
    Call,
    CallState,
    QuestionKind,
)
from samkraft.calls.operations import applications as beginning
from samkraft.calls.operations.applications_sending import hand_in, save, submit
from samkraft.calls.rules.answers import Typed
from samkraft.calls.rules.applying import Window, window
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused

from .. import factories, factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MOMENT = timedelta(microseconds=1)
FILLED = Typed(name="Eva", place="SE-1493", role="employee", sector="planning")


@pytest.mark.parametrize(
    ("state", "after_opening", "to_deadline", "expected"),
    [
        (CallState.OPEN, timedelta(0), timedelta(days=1), Window.OPEN),
        (CallState.OPEN, -MOMENT, timedelta(days=1), Window.NOT_YET),
        (CallState.OPEN, timedelta(days=1), MOMENT, Window.OPEN),
        (CallState.OPEN, timedelta(days=1), timedelta(0), Window.OVER),
        (CallState.DRAFT, timedelta(0), timedelta(days=1), Window.NOT_YET),
        (CallState.CLOSED, timedelta(days=1), timedelta(days=1), Window.OVER),
        (CallState.CANCELLED, timedelta(days=1), timedelta(days=1), Window.CANCELLED),
    ],
)
def test_window_is_open_from_its_first_moment_and_not_at_its_last(state, after_opening, to_deadline, expected) -> None:
    call = Call(state=state, opens_at=NOW - after_opening, closes_at=NOW + to_deadline)

    assert window(call, NOW) == expected


def test_sending_in_a_moment_before_the_deadline_counts_and_at_it_does_not() -> None:
    call = factories_calls.call()
    for email, at in (("first@example.org", call.closes_at - MOMENT), ("late@example.org", call.closes_at)):
        application = beginning.begin(call=call, email=email, language="en", now=NOW)
        save(application=application, typed=FILLED, now=NOW)
        if at < call.closes_at:
            submit(application=application, now=at)
        else:
            with pytest.raises(Refused, match=r"The call closed on Thursday March 12, 2026 at 10:30"):
                submit(application=application, now=at)

    assert dict(Application.objects.values_list("email", "state")) == {
        "first@example.org": "submitted",
        "late@example.org": "draft",
    }


def test_what_came_in_time_counts_though_the_clock_has_closed_the_call_meanwhile() -> None:
    call = factories_calls.call()
    application = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)
    save(application=application, typed=FILLED, now=NOW)
    log_transition(subject=call, machine=CALL, to=CallState.CLOSED, by=None, now=call.closes_at)

    submit(application=application, now=call.closes_at - MOMENT)

    assert Application.objects.submitted().count() == 1


def test_call_that_its_organiser_closed_early_takes_nothing_more() -> None:
    call = factories_calls.call()
    application = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)
    save(application=application, typed=FILLED, now=NOW)
    log_transition(subject=call, machine=CALL, to=CallState.CLOSED, by=factories_calls.organiser(call), now=NOW)

    with pytest.raises(Refused, match="The call takes no more applications"):
        submit(application=application, now=NOW)


def test_saving_after_the_deadline_keeps_what_was_typed() -> None:
    call = factories_calls.call()
    application = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)

    save(application=application, typed=FILLED, version=0, now=call.closes_at + timedelta(hours=1))

    application.refresh_from_db()
    assert (application.working["name"], application.state) == ("Eva", "draft")


@pytest.mark.parametrize("button", ["preview", "later", "stay"])
def test_form_that_comes_too_late_is_kept_and_answered_politely(button: str, client, monkeypatch) -> None:
    call = factories_calls.call(contact_email="organiser@example.org")
    application = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)
    monkeypatch.setattr("django.utils.timezone.now", lambda: call.closes_at)

    page = client.post(links.form_path(application), {"name": "Eva", "version": "0", button: "1"}, follow=True)

    assert page.redirect_chain[-1][0] == links.application_path(application)
    text = page.content.decode()
    for words in (
        "The call closed on Thursday March 12, 2026 at 10:30",
        "What you have written is kept.",
        "Your application was begun and not sent in, so it takes no part.",
        "<dd>Eva</dd>",
        "organiser@example.org",
    ):
        assert words in text
    application.refresh_from_db()
    assert application.working == {"name": "Eva"}


def test_one_who_had_sent_in_and_changes_too_late_is_told_what_counts(client, monkeypatch) -> None:
    call = factories_calls.call()
    application = hand_in(
        call=call,
        email="eva@example.org",
        name="Eva",
        place=factories.area(),
        role="employee",
        sector="planning",
        now=NOW,
    )
    monkeypatch.setattr("django.utils.timezone.now", lambda: call.closes_at)

    client.post(links.form_path(application), {"name": "Eva Ek", "version": "1", "preview": "1"})
    page = client.post(reverse("calls:application_preview", args=[links.token_of(application)]), follow=True)

    text = page.content.decode()
    assert "The call has closed, so what was sent in before counts." in text
    assert "<dd>Eva Ek</dd>" in text and "<dd>Eva</dd>" in text
    application.refresh_from_db()
    assert (application.name, application.state) == ("Eva", "submitted")


def test_autosave_after_the_deadline_keeps_and_tells(client, monkeypatch) -> None:
    call = factories_calls.call()
    application = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)
    monkeypatch.setattr("django.utils.timezone.now", lambda: call.closes_at)

    answer = client.post(
        reverse("calls:application_autosave", args=[links.token_of(application)]), {"name": "Eva", "version": "0"}
    )

    assert answer.json()["said"] == "The call closed on Thursday March 12, 2026 at 10:30. Saved 10:30"


def test_preview_and_form_of_a_closed_call_lead_to_the_overview(client, monkeypatch) -> None:
    call = factories_calls.call()
    application = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)
    monkeypatch.setattr("django.utils.timezone.now", lambda: call.closes_at)
    token = links.token_of(application)

    for name in ("application_form", "application_preview"):
        answer = client.get(reverse(f"calls:{name}", args=[token]))
        assert answer.headers["Location"] == links.application_path(application)


def test_two_hundred_in_the_last_moment_none_is_lost_none_double_none_late(at_once) -> None:
    call = factories_calls.call()
    question = factories_calls.question(call)
    factories.area()
    people = 200
    # PostgreSQL takes them all at once; on SQLite the site's own server works on eight requests at a time.
    turns = Semaphore(people if connection.vendor == "postgresql" else 8)

    def work(place: int) -> str:
        with turns:
            return apply(place)

    def apply(place: int) -> str:
        # Every fourth comes at the deadline itself; each presses twice.
        at = call.closes_at if place % 4 == 3 else call.closes_at - MOMENT
        application = beginning.begin(call=call, email=f"p{place}@example.org", language="en", now=NOW)
        typed = Typed(**{**vars(FILLED), "name": f"P {place}", "answers": {question.pk: f"Answer {place}"}})
        save(application=application, typed=typed, version=0, now=NOW)
        for _press in range(2):
            submit(application=application, now=at)
        return application.email

    results = at_once(work, people)

    in_time = {f"p{place}@example.org" for place in range(people) if place % 4 != 3}
    assert {result for result in results if isinstance(result, str)} == in_time
    assert all(isinstance(result, Refused) for result in results if not isinstance(result, str))
    rows = Application.objects.submitted()
    assert set(rows.values_list("email", flat=True)) == in_time
    assert {f"Answer {row.name.split()[1]}" for row in rows} == set(Answer.objects.values_list("text", flat=True))
    assert Answer.objects.count() == len(in_time)
    assert OutboxMessage.objects.filter(kind="calls.receipt").count() == len(in_time)
    assert TransitionLog.objects.filter(machine="application").count() == len(in_time)
    late = Application.objects.filter(state=ApplicationState.DRAFT)
    assert {row.working["name"] for row in late} == {f"P {place}" for place in range(3, people, 4)}


def test_one_application_sent_in_from_many_windows_at_once_counts_once(at_once) -> None:
    call = factories_calls.call()
    factories_calls.question(call, kind=QuestionKind.CONSENT)
    factories.area()
    application = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)
    typed = Typed(**{**vars(FILLED), "answers": {call.questions.get().pk: "yes"}})
    save(application=application, typed=typed, now=NOW)

    results = at_once(lambda _place: submit(application=application, now=NOW).state, 6)

    assert results == ["submitted"] * 6
    assert (Answer.objects.count(), OutboxMessage.objects.filter(kind="calls.receipt").count()) == (1, 1)


def test_two_people_of_one_municipality_at_once_one_applies_and_one_is_told(at_once) -> None:
    call = factories_calls.call(applicants=Applicants.MUNICIPALITY)
    area = factories.area()

    def work(place: int) -> str:
        made = hand_in(
            call=call, email=f"p{place}@example.org", name="P", place=area, role="elected", sector="other", now=NOW
        )
        return made.state

    results = at_once(work, 4)

    assert results.count("submitted") == 1
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert (Application.objects.submitted().count(), Applying.objects.count()) == (1, 1)


def test_two_windows_that_save_at_once_the_later_is_told(at_once) -> None:
    call = factories_calls.call()
    application = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)

    def work(place: int) -> int:
        return save(application=application, typed=Typed(name=f"P {place}"), version=0, now=NOW).version

    results = at_once(work, 4)

    assert results.count(1) == 1
    assert sum(isinstance(result, Refused) for result in results) == 3
