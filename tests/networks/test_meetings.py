"""A network's umbrella meetings: the list for strangers and for its own people, and what its page tells."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samkraft.meetings.operations import planning
from samkraft.networks import hosting
from samkraft.networks.models import MembershipState, NetworkState
from samkraft.networks.panels.meetings import next_meeting
from samkraft.networks.queries import meetings
from samkraft.networks.queries.networks import country_of
from samkraft.networks.queries.people import let_in
from tests import factories, factories_meetings, factories_networks
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def forum(cast):
    made = factories_meetings.forum(convener=cast.owner)
    factories_networks.speaker(made.bakery, person=cast.member)
    return made


def list_of(network):
    return reverse("networks:meetings", args=[network.slug])


def test_list_is_open_and_planning_is_for_conveners(cast, forum):
    everybody = {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 200}
    conveners = {"owner": 200, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
    assert cast.statuses(list_of(forum.network)) == everybody
    assert cast.statuses(reverse("networks:meetings_calendar", args=[forum.network.slug])) == everybody
    assert cast.statuses(reverse("networks:new_meeting", args=[forum.network.slug])) == conveners


@pytest.mark.parametrize("state", [NetworkState.DRAFT, NetworkState.WITHDRAWN])
def test_network_that_is_not_open_has_no_list_for_strangers(cast, forum, state):
    type(forum.network).objects.filter(pk=forum.network.pk).update(state=state)
    statuses = cast.statuses(list_of(forum.network))
    assert (statuses["outsider"], statuses["visitor"]) == (404, 404)
    assert cast.client("visitor").get(reverse("networks:meetings", args=["no-such"])).status_code == 404


def test_strangers_list_has_called_and_held_meetings_only(cast, forum):
    called = factories_meetings.called(forum, title="A called one")
    factories_meetings.meeting(forum.network, title="A planned one")
    cancelled = factories_meetings.called(forum, title="A cancelled one")
    planning.cancel(meeting=cancelled, by=cast.owner, now=NOW, why="Snow.")
    page, own = (cast.client(who).get(list_of(forum.network)).content.decode() for who in ("visitor", "member"))
    titles = (called.title, "A planned one", "A cancelled one")
    assert [title in page for title in titles] == [True, False, False]
    assert [title in own for title in titles] == [True, True, True]


def test_kept_list_is_new_as_soon_as_a_meeting_is_called_or_cancelled(cast, forum):
    meeting = factories_meetings.meeting(forum.network)
    client = Client()
    seen = [meeting.title in client.get(list_of(forum.network)).content.decode()]
    planning.call(meeting=meeting, by=cast.owner, now=NOW)
    seen.append(meeting.title in client.get(list_of(forum.network)).content.decode())
    planning.cancel(meeting=meeting, by=cast.owner, now=NOW, why="Snow.")
    seen.append(meeting.title in client.get(list_of(forum.network)).content.decode())
    assert seen == [False, True, False]


def test_reading_the_list_sets_no_cookie(forum):
    assert list(Client().get(list_of(forum.network)).cookies) == []


def test_panel_shows_the_next_called_meeting(cast, forum):
    factories_meetings.meeting(forum.network, starts_at=NOW + timedelta(days=1))
    factories_meetings.called(forum, starts_at=NOW + timedelta(days=20))
    soon = factories_meetings.called(forum, starts_at=NOW + timedelta(days=5))
    assert next_meeting(request=None, network=forum.network)["meeting"] == soon
    page = Client().get(forum.network.get_absolute_url()).content.decode()
    assert (soon.get_absolute_url() in page, "secret-room" in page) == (True, False)


def test_past_meetings_stand_below_and_in_pages(cast, forum, monkeypatch):
    monkeypatch.setattr("samkraft.networks.views.meetings.PAST_ON_A_PAGE", 2)
    for days in (3, 2, 1):
        then = NOW - timedelta(days=days)
        factories_meetings.meeting(
            forum.network, starts_at=then, state="held", called_at=then, title=f"{days} days ago"
        )
    first = Client().get(list_of(forum.network)).content.decode()
    second = Client().get(list_of(forum.network) + "?page=2").content.decode()
    assert [f"{days} days ago" in first for days in (1, 2, 3)] == [True, True, False]
    assert "3 days ago" in second


def test_invitees_are_people_of_members_only(forum):
    due, lapsed = factories_networks.actor(), factories_networks.actor()
    factories_networks.admitted(forum.network, due, state=MembershipState.DUE)
    factories_networks.admitted(forum.network, lapsed, state=MembershipState.LAPSED)
    kept, _gone = factories_networks.speaker(due), factories_networks.speaker(lapsed)
    closed = factories_networks.speaker(due, person=factories.user(is_active=False))
    invited = {invitee.user for invitee in meetings.invitees(forum.network)}
    assert (kept in invited, closed in invited, len(invited)) == (True, False, 6)


def test_person_with_two_roles_for_an_actor_is_invited_once_and_can_decide(forum):
    factories_networks.speaker(forum.bakery, person=forum.editor, is_decision_maker=True)
    mine = [one for one in meetings.invitees(forum.network) if one.user == forum.editor]
    assert [(one.party, one.is_decision_maker) for one in mine] == [(forum.bakery, True)]


def test_network_meets_in_the_zone_of_its_county(forum):
    assert (country_of(forum.network), hosting.is_public(forum.network)) == ("SE", True)


def test_list_costs_the_same_for_one_meeting_and_three(cast, forum):
    client = cast.client("owner")
    counts = []
    for _ in range(2):
        for _ in range(len(counts) * 2 + 1):
            factories_meetings.called(forum)
            past = NOW - timedelta(days=3)
            factories_meetings.meeting(forum.network, starts_at=past, state="held", called_at=past)
            planning.plan_series(
                host=forum.network,
                rhythm="weekly",
                how_many=2,
                by=cast.owner,
                now=NOW,
                title="S",
                starts_at=NOW + timedelta(days=2),
                ends_at=NOW + timedelta(days=2, hours=1),
            )
        with CaptureQueriesContext(connection) as asked:
            assert client.get(list_of(forum.network)).status_code == 200
        counts.append(len(asked))
    assert (counts[0] == counts[1], counts[0] <= 16) == (True, True)


def test_networks_that_let_a_person_in_are_those_that_the_rules_name(cast, forum):
    planned = factories_networks.network(state=NetworkState.DRAFT, created_by=cast.outsider, begun_at=None)
    coordinator = factories.coordinator(forum.network.county)
    convener, gone = factories_networks.convener(planned), factories.user(is_active=False)
    factories_networks.convener(forum.network, person=gone)
    everybody = [cast.owner, cast.member, cast.outsider, cast.steward, coordinator, convener, gone]
    networks = [forum.network, planned, factories_networks.network()]
    for user in everybody:
        named = {one.pk for one in networks if hosting.may_attend(one, user) or hosting.may_organise(one, user)}
        assert set(let_in([one.pk for one in networks], user)) == named
