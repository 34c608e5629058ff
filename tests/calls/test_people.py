"""Who organises and who reviews a call: invited by mail, accepted once, ended."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samkraft.calls.models import CallOffer, CallPerson, CallRole, CallState
from samkraft.calls.operations import people
from samkraft.notices.models import OutboxMessage
from samkraft.people.operations.offers import ForAnother, NotOpen
from samkraft.records.refusals import Refused

from .. import factories, factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def client_of(person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def organised(**fields):
    call = factories_calls.call(**fields)
    return call, factories_calls.organiser(call)


def invited(call, person, email="new@example.org", role=CallRole.REVIEWER, now=NOW):
    offer = people.invite(call=call, email=email, role=role, by=person, now=now)
    link = OutboxMessage.objects.filter(kind="calls.invitation").latest("pk").url
    return offer, link.removeprefix("http://").partition("/")[2]


def roles(call):
    return sorted(CallPerson.objects.active().filter(call=call).values_list("user__email", "role"))


def test_invitation_is_mailed_and_accepted_once_by_its_holder() -> None:
    call, person = organised()
    offer, _path = invited(call, person, " New@Example.org ")
    invitee = factories.user("new@example.org")

    with pytest.raises(ForAnother):
        people.accept(offer=offer, by=factories.user(), now=NOW)
    people.accept(offer=offer, by=invitee, now=NOW)
    with pytest.raises(NotOpen):
        people.accept(offer=offer, by=invitee, now=NOW)

    assert ("new@example.org", "reviewer") in roles(call)
    told = OutboxMessage.objects.get(kind="people.accepted")
    assert (told.to_user, "now reviews the call" in told.text) == (person, True)


def test_new_invitation_replaces_the_one_before() -> None:
    call, person = organised()
    first, _path = invited(call, person)
    invited(call, person, now=NOW + timedelta(days=1))

    first.refresh_from_db()
    assert first.withdrawn_at == NOW + timedelta(days=1)
    assert CallOffer.objects.unanswered().count() == 1


def test_who_has_the_role_is_not_invited_to_it_again() -> None:
    call, person = organised()

    with pytest.raises(Refused, match="already has that role"):
        people.invite(call=call, email=person.email.upper(), role=CallRole.ORGANISER, by=person, now=NOW)


def test_reviewer_and_outsider_invite_nobody() -> None:
    call, _person = organised()
    for other in (factories_calls.reviewer(call), factories.user()):
        with pytest.raises(Refused, match="Only those who run the call"):
            people.invite(call=call, email="x@example.org", role=CallRole.REVIEWER, by=other, now=NOW)


def test_invitation_to_a_call_that_is_over_no_longer_holds() -> None:
    call, person = organised()
    offer, _path = invited(call, person)
    type(call).objects.filter(pk=call.pk).update(state=CallState.CANCELLED)

    with pytest.raises(NotOpen, match="the call is over"):
        people.accept(offer=offer, by=factories.user("new@example.org"), now=NOW)


def test_call_is_never_without_an_organiser() -> None:
    call, person = organised()
    own = CallPerson.objects.get(call=call, user=person)

    with pytest.raises(Refused, match="always has an organiser"):
        people.end_role(person=own, by=person, now=NOW)
    factories_calls.organiser(call)
    people.end_role(person=own, by=person, now=NOW)
    with pytest.raises(Refused, match="already ended"):
        people.end_role(person=own, by=person, now=NOW)


def test_reviewer_whose_role_is_ended_is_told() -> None:
    call, person = organised()
    reviewer = factories_calls.reviewer(call)

    people.end_role(person=CallPerson.objects.get(user=reviewer), by=person, now=NOW)

    assert OutboxMessage.objects.get(kind="people.membership").to_user == reviewer


class TestPages:
    def test_organiser_invites_and_withdraws(self) -> None:
        call, person = organised()
        client = client_of(person)
        url = reverse("calls:invite", args=[call.slug])
        assert client.post(url, {"email": "new@example.org", "role": "organiser"}).status_code == 302
        page = client.get(reverse("calls:people", args=[call.slug])).content.decode()
        assert "new@example.org: organiser" in page

        offer = CallOffer.objects.get()
        client.post(reverse("calls:withdraw_offer", args=[call.slug, offer.pk]))
        assert CallOffer.objects.unanswered().count() == 0

    def test_link_says_of_what_and_leads_on(self) -> None:
        call, person = organised()
        _offer, path = invited(call, person, now=timezone.now())
        signed_out = Client().get(f"/{path}").content.decode()
        assert ("Sign in" in signed_out, "new@example.org" in signed_out) == (True, False)
        assert client_of(factories.user()).get(f"/{path}").status_code == 404
        client = client_of(factories.user("new@example.org"))
        assert "Accept the invitation" in client.get(f"/{path}").content.decode()

        response = client.post(f"/{path}")

        assert response.headers["Location"] == reverse("calls:review_list", args=[call.slug])
        assert Client().get(reverse("calls:offer", args=["made-up"])).status_code == 404

    def test_new_organiser_is_led_to_the_overview(self) -> None:
        call, person = organised()
        offer, _path = invited(call, person, role=CallRole.ORGANISER, now=timezone.now())
        client = client_of(factories.user("new@example.org"))

        response = client.post(reverse("calls:accept_offer", args=[offer.pk]))
        assert response.headers["Location"] == reverse("calls:organise", args=[call.slug])
        assert client.get(response.headers["Location"]).status_code == 200

    def test_offer_of_others_is_not_accepted_from_my_page(self) -> None:
        call, person = organised()
        offer, _path = invited(call, person)

        assert client_of(factories.user()).post(reverse("calls:accept_offer", args=[offer.pk])).status_code == 404

    def test_reviewer_leaves_and_organiser_ends(self) -> None:
        call, person = organised()
        reviewer = factories_calls.reviewer(call)
        role = CallPerson.objects.get(user=reviewer)
        url = reverse("calls:end_role", args=[call.slug, role.pk])

        assert client_of(factories.user()).get(url).status_code == 404
        assert "Leave this role?" in client_of(reviewer).get(url).content.decode()
        assert client_of(person).post(url).headers["Location"] == reverse("calls:people", args=[call.slug])
        assert client_of(reviewer).get(url).status_code == 404

    def test_list_of_people_costs_the_same_with_one_and_three(self, django_assert_max_num_queries) -> None:
        call, person = organised()
        client, url = client_of(person), reverse("calls:people", args=[call.slug])

        def more() -> None:
            factories_calls.reviewer(call)
            invited(call, person, f"r{CallOffer.objects.count()}@example.org")

        more()
        client.get(url)
        with django_assert_max_num_queries(14) as one:
            client.get(url)
        more()
        more()
        with django_assert_max_num_queries(14) as three:
            client.get(url)
        assert len(three) == len(one)


def test_of_two_who_invite_the_same_at_once_one_invitation_stands(at_once) -> None:
    call, person = organised()
    other = factories_calls.organiser(call)

    at_once(
        lambda place: people.invite(
            call=call, email="new@example.org", role=CallRole.REVIEWER, by=(person, other)[place], now=NOW
        ),
        2,
    )

    assert CallOffer.objects.unanswered().count() == 1


def test_two_organisers_who_end_each_others_role_at_once_leave_one(at_once) -> None:
    call, person = organised()
    other = factories_calls.organiser(call)
    ends = [CallPerson.objects.get(user=other), CallPerson.objects.get(user=person)]

    results = at_once(lambda place: people.end_role(person=ends[place], by=(person, other)[place], now=NOW), 2)

    assert sum(isinstance(result, Refused) for result in results) == 1
    assert len(roles(call)) == 1
