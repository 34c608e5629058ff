"""People's pages: who may see them, what they do, and how much they ask of the database."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samkraft.notices.models import OutboxMessage
from samkraft.people.models import Invitation, Membership, Role, User
from samkraft.people.operations import memberships
from tests import factories
from tests.factories import NOW

AREA = ["se", "mariestad"]
ONLY_ACCOUNTS = {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 302}
ONLY_STEWARDS = {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
ONLY_WHO_INVITES = {"owner": 200, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
EVERYBODY = {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 200}


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("people:account", [], ONLY_ACCOUNTS),
        ("people:export", [], ONLY_ACCOUNTS),
        ("people:close", [], ONLY_ACCOUNTS),
        ("people:closed", [], EVERYBODY),
        ("people:area", AREA, ONLY_WHO_INVITES),
        ("people:invite", AREA, ONLY_WHO_INVITES),
        ("people:report_fault", [], EVERYBODY),
        ("people:report_content", [], EVERYBODY),
        ("people:received", [], EVERYBODY),
        ("people:messages", [], ONLY_STEWARDS),
        ("mfa_index", [], ONLY_ACCOUNTS),
        ("account_email", [], ONLY_ACCOUNTS),
        ("usersessions_list", [], ONLY_ACCOUNTS),
        ("account_set_password", [], ONLY_ACCOUNTS),
    ],
)
def test_page_opens_for_those_whom_it_is_for(cast, name, arguments, expected):
    assert cast.statuses(reverse(name, args=arguments)) == expected


def test_message_opens_for_stewards(cast):
    url = reverse("people:message", args=[factories.visitor_message().pk])
    assert cast.statuses(url) == ONLY_STEWARDS


def test_role_is_ended_by_its_holder_and_those_who_invite(cast):
    role = Membership.objects.get(user=cast.member)
    url = reverse("people:end", args=[role.pk])
    assert cast.statuses(url) == {**ONLY_WHO_INVITES, "member": 200}


def test_buttons_are_no_links(cast):
    invitation = factories.invitation("eva@example.org", of=cast.area)
    for name in ("people:withdraw", "people:accept"):
        assert cast.client("owner").get(reverse(name, args=[invitation.pk])).status_code == 405


def test_reading_pages_set_no_cookie_and_forms_only_the_one_against_forgery(db):
    cookies = {
        name: list(Client().get(reverse(name)).cookies)
        for name in ("people:received", "people:closed", "people:report_fault", "account_login")
    }
    assert cookies == {
        "people:received": [],
        "people:closed": [],
        "people:report_fault": ["csrftoken"],
        "account_login": ["csrftoken"],
    }


def test_page_of_a_signed_in_reader_is_kept_by_no_cache(cast):
    assert cast.client("owner").get(reverse("people:account"))["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in Client().get(reverse("people:received")).headers


def test_account_is_changed(cast):
    client = cast.client("member")
    client.post(reverse("people:account"), {"name": " Maja ", "language": "nb"})
    member = User.objects.get(pk=cast.member.pk)
    assert (member.name, member.language) == ("Maja", "nb")
    wrong = client.post(reverse("people:account"), {"name": "Maja", "language": "xx"})
    assert "<ds-error-summary" in wrong.text


def test_people_of_an_area_are_listed(cast):
    factories.invitation("eva@example.org", of=cast.area)
    factories.invitation("nils@example.org", of=cast.area, withdrawn_at=NOW)
    text = cast.client("owner").get(reverse("people:area", args=AREA)).text
    shown = [word for word in ("Owner", "Member", "eva@example.org", "nils@example.org") if word in text]
    assert shown == ["Owner", "Member", "eva@example.org"]


def test_inviting_by_the_form(cast):
    client, url = cast.client("owner"), reverse("people:invite", args=AREA)
    answer = client.post(url, {"email": "eva@example.org", "role": "officer", "sector": "planning"})
    assert answer["Location"] == reverse("people:area", args=AREA)
    assert Invitation.objects.get().email == "eva@example.org"
    wrong = client.post(url, {"email": "nobody", "role": "king", "sector": ""})
    assert wrong.text.count("ds-validation-message") == 3
    twice = client.post(url, {"email": "member@example.org", "role": "officer", "sector": "planning"})
    assert "This person already has that role in this area." in twice.text


def test_withdrawing_by_the_button(cast):
    invitation = factories.invitation("eva@example.org", of=cast.area)
    url = reverse("people:withdraw", args=[invitation.pk])
    assert cast.client("member").post(url).status_code == 404
    cast.client("owner").post(url)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None


def test_ending_by_the_button(cast):
    role = Membership.objects.get(user=cast.member)
    cast.client("owner").post(reverse("people:end", args=[role.pk]))
    role.refresh_from_db()
    assert role.ended_on is not None


def invited(cast, email="eva@example.org"):
    """The address in the mail of a fresh invitation."""
    memberships.invite(
        email=email,
        area=cast.area,
        role=Role.OFFICER,
        sector="planning",
        by=cast.owner,
        now=timezone.now(),
    )
    return re.search(r"/\w\w/invitations/.*", OutboxMessage.objects.first().url).group()


def signed_in_as(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_invitation_is_accepted_by_its_link(cast):
    url, eva = invited(cast), factories.user("eva@example.org")
    client = signed_in_as(eva)
    assert "Mariestads kommun" in client.get(url).text
    assert Membership.objects.of(eva).count() == 0
    assert client.post(url)["Location"] == reverse("portal:my")
    assert Membership.objects.of(eva).get().area == cast.area
    assert "already been accepted" in client.get(url).text


def test_invitation_for_another_says_so_and_not_for_whom(cast):
    url = invited(cast)
    for method in ("get", "post"):
        page = getattr(cast.client("outsider"), method)(url)
        assert page.status_code == 404
        assert "This invitation is for another address" in page.text
        assert "eva@example.org" not in page.text
    assert Membership.objects.of(cast.outsider).count() == 0


def test_invitation_tells_a_visitor_to_sign_in(cast):
    url = invited(cast)
    page = Client().get(url)
    assert (page.status_code, "eva@example.org" in page.text) == (200, False)
    assert f"{reverse('account_login')}?next=" in page.text
    assert list(page.cookies) == []


def test_invitation_that_is_unknown_does_not_exist(cast):
    assert cast.statuses(reverse("people:invitation", args=["made-up"])) == dict.fromkeys(EVERYBODY, 404)


def test_invitation_that_was_withdrawn_says_so(cast):
    url = invited(cast)
    Invitation.objects.update(withdrawn_at=NOW)
    eva = factories.user("eva@example.org")
    assert "This invitation has been withdrawn." in signed_in_as(eva).get(url).text
    assert "can no longer be accepted" in Client().get(url).text
    signed_in_as(eva).post(url)
    assert Membership.objects.of(eva).count() == 0


def test_invitation_is_accepted_from_my_page(cast):
    invited(cast)
    invitation = Invitation.objects.get()
    url = reverse("people:accept", args=[invitation.pk])
    assert cast.client("outsider").post(url).status_code == 404
    eva = factories.user("eva@example.org")
    client = signed_in_as(eva)
    assert url in client.get(reverse("portal:my")).text
    client.post(url)
    assert Membership.objects.of(eva).count() == 1
    assert url not in client.get(reverse("portal:my")).text


def test_my_page_says_what_awaits(cast):
    factories.visitor_message()
    nameless = factories.user(name="")
    assert reverse("people:messages") in cast.client("steward").get(reverse("portal:my")).text
    assert reverse("people:messages") not in cast.client("owner").get(reverse("portal:my")).text
    assert "Tell us your name" in signed_in_as(nameless).get(reverse("portal:my")).text
    assert "Tell us your name" not in cast.client("owner").get(reverse("portal:my")).text


def close_with_code(client):
    client.post(reverse("people:close"), {"send_code": "1"})
    return re.search(r"^(\d{6})$", OutboxMessage.objects.first().text, re.MULTILINE).group(1)


def test_closing_needs_a_code_from_those_without_a_password(cast):
    client, url = cast.client("member"), reverse("people:close")
    client.post(url, {})
    code = close_with_code(client)
    wrong = client.post(url, {"code": "nonsense"})
    assert "This is not the right code." in wrong.text
    assert User.objects.get(pk=cast.member.pk).is_active is True
    answer = client.post(url, {"code": code})
    assert answer["Location"] == reverse("people:closed")
    assert User.objects.get(pk=cast.member.pk).is_active is False
    assert client.get(reverse("people:account")).status_code == 302


def test_closing_takes_three_tries_of_a_code(cast):
    client, url = cast.client("member"), reverse("people:close")
    code = close_with_code(client)
    for _ in range(3):
        client.post(url, {"code": "nonsense"})
    client.post(url, {"code": code})
    assert User.objects.get(pk=cast.member.pk).is_active is True


def test_closing_needs_the_password_from_those_with_one(cast):
    cast.member.set_password(factories.PASSWORD)
    cast.member.save()
    client, url = Client(), reverse("people:close")
    client.post(reverse("account_login_password"), {"login": cast.member.email, "password": factories.PASSWORD})
    asked = client.post(url, {})
    assert asked["Location"] == f"{reverse('account_reauthenticate')}?next={url.replace('/', '%2F')}"
    assert User.objects.get(pk=cast.member.pk).is_active is True
    client.post(asked["Location"], {"password": factories.PASSWORD}, follow=True)
    client.post(url, {})
    assert User.objects.get(pk=cast.member.pk).is_active is False


def test_last_steward_is_told_why_the_account_stays(cast):
    client = cast.client("steward")
    page = client.post(reverse("people:close"), {"code": close_with_code(client)})
    assert "You are the only steward." in page.text


@pytest.mark.parametrize("name", ["people:area", "people:messages", "people:account"])
def test_pages_ask_the_same_of_the_database_with_one_row_and_three(cast, name, django_assert_max_num_queries):
    url = reverse(name, args=AREA if name == "people:area" else [])
    client = cast.client("steward")
    counts = []
    for rows in (1, 3):
        while Invitation.objects.count() < rows:
            number = Invitation.objects.count()
            factories.invitation(f"p{number}@example.org", of=cast.area)
            factories.visitor_message()
            factories.member(cast.area)
            factories.member(factories.area(f"9{number}", f"Place{number}"), person=cast.steward)
        client.get(url)
        with django_assert_max_num_queries(12) as made:
            client.get(url)
        counts.append(len(made))
    assert counts[0] == counts[1]
