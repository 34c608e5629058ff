"""Django's administration: for stewards, through our sign-in, and with a second factor where that is asked."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from samkraft.people.models import User
from tests import factories
from tests.people.test_second_factor import app_code, set_up_app, sign_in


def test_administration_is_for_stewards(cast):
    url = reverse("admin:index")
    assert cast.statuses(url) == {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
    assert Client().get(url)["Location"].startswith("/en/account/login/")


def test_steward_opens_every_list_of_the_administration(cast):
    client = cast.client("steward")
    statuses = {}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        statuses[name] = client.get(reverse(name)).status_code
    assert {name: status for name, status in statuses.items() if status != 200} == {}


def test_steward_makes_another_steward_and_it_is_kept_who(cast):
    url = reverse("admin:people_user_change", args=[cast.member.pk])
    client = cast.client("steward")
    client.post(url, {"name": "Member", "language": "sv", "is_steward": "on", "is_active": "on"})
    assert User.objects.get(pk=cast.member.pk).is_steward is True
    latest = User.history.filter(id=cast.member.pk).first()
    assert (latest.is_steward, latest.history_user) == (True, cast.steward)


@pytest.fixture
def protected_steward(db, settings):
    settings.ADMIN_NEEDS_SECOND_FACTOR = True
    return factories.steward("eva@example.org", password=factories.PASSWORD)


def test_steward_without_an_app_is_led_to_set_one_up(protected_steward):
    client, _answer = sign_in(protected_steward)
    answer = client.get(reverse("admin:index"), follow=True)
    assert [step for step, _status in answer.redirect_chain][-2:][0] == reverse("mfa_activate_totp")


def test_steward_who_has_set_an_app_up_in_this_session_is_asked_for_it(protected_steward):
    client, _answer = sign_in(protected_steward)
    secret = set_up_app(client)
    asked = client.get(reverse("admin:index"), follow=True)
    last = asked.redirect_chain[-1][0]
    assert last.startswith(reverse("mfa_reauthenticate"))
    client.post(last, {"code": app_code(secret)})
    assert client.get(reverse("admin:index")).status_code == 200


def test_steward_who_signed_in_with_the_app_is_let_in(protected_steward):
    client, _answer = sign_in(protected_steward)
    secret = set_up_app(client)
    client, _answer = sign_in(protected_steward)
    client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    assert client.get(reverse("admin:index")).status_code == 200


def test_administration_has_no_entrance_of_its_own(cast):
    assert cast.client("visitor").get(reverse("admin:login"))["Location"].startswith("/en/account/login/")
    assert cast.client("steward").get(reverse("admin:login"))["Location"] == reverse("admin:index")
    with pytest.raises(NoReverseMatch):
        reverse("admin:password_reset")
