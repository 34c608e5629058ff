"""Letters: ours in four languages, the organiser's own with words in braces, and what is filled in for each reader."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils.translation import override

from samkraft.calls.models import CallState, Letter, Merit, Outcome
from samkraft.calls.operations import letters
from samkraft.calls.queries.decisions_letters import our_wording, values_for, wordings
from samkraft.calls.rules.letters import PLACEHOLDERS, filled, unknown
from samkraft.records.refusals import Refused

from .. import factories_calls
from ..factories_decisions import drawn
from .test_decisions_pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
UNTIL = datetime(2026, 3, 12, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize("outcome", Outcome.values)
@pytest.mark.parametrize("language", ["sv", "nb", "da", "en"])
def test_our_letters_hold_only_what_can_be_filled_in(outcome: str, language: str) -> None:
    ours = our_wording(outcome, language)

    known = PLACEHOLDERS[Outcome(outcome)]
    assert (unknown(ours.text, known), unknown(ours.subject, known)) == ([], [])
    assert "{name}" in ours.text
    assert "{call}" in ours.subject


def test_place_letter_says_until_when_to_answer_by_the_call_s_clock() -> None:
    call = factories_calls.call(title="Climate days", organiser_name="The county")
    application = factories_calls.application(call, name="Ada")

    letter = our_wording("place", "en").filled(values_for(call, application, answer_by=UNTIL, position=None))

    assert letter.subject == "You are offered a place: Climate days"
    assert letter.text.startswith("Dear Ada,\n\nYou are offered a place in “Climate days”.")
    assert "by March 12, 2026 at 23:59." in letter.text
    assert letter.text.endswith("Kind regards,\nThe county")


def test_letter_of_a_call_without_an_organiser_s_name_is_from_its_place() -> None:
    call = factories_calls.call()

    values = values_for(call, factories_calls.application(call), answer_by=None, position=3)

    assert (values["organiser"], values["position"], values["answer_by"]) == ("Mariestads kommun", "3", "")


@pytest.mark.parametrize(
    ("took_part", "sentence"),
    [
        (True, "There were more who applied than there are places. This time you did not get a place."),
        (
            False,
            "did not get as many points from the reviewers as it takes to be in the draw. "
            "This time you did not get a place.",
        ),
    ],
)
def test_letter_to_somebody_without_a_place_says_whether_the_draw_or_the_points_decided(took_part, sentence) -> None:
    call = factories_calls.call(merit=Merit.THRESHOLD, merit_threshold=3)
    values = values_for(call, factories_calls.application(call), answer_by=None, position=None, took_part=took_part)
    assert sentence in our_wording("no", "en").filled(values).text


def test_own_wording_is_used_in_its_language_and_ours_in_the_others() -> None:
    call = factories_calls.call()
    letters.write(call=call, outcome="no", language="sv", subject="Tyvärr: {call}", text="Hej {name}.")

    known = wordings(call)

    assert (known["no", "sv"].text, known["no", "sv"].is_own) == ("Hej {name}.", True)
    assert known["no", "da"] == our_wording("no", "da")


def test_letters_of_a_call_cost_one_query(django_assert_num_queries) -> None:
    call = factories_calls.call()
    with django_assert_num_queries(1):
        wordings(call)


def test_own_letter_is_changed_and_given_up() -> None:
    call = factories_calls.call()
    for text in ("First", "Second"):
        letters.write(call=call, outcome="place", language="en", subject="Yes", text=text)
    assert Letter.objects.get().text == "Second"

    letters.use_ours(call=call, outcome="place", language="en")
    letters.use_ours(call=call, outcome="place", language="en")

    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    ("outcome", "text", "sentence"),
    [
        (
            "place",
            "Hello {nmae} and {all}",
            "{nmae}, {all} cannot be filled in here. What can be filled in is {name}, {call}, {organiser},"
            " {answer_by}.",
        ),
        (
            "no",
            "By {answer_by}",
            "{answer_by} cannot be filled in here. What can be filled in is {name}, {call}, {organiser}, {reason}.",
        ),
    ],
)
def test_unknown_word_in_braces_is_named_in_one_sentence(outcome: str, text: str, sentence: str) -> None:
    call = factories_calls.call()

    for parts in ({"subject": text, "text": "x"}, {"subject": "x", "text": text}):
        with pytest.raises(Refused) as refused:
            letters.write(call=call, outcome=outcome, language="en", **parts)
        assert str(refused.value) == sentence
    assert Letter.objects.count() == 0


def test_what_an_applicant_is_called_is_not_filled_in_again() -> None:
    assert filled("{name}, {call}", {"name": "{organiser} <b>", "call": "X"}) == "{organiser} <b>, X"


def test_letter_page_previews_with_a_real_applicant_who_gets_it(client) -> None:
    at = drawn(places={"ada": {}}, waiting={"eva": {}}, languages={"eva": "sv"})
    client.force_login(at.organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("calls:letter", args=[at.call.slug, "waitlist-sv"])

    page = text_of(client.post(url, {"subject": "Hej {name}", "text": "Nummer {position}", "look": "1"}))

    assert ("To: Eva" in page, "Hej Eva" in page, "Nummer 1" in page, Letter.objects.count()) == (True, True, True, 0)


def test_letter_page_keeps_refuses_and_goes_back_to_ours(client) -> None:
    at = drawn(places={"ada": {}})
    client.force_login(at.organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("calls:letter", args=[at.call.slug, "place-en"])

    refused = text_of(client.post(url, {"subject": "Yes", "text": "Dear {nmae}", "keep": "1"}))
    assert "{nmae} cannot be filled in here." in refused
    assert "Dear {nmae}" in refused

    client.post(url, {"subject": "Yes", "text": "Dear {name}", "keep": "1"})
    assert Letter.objects.get().text == "Dear {name}"
    assert "Your own wording" in text_of(client.get(reverse("calls:letters", args=[at.call.slug])))

    client.post(url, {"ours": "1"})
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("key", ["place-fi", "perhaps-sv", "place"])
def test_letter_that_does_not_exist_is_not_found(client, key: str) -> None:
    at = drawn(places={"ada": {}})
    client.force_login(at.organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("calls:letter", args=[at.call.slug, key])).status_code == 404


def test_letters_can_be_written_before_anybody_has_applied(client) -> None:
    call = factories_calls.call(state=CallState.OPEN)
    client.force_login(factories_calls.organiser(call), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "To: Kim Andersson" in text_of(client.get(reverse("calls:letter", args=[call.slug, "place-en"])))


def test_date_is_written_as_the_reader_s_language_writes_it() -> None:
    call = factories_calls.call()
    with override("sv"):
        values = values_for(call, factories_calls.application(call), answer_by=UNTIL, position=None)
    assert values["answer_by"].startswith("12 mars 2026")
