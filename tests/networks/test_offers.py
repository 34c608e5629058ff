"""The people of actors and networks are invited, accept, and leave, by the same rules."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samkraft.networks.models import (
    Actor,
    ActorOffer,
    ActorPerson,
    ActorRole,
    Network,
    NetworkOffer,
    NetworkPerson,
    NetworkRole,
)
from samkraft.networks.operations import offers as operations
from samkraft.networks.operations.actors import close_actor
from samkraft.networks.operations.offers import NotAllowed
from samkraft.notices.models import OutboxMessage
from samkraft.people.operations.offers import ForAnother, NotOpen
from samkraft.records.refusals import Refused
from tests import factories, factories_networks
from tests.factories import NOW
from tests.factories_actors import actor_offer, network_offer

OWN = {"owner": 200, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
KINDS = pytest.mark.parametrize("kind", ["actor", "network"])


def a(kind):
    """An actor with a contact, or a network with a convener; and that person."""
    if kind == "actor":
        made = factories_networks.actor(name="The Green Bakery", slug="bakery")
        return made, factories_networks.speaker(made)
    made = factories_networks.network(name="The Lake", slug="the-lake")
    return made, factories_networks.convener(made)


def top(subject):
    return ActorRole.CONTACT if isinstance(subject, Actor) else NetworkRole.CONVENER


def persons(subject):
    return ActorPerson if isinstance(subject, Actor) else NetworkPerson


def invite(subject, by, email="eva@example.org", role="editor", now=NOW):
    return operations.invite(subject=subject, email=email, role=role, by=by, now=now)


@KINDS
@pytest.mark.django_db
def test_invitation_is_mailed_and_accepted(kind):
    subject, owner = a(kind)
    offer = invite(subject, owner, email="Eva@Example.org")
    mail = OutboxMessage.objects.get()
    token = re.search(r"/en/networks/offers/([^/]+)/$", mail.url).group(1)
    assert (mail.to_address, token in offer.token_hash, subject.name in mail.subject) == (
        "eva@example.org",
        False,
        True,
    )
    eva = factories.user("eva@example.org")
    person = operations.accept(offer=offer, by=eva, now=NOW)
    assert (person.user, person.role, person.is_public) == (eva, "editor", False)
    assert OutboxMessage.objects.filter(to_user=owner, kind="people.accepted").count() == 1


@KINDS
@pytest.mark.django_db
def test_only_those_who_answer_for_it_invite(kind):
    subject, _owner = a(kind)
    editor = factories.user()
    persons(subject).objects.create(**{kind: subject}, user=editor, role="editor", since=NOW.date())
    invite(subject, factories.steward())
    for by in (editor, factories.user()):
        with pytest.raises(NotAllowed):
            invite(subject, by)


@KINDS
@pytest.mark.django_db
def test_offer_is_only_for_its_address_and_its_time(kind):
    subject, owner = a(kind)
    offer = invite(subject, owner)
    eva = factories.user("eva@example.org")
    with pytest.raises(ForAnother):
        operations.accept(offer=offer, by=factories.user(), now=NOW)
    with pytest.raises(NotOpen):
        operations.accept(offer=offer, by=eva, now=NOW + timedelta(days=14))
    operations.accept(offer=offer, by=eva, now=NOW)
    with pytest.raises(NotOpen):
        operations.accept(offer=offer, by=eva, now=NOW)


@KINDS
@pytest.mark.django_db
def test_inviting_again_withdraws_the_earlier_offer_and_who_has_the_role_is_not_invited(kind):
    subject, owner = a(kind)
    first, second = invite(subject, owner), invite(subject, owner)
    first.refresh_from_db()
    assert (first.withdrawn_at, second.withdrawn_at) == (NOW, None)
    with pytest.raises(Refused) as refused:
        invite(subject, owner, email=owner.email.upper(), role=top(subject))
    assert str(refused.value) == "This person already has that role."


@KINDS
def test_accepting_in_parallel_gives_one_role(kind, at_once):
    subject, owner = a(kind)
    offer = invite(subject, owner)
    eva = factories.user("eva@example.org")
    model = type(offer)
    results = at_once(lambda _place: operations.accept(offer=model.objects.get(pk=offer.pk), by=eva, now=NOW), 3)
    assert sorted(type(result).__name__ for result in results) == [persons(subject).__name__, "NotOpen", "NotOpen"] or (
        sorted(type(result).__name__ for result in results) == ["NotOpen", "NotOpen", persons(subject).__name__]
    )
    assert persons(subject).objects.filter(user=eva).count() == 1


@KINDS
@pytest.mark.django_db
def test_last_who_answers_for_it_cannot_leave(kind):
    subject, owner = a(kind)
    person = persons(subject).objects.get(user=owner)
    with pytest.raises(Refused) as refused:
        operations.end_role(person=person, by=owner, now=NOW)
    assert "always has a" in str(refused.value)
    other = factories.user()
    persons(subject).objects.create(**{kind: subject}, user=other, role=top(subject), since=NOW.date())
    operations.end_role(person=person, by=owner, now=NOW)
    assert [one.user for one in persons(subject).objects.active()] == [other]


@KINDS
def test_two_who_end_each_others_role_at_once_leave_one(kind, at_once):
    subject, owner = a(kind)
    other = factories.user()
    persons(subject).objects.create(**{kind: subject}, user=other, role=top(subject), since=NOW.date())
    mine, yours = (persons(subject).objects.get(user=user) for user in (owner, other))
    pairs = [(yours, owner), (mine, other)]
    at_once(lambda place: operations.end_role(person=pairs[place][0], by=pairs[place][1], now=NOW), 2)
    assert persons(subject).objects.active().count() == 1


@KINDS
@pytest.mark.django_db
def test_somebody_whose_role_is_ended_is_told(kind):
    subject, owner = a(kind)
    editor = factories.user()
    person = persons(subject).objects.create(**{kind: subject}, user=editor, role="editor", since=NOW.date())
    with pytest.raises(NotAllowed):
        operations.end_role(person=persons(subject).objects.get(user=owner), by=editor, now=NOW)
    operations.end_role(person=person, by=owner, now=NOW)
    assert [mail.to_user for mail in OutboxMessage.objects.filter(kind="people.membership")] == [editor]


@pytest.mark.django_db
def test_closed_actor_has_no_open_offers():
    actor, owner = a("actor")
    offer = invite(actor, owner)
    close_actor(actor=actor, why="x", by=owner, now=NOW)
    with pytest.raises(NotOpen):
        operations.accept(offer=ActorOffer.objects.get(pk=offer.pk), by=factories.user("eva@example.org"), now=NOW)


def set_up(cast, kind):
    """The subject of that kind, of which the cast's owner is the one who decides, and the member an editor."""
    subject, _person = a(kind)
    for user, role in ((cast.owner, top(subject)), (cast.member, "editor")):
        persons(subject).objects.create(**{kind: subject}, user=user, role=role, since=NOW.date())
    return subject


@KINDS
def test_pages_of_people_open_for_those_whom_they_are_for(cast, kind):
    subject = set_up(cast, kind)
    role = persons(subject).objects.get(user=cast.member)
    pages = {
        f"networks:{kind}_people": ([], {**OWN, "member": 200 if kind == "actor" else 404}),
        f"networks:invite_to_{kind}": ([], OWN),
        f"networks:end_{kind}_role": ([role.pk], {**OWN, "member": 200}),
    }
    for name, (more, expected) in pages.items():
        assert cast.statuses(reverse(name, args=[subject.slug, *more])) == expected, name
    own = reverse(f"networks:own_{kind}_role", args=[subject.slug, persons(subject).objects.get(user=cast.owner).pk])
    assert cast.statuses(own) == {**OWN, "steward": 404}


@KINDS
def test_inviting_withdrawing_and_ending_by_the_pages(cast, kind):
    subject = set_up(cast, kind)
    client, slug = cast.client("owner"), subject.slug
    answer = client.post(
        reverse(f"networks:invite_to_{kind}", args=[slug]), {"email": "eva@example.org", "role": "editor"}
    )
    assert answer["Location"] == reverse(f"networks:{kind}_people", args=[slug])
    offer = (ActorOffer if kind == "actor" else NetworkOffer).objects.get()
    assert "eva@example.org" in client.get(answer["Location"]).text
    withdraw = reverse(f"networks:withdraw_{kind}_offer", args=[slug, offer.pk])
    assert cast.client("member").post(withdraw).status_code == 404
    client.post(withdraw)
    offer.refresh_from_db()
    assert offer.withdrawn_at is not None
    role = persons(subject).objects.get(user=cast.member)
    client.post(reverse(f"networks:end_{kind}_role", args=[slug, role.pk]))
    role.refresh_from_db()
    assert role.ended_on is not None


def test_link_in_the_mail_tells_each_reader_what_they_may_know(cast):
    actor, _owner = a("actor")
    actor_offer("outsider@example.org", actor, token="open", expires_at=NOW + timedelta(days=9999))
    actor_offer("outsider@example.org", actor, token="old", role="contact", expires_at=NOW)
    url = reverse("networks:offer", args=["open"])
    assert cast.statuses(url) == {"owner": 404, "member": 404, "outsider": 200, "steward": 404, "visitor": 200}
    assert "outsider@example.org" not in Client().get(url).text + cast.client("member").get(url).text
    old = reverse("networks:offer", args=["old"])
    assert "can no longer be accepted" in Client().get(old).text
    assert "has expired" in cast.client("outsider").get(old).text
    assert Client().get(reverse("networks:offer", args=["nobody-has-this"])).status_code == 404


def test_accepting_by_the_link_leads_to_ones_own_choices(cast):
    actor, _owner = a("actor")
    actor_offer("outsider@example.org", actor, token="open", expires_at=NOW + timedelta(days=9999))
    client = cast.client("outsider")
    answer = client.post(reverse("networks:offer", args=["open"]))
    person = ActorPerson.objects.get(user=cast.outsider)
    assert answer["Location"] == reverse("networks:own_actor_role", args=["bakery", person.pk])
    client.post(answer["Location"], {"is_public": "on", "is_decision_maker": "on"})
    person.refresh_from_db()
    assert (person.is_public, person.is_decision_maker) == (True, True)
    assert "Outsider" in Client().get(actor.get_absolute_url()).text


def test_editor_of_a_network_chooses_how_the_role_is_shown(cast):
    network = set_up(cast, "network")
    role = NetworkPerson.objects.get(user=cast.member)
    url = reverse("networks:own_network_role", args=[network.slug, role.pk])
    answer = cast.client("member").post(url, {"is_public": "on"})
    role.refresh_from_db()
    assert (answer["Location"], role.is_public) == (reverse("portal:my"), True)
    assert cast.statuses(url) == {"owner": 404, "member": 200, "outsider": 404, "steward": 404, "visitor": 302}


@KINDS
def test_my_page_shows_offers_to_me_and_accepts_them(cast, kind):
    subject, _owner = a(kind)
    make = actor_offer if kind == "actor" else network_offer
    offer = make("outsider@example.org", subject, expires_at=NOW + timedelta(days=9999))
    url = reverse(f"networks:accept_{kind}_offer", args=[offer.pk])
    shown = {name: url in cast.client(name).get(reverse("portal:my")).text for name in ("outsider", "member")}
    assert shown == {"outsider": True, "member": False}
    assert cast.client("member").post(url).status_code == 404
    assert cast.client("outsider").get(url).status_code == 405
    cast.client("outsider").post(url)
    assert persons(subject).objects.filter(user=cast.outsider, role="editor").count() == 1


def test_draft_of_a_network_invites_without_a_name(cast):
    draft = Network.objects.create(slug="draft", created_by=cast.owner, created_at=NOW)
    invite(draft, cast.owner)
    assert OutboxMessage.objects.get().subject == "Invitation to take part for a new network on Samkraft"
    assert cast.statuses(reverse("networks:network_people", args=["draft"])) == OWN


def test_invitations_are_limited(cast):
    subject = set_up(cast, "actor")
    client, url = cast.client("owner"), reverse("networks:invite_to_actor", args=[subject.slug])
    statuses = [client.post(url, {"email": f"e{n}@example.org", "role": "editor"}).status_code for n in range(61)]
    assert (set(statuses[:60]), statuses[60]) == ({302}, 429)


@KINDS
def test_people_page_asks_as_much_for_three_as_for_one(cast, kind):
    subject = set_up(cast, kind)
    client, url = cast.client("owner"), reverse(f"networks:{kind}_people", args=[subject.slug])
    client.get(url)
    counts = []
    for number in range(3):
        persons(subject).objects.create(**{kind: subject}, user=factories.user(), role="editor", since=NOW.date())
        (actor_offer if kind == "actor" else network_offer)(f"e{number}@example.org", subject)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert (counts[0], counts[0] <= 12) == (counts[2], True), counts
