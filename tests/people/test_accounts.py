"""Closing an account: the person is gone, what others need of the deeds remains."""

import json
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from samkraft.notices import operations as notices
from samkraft.notices.models import MailChoice, Notice, OutboxMessage
from samkraft.people import exports
from samkraft.people.models import Invitation, Membership, User
from samkraft.people.operations import accounts, memberships, moderation
from samkraft.records.models import TransitionLog, VisitorMessage
from samkraft.records.refusals import Refused
from tests import factories
from tests.factories import NOW, PASSWORD


def test_closing_puts_a_pseudonym_in_the_place_of_the_person(cast):
    accounts.close_account(user=cast.member, now=NOW)
    closed = User.objects.get(pk=cast.member.pk)
    assert (closed.email, closed.name, closed.is_active) == (f"closed-{closed.pk}@account.invalid", "", False)
    assert closed.has_usable_password() is False
    assert EmailAddress.objects.filter(user=closed).count() == 0
    assert Membership.objects.get(user=closed).ended_on == date(2026, 3, 2)


def test_closing_leaves_no_trace_of_name_and_address(cast):
    member = cast.member
    notices.tell(to=member, kind="people.membership", subject="Hello", text="Hello Member", now=NOW)
    OutboxMessage.objects.update(state="sent")
    notices.choose_kinds(address=member.email, wanted=[], now=NOW)
    factories.invitation(member.email, of=cast.area, role="politician")
    factories.invitation(member.email, of=cast.area, accepted_at=NOW)
    factories.visitor_message(email=member.email)
    Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={"secret": "x"})
    accounts.close_account(user=member, now=NOW)
    receipt = OutboxMessage.objects.get()
    assert (receipt.to_address, receipt.to_user, receipt.kind) == ("member@example.org", None, "people.account")
    everything = [
        *Invitation.objects.values_list("email", flat=True),
        *VisitorMessage.objects.values_list("email", flat=True),
        *MailChoice.objects.values_list("address", flat=True),
        *Notice.objects.filter(user=member).values_list("text", flat=True),
        *User.history.filter(id=member.pk).values_list("is_active", flat=True),
    ]
    assert [entry for entry in everything if "member" in str(entry).lower()] == []
    assert Invitation.objects.unanswered().count() == 0
    assert Authenticator.objects.count() == 0


def test_closing_keeps_the_log_by_pseudonym(cast):
    other = factories.steward()
    message = factories.visitor_message()
    moderation.close_message(message=message, to="done", answer="", by=other, now=NOW)
    accounts.close_account(user=other, now=NOW)
    assert str(TransitionLog.objects.get().by) == f"closed-{other.pk}@account.invalid"


def test_closing_ends_every_session(cast):
    phone = sign_in_by_password(cast.member)
    assert phone.get(reverse("people:account")).status_code == 200
    accounts.close_account(user=cast.member, now=NOW)
    assert phone.get(reverse("people:account")).status_code == 302
    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)


def sign_in_by_password(person):
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    client.post(reverse("account_login_password"), {"login": person.email, "password": PASSWORD})
    return client


def test_closing_the_last_steward_is_refused(cast):
    with pytest.raises(Refused) as refused:
        accounts.close_account(user=cast.steward, now=NOW)
    assert str(refused.value) == "You are the only steward. Make somebody else a steward first."
    factories.steward()
    accounts.close_account(user=cast.steward, now=NOW)
    assert User.objects.get(pk=cast.steward.pk).is_steward is False


def test_account_made_by_who_runs_the_site_signs_in_at_once(db):
    made = accounts.make_account(email="Eva@Example.org", name="Eva", password=PASSWORD, is_steward=True)
    again = accounts.make_account(email="eva@example.org", name="Somebody else")
    assert (again, again.name, again.is_steward) == (made, "Eva", True)
    client = Client()
    client.post(reverse("account_login_password"), {"login": "eva@example.org", "password": PASSWORD})
    assert client.get(reverse("people:account")).status_code == 200


def test_account_that_nobody_confirmed_is_forgotten_after_a_week(cast):
    def made(days_ago, **fields):
        person = factories.user(**fields)
        User.objects.filter(pk=person.pk).update(joined_at=NOW - timedelta(days=days_ago))
        return person

    made(8, verified=False)
    kept = [made(6, verified=False), made(8), made(8, verified=False, is_steward=True)]
    before = User.objects.count()
    assert accounts.forget_unconfirmed(now=NOW) == 1
    assert User.objects.count() == before - 1
    assert User.objects.filter(pk__in=[person.pk for person in kept]).count() == 3


def test_sessions_that_have_expired_are_forgotten(cast):
    sign_in_by_password(cast.member)
    sign_in_by_password(cast.owner)
    Session.objects.filter(pk=Session.objects.first().pk).update(expire_date=NOW - timedelta(days=1))
    assert accounts.forget_sessions(now=NOW) == 1
    assert (Session.objects.count(), UserSession.objects.count()) == (1, 1)


def test_address_of_a_closed_account_is_free_again(cast):
    accounts.close_account(user=cast.member, now=NOW)
    assert factories.user("member@example.org").email == "member@example.org"


def test_export_holds_everything_about_the_person(cast):
    invitation = memberships.invite(
        email="eva@example.org", area=cast.area, role="officer", sector="planning", by=cast.owner, now=NOW
    )
    eva = factories.user("eva@example.org", name="Eva")
    memberships.accept_invitation(invitation=invitation, by=eva, now=NOW)
    factories.visitor_message(email="eva@example.org", text="The map is slow.")
    everything = exports.everything_about(eva)
    assert set(everything) >= {"account", "deeds", "invitations", "memberships", "messages", "notices"}
    assert everything["account"]["name"] == "Eva"
    assert [row["area__key"] for row in everything["memberships"]] == ["SE-1493"]
    assert [row["role"] for row in everything["invitations"]["received"]] == ["officer"]
    assert [row["text"] for row in everything["messages"]] == ["The map is slow."]
    assert everything["notices"]["by_mail"] == []
    assert [row["email"] for row in exports.everything_about(cast.owner)["invitations"]["sent"]] == ["eva@example.org"]


def test_export_is_a_file(cast):
    answer = cast.client("owner").get(reverse("people:export"))
    assert answer["Content-Disposition"] == 'attachment; filename="samkraft.json"'
    assert json.loads(answer.content)["account"]["email"] == "owner@example.org"


def test_export_name_is_taken_once():
    with pytest.raises(ValueError, match="already registered"):
        exports.register("account", lambda user: {})
