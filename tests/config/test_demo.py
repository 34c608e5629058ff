"""The demo's tale of a network, as it stands on the day when it is loaded."""

import pytest
from django.test import override_settings

from samkraft.config import demo
from samkraft.config.demo import accounts, network
from samkraft.feeds.models import Post
from samkraft.meetings.models import Meeting
from samkraft.networks.models import Actor, Campaign, Network, NetworkMembership
from samkraft.people.models import User
from samkraft.records.models import TransitionLog
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def load() -> None:
    demo.load(now=NOW, say=lambda text: None)


def test_the_tale_stands_as_it_would_have_come_about() -> None:
    """One loading for all that it tells, since it plays more than a year."""
    load()

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
    load()
    assert (Network.objects.count(), Actor.objects.count(), Post.objects.count(), User.objects.count()) == before


def test_production_has_no_demo() -> None:
    with override_settings(PRODUCTION=True):
        load()

    assert (Network.objects.count(), User.objects.count()) == (0, 0)


def test_where_the_place_is_missing_there_is_no_tale() -> None:
    network.NewspaperArea.objects.all().delete()

    load()

    assert Network.objects.count() == 0
