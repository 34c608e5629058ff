"""Answers by link: accepted, given back, too late, reminded of, taken back; on the list and leaving it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.calls.models import CallState, Decision
from samkraft.calls.operations import replies
from samkraft.calls.operations.decisions_telling import decision_of, token_of
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused

from .. import factories
from ..factories import NOW
from ..factories_decisions import Drawn, drawn
from .test_decisions_pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = NOW + timedelta(days=1)
TOO_LATE = NOW + timedelta(days=11)


def offered(**fields) -> Drawn:
    return drawn(
        **{"places": {"ada": {}}, "waiting": {"eva": {}}, "no": {"gun": {}}, "state": CallState.ANNOUNCED, **fields}
    )


def mails(at: Drawn, name: str) -> list[str]:
    rows = OutboxMessage.objects.filter(to_address=at[name].application.email).order_by("pk")
    return [mail.subject.split(":")[0] for mail in rows]


# --- Answering --------------------------------------------------------------------------------------------------------


def test_accepting_is_kept_once_with_a_receipt() -> None:
    at = offered()

    replies.accept(decision=at["ada"], now=LATER)
    replies.accept(decision=at["ada"], now=TOO_LATE)

    assert (at["ada"].reply, at["ada"].replied_at) == ("accepted", LATER)
    assert mails(at, "ada") == ["You have accepted your place"]


def test_accepted_place_can_be_given_back_even_after_the_last_day() -> None:
    at = offered()
    replies.accept(decision=at["ada"], now=LATER)

    replies.decline(decision=at["ada"], now=TOO_LATE)

    assert (at["ada"].reply, at["eva"].outcome) == ("declined", "place")
    assert mails(at, "ada") == ["You have accepted your place", "You have given your place back"]


def test_declined_place_cannot_be_taken_again() -> None:
    at = offered()
    replies.decline(decision=at["ada"], now=LATER)
    with pytest.raises(Refused, match="You have given the place back, and it is offered to somebody else"):
        replies.accept(decision=at["ada"], now=LATER)


def test_after_the_deadline_it_is_told_politely() -> None:
    at = offered()
    Decision.objects.filter(pk=at["ada"].pk).update(answer_by=NOW + timedelta(hours=1))

    replies.accept(decision=at["ada"], now=NOW + timedelta(hours=1))
    Decision.objects.filter(pk=at["ada"].pk).update(reply="none")
    with pytest.raises(Refused) as refused:
        replies.accept(decision=at["ada"], now=NOW + timedelta(hours=1, seconds=1))

    assert str(refused.value) == (
        "The last time to answer was March 2, 2026 at 11:30, so the place goes to somebody else."
        " Write to the organiser."
    )


def test_who_has_no_offer_accepts_nothing() -> None:
    at = offered()
    for name in ("eva", "gun"):
        with pytest.raises(Refused, match="not been offered a place"):
            replies.accept(decision=at[name], now=LATER)
    with pytest.raises(Refused, match="nothing to give back"):
        replies.decline(decision=at["gun"], now=LATER)


def test_who_leaves_the_waiting_list_is_not_offered_a_place() -> None:
    at = offered(waiting={"eva": {}, "finn": {}})

    replies.decline(decision=at["eva"], now=LATER)
    replies.decline(decision=at["ada"], now=LATER)

    assert (at["eva"].outcome, at["eva"].reply, at["finn"].outcome) == ("waitlist", "declined", "place")
    assert mails(at, "eva") == ["You have left the waiting list"]


@pytest.mark.parametrize("state", [CallState.DRAWN, CallState.DECIDED, CallState.ARCHIVED])
def test_answers_are_taken_only_while_the_call_is_announced(state: str) -> None:
    at = offered(state=state)
    for answer in (replies.accept, replies.decline):
        with pytest.raises(Refused, match="The call is over"):
            answer(decision=at["ada"], now=LATER)
    assert (at["ada"].reply, OutboxMessage.objects.count()) == ("none", 0)


def test_accepting_and_declining_at_once_leaves_one_answer(at_once) -> None:
    at = offered()
    answers = [replies.accept, replies.decline]

    at_once(lambda number: answers[number](decision=at["ada"], now=LATER), 2)

    # Whichever came first: who declines last has declined, and who accepts after that is told that it is too late.
    assert (at["ada"].reply, at["eva"].outcome) == ("declined", "place")


# --- The clock --------------------------------------------------------------------------------------------------------


def test_reminder_is_sent_once_three_days_before_the_last_day() -> None:
    at = offered()
    moments = [NOW + timedelta(days=6), NOW + timedelta(days=7), NOW + timedelta(days=8)]

    assert [replies.remind(now=moment) for moment in moments] == [0, 1, 0]

    (mail,) = OutboxMessage.objects.all()
    assert (mail.kind, mail.subject) == ("calls.answer", f"Say whether you take your place: {at.call.title}")
    assert (mail.useful_until, at["ada"].reminded_at) == (at["ada"].answer_by, moments[1])


def test_reminder_goes_to_nobody_who_has_answered_or_was_offered_just_now() -> None:
    at = offered(places={"ada": {}, "bo": {}})
    replies.accept(decision=at["ada"], now=LATER)
    Decision.objects.filter(pk=at["bo"].pk).update(offered_at=NOW + timedelta(days=6, hours=12))
    assert replies.remind(now=NOW + timedelta(days=7)) == 0


def test_place_that_nobody_answered_is_taken_back_and_given_on() -> None:
    at = offered(places={"ada": {}, "bo": {}})
    replies.accept(decision=at["bo"], now=LATER)

    assert [replies.expire(now=moment) for moment in (NOW + timedelta(days=10), TOO_LATE, TOO_LATE)] == [0, 1, 0]

    assert (at["ada"].reply, at["bo"].reply, at["eva"].outcome) == ("expired", "accepted", "place")
    assert (at["ada"].replaced_by_id, at["eva"].answer_by > TOO_LATE) == (at["eva"].pk, True)
    assert mails(at, "ada") == ["The time to answer has passed"]


def test_nothing_is_taken_back_or_reminded_of_in_an_archived_call() -> None:
    at = offered(state=CallState.ARCHIVED)
    assert (replies.remind(now=NOW + timedelta(days=8)), replies.expire(now=TOO_LATE)) == (0, 0)
    assert at["ada"].reply == "none"


# --- The page behind the link -----------------------------------------------------------------------------------------


def page_of(at: Drawn, name: str) -> str:
    return reverse("calls:reply", args=[token_of(at[name])])


def announced_now(at: Drawn) -> None:
    """Deadlines by the real clock, which the page goes by."""
    Decision.objects.filter(call=at.call, outcome="place").update(answer_by="2100-01-01T00:00Z")


def test_opening_the_link_changes_nothing() -> None:
    at = offered()
    announced_now(at)

    page = text_of(Client().get(page_of(at, "ada")))

    assert "You are offered a place." in page
    assert (at["ada"].reply, OutboxMessage.objects.count()) == ("none", 0)


@pytest.mark.parametrize(
    ("name", "answer", "reply", "said"),
    [
        ("ada", "accept", "accepted", "Thank you, the place is yours."),
        ("ada", "decline", "none", "Do you want to give the place back?"),
        ("eva", "accept", "none", "You have not been offered a place"),
        ("ada", "perhaps", "none", "Choose one of the answers."),
    ],
)
def test_link_answers_without_an_account(name: str, answer: str, reply: str, said: str) -> None:
    at = offered()
    announced_now(at)

    page = text_of(Client().post(page_of(at, name), {"answer": answer}, follow=True))

    assert (at[name].reply, said in page) == (reply, True)


@pytest.mark.parametrize(
    ("name", "asked", "button", "said"),
    [
        (
            "ada",
            "It goes to somebody on the waiting list, and you cannot get it back.",
            "give the place back",
            "Thank you",
        ),
        ("eva", "you cannot come back to the list", "leave the waiting list", "You are no longer on the waiting list."),
    ],
)
def test_place_is_given_back_only_by_whoever_says_yes_to_the_question(name, asked, button, said) -> None:
    at = offered()
    announced_now(at)
    address = reverse("calls:give_back", args=[token_of(at[name])])
    assert address in Client().get(page_of(at, name)).content.decode()

    page = text_of(Client().get(address))
    assert asked in page and f"Yes, {button}" in page and "No, " in page
    assert (at[name].reply, OutboxMessage.objects.count()) == ("none", 0)

    page = text_of(Client().post(address, follow=True))
    assert (at[name].reply, said in page) == ("declined", True)


def test_who_has_taken_the_place_can_keep_it_when_asked() -> None:
    at = offered()
    announced_now(at)
    replies.accept(decision=at["ada"], now=LATER)
    asked = Client().get(reverse("calls:give_back", args=[token_of(at["ada"])]))
    assert "No, I keep the place" in text_of(asked)
    assert f'href="{page_of(at, "ada")}"' in asked.content.decode()


@pytest.mark.parametrize("name", ["ada", "gun"])
def test_nobody_is_asked_to_give_back_what_they_do_not_have(name: str) -> None:
    at = offered()  # By the real clock the time to answer is long over.
    answer = Client().get(reverse("calls:give_back", args=[token_of(at[name])]))
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(at, name))


def test_page_after_the_deadline_offers_no_answer() -> None:
    at = offered()
    page = text_of(Client().get(page_of(at, "ada")))
    assert "The last time to answer was March 12, 2026" in page
    assert "Yes, I take the place" not in page


@pytest.mark.parametrize(("name", "said"), [("eva", "You are number 1."), ("gun", "no place for you this time")])
def test_page_tells_those_without_a_place(name: str, said: str) -> None:
    at = offered()
    assert said in text_of(Client().get(page_of(at, name)))


def test_link_cannot_be_made_up_and_dies_with_the_application() -> None:
    at = offered()
    token = token_of(at["ada"])
    assert decision_of(token).pk == at["ada"].pk
    assert decision_of("not-a-token") is None
    assert decision_of(at["ada"].application.key) is None
    assert Client().get(reverse("calls:reply", args=[token + "x"])).status_code == 404

    application = at["ada"].application
    application.erased_at = LATER
    application.save()
    assert Client().get(page_of(at, "ada")).status_code == 404


@pytest.mark.parametrize("state", [CallState.DRAWN, CallState.DECIDED])
@pytest.mark.parametrize("method", ["get", "post"])
def test_link_does_not_exist_before_the_announcement(state: str, method: str) -> None:
    at = offered(state=state)
    response = getattr(Client(), method)(page_of(at, "ada"), {"answer": "accept"})
    assert (response.status_code, at["ada"].reply) == (404, "none")


def test_answer_of_an_account_with_another_address_is_mailed_to_the_application_s_own() -> None:
    person = factories.user()
    at = offered(users={"ada": person})
    person.email = "moved@example.org"
    person.save()

    replies.accept(decision=at["ada"], now=LATER)

    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.to_user) == (at["ada"].application.email, None)
