"""The demo's tale of a network, as it stands on the day when it is loaded."""

import pytest
from django.test import override_settings

from samkraft.calls.models import Application, Call, Decision, Draw
from samkraft.calls.queries.decisions_limits import standing
from samkraft.calls.queries.merit import points_of
from samkraft.config import demo
from samkraft.config.demo import accounts, calls, network
from samkraft.config.demo.calls import acts, workshop_tale
from samkraft.feeds.models import Post
from samkraft.meetings.models import Meeting
from samkraft.networks.models import Actor, Campaign, Network, NetworkMembership
from samkraft.people.models import User
from samkraft.records.models import TransitionLog
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_the_tale_stands_as_it_would_have_come_about() -> None:
    """One loading for all that it tells, since it plays more than a year."""
    demo.load_accounts(now=NOW)
    assert network.load(now=NOW)

    states = dict(NetworkMembership.objects.values_list("actor__name", "state"))
    assert states == {
        "Demo Cykelverkstaden": "admitted",
        "Demo Bageriet": "admitted",
        "Demo Skolan": "admitted",
        "Demo Gården": "due",
        "Demo Församlingen": "lapsed",
        "Demo Återbruket": "applied",
    }
    lapsed = NetworkMembership.objects.get(actor__name="Demo Församlingen")
    assert [bool(move.why) for move in TransitionLog.objects.of(lapsed) if move.to_state == "lapsed"] == [True]
    assert list(Meeting.objects.order_by("starts_at").values_list("state", flat=True)) == ["held", "called"]
    assert Meeting.objects.get(state="held").minutes_approved_at is not None
    assert sorted(Campaign.objects.values_list("state", flat=True)) == ["done", "idea", "planned"]
    assert Post.objects.published().filter(municipality__slug="mariestad").count() == 4
    assert all(name.startswith("Demo ") for name in Actor.objects.values_list("name", flat=True))
    assert all(user.name.startswith("Demo ") for user in User.objects.filter(email__in=accounts.ACCOUNTS))

    before = (Network.objects.count(), Actor.objects.count(), Post.objects.count(), User.objects.count())
    assert not network.load(now=NOW)
    assert (Network.objects.count(), Actor.objects.count(), Post.objects.count(), User.objects.count()) == before


def test_the_calls_stand_in_three_states_with_what_each_needs() -> None:
    """One loading for all, since a lottery is computed in it."""
    demo.load_accounts(now=NOW)
    assert calls.load(now=NOW)

    states = {call.title: call.state for call in Call.objects.all()}
    assert states == {calls.WORKSHOP: "announced", calls.PROGRAMME: "open", calls.JOURNEY: "in_review"}
    assert set(Call.objects.values_list("is_demo", flat=True)) == {True}
    workshop = Call.objects.get(title=calls.WORKSHOP)
    assert Application.objects.in_call(workshop).submitted().count() == workshop_tale.HOW_MANY
    assert len([points for points in points_of(workshop).values() if points >= workshop.merit_threshold]) > 60
    replies = list(Decision.objects.filter(call=workshop, outcome="place").values_list("reply", flat=True))
    assert (replies.count("declined"), replies.count("accepted")) == (4, 44)
    moved = Decision.objects.filter(call=workshop, offered_from_waitlist=True)
    assert len(moved) == 4
    assert {decision.relaxation for decision in moved} == {""}
    now_standing = standing(workshop)
    assert now_standing is not None
    assert now_standing.free == []
    assert Draw.objects.get(call=workshop).seed == calls.NUMBER
    draft = Application.objects.get(state="draft")
    assert (draft.user.email, draft.call.title) == (accounts.OFFICER, calls.PROGRAMME)
    assert all(name.startswith("Demo ") for name in Application.objects.submitted().values_list("name", flat=True))

    before = (Call.objects.count(), Application.objects.count(), Decision.objects.count())
    assert not calls.load(now=NOW)
    assert (Call.objects.count(), Application.objects.count(), Decision.objects.count()) == before


def test_the_workshops_people_come_from_all_over_the_country_and_are_the_same_every_time() -> None:
    people = acts.the_applicants()

    assert people == acts.the_applicants()
    assert [person.number for person in people] == list(range(1, 99))
    assert len({person.place for person in people}) == 75
    assert {person.strength for person in people} == {1, 2, 3, 4, 5}
    assert len({person.motivation for person in people}) > 60


def test_production_has_no_demo() -> None:
    with override_settings(PRODUCTION=True):
        demo.load(now=NOW, say=lambda text: None)

    assert (Network.objects.count(), User.objects.count(), Call.objects.count()) == (0, 0, 0)


def test_where_the_place_is_missing_there_is_no_tale() -> None:
    network.NewspaperArea.objects.all().delete()
    demo.load_accounts(now=NOW)

    assert not network.load(now=NOW)
    assert Network.objects.count() == 0
