"""Mail from the organisers to a group of applicants: chosen by a filter, looked at, sent once, kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.calls.models import ApplicantRole, ApplicationState, GroupMail
from samkraft.calls.operations import group_mail
from samkraft.calls.queries.filters import Wanted
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused

from .. import factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GIVEN = {"subject": "About the day", "text": "Dear {name},\n\nbring boots."}


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def sent(call, organiser, *, now=NOW, wanted=None, chosen_by=None, **given):
    return group_mail.send(
        call=call, wanted=wanted or Wanted(), chosen_by=chosen_by or {}, **{**GIVEN, **given}, by=organiser, now=now
    )


def test_each_receiver_is_addressed_by_name_and_the_frame_is_in_their_language() -> None:
    call = factories_calls.call(contact_email="help@example.org")
    organiser = factories_calls.organiser(call)
    factories_calls.application(call, "a@example.org", name="Ada", language="en")
    factories_calls.application(call, "b@example.org", name="Bo", language="sv")
    factories_calls.application(call, "c@example.org", state=ApplicationState.WITHDRAWN)
    factories_calls.application(call, "d@example.org", is_sample=True)

    mail = sent(call, organiser)

    assert (mail.receivers, mail.by, mail.at) == (2, organiser, NOW)
    messages = {message.to_address: message for message in OutboxMessage.objects.filter(kind="calls.organiser")}
    assert sorted(messages) == ["a@example.org", "b@example.org"]
    assert "Dear Ada,\n\nbring boots." in messages["a@example.org"].text
    assert f"The organisers of {call.title} write to you:" in messages["a@example.org"].text
    assert "help@example.org" in messages["a@example.org"].text
    assert "Dear Bo," in messages["b@example.org"].text
    assert messages["b@example.org"].language == "sv"
    assert messages["a@example.org"].url.startswith("http")


@pytest.mark.parametrize("given", [{"subject": "For {namn}"}, {"text": "Dear {name}, wear {boots}."}])
def test_what_stands_in_braces_and_cannot_be_filled_in_is_told_before_anything_is_sent(given: dict[str, str]) -> None:
    call = factories_calls.call()
    organiser = factories_calls.organiser(call)
    factories_calls.application(call)
    url = reverse("calls:group_mail", args=[call.slug])

    page = text_of(browser(organiser).post(url, {**GIVEN, **given, "act": "look"}))

    assert "cannot be filled in here. What can be filled in is {name}." in page
    assert ("Send the mail" in page, OutboxMessage.objects.count()) == (False, 0)
    with pytest.raises(Refused, match="cannot be filled in here"):
        sent(call, organiser, **given)


def test_who_has_had_everything_erased_is_not_written_to() -> None:
    call = factories_calls.call()
    factories_calls.application(call, "a@example.org", erased_at=NOW)

    with pytest.raises(Refused, match="nobody to write to"):
        sent(call, factories_calls.organiser(call))


def test_pressing_twice_sends_once_and_the_same_later_sends_again() -> None:
    call = factories_calls.call()
    organiser = factories_calls.organiser(call)
    factories_calls.application(call)

    first = sent(call, organiser)
    assert sent(call, factories_calls.organiser(call), now=NOW + timedelta(minutes=5)) == first
    assert OutboxMessage.objects.count() == 1
    assert sent(call, organiser, subject="Another").pk != first.pk
    assert sent(call, organiser, now=NOW + timedelta(days=3)).pk != first.pk
    assert OutboxMessage.objects.count() == 3


def test_two_who_send_at_once_send_once(at_once) -> None:
    call = factories_calls.call()
    organiser = factories_calls.organiser(call)
    for _number in range(3):
        factories_calls.application(call)

    results = at_once(lambda place: sent(call, organiser), 3)

    assert len({mail.pk for mail in results}) == 1
    assert (GroupMail.objects.count(), OutboxMessage.objects.count()) == (1, 3)


def test_twenty_mails_a_day_are_enough() -> None:
    call = factories_calls.call()
    organiser = factories_calls.organiser(call)
    factories_calls.application(call)
    for number in range(group_mail.MAILS_A_DAY):
        sent(call, organiser, subject=f"Mail {number}")

    with pytest.raises(Refused, match="many mails today"):
        sent(call, organiser, subject="One more")


def test_only_organisers_write() -> None:
    call = factories_calls.call()
    factories_calls.application(call)

    with pytest.raises(Refused, match="Only those who run the call"):
        sent(call, factories_calls.reviewer(call))


def test_a_mail_is_looked_at_then_sent_then_kept_with_its_filter() -> None:
    call = factories_calls.call()
    client = browser(factories_calls.organiser(call))
    factories_calls.application(call, name="Ada", role=ApplicantRole.ELECTED)
    factories_calls.application(call, name="Bo")
    url = reverse("calls:group_mail", args=[call.slug]) + "?role=elected"

    page = text_of(client.get(url))
    assert "To 1 applicant whom you chose by this:" in page
    assert "Role: Is elected in a municipality or county" in page
    page = text_of(client.post(url, {**GIVEN, "act": "look"}))
    assert ("As Ada reads it" in page, "Dear Ada," in page, "Send the mail to 1 applicant" in page) == (True,) * 3
    assert OutboxMessage.objects.count() == 0
    page = text_of(client.post(url, {**GIVEN, "act": "send"}, follow=True))
    assert "The mail is on its way to 1 applicant." in page
    mail = GroupMail.objects.get()
    assert mail.chosen_by == {"role": ["elected"]}
    assert "Role: Is elected in a municipality or county" in page
    client.post(url, {**GIVEN, "act": "send"})
    assert OutboxMessage.objects.count() == 1
    assert "About the day" in text_of(client.get(reverse("calls:group_mails", args=[call.slug])))


def test_a_subject_is_one_line_and_what_is_missing_is_told() -> None:
    call = factories_calls.call()
    client = browser(factories_calls.organiser(call))
    factories_calls.application(call)
    url = reverse("calls:group_mail", args=[call.slug])

    client.post(url, {"subject": "Two\nlines", "text": "Text", "act": "send"})
    assert GroupMail.objects.get().subject == "Two lines"
    response = client.post(url, {"subject": "", "text": "Kept", "act": "send"})
    assert response.status_code == 200
    assert "Kept" in text_of(response)
    assert GroupMail.objects.count() == 1


def test_mails_of_another_call_do_not_exist() -> None:
    call, other = factories_calls.call(), factories_calls.call()
    factories_calls.application(other)
    mail = sent(other, factories_calls.organiser(other))
    client = browser(factories_calls.organiser(call))

    assert client.get(reverse("calls:group_mail_sent", args=[call.slug, mail.pk])).status_code == 404
    assert client.get(reverse("calls:group_mail_sent", args=[other.slug, mail.pk])).status_code == 404
    assert "No mail is sent yet" in text_of(client.get(reverse("calls:group_mails", args=[call.slug])))
