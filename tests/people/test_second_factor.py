"""The app that protects an account: set up, asked for, and kept so that a stolen table is of no use."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from samkraft.people.adapters import MFAAdapter
from tests import factories
from tests.factories import PASSWORD


def app_code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(person):
    client = Client()
    answer = client.post(reverse("account_login_password"), {"login": person.email, "password": PASSWORD})
    return client, answer


def set_up_app(client):
    """Set the app up as a person does; returns the secret that the page shows."""
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    if "password" in page.text and "<code>" not in page.text:
        page = client.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], {"password": PASSWORD})
        page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r"<code>(\w+)</code>", page.text).group(1)
    answer = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    # A code is used up by being used; the tests do not wait half a minute for the next.
    cache.clear()
    return secret


@pytest.fixture
def protected(db):
    """Somebody with a password and an app, and the app's secret."""
    person = factories.user("eva@example.org", password=PASSWORD)
    client, _answer = sign_in(person)
    return person, set_up_app(client), client


def test_app_is_set_up_with_a_picture_in_the_page(db):
    person = factories.user("eva@example.org", password=PASSWORD)
    client, _answer = sign_in(person)
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    assert asked.request["PATH_INFO"] == reverse("account_reauthenticate")
    set_up_app(client)
    assert Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).count() == 1


def test_picture_is_svg_without_style_or_data_address():
    svg = MFAAdapter().build_totp_svg("otpauth://totp/eva?secret=ABC")
    assert svg.startswith("<svg") and svg.endswith("</svg>")
    assert [mark for mark in ("style=", "<style", "data:", "<script", "<?xml") if mark in svg] == []


def test_sign_in_asks_for_the_apps_code(protected):
    person, secret, _client = protected
    client, answer = sign_in(person)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("people:account")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "This is not the right code." in wrong.text
    client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    assert client.get(reverse("people:account")).status_code == 200


def test_recovery_code_lets_in_once(protected):
    person, _secret, client = protected
    page = client.get(reverse("mfa_view_recovery_codes")).text
    code = re.search(r"<li><code>(\w+)</code></li>", page).group(1)
    statuses = []
    for _ in range(2):
        browser, _answer = sign_in(person)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        statuses.append(browser.get(reverse("people:account")).status_code)
    assert statuses == [200, 302]


def test_app_is_taken_away_again(protected):
    person, _secret, client = protected
    answer = client.post(reverse("mfa_deactivate_totp"), {"step": "go"})
    assert answer.status_code == 302
    assert Authenticator.objects.filter(user=person).count() == 0


def test_secret_is_stored_encrypted(protected):
    _person, secret, _client = protected
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored
    assert MFAAdapter().decrypt(stored) == secret


def test_secret_is_read_with_a_former_key(settings):
    settings.SECRET_KEY = "the first key " * 4
    stored = MFAAdapter().encrypt("ABC")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the second key " * 4
    assert MFAAdapter().decrypt(stored) == "ABC"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        MFAAdapter().decrypt(stored)


def test_sessions_are_listed_and_ended_elsewhere(db):
    person = factories.user("eva@example.org", password=PASSWORD)
    phone, _answer = sign_in(person)
    laptop, _answer = sign_in(person)
    page = laptop.get(reverse("usersessions_list"))
    assert page.text.count("ds-card__meta") == 2
    laptop.post(reverse("usersessions_list"))
    assert laptop.get(reverse("people:account")).status_code == 200
    assert phone.get(reverse("people:account")).status_code == 302
