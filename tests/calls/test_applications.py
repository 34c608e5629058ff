"""An application from the first word to the last, by its operations."""

from datetime import timedelta

import pytest

from samkraft.calls.models import (
    Answer,
    Applicants,
    Application,
    ApplicationState,
    Applying,
    CallState,
    Comparison,
    Eligibility,
    QuestionKind,
)
from samkraft.calls.operations import applications as beginning
from samkraft.calls.operations import applications_remembering as remembering
from samkraft.calls.operations.applications_sending import (
    Incomplete,
    Overtaken,
    hand_in,
    restore,
    save,
    submit,
    withdraw,
)
from samkraft.calls.queries.applications import has_unsent
from samkraft.calls.rules.answers import Typed, fault, kept, shown
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from tests import factories_networks

from .. import factories, factories_calls
from ..factories import NOW
from .test_features import _population

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = NOW + timedelta(hours=1)


def sent_in(call, email: str = "eva@example.org", **given) -> Application:
    said = {"name": "Eva", "place": factories.area(), "role": "employee", "sector": "planning", "now": NOW}
    return hand_in(call=call, email=email, **{**said, **given})


def begun(call, email: str = "eva@example.org") -> Application:
    return beginning.begin(call=call, email=email, language="en", now=NOW)


FILLED = Typed(name="Eva", place="SE-1493", role="employee", sector="planning")


@pytest.mark.parametrize(
    ("kind", "limits", "text", "sentence"),
    [
        (QuestionKind.LONG_TEXT, {}, "", "Write an answer."),
        (QuestionKind.LONG_TEXT, {}, " \n ", "Write an answer."),
        (QuestionKind.LONG_TEXT, {"most": 3}, "abcd", "The answer is 1 character too long."),
        (QuestionKind.LONG_TEXT, {"most": 3}, "abc", ""),
        (QuestionKind.LONG_TEXT, {"most": 3}, "ab\n", ""),
        (QuestionKind.TEXT, {"least": 5}, "abc", "Write at least 5 characters. Now there are 3."),
        (QuestionKind.NUMBER, {}, "many", "Write a number with digits."),
        (QuestionKind.NUMBER, {}, "1e400", "Write a number with digits."),
        (QuestionKind.NUMBER, {"least": 2}, "1,5", "The number is to be at least 2."),
        (QuestionKind.NUMBER, {"most": 2}, "2.5", "The number is to be at most 2."),
        (QuestionKind.NUMBER, {"least": 2, "most": 3}, "2,5", ""),
        (QuestionKind.CHOICE, {}, "other", "Choose one of the answers."),
        (QuestionKind.CHOICE, {}, "old", ""),
        (QuestionKind.CONSENT, {}, "", "You need to agree to this to apply."),
        (QuestionKind.FILE, {}, "", "Add a file."),
        (QuestionKind.LONG_TEXT, {"is_required": False}, "", ""),
        (QuestionKind.FILE, {"is_required": False}, "", ""),
    ],
)
def test_fault_of_an_answer_is_one_sentence(kind, limits, text, sentence) -> None:
    call = factories_calls.call()
    choices = [{"value": "old", "label": "Old"}]
    question = factories_calls.question(call, kind=kind, choices=choices, **limits)

    assert fault(question, text) == sentence


def test_numbers_are_kept_in_one_way_and_shown_in_the_readers() -> None:
    question = factories_calls.question(factories_calls.call(), kind=QuestionKind.NUMBER)

    assert kept(question, " 1 250,50 ") == "1250.50"
    assert shown(question, "1250.50") == "1,250.50"


def test_what_was_typed_is_the_same_when_it_comes_back() -> None:
    typed = Typed(name="Eva", place="SE-1493", answers={3: "Because", 4: ""})

    assert Typed.of(typed.as_working()) == Typed(name="Eva", place="SE-1493", answers={3: "Because"})


def test_sending_in_keeps_the_answers_and_mails_a_receipt_with_a_copy() -> None:
    call = factories_calls.call(announce_on=(NOW + timedelta(days=40)).date())
    why = factories_calls.question(call, label="Why do you want to come?")
    level = factories_calls.choice_question(call, "new", "experienced", label="How experienced are you?")
    empty = factories_calls.question(call, is_required=False)

    application = sent_in(call, answers={why: " To learn\nmore ", level.pk: "new"}, language="en")

    assert (application.state, application.submitted_at, application.confirmed_at) == ("submitted", NOW, NOW)
    assert (application.name, application.place.key, application.role) == ("Eva", "SE-1493", "employee")
    assert list(application.answers.values_list("question", "text")) == [(why.pk, "To learn\nmore"), (level.pk, "new")]
    assert empty.pk not in application.answers.values_list("question", flat=True)
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.kind) == ("eva@example.org", "calls.receipt")
    for words in ("Why do you want to come?", "To learn\nmore", "New", "March 12, 2026", "April 11, 2026", "Mariestad"):
        assert words in mail.text
    log = TransitionLog.objects.of(application).get()
    assert (log.from_state, log.to_state, log.by) == ("draft", "submitted", None)


def test_sending_in_with_something_missing_says_what() -> None:
    call = factories_calls.call()
    why = factories_calls.question(call, label="Why?")
    application = begun(call)
    save(application=application, typed=Typed(name="Eva"), now=NOW)

    with pytest.raises(Incomplete) as refused:
        submit(application=application, now=NOW)

    assert [(one.field, one.sentence) for one in refused.value.faults] == [
        ("place", "Choose the municipality or county where you work or are elected."),
        ("role", "Choose your role."),
        ("sector", "Choose the sector that comes closest."),
        (f"q{why.pk}", "Write an answer."),
    ]
    application.refresh_from_db()
    assert (application.state, Answer.objects.count()) == ("draft", 0)


def test_sending_in_the_same_twice_changes_nothing() -> None:
    application = sent_in(factories_calls.call())

    submit(application=application, now=LATER)

    application.refresh_from_db()
    assert application.submitted_at == NOW
    assert OutboxMessage.objects.count() == 1


def test_changes_wait_until_they_are_sent_in_anew() -> None:
    call = factories_calls.call()
    why = factories_calls.question(call)
    application = sent_in(call, answers={why: "First"})

    changed = save(application=application, typed=Typed(**{**vars(FILLED), "answers": {why.pk: "Second"}}), now=LATER)
    assert has_unsent(changed)
    assert application.answers.get().text == "First"

    submit(application=application, now=LATER)
    application.refresh_from_db()
    assert (application.answers.get().text, has_unsent(application), application.submitted_at) == (
        "Second",
        False,
        LATER,
    )
    assert OutboxMessage.objects.filter(kind="calls.receipt").count() == 2


def test_two_windows_the_later_is_told_and_loses_nothing() -> None:
    application = begun(factories_calls.call())
    save(application=application, typed=Typed(name="From the first"), version=0, now=NOW)

    with pytest.raises(Overtaken) as overtaken:
        save(application=application, typed=Typed(name="From the second"), version=0, now=LATER)

    assert overtaken.value.current.working == {"name": "From the first"}
    saved = save(application=application, typed=Typed(name="From the second"), version=1, now=LATER)
    assert (saved.working, saved.version) == ({"name": "From the second"}, 2)


def test_saving_what_stands_there_already_is_no_change() -> None:
    application = begun(factories_calls.call())
    save(application=application, typed=FILLED, version=0, now=NOW)

    again = save(application=application, typed=FILLED, version=0, now=LATER)

    assert (again.version, again.working_at) == (1, NOW)


def test_sending_in_what_another_window_has_changed_is_told() -> None:
    application = begun(factories_calls.call())
    save(application=application, typed=FILLED, now=NOW)

    with pytest.raises(Overtaken):
        submit(application=application, version=0, now=NOW)
    assert submit(application=application, version=1, now=NOW).state == "submitted"


def test_withdrawing_and_putting_back() -> None:
    call = factories_calls.call()
    why = factories_calls.question(call)
    application = sent_in(call, answers={why: "Because"})

    withdraw(application=application, now=NOW)
    withdraw(application=application, now=NOW)
    application.refresh_from_db()
    assert (application.state, application.answers.count()) == ("withdrawn", 1)

    restore(application=application, now=LATER)
    application.refresh_from_db()
    assert (application.state, application.answers.get().text) == ("submitted", "Because")
    assert OutboxMessage.objects.filter(kind="calls.receipt").count() == 3


def test_withdrawn_application_is_sent_in_anew_with_changes() -> None:
    call = factories_calls.call()
    application = sent_in(call)
    withdraw(application=application, now=NOW)

    save(application=application, typed=Typed(**{**vars(FILLED), "name": "Eva Ek"}), now=LATER)
    submit(application=application, now=LATER)

    application.refresh_from_db()
    assert (application.state, application.name) == ("submitted", "Eva Ek")


@pytest.mark.parametrize("state", [CallState.COMMITTED, CallState.DRAWN, CallState.ANNOUNCED])
def test_withdrawing_is_too_late_once_the_draw_is_prepared(state) -> None:
    call = factories_calls.call()
    application = sent_in(call)
    type(call).objects.update(state=state)

    with pytest.raises(Refused):
        withdraw(application=application, now=NOW)


def test_putting_back_is_too_late_after_the_deadline() -> None:
    call = factories_calls.call()
    application = sent_in(call)
    withdraw(application=application, now=NOW)

    with pytest.raises(Refused):
        restore(application=application, now=call.closes_at)
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_application_that_the_organiser_left_out_is_not_sent_in_anew() -> None:
    call = factories_calls.call()
    application = sent_in(call)
    Application.objects.update(state=ApplicationState.EXCLUDED)
    save(application=application, typed=Typed(name="Eva Ek"), now=NOW)

    with pytest.raises(Refused, match="not taken up"):
        submit(application=application, now=NOW)


def test_several_people_of_one_municipality_apply() -> None:
    call = factories_calls.call()

    sent_in(call, "eva@example.org")
    sent_in(call, "bo@example.org")

    assert Application.objects.submitted().count() == 2
    assert Applying.objects.count() == 0


def test_municipality_applies_once_and_is_free_again_when_it_withdraws() -> None:
    call = factories_calls.call(applicants=Applicants.MUNICIPALITY)
    first = sent_in(call, "eva@example.org")

    with pytest.raises(Refused) as refused:
        sent_in(call, "bo@example.org")
    assert str(refused.value).startswith("An application for Mariestad has been sent in already")
    assert "eva" not in str(refused.value).lower()

    withdraw(application=first, now=NOW)
    sent_in(call, "bo@example.org")
    with pytest.raises(Refused):
        restore(application=first, now=NOW)
    assert Applying.objects.get().application.email == "bo@example.org"


def test_county_does_not_apply_where_municipalities_do() -> None:
    call = factories_calls.call(applicants=Applicants.MUNICIPALITY)

    with pytest.raises(Incomplete):
        sent_in(call, place=factories.county())


def test_place_that_the_rules_leave_out_is_told_why() -> None:
    call = factories_calls.call(applicants=Applicants.MUNICIPALITY)
    Eligibility.objects.create(
        call=call, fact="population", comparison=Comparison.AT_MOST, value=15_000, edition="people-2006"
    )
    small, large = factories.area("1447", "Gullspång"), factories.area("1473", "Töreboda")
    _population(small, 15_000)
    _population(large, 15_001)

    assert sent_in(call, place=small).state == "submitted"
    with pytest.raises(Refused) as refused:
        sent_in(call, "bo@example.org", place=large)
    assert str(refused.value) == (
        "Töreboda has 15,001 inhabitants (People, people-2006). The call is for those with at most 15,000 inhabitants."
    )


def test_actor_applies_once_by_its_name_and_is_known_when_it_is_the_applicants_own() -> None:
    call = factories_calls.call(applicants=Applicants.ACTOR)
    actor = factories_networks.actor(name="The bakery")
    person = factories_networks.speaker(actor, person=factories.user("eva@example.org"))

    own = sent_in(call, user=person, actor_name="the Bakery", role="", sector="")
    assert (own.actor, own.actor_name) == (actor, "the Bakery")

    with pytest.raises(Refused, match="sent in already"):
        sent_in(call, "bo@example.org", actor_name="The  bakery", role="", sector="")
    other = sent_in(call, "bo@example.org", actor_name="The dairy", role="", sector="")
    assert (other.actor, other.role) == (None, "")


def test_stranger_who_names_an_actor_is_not_taken_for_it() -> None:
    call = factories_calls.call(applicants=Applicants.ACTOR)
    factories_networks.actor(name="The bakery")

    application = sent_in(call, actor_name="The bakery", role="", sector="")

    assert application.actor is None


def test_drafts_are_reminded_once_three_days_before_the_deadline() -> None:
    call = factories_calls.call()
    in_time = begun(call, "eva@example.org")
    save(application=in_time, typed=FILLED, now=NOW)
    begun(call, "never-used@example.org")
    sent_in(call, "done@example.org")
    late = beginning.begin(call=call, email="late@example.org", language="en", now=call.closes_at - timedelta(days=2))
    save(application=late, typed=FILLED, now=NOW)

    before = call.closes_at - timedelta(days=3, minutes=1)
    assert remembering.remind_of_drafts(now=before) == 0
    assert remembering.remind_of_drafts(now=call.closes_at - timedelta(days=2)) == 1
    assert remembering.remind_of_drafts(now=call.closes_at - timedelta(days=1)) == 0
    mail = OutboxMessage.objects.get(kind="calls.deadline")
    assert (mail.to_address, mail.useful_until) == ("eva@example.org", call.closes_at)


def test_nobody_is_reminded_of_a_call_that_is_over_or_cancelled() -> None:
    call = factories_calls.call()
    save(application=begun(call), typed=FILLED, now=NOW)

    assert remembering.remind_of_drafts(now=call.closes_at) == 0
    type(call).objects.update(state=CallState.CANCELLED)
    assert remembering.remind_of_drafts(now=call.closes_at - timedelta(days=1)) == 0


def test_what_was_never_sent_in_is_forgotten_in_time() -> None:
    call = factories_calls.call()
    begun(call, "never-used@example.org")
    draft = begun(call, "draft@example.org")
    save(application=draft, typed=FILLED, now=NOW)
    withdrawn = withdraw(application=sent_in(call, "withdrawn@example.org"), now=NOW)
    kept_on = sent_in(call, "kept@example.org")

    assert remembering.forget_unsent(now=call.closes_at + timedelta(days=30)) == 0
    assert remembering.forget_unsent(now=call.closes_at + timedelta(days=31)) == 1
    assert not Application.objects.filter(email="never-used@example.org").exists()
    assert remembering.forget_unsent(now=call.closes_at + timedelta(days=181)) == 2
    withdrawn.refresh_from_db()
    assert (withdrawn.name, withdrawn.erased_at) == ("", call.closes_at + timedelta(days=181))
    assert set(Application.objects.values_list("pk", flat=True)) == {withdrawn.pk, kept_on.pk}
    assert set(OutboxMessage.objects.values_list("to_address", flat=True)) == {"kept@example.org"}
