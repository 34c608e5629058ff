"""What visitors send: kept, told to stewards, handled once, answered; and not a door for programs."""

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.notices.models import OutboxMessage
from samkraft.people.operations import moderation
from samkraft.records.models import MessageKind, MessageState, TransitionLog, VisitorMessage
from samkraft.records.operations import IllegalMove
from tests import factories
from tests.factories import NOW

ANSWERS = {"text": "I cannot reach the map.", "page_address": "/sv/", "email": "Eva@example.org", "website": ""}


def report(**changes):
    return Client().post(reverse("people:report_fault"), {**ANSWERS, **changes})


def test_fault_is_kept_and_told_to_every_steward(cast):
    other = factories.steward()
    factories.steward(is_active=False)
    answer = report()
    assert answer["Location"] == reverse("people:received")
    message = VisitorMessage.objects.get()
    assert (message.kind, message.text, message.page_address) == (
        MessageKind.ACCESSIBILITY,
        "I cannot reach the map.",
        "/sv/",
    )
    assert (message.email, message.language, message.state) == ("eva@example.org", "en", MessageState.RECEIVED)
    mails = OutboxMessage.objects.order_by("pk")
    assert [mail.to_user for mail in mails] == [cast.steward, other]
    assert mails[0].url.endswith(reverse("people:message", args=[message.pk]))
    assert "I cannot reach the map." in mails[0].text


def test_content_is_reported_from_a_page_of_its_own(cast):
    Client().post(reverse("people:report_content"), ANSWERS)
    assert VisitorMessage.objects.get().kind == MessageKind.CONTENT


def test_page_that_led_here_is_filled_in(db):
    page = Client().get(reverse("people:report_fault"), {"page": '/sv/places/"><b>'})
    assert 'value="/sv/places/&quot;&gt;&lt;b&gt;"' in page.text


def test_nothing_is_lost_on_a_form_with_a_fault(db):
    page = report(email="eva@", text="A long story <b>")
    assert VisitorMessage.objects.count() == 0
    assert "A long story &lt;b&gt;</textarea>" in page.text
    assert 'value="eva@"' in page.text
    assert "<ds-error-summary" in page.text


def test_program_that_fills_in_everything_gets_a_receipt_and_nothing_else(db):
    answer = report(website="https://spam.example")
    assert answer["Location"] == reverse("people:received")
    assert VisitorMessage.objects.count() == 0


def test_many_messages_from_one_address_have_to_wait_and_are_not_lost(db):
    for _ in range(5):
        report()
    page = report(text="The sixth")
    assert (page.status_code, VisitorMessage.objects.count()) == (429, 5)
    assert "The sixth</textarea>" in page.text
    assert "You have sent many messages in a short time." in page.text


def test_forged_forwarding_does_not_escape_the_limit(db):
    url = reverse("people:report_fault")
    statuses = [
        Client().post(url, ANSWERS, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}").status_code for number in range(6)
    ]
    assert statuses == [302] * 5 + [429]


def test_steward_takes_up_and_settles_with_an_answer(cast):
    message = factories.visitor_message(email="eva@example.org", language="nb")
    client, url = cast.client("steward"), reverse("people:message", args=[message.pk])
    client.post(url, {"step": "begin", "answer": ""})
    client.post(url, {"step": "done", "answer": "It is mended."})
    message.refresh_from_db()
    assert (message.state, message.answer) == (MessageState.DONE, "It is mended.")
    log = TransitionLog.objects.of(message)
    assert [(entry.to_state, entry.by) for entry in log] == [
        ("in_progress", cast.steward),
        ("done", cast.steward),
    ]
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.language) == ("eva@example.org", "nb")
    assert "It is mended." in mail.text and "The map has no names." in mail.text


def test_settled_message_cannot_be_settled_again(cast):
    message = factories.visitor_message(email="eva@example.org")
    moderation.close_message(message=message, to="rejected", answer="No fault.", by=cast.steward, now=NOW)
    with pytest.raises(IllegalMove):
        moderation.close_message(message=message, to="done", answer="Yes.", by=cast.steward, now=NOW)
    message.refresh_from_db()
    assert (message.state, message.answer) == (MessageState.REJECTED, "No fault.")
    assert OutboxMessage.objects.count() == 1


def test_message_without_an_address_is_settled_without_a_mail(cast):
    moderation.close_message(message=factories.visitor_message(), to="done", answer="Thanks.", by=cast.steward, now=NOW)
    assert OutboxMessage.objects.count() == 0


def test_list_shows_what_awaits_or_everything(cast):
    factories.visitor_message(text="Waiting here")
    factories.visitor_message(text="Settled here", state=MessageState.DONE)
    client, url = cast.client("steward"), reverse("people:messages")
    awaiting, everything = client.get(url).text, client.get(url, {"all": "1"}).text
    assert ("Waiting here" in awaiting, "Settled here" in awaiting) == (True, False)
    assert ("Waiting here" in everything, "Settled here" in everything) == (True, True)


def received(**fields):
    told = {"text": "This is not true.", "page_address": "/sv/x/", "email": "", "language": "sv"}
    return moderation.receive_visitor_message(kind=MessageKind.CONTENT, **told, now=NOW, **fields)


def test_report_is_about_what_was_reported_and_leads_a_steward_there(cast):
    message = received(subject=cast.area)
    assert (VisitorMessage.objects.get().subject, OutboxMessage.objects.count()) == (cast.area, 1)
    page = cast.client("steward").get(reverse("people:message", args=[message.pk])).text
    assert f'It is about: <a class="ds-link" href="{cast.area.get_absolute_url()}">{cast.area}</a>' in page


def test_report_about_what_has_no_page_or_is_gone_says_so(cast):
    steward, outsider = cast.client("steward"), factories.user(name="Bo <b>")
    about = received(subject=outsider)
    page = steward.get(reverse("people:message", args=[about.pk])).text
    assert "It is about: Bo &lt;b&gt;</p>" in page
    outsider.delete()
    page = steward.get(reverse("people:message", args=[about.pk])).text
    assert "It is about: Something that is no longer here</p>" in page


def test_message_about_no_one_thing_names_none(cast):
    page = cast.client("steward").get(reverse("people:message", args=[received().pk])).text
    assert "It is about" not in page
