"""The entrance: a code by e-mail first, a password for those who like, and the same answer for everybody."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from samkraft.notices.models import OutboxMessage
from samkraft.people.models import User
from tests import factories
from tests.factories import PASSWORD


def code_in_the_mail():
    """The code in the latest mail."""
    return re.search(r"^(\w[\w-]{4,})$", OutboxMessage.objects.first().text, re.MULTILINE).group(1)


def is_signed_in(client):
    return client.get(reverse("people:account")).status_code == 200


def ask_for_code(client, email):
    return client.post(reverse("account_login"), {"login": email})


def test_sign_in_with_a_code(db):
    eva = factories.user("eva@example.org")
    client = Client()
    answer = ask_for_code(client, "Eva@example.org")
    assert answer["Location"] == reverse("account_confirm_login_code")
    mail = OutboxMessage.objects.get()
    assert (mail.to_user, mail.kind, mail.subject) == (eva, "people.code", "Your code for signing in")
    assert client.get(answer["Location"]).status_code == 200
    answer = client.post(answer["Location"], {"action": "verify", "code": code_in_the_mail()})
    assert answer["Location"] == reverse("portal:my")
    assert is_signed_in(client)


def test_sign_in_leads_back_to_the_page_that_asked(db):
    factories.user("eva@example.org")
    client = Client()
    asked = client.get(reverse("people:account"))
    assert asked["Location"] == "/en/account/login/?next=/en/my/account/"
    answer = client.post(asked["Location"], {"login": "eva@example.org", "next": "/en/my/account/"})
    answer = client.post(
        answer["Location"], {"action": "verify", "code": code_in_the_mail(), "next": "/en/my/account/"}
    )
    assert answer["Location"] == "/en/my/account/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "https:///evil.example"]
)
def test_sign_in_does_not_lead_to_another_site(db, elsewhere):
    factories.user("eva@example.org", password=PASSWORD)
    client = Client()
    answer = client.post(
        reverse("account_login_password"),
        {"login": "eva@example.org", "password": PASSWORD, "next": elsewhere},
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal:my"))


def test_wrong_code_does_not_sign_in_and_three_are_enough(db):
    factories.user("eva@example.org")
    client = Client()
    confirm = ask_for_code(client, "eva@example.org")["Location"]
    right = code_in_the_mail()
    first = client.post(confirm, {"action": "verify", "code": "nonsense"})
    assert "This is not the right code." in first.text
    for _ in range(2):
        client.post(confirm, {"action": "verify", "code": "nonsense"})
    client.post(confirm, {"action": "verify", "code": right})
    assert not is_signed_in(client)


def test_code_of_one_browser_is_of_no_use_in_another(db):
    factories.user("eva@example.org")
    confirm = ask_for_code(Client(), "eva@example.org")["Location"]
    other = Client()
    other.post(confirm, {"action": "verify", "code": code_in_the_mail()})
    assert not is_signed_in(other)


def test_mail_is_in_the_language_of_the_account(db):
    factories.user("eva@example.org", language="da")
    ask_for_code(Client(), "eva@example.org")
    assert OutboxMessage.objects.get().language == "da"


def test_address_without_an_account_is_answered_alike_and_told_by_mail(db):
    factories.user("eva@example.org")
    known, unknown = Client(), Client()
    answers = [ask_for_code(known, "eva@example.org"), ask_for_code(unknown, "nils@example.org")]
    assert answers[0]["Location"] == answers[1]["Location"]
    pages = [
        re.sub(r'(value="\w{20,}")|(eva|nils)@example.org', "", client.get(answers[0]["Location"]).text)
        for client in (known, unknown)
    ]
    assert pages[0] == pages[1]
    mail = OutboxMessage.objects.get(to_address="nils@example.org")
    assert mail.subject == "There is no account with this address"
    assert reverse("account_signup") in mail.text


def sign_up(client, email="new@example.org", name="Nova", language="en"):
    with override(language):
        url = reverse("account_signup")
        confirm = reverse("account_email_verification_sent")
    answer = client.post(url, {"email": email, "name": name})
    assert answer["Location"] == confirm
    return confirm


def test_sign_up_confirms_the_address_first(db):
    client = Client()
    confirm = sign_up(client, "Nova@Example.org", language="nb")
    nova = User.objects.get()
    assert (nova.email, nova.name, nova.language) == ("nova@example.org", "Nova", "nb")
    assert EmailAddress.objects.get().verified is False
    assert not is_signed_in(client)
    client.post(confirm, {"action": "verify", "code": code_in_the_mail()})
    assert EmailAddress.objects.get().verified is True
    assert is_signed_in(client)


def test_sign_up_with_a_known_address_is_answered_alike_and_told_by_mail(db):
    factories.user("eva@example.org")
    sign_up(Client(), "eva@example.org")
    assert (User.objects.count(), OutboxMessage.objects.get().subject) == (1, "You already have an account")


def test_sign_in_with_a_password(db):
    factories.user("eva@example.org", password=PASSWORD)
    url = reverse("account_login_password")
    client = Client()
    refused = client.post(url, {"login": "eva@example.org", "password": "something else"})
    assert "The e-mail address and the password do not belong together." in refused.text
    assert not is_signed_in(client)
    client.post(url, {"login": "Eva@example.org", "password": PASSWORD})
    assert is_signed_in(client)


def test_many_wrong_passwords_are_answered_kindly(db):
    factories.user("eva@example.org", password=PASSWORD)
    client, url = Client(), reverse("account_login_password")
    for _ in range(5):
        client.post(url, {"login": "eva@example.org", "password": "something else"})
    answer = client.post(url, {"login": "eva@example.org", "password": PASSWORD})
    assert "There have been too many attempts." in answer.text
    assert not is_signed_in(client)


def test_many_attempts_from_one_address_get_a_page_that_says_wait(db):
    factories.user("eva@example.org")
    url = reverse("account_login")
    statuses = [Client().post(url, {"login": f"p{n}@example.org"}).status_code for n in range(31)]
    assert 429 in statuses
    page = Client().post(url, {"login": "eva@example.org"})
    assert "Please wait a moment" in page.text


def test_forged_forwarding_does_not_escape_the_limit(db):
    url = reverse("account_login")
    statuses = [
        Client().post(url, {"login": "nils@example.org"}, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code
        for n in range(31)
    ]
    assert 429 in statuses


def test_password_is_set_changed_and_reset_with_a_code(db):
    eva = factories.user("eva@example.org")
    client = Client()
    confirm = ask_for_code(client, "eva@example.org")["Location"]
    client.post(confirm, {"action": "verify", "code": code_in_the_mail()})
    new = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_set_password"), new)
    eva.refresh_from_db()
    assert eva.check_password(PASSWORD)
    assert OutboxMessage.objects.first().subject == "Your account has a password"
    other = "a young birch by the sea"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": other, "password2": other})
    eva.refresh_from_db()
    assert eva.check_password(other)
    lost = Client()
    answer = lost.post(reverse("account_reset_password"), {"email": "eva@example.org"})
    answer = lost.post(answer["Location"], {"code": code_in_the_mail()})
    lost.post(answer["Location"], new)
    eva.refresh_from_db()
    assert eva.check_password(PASSWORD)


def test_address_is_changed_when_the_new_one_is_confirmed(db):
    eva = factories.user("eva@example.org")
    client = Client()
    confirm = ask_for_code(client, "eva@example.org")["Location"]
    client.post(confirm, {"action": "verify", "code": code_in_the_mail()})
    answer = client.post(reverse("account_email"), {"action_add": "go", "email": "eva@new.example"})
    eva.refresh_from_db()
    assert (eva.email, OutboxMessage.objects.first().to_address) == ("eva@example.org", "eva@new.example")
    client.post(answer["Location"], {"action": "verify", "code": code_in_the_mail()})
    eva.refresh_from_db()
    assert eva.email == "eva@new.example"
    assert EmailAddress.objects.get().email == "eva@new.example"


def test_closed_account_does_not_let_in(db):
    factories.user("eva@example.org", password=PASSWORD, is_active=False)
    client = Client()
    client.post(reverse("account_login_password"), {"login": "eva@example.org", "password": PASSWORD})
    assert not is_signed_in(client)
    ask_for_code(client, "eva@example.org")
    assert OutboxMessage.objects.filter(kind="people.code").count() == 0


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("account_login", ['type="email"', 'autocomplete="email"']),
        ("account_login_password", ['autocomplete="current-password"', 'autocomplete="email"']),
        ("account_signup", ['autocomplete="email"', 'autocomplete="name"']),
    ],
)
def test_fields_of_the_entrance_help_to_fill_them_in(db, name, attributes):
    text = Client().get(reverse(name)).text
    assert [attribute for attribute in attributes if attribute not in text] == []


def test_code_field_helps_to_fill_it_in(db):
    client = Client()
    confirm = ask_for_code(client, "nils@example.org")["Location"]
    assert 'autocomplete="one-time-code"' in client.get(confirm).text


def test_error_is_summed_up_above_the_form(db):
    page = Client().post(reverse("account_login"), {"login": "not an address"})
    assert "<ds-error-summary" in page.text


def test_signing_out_asks_first(cast):
    client = cast.client("owner")
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(client)
    answer = client.post(reverse("account_logout"))
    assert answer["Location"] == reverse("portal:front")
    assert not is_signed_in(client)
