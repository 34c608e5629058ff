"""The convener's yearly check: what needs a decision comes first, and one click is enough to confirm."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samkraft.networks.models import Fulfilment, MembershipState, NetworkMembership
from samkraft.networks.operations.fulfilments import Evidence, submit
from samkraft.networks.queries import check
from samkraft.notices.models import OutboxMessage
from tests import factories, factories_networks
from tests.factories_memberships import joining

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def at(db):
    return joining()


def member(at, left, state=MembershipState.DUE, **fields):
    due = timezone.localdate() + timedelta(days=left)
    return factories_networks.admitted(at.network, version=at.version, due_on=due, state=state, **fields)


def send(at, actor=None):
    who = actor or at.actor
    contact = at.contact if actor is None else factories_networks.speaker(actor)
    evidence = Evidence(version=at.version, url="https://pledge.example/new")
    return submit(network=at.network, actor=who, evidence=evidence, by=contact, now=timezone.now())


def url(at, **query):
    return reverse("networks:check", args=[at.network.slug], query=query)


def names(at, wanted=check.ALL, search=""):
    rows = check.listed(at.network, wanted=wanted, search=search, today=timezone.localdate())
    return [row.actor.name for row in rows]


@pytest.fixture
def everything(at):
    """One actor of each kind, by what it is."""
    made = {
        "left": member(at, 100, MembershipState.LEFT),
        "member": member(at, 200, MembershipState.ADMITTED),
        "due": member(at, 20),
        "late": member(at, -3),
        "later": member(at, -20),
        "renews": member(at, -5),
    }
    send(at, made["renews"].actor)
    applies = send(at).membership
    made["applies"] = applies
    return {name: membership.actor.name for name, membership in made.items()}


def test_applications_come_first_and_then_the_overdue(at, everything):
    order = ["applies", "renews", "later", "late", "due", "member"]
    assert names(at) == [everything[name] for name in order]


def test_filters_show_what_they_say(at, everything):
    found = {name: names(at, name) for name in check.FILTERS if name != check.ALL}
    assert found == {
        "awaiting": [everything["applies"], everything["renews"]],
        "overdue": [everything["later"], everything["late"]],
        "due": [everything["later"], everything["late"], everything["due"]],
        "ended": [everything["left"]],
    }
    counts = check.counts(at.network, timezone.localdate())
    assert counts == {"n_all": 6, "n_awaiting": 2, "n_overdue": 2, "n_due": 3, "n_ended": 1}
    assert names(at, search=everything["due"]) == [everything["due"]]


def test_check_opens_for_those_who_convene(cast, at):
    expected = {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
    for name in ("networks:check", "networks:check_remind", "networks:check_csv", "networks:check_xlsx"):
        address = reverse(name, args=[at.network.slug])
        assert cast.statuses(address) == expected
        assert signed_in(at.convener).get(address).status_code == 200
        assert signed_in(at.contact).get(address).status_code == 404
    coordinator = factories.coordinator(at.network.county)
    assert signed_in(coordinator).get(url(at)).status_code == 200


def test_pages_of_decisions_open_for_those_who_convene(cast, at):
    sent = send(at)
    expected = {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
    for name in ("networks:membership_ask", "networks:membership_decline"):
        assert cast.statuses(reverse(name, args=[sent.membership_id])) == expected
    renewing = member(at, 10)
    assert cast.statuses(reverse("networks:membership_lapse", args=[renewing.pk])) == expected
    confirm = reverse("networks:evidence_confirm", args=[sent.pk])
    assert cast.statuses(confirm) == {**dict.fromkeys(expected, 405), "visitor": 302}
    assert cast.statuses(confirm, "post") == {**expected, "steward": 302}
    assert signed_in(at.contact).post(confirm).status_code == 404


def test_one_click_confirms_and_says_until_when(at):
    sent = send(at)
    query = "?show=awaiting"
    address = reverse("networks:evidence_confirm", args=[sent.pk]) + query
    response = signed_in(at.convener).post(address, follow=True)
    assert response.redirect_chain == [(url(at, show="awaiting"), 302)]
    assert f"Confirmed: {at.actor.name} is a member until" in text_of(response)
    again = signed_in(at.convener).post(address, follow=True)
    assert "Somebody else has just handled this matter. Look at it again." in text_of(again)


def test_member_that_is_due_is_confirmed_on_its_standing_evidence(at):
    due = member(at, -3)
    page = text_of(signed_in(at.convener).get(url(at)))
    address = reverse("networks:evidence_confirm", args=[due.fulfilment_id])
    assert address in page
    signed_in(at.convener).post(address)
    due.refresh_from_db()
    assert (due.state, due.due_on > timezone.localdate() + timedelta(days=360)) == ("admitted", True)
    assert Fulfilment.objects.filter(membership=due, state="accepted").count() == 1


def test_reason_is_asked_on_a_page_of_its_own(at):
    sent = send(at)
    client = signed_in(at.convener)
    address = reverse("networks:membership_ask", args=[sent.membership_id])
    assert client.post(address, {"why": ""}).status_code == 200
    assert NetworkMembership.objects.get(pk=sent.membership_id).state == "applied"
    response = client.post(address, {"why": "Which of the pledges is yours?"}, follow=True)
    assert f"We have sent your question to {at.actor.name}." in text_of(response)
    assert client.post(address, {"why": "Again"}).status_code == 404
    response = client.post(
        reverse("networks:membership_decline", args=[sent.membership_id]), {"why": "No answer."}, follow=True
    )
    assert f"The application of {at.actor.name} is declined." in text_of(response)


def test_convener_ends_a_membership(at):
    late = member(at, -20)
    response = signed_in(at.convener).post(
        reverse("networks:membership_lapse", args=[late.pk]), {"why": "No answer."}, follow=True
    )
    assert f"{late.actor.name} is no longer a member." in text_of(response)
    late.refresh_from_db()
    assert (late.state, late.why) == ("lapsed", "No answer.")


def test_own_actor_is_left_to_another_where_there_is_one(at):
    factories_networks.speaker(at.actor, person=at.convener)
    sent = send(at)
    address = reverse("networks:evidence_confirm", args=[sent.pk])
    assert address in text_of(signed_in(at.convener).get(url(at)))
    other = factories_networks.convener(at.network)
    page = text_of(signed_in(at.convener).get(url(at)))
    assert (address in page, "Your own actor: another has to confirm." in page) == (False, True)
    assert address in text_of(signed_in(other).get(url(at)))


def test_all_who_are_due_get_a_mail(at):
    due = member(at, 20)
    contact = factories_networks.speaker(due.actor)
    client = signed_in(at.convener)
    page = text_of(client.get(reverse("networks:check_remind", args=[at.network.slug])))
    assert "1 actor is due for renewal" in page
    assert OutboxMessage.objects.count() == 0
    response = client.post(
        reverse("networks:check_remind", args=[at.network.slug]), {"message": "See you soon."}, follow=True
    )
    assert "We have sent the reminder to 1 actor." in text_of(response)
    assert OutboxMessage.objects.get().to_user == contact


def test_list_is_exported_as_it_is_filtered(at, everything):
    address = reverse("networks:check_csv", args=[at.network.slug], query={"show": "overdue"})
    response = signed_in(at.convener).get(address)
    lines = list(csv.reader(StringIO(response.content.decode().removeprefix("\ufeff")), delimiter=";"))
    assert [line[:4] for line in lines[1:]] == [
        [everything["later"], "Member, due for renewal", "", "yes"],
        [everything["late"], "Member, due for renewal", "", "yes"],
    ]
    assert "private" in response.headers["Cache-Control"]


def test_empty_check_says_how_to_begin(at):
    page = text_of(signed_in(at.convener).get(url(at)))
    assert "No actor has applied yet" in page
    assert reverse("networks:join", args=[at.network.slug]) in page


def test_unknown_filter_and_page_show_something(at, everything):
    for query in ({"show": "nonsense"}, {"page": "99"}, {"page": "x"}, {"q": "\0"}):
        assert signed_in(at.convener).get(url(at, **query)).status_code == 200


def test_check_asks_as_much_for_sixty_actors_as_for_one(at, django_assert_max_num_queries):
    def asked(most=15):
        client = signed_in(at.convener)
        with django_assert_max_num_queries(most) as queries:
            client.get(url(at))
        return len(queries)

    member(at, 20)
    asked(12)

    factories_networks.speaker(member(at, 20).actor, person=at.convener)
    send(at)
    one = asked()
    for _more in range(3):
        factories_networks.speaker(member(at, -3).actor, person=at.convener)
    send(at, factories_networks.actor())
    assert asked() == one
    for _more in range(56):
        member(at, 100, MembershipState.ADMITTED)
    assert asked() == one
