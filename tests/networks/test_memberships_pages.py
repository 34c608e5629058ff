"""The pages by which actors join, and on which everyone sees who is a member and why."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samkraft.networks.models import EvidenceKind, Fulfilment, MembershipState, NetworkMembership
from samkraft.networks.operations import memberships
from samkraft.networks.panels import memberships as panels
from samkraft.ui.panels import render_slot
from tests import factories, factories_networks
from tests.factories import NOW
from tests.factories_memberships import confirm, joining, submit

pytestmark = pytest.mark.django_db
ALL = {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 200}


def signed_in(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def join_as(at):
    return reverse("networks:join_as", args=[at.network.slug, at.actor.slug])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_contact_of_one_actor_is_led_straight_to_its_evidence():
    at = joining()
    response = signed_in(at.contact).get(reverse("networks:join", args=[at.network.slug]))
    assert (response.status_code, response.headers["Location"]) == (302, join_as(at))


@pytest.mark.parametrize(("state", "offered"), [("forming", True), ("active", True), ("resting", False)])
def test_network_without_members_is_joined_only_while_it_takes_somebody_in(rf, state, offered):
    network = factories_networks.network(state=state)
    page = render_slot("network.members", rf.get("/"), network=network)
    assert (reverse("networks:join", args=[network.slug]) in page) == offered


def test_contact_of_several_chooses_and_others_register_first():
    at = joining()
    other = factories_networks.actor()
    factories_networks.speaker(other, person=at.contact)
    url = reverse("networks:join", args=[at.network.slug])
    page = text_of(signed_in(at.contact).get(url))
    assert page.count("Join with this actor") == 2
    assert "You speak for no actor yet" in text_of(signed_in(factories.user()).get(url))
    assert "We halve our emissions." in page


def test_who_registers_an_actor_on_the_way_comes_back():
    at = joining()
    client = signed_in(factories.user())
    url = reverse("networks:join", args=[at.network.slug])
    assert reverse("networks:register_actor") in text_of(client.get(url))
    contact = factories_networks.speaker(factories_networks.actor(slug="mill"))
    client = signed_in(contact)
    client.get(url, {"choose": ""})
    receipt = text_of(client.get(reverse("networks:actor_registered", args=["mill"])))
    assert reverse("networks:join_as", args=[at.network.slug, "mill"]) in receipt


def test_visitor_is_asked_to_sign_in_and_comes_back():
    at = joining()
    url = reverse("networks:join", args=[at.network.slug])
    response = Client().get(url)
    assert (response.status_code, response.headers["Location"]) == (302, f"/en/account/login/?next={url}")


def test_application_leads_to_a_receipt_that_says_what_comes_next():
    at = joining()
    client = signed_in(at.contact)
    response = client.post(join_as(at), {"url": "https://pledge.example/us", "message": "Hello"}, follow=True)
    membership = NetworkMembership.objects.get()
    assert response.redirect_chain == [(reverse("networks:our_membership", args=[membership.pk]), 302)]
    page = text_of(response)
    assert "We have received your application." in page
    assert "The application waits to be checked." in page
    assert Fulfilment.objects.get().evidence_url == "https://pledge.example/us"


def test_what_was_written_stays_when_something_is_missing():
    at = joining()
    response = signed_in(at.contact).post(join_as(at), {"url": "", "message": "A long message"})
    assert response.status_code == 200
    assert "A long message" in text_of(response)
    assert NetworkMembership.objects.count() == 0


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "ftp://pledge.example/", "not a link"])
def test_link_of_another_kind_is_refused(link):
    at = joining()
    response = signed_in(at.contact).post(join_as(at), {"url": link})
    assert response.status_code == 200
    assert Fulfilment.objects.count() == 0


def test_description_is_filled_in_from_what_the_actor_has_told():
    at = joining(evidence_kind=EvidenceKind.DESCRIPTION)
    at.actor.description_url, at.actor.described_on = "https://actor.example/us", date(2025, 1, 1)
    at.actor.save()
    page = text_of(signed_in(at.contact).get(join_as(at)))
    assert ("https://actor.example/us" in page, 'value="2025-01-01"' in page) == (True, True)
    response = signed_in(at.contact).post(join_as(at), {"url": "https://actor.example/us", "on": "2020-01-01"})
    assert "The description is older than the condition allows." in text_of(response)


def test_document_is_uploaded(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    at = joining(evidence_kind=EvidenceKind.DOCUMENT)
    upload = SimpleUploadedFile("our pledge.txt", b"We promise.", content_type="text/plain")
    response = signed_in(at.contact).post(join_as(at), {"upload": upload}, follow=True)
    assert "our pledge.txt" in text_of(response)
    refused = signed_in(at.contact).post(join_as(at), {"upload": SimpleUploadedFile("x.exe", b"MZ")})
    assert (refused.status_code, Fulfilment.objects.count()) == (200, 1)


def test_interest_is_told_from_its_page():
    at = joining()
    url = reverse("networks:join_interest", args=[at.network.slug, at.actor.slug])
    response = signed_in(at.contact).post(url, {"message": "How often do you meet?"}, follow=True)
    assert "We have told those who convene the network." in text_of(response)
    assert NetworkMembership.objects.get().state == "interested"


def test_reason_is_read_by_the_actor_and_not_by_the_public():
    at = joining()
    membership = submit(at).membership
    membership.refresh_from_db()
    memberships.decline(membership=membership, why="It sells coal.", by=at.convener, now=NOW)
    ours = reverse("networks:our_membership", args=[membership.pk])
    assert "It sells coal." in text_of(signed_in(at.contact).get(ours))
    assert "It sells coal." in text_of(signed_in(at.contact).get(join_as(at)))
    assert "It sells coal." in text_of(signed_in(at.convener).get(ours))
    for name in ("networks:members", "networks:members_csv"):
        assert "It sells coal." not in Client().get(reverse(name, args=[at.network.slug])).content.decode()


def test_page_of_a_membership_opens_for_its_parties(cast):
    at = joining()
    membership = submit(at).membership
    url = reverse("networks:our_membership", args=[membership.pk])
    expected = {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
    assert cast.statuses(url) == expected
    editor = factories_networks.speaker(at.actor, role="editor")
    assert [signed_in(user).get(url).status_code for user in (at.contact, at.convener, editor)] == [200, 200, 404]


def test_pages_of_joining_open_for_who_answers_for_the_actor(cast):
    at = joining()
    nobodys = {"owner": 404, "member": 404, "outsider": 404, "steward": 404, "visitor": 302}
    assert cast.statuses(join_as(at)) == nobodys
    assert cast.statuses(reverse("networks:join_interest", args=[at.network.slug, at.actor.slug])) == nobodys
    accounts = {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 302}
    assert cast.statuses(reverse("networks:join", args=[at.network.slug])) == accounts
    leave = reverse("networks:leave", args=[submit(at).membership_id])
    assert cast.statuses(leave) == nobodys
    assert [signed_in(user).get(leave).status_code for user in (at.contact, at.convener)] == [200, 404]


def test_leaving_asks_first():
    at = joining()
    membership = confirm(at, submit(at))
    url = reverse("networks:leave", args=[membership.pk])
    client = signed_in(at.contact)
    client.get(url)
    assert NetworkMembership.objects.get().state == "admitted"
    client.post(url, {"why": "We close down."})
    assert NetworkMembership.objects.get().state == "left"
    assert client.get(url).status_code == 404


def test_everyone_sees_why_an_actor_is_a_member(cast):
    at = joining(additions="Tell us more.")
    confirm(at, submit(at, on=date(2026, 2, 14), additions="We also plant trees."))
    url = reverse("networks:membership", args=[at.network.slug, at.actor.slug])
    assert cast.statuses(url) == ALL
    page = text_of(Client().get(url))
    for fact in (
        "The regional pledge", "version 1", "https://pledge.example/us", "Feb. 14, 2026", "March 2, 2026",
        "March 2, 2027", "We also plant trees.",
    ):  # fmt: skip
        assert fact in page
    assert "Karin" not in page


def test_own_decision_is_said_to_everyone():
    at = joining()
    factories_networks.speaker(at.actor, person=at.convener)
    confirm(at, submit(at))
    page = text_of(Client().get(reverse("networks:membership", args=[at.network.slug, at.actor.slug])))
    assert "somebody who also speaks for the actor" in page


def test_of_a_document_everyone_sees_only_that_it_was_checked(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    at = joining(evidence_kind=EvidenceKind.DOCUMENT)
    upload = SimpleUploadedFile("secret name.txt", b"We promise.", content_type="text/plain")
    sent = submit(at, url="", upload=upload)
    confirm(at, sent)
    pages = [
        Client().get(reverse("networks:membership", args=[at.network.slug, at.actor.slug])),
        Client().get(reverse("networks:members_csv", args=[at.network.slug])),
    ]
    for page in pages:
        assert "secret name" not in page.content.decode()
        assert sent.evidence_file.token not in page.content.decode()
    assert "A document has been checked. It is not public." in text_of(pages[0])


@pytest.mark.parametrize("state", ["interested", "applied", "asked", "declined", "lapsed", "left"])
def test_who_is_no_member_is_not_in_the_register(state):
    at = joining()
    membership = confirm(at, submit(at))
    NetworkMembership.objects.filter(pk=membership.pk).update(state=state)
    names = ("networks:members", "networks:members_csv")
    for page in (Client().get(reverse(name, args=[at.network.slug])) for name in names):
        assert at.actor.name not in page.content.decode()
    assert Client().get(reverse("networks:membership", args=[at.network.slug, at.actor.slug])).status_code == 404


def test_lapsed_actor_is_gone_from_kept_pages_at_once():
    at = joining()
    membership = confirm(at, submit(at))
    urls = [
        reverse("networks:members", args=[at.network.slug]),
        reverse("networks:membership", args=[at.network.slug, at.actor.slug]),
    ]
    assert [at.actor.name in Client().get(url).content.decode() for url in urls * 2] == [True] * 4
    memberships.lapse(membership=membership, why="The page is gone.", by=at.convener, now=NOW)
    assert [Client().get(url).status_code for url in urls] == [200, 404]
    assert at.actor.name not in Client().get(urls[0]).content.decode()


def test_register_is_searched_and_exported():
    at = joining()
    confirm(at, submit(at, on=date(2026, 2, 14)))
    other = factories_networks.admitted(at.network, factories_networks.actor(name="=Mill"), version=at.version)
    found = Client().get(reverse("networks:members", args=[at.network.slug]), {"q": "mill"})
    assert (other.actor.name in text_of(found), at.actor.name in text_of(found)) == (True, False)
    exported = Client().get(reverse("networks:members_csv", args=[at.network.slug])).content.decode()
    lines = list(csv.reader(StringIO(exported.removeprefix("\ufeff")), delimiter=";"))
    assert lines[0][:3] == ["Actor", "Kind", "Page"]
    assert [line[0] for line in lines[1:]] == ["'=Mill", at.actor.name]
    assert lines[2][4:] == [
        "The regional pledge", "1", "Link to a signed pledge", "https://pledge.example/us",
        "2026-02-14", "2026-03-02", "2027-03-02",
    ]  # fmt: skip
    book = Client().get(reverse("networks:members_xlsx", args=[at.network.slug]))
    assert book.content[:2] == b"PK"


def test_empty_register_invites_to_join():
    at = joining()
    page = text_of(Client().get(reverse("networks:members", args=[at.network.slug])))
    assert reverse("networks:join", args=[at.network.slug]) in page


def test_reading_pages_set_no_cookie():
    at = joining()
    confirm(at, submit(at))
    slugs = [at.network.slug, at.actor.slug]
    urls = [reverse("networks:members", args=slugs[:1]), reverse("networks:membership", args=slugs)]
    assert [list(Client().get(url).cookies) for url in urls] == [[], []]


def number_of_queries(client, url, django_assert_max_num_queries, most):
    with django_assert_max_num_queries(most) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_lists_ask_as_much_for_three_members_as_for_one(django_assert_max_num_queries):
    at = joining()
    factories_networks.admitted(at.network, at.actor, version=at.version)
    names = ("networks:members", "networks:members_csv")
    client = signed_in(factories.user())
    urls = [reverse(name, args=[at.network.slug]) for name in names]
    one = [number_of_queries(client, url, django_assert_max_num_queries, 12) for url in urls]
    for _more in range(2):
        factories_networks.admitted(at.network, version=at.version)
    assert [number_of_queries(client, url, django_assert_max_num_queries, 12) for url in urls] == one


def test_forms_and_own_page_ask_little(django_assert_max_num_queries):
    at = joining()
    submit(at)
    membership = confirm(at, submit(at))
    client = signed_in(at.contact)
    number_of_queries(client, join_as(at), django_assert_max_num_queries, 12)
    ours = reverse("networks:our_membership", args=[membership.pk])
    one = number_of_queries(client, ours, django_assert_max_num_queries, 14)
    for _more in range(2):
        submit(at)
    assert number_of_queries(client, ours, django_assert_max_num_queries, 14) == one


def test_my_page_shows_what_waits_for_both_sides():
    at = joining()
    membership = submit(at).membership
    mine = reverse("portal:my")
    assert "1 actor waits for you." in text_of(signed_in(at.convener).get(mine))
    membership.refresh_from_db()
    memberships.ask(membership=membership, why="More, please.", by=at.convener, now=NOW)
    assert "1 actor waits for you." not in text_of(signed_in(at.convener).get(mine))
    page = text_of(signed_in(at.contact).get(mine))
    assert f"{at.network.name} asks {at.actor.name} to complete the application." in page
    membership = confirm(at, submit(at))
    NetworkMembership.objects.filter(pk=membership.pk).update(state=MembershipState.DUE, due_on=timezone.localdate())
    assert f"{at.actor.name} renews for {at.network.name} by" in text_of(signed_in(at.contact).get(mine))


def test_network_shows_twelve_members_and_where_the_rest_are(rf):
    at = joining()
    for _more in range(13):
        factories_networks.admitted(at.network, version=at.version)
    shown = panels.members(request=rf.get("/"), network=at.network)
    assert (len(shown["memberships"]), shown["count"], shown["more"]) == (12, 13, True)
    factories_networks.admitted(factories_networks.network(), at.actor, version=at.version)
    networks = panels.networks(request=rf.get("/"), actor=at.actor)
    assert len(networks["memberships"]) == 1
