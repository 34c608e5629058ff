"""Somebody who speaks, convenes and coordinates, but elsewhere: to them the objects of others do not exist."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from samkraft.feeds.models import InflowSource, MailedPost, Post
from samkraft.meetings.models import MeetingDecision, MeetingFile
from samkraft.networks.models import ActorPerson, ActorRole, Fulfilment, NetworkMembership, NetworkPerson
from samkraft.networks.operations import offers
from samkraft.records import files
from tests import (
    factories,
    factories_campaigns,
    factories_meetings,
    factories_networks,
    factories_posts,
    factories_reading,
)
from tests.factories import NOW

NONE = 999_999
MISSING = "no-such-thing"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

# Route, the keys of its object in the world, and where these stand among its arguments. What is no key is itself.
ROUTES = """
networks: actor_registered actor_edit actor_close actor_history actor_people invite_to_actor / bakery
networks: end_actor_role own_actor_role / bakery person
networks: withdraw_actor_offer / bakery actor_offer
networks: accept_actor_offer / actor_offer
networks: accept_network_offer / network_offer
networks: withdraw_network_offer / network network_offer
networks: end_network_role own_network_role / network role
networks: network_people invite_to_network network_edit network_history network_tick / network
networks: campaign_propose campaigns_export new_meeting check check_remind check_csv check_xlsx / network
networks: network_condition_write network_condition_preview network_condition_discard / network
networks: network_state / network =resting
networks: network network_contact campaigns network_condition meetings meetings_calendar join / draft
networks: members members_csv / draft
networks: start_draft start_area start_people start_about start_condition start_begin start_discard / draft_pk
networks: county_condition_write county_condition_preview county county_tick / =se county
networks: campaign / idea
networks: campaign_work campaign_edit campaign_result campaign_copy campaign_task_add campaign_text / plan
networks: campaign_text_versions campaign_text_paper campaign_text_plain / plan
networks: campaign_move / plan =running
networks: campaign_part / plan bakery_pk
networks: campaign_task campaign_task_done campaign_task_remove / task
networks: our_membership leave membership_ask membership_decline membership_lapse / membership
networks: evidence_confirm / fulfilment
networks: join_as join_interest membership / network applicant
networks: newspaper_area_change newspaper_area_confirm newspaper_area_use / =se paper
meetings: meeting calendar_file / planned
meetings: change call invite cancel hold answer_signed_in propose people add_present people_csv / held
meetings: people_xlsx write approve pdf add_decision add_file / held
meetings: item accept_item decline_item move_item notes / item
meetings: finish_decision remove_decision / decision
meetings: remove_file / meeting_file
feeds: network network_atom network_json network_calendar follow_network / draft
feeds: actor actor_events actor_atom actor_json actor_calendar / closed
feeds: write_as / bakery
feeds: post post_calendar report edit_post post_pictures preview_post publish_post unschedule_post / post
feeds: post_receipt unpublish_post withdraw_post copy_post post_history moderate_post / post
feeds: describe_picture move_picture remove_picture / post picture
feeds: sources / =se county
feeds: remove_source / source
feeds: mailed_post / mailed
records: file / evidence =a.pdf
records: file / minutes_file =a.pdf
"""


def document(purpose: str, by):
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4 of the actor")
    return files.store_document(upload=upload, purpose=purpose, by=by, now=NOW)


@pytest.fixture
def world(db):
    forum = factories_meetings.forum()
    network, bakery = forum.network, forum.bakery
    applicant, closed = factories_networks.actor(), factories_networks.actor(closed_at=NOW)
    factories_networks.membership(network, applicant)
    membership = NetworkMembership.objects.get(network=network, actor=bakery)
    fulfilment = Fulfilment.objects.get(membership=membership)
    fulfilment.evidence_file = evidence = document("networks.evidence", forum.decider)
    fulfilment.save()
    draft = factories_networks.network(state="draft", begun_at=None, newspaper_area=factories_networks.newspaper_area())
    held = factories_meetings.held(forum, minutes="<p>What was said.</p>")
    minutes_file = document("meetings.file", forum.convener)
    decision = MeetingDecision.objects.create(meeting=held, text="We plant.", responsible_name="Ada")
    plan = factories_campaigns.campaign(network, state="planned")
    post = factories_posts.draft(bakery, forum.decider)
    mailed = MailedPost.objects.create(
        network=network, message_id="<1@x>", sender="a@b.example", sender_is_known=False, subject="x", received_at=NOW
    )
    source: InflowSource = factories_reading.source()
    return SimpleNamespace(
        network=network.slug,
        bakery=bakery.slug,
        bakery_pk=bakery.pk,
        applicant=applicant.slug,
        closed=closed.slug,
        draft=draft.slug,
        draft_pk=draft.pk,
        county=network.county.slug,
        paper=network.newspaper_area.slug,
        person=ActorPerson.objects.filter(actor=bakery)[0].pk,
        role=NetworkPerson.objects.filter(network=network)[0].pk,
        actor_offer=offers.invite(subject=bakery, email="x@y.example", role="editor", by=forum.decider, now=NOW).pk,
        network_offer=offers.invite(subject=network, email="x@y.example", role="editor", by=forum.convener, now=NOW).pk,
        idea=factories_campaigns.campaign(network).pk,
        plan=plan.pk,
        task=factories_campaigns.task(plan).pk,
        membership=membership.pk,
        fulfilment=fulfilment.pk,
        planned=factories_meetings.meeting(network, forum.convener).pk,
        held=held.pk,
        item=factories_meetings.item(held).pk,
        decision=decision.pk,
        meeting_file=MeetingFile.objects.create(meeting=held, file=minutes_file, title="Minutes").pk,
        post=post.pk,
        picture=factories_posts.picture(post, forum.decider).pk,
        source=source.pk,
        mailed=mailed.pk,
        evidence=evidence.token,
        minutes_file=minutes_file.token,
    )


@pytest.fixture
def elsewhere(db) -> Client:
    """Contact and editor of an actor, convener of a network, coordinator of a county: all of them others."""
    somebody = factories.user("elsewhere@example.org")
    actor = factories_networks.actor()
    for role in (ActorRole.CONTACT, ActorRole.EDITOR):
        factories_networks.speaker(actor, role=role, person=somebody)
    other = factories_networks.network(factories_networks.newspaper_area())
    factories_networks.convener(other, person=somebody)
    factories.coordinator(factories.county("20", "Dalarna"), person=somebody)
    client = Client()
    client.force_login(somebody, backend=BACKEND)
    return client


def addresses(world):
    """Of each route the address of what is there and of what is not, told apart by the last key alone."""
    for line in ROUTES.strip().splitlines():
        names, keys = line.split(" / ")
        app, *names = names.split()
        words = keys.split()
        real = [word[1:] if word.startswith("=") else getattr(world, word) for word in words]
        last = max(at for at, word in enumerate(words) if not word.startswith("="))
        gone = list(real)
        gone[last] = NONE if isinstance(real[last], int) else MISSING
        for name in names:
            yield reverse(app + name, args=real), reverse(app + name, args=gone)


def said(client: Client, method: str, url: str) -> tuple[int, str]:
    answer = getattr(client, method)(url)
    return answer.status_code, unquote(answer.headers.get("Location", "")).replace(url, "")


def different(client: Client, world, methods: tuple[str, ...]) -> list[str]:
    return [
        f"{method} {there}: {said(client, method, there)}"
        for there, gone in addresses(world)
        for method in methods
        if said(client, method, there) != said(client, method, gone)
    ]


@pytest.fixture
def _at_that_time(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=5))


@pytest.mark.usefixtures("_at_that_time")
def test_what_is_of_others_does_not_exist_for_who_speaks_elsewhere(world, elsewhere):
    before = Post.objects.count()
    assert different(elsewhere, world, ("get", "post")) == []
    assert Post.objects.count() == before


@pytest.mark.usefixtures("_at_that_time")
def test_what_is_of_others_does_not_exist_for_strangers(world):
    assert different(Client(), world, ("get",)) == []
