"""The link in the mail: made by us alone, asked for by anybody, told to its holder."""

from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse

from samkraft.calls import links
from samkraft.calls.models import Application, CallState
from samkraft.calls.operations import applications as operations
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused

from .. import factories, factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture(autouse=True)
def at_now(monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def path_in(mail: OutboxMessage) -> str:
    return "/" + mail.url.partition("//")[2].partition("/")[2]


def ask(client, call, email: str = "eva@example.org", **more: str):
    return client.post(reverse("calls:apply", args=[call.slug]), {"email": email, "website": "", **more})


def test_visitor_asks_gets_a_mail_and_comes_to_the_form(client) -> None:
    call = factories_calls.call()
    page = client.get(reverse("calls:apply", args=[call.slug]))
    assert page.status_code == 200

    answer = ask(client, call, "Eva@Example.org")

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("calls:apply_asked", args=[call.slug]))
    assert client.get(answer.headers["Location"]).status_code == 200
    application = Application.objects.get()
    assert (application.email, application.language, application.confirmed_at) == ("eva@example.org", "en", None)
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.kind) == ("eva@example.org", "calls.link")
    assert path_in(mail) == links.form_path(application)
    assert client.get(path_in(mail)).status_code == 200


def test_page_says_the_same_whether_there_is_an_application(client) -> None:
    call = factories_calls.call()
    sent_in = factories_calls.application(call, "old@example.org")

    answers = [ask(client, call, email) for email in ("old@example.org", "new@example.org")]

    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, reverse("calls:apply_asked", args=[call.slug]))
    }
    paths = {mail.to_address: path_in(mail) for mail in OutboxMessage.objects.all()}
    assert paths["old@example.org"] == links.application_path(sent_in)
    assert Application.objects.filter(email="old@example.org").count() == 1


def test_opening_the_link_changes_nothing_and_writing_confirms_the_address(client) -> None:
    call = factories_calls.call()
    application = operations.begin(call=call, email="eva@example.org", language="en", now=NOW)
    path = links.form_path(application)

    client.get(path)
    application.refresh_from_db()
    assert application.confirmed_at is None

    client.post(path, {"name": "Eva", "version": "0", "later": "1"})
    application.refresh_from_db()
    assert application.confirmed_at == NOW


def test_programs_that_fill_in_everything_are_told_nothing(client) -> None:
    call = factories_calls.call()

    answer = ask(client, call, website="https://spam.example")

    assert answer.headers["Location"] == reverse("calls:apply_asked", args=[call.slug])
    assert (Application.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_mails_to_one_address_are_limited() -> None:
    call = factories_calls.call()
    for _time in range(5):
        operations.begin(call=call, email="eva@example.org", language="en", now=NOW)

    with pytest.raises(Refused):
        operations.begin(call=call, email="EVA@example.org", language="en", now=NOW)
    operations.begin(call=call, email="eva@example.org", language="en", now=NOW + timedelta(days=2))
    assert OutboxMessage.objects.count() == 6


def test_mails_from_one_place_are_limited(client) -> None:
    call = factories_calls.call()

    answers = [ask(client, call, f"p{number}@example.org").status_code for number in range(32)]

    assert answers == [302] * 30 + [429] * 2


@pytest.mark.parametrize("email", ["", "no address", "a@b@c"])
def test_wrong_address_is_told_and_nothing_is_mailed(email: str, client) -> None:
    assert ask(client, factories_calls.call(), email).status_code == 200
    assert OutboxMessage.objects.count() == 0


def test_link_is_sent_again_after_the_deadline_to_whoever_has_an_application(client) -> None:
    call = factories_calls.call(state=CallState.CLOSED, closes_at=NOW - timedelta(hours=1))
    factories_calls.application(call, "eva@example.org")
    address = reverse("calls:apply_link", args=[call.slug])
    assert client.get(address).status_code == 200

    for email in ("eva@example.org", "nobody@example.org"):
        answer = client.post(address, {"email": email, "website": ""})
        assert answer.headers["Location"] == reverse("calls:apply_asked", args=[call.slug])

    assert [mail.to_address for mail in OutboxMessage.objects.all()] == ["eva@example.org"]


def test_broken_link_says_so_and_how_to_get_it_again(client) -> None:
    application = factories_calls.application(factories_calls.call(state=CallState.CLOSED), "eva@example.org")
    factories_calls.application(factories_calls.call(title="Another"), "eva@example.org")
    factories_calls.application(factories_calls.call(), "bo@example.org")
    token = links.token_of(application)

    for name, broken in (("application", token[:-3]), ("application_form", token + "."), ("reply", token)):
        answer = client.get(reverse(f"calls:{name}", args=[broken]))
        text = answer.content.decode()
        assert (answer.status_code, "The link does not work" in text) == (404, True)
        assert "no-store" in answer.headers["Cache-Control"]
        assert f'action="{reverse("calls:link_again")}"' in text

    client.post(reverse("calls:link_again"), {"email": "Eva@example.org", "website": ""})
    assert [mail.to_address for mail in OutboxMessage.objects.all()] == ["eva@example.org"] * 2
    assert links.application_path(application) in {path_in(mail) for mail in OutboxMessage.objects.all()}


def test_asking_for_all_links_says_the_same_to_everybody(client) -> None:
    factories_calls.application(factories_calls.call(), "eva@example.org")
    address = reverse("calls:link_again")
    for email in ("eva@example.org", "nobody@example.org"):
        text = client.post(address, {"email": email, "website": ""}, follow=True).content.decode()
        assert f"If there is an application with the address {email}, its link is on the way" in text
    client.post(address, {"email": "eva@example.org", "website": "https://spam.example"})
    assert OutboxMessage.objects.count() == 1

    assert client.post(address, {"email": "a@b@c", "website": ""}).status_code == 200
    answers = [client.post(address, {"email": "eva@example.org", "website": ""}).status_code for _time in range(6)]
    assert answers[-1] == 429


def test_page_after_asking_tells_the_address_and_how_to_ask_again(client) -> None:
    call = factories_calls.call()
    text = client.post(
        reverse("calls:apply", args=[call.slug]), {"email": "evq@example.org", "website": ""}, follow=True
    ).content.decode()
    assert "You wrote the address evq@example.org." in text
    assert f'href="{reverse("calls:apply", args=[call.slug])}">Ask for the link again' in text

    call.state = CallState.CLOSED
    call.save()
    text = client.get(reverse("calls:apply_asked", args=[call.slug])).content.decode()
    assert f'href="{reverse("calls:apply_link", args=[call.slug])}">Ask for the link again' in text
    assert reverse("calls:apply_link", args=[call.slug]) in client.get(call.get_absolute_url()).content.decode()


def test_only_our_own_links_lead_anywhere(client) -> None:
    application = factories_calls.application(factories_calls.call())
    sample = factories_calls.application(application.call, is_sample=True)
    token = links.token_of(application)
    forged = [
        "not-a-token",
        application.key,
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        signing.Signer(salt="another").sign(application.key),
        links.token_of(sample),
    ]

    assert {client.get(reverse("calls:application", args=[one])).status_code for one in forged} == {404}
    assert client.get(reverse("calls:application", args=[token])).status_code == 200


def test_pages_behind_a_link_are_kept_by_nobody_and_found_by_nobody(client) -> None:
    application = factories_calls.application(factories_calls.call())

    answer = client.get(links.application_path(application))

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": NOW + timedelta(days=2)}, "The call opens on Wednesday March 4, 2026 at 10:30"),
        ({"closes_at": NOW}, "The call closed on Monday March 2, 2026 at 10:30"),
        ({"state": CallState.IN_REVIEW}, "The call has closed"),
        ({"state": CallState.CANCELLED}, "This call is cancelled"),
    ],
)
def test_before_and_after_its_time_a_call_says_what_to_do_instead(fields, words: str, client) -> None:
    call = factories_calls.call(**fields)

    page = client.get(reverse("calls:apply", args=[call.slug]))

    assert page.status_code == 200
    assert words in page.content.decode()
    assert ask(client, call).status_code == 410
    assert Application.objects.count() == 0


def test_draft_of_a_call_takes_no_applications(client) -> None:
    call = factories_calls.call(state=CallState.DRAFT)

    assert client.get(reverse("calls:apply", args=[call.slug])).status_code == 404


def test_reader_with_a_known_address_begins_at_once_with_what_is_known(cast) -> None:
    call = factories_calls.call()
    client = cast.client("member")

    answer = client.post(reverse("calls:apply", args=[call.slug]), {"own": "1"})

    application = Application.objects.get()
    assert answer.headers["Location"] == links.form_path(application)
    assert (application.user, application.email) == (cast.member, "member@example.org")
    assert application.confirmed_at == NOW
    assert application.working == {
        "name": "Member",
        "place": "SE-1493",
        "role": "employee",
        "sector": "planning",
    }
    client.post(reverse("calls:apply", args=[call.slug]), {"own": "1"})
    assert Application.objects.count() == 1
    assert OutboxMessage.objects.count() == 0


def test_reader_who_began_by_mail_goes_on_with_the_same_application(cast) -> None:
    call = factories_calls.call()
    begun = operations.begin(call=call, email="member@example.org", language="en", now=NOW)

    operations.begin_as_reader(call=call, user=cast.member, now=NOW)

    begun.refresh_from_db()
    assert (begun.user, begun.working) == (cast.member, {})


def test_reader_whose_address_is_not_confirmed_asks_by_mail(client) -> None:
    call = factories_calls.call()
    reader = factories.user("new@example.org", verified=False)
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get(reverse("calls:apply", args=[call.slug]))
    assert 'name="own"' not in page.content.decode()
    with pytest.raises(Refused):
        operations.begin_as_reader(call=call, user=reader, now=NOW)


def test_visitor_cannot_claim_to_be_a_reader(client) -> None:
    ask(client, factories_calls.call(), email="", own="1")

    assert Application.objects.count() == 0


def test_parallel_askings_make_one_application(at_once) -> None:
    call = factories_calls.call()

    at_once(lambda _place: operations.begin(call=call, email="eva@example.org", language="en", now=NOW), 4)

    assert (Application.objects.count(), OutboxMessage.objects.count()) == (1, 4)
