"""Simulated content: as much as asked for, skewed as the world is, and the same for the same seed."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from django.test import override_settings

from samkraft.config import command
from samkraft.config.simulation import simulate
from samkraft.feeds.models import Post, PostState
from samkraft.networks.models import Actor, Network, NetworkMembership
from tests import factories_networks
from tests.factories import NOW


def run(**numbers: Any) -> None:
    asked = {"network_count": 4, "actor_count": 60, "post_count": 500, "seed": 1, "now": NOW, **numbers}
    simulate(**asked, say=lambda step: None)


def told() -> list[tuple[str, datetime | None]]:
    return list(Post.objects.order_by("pk").values_list("title", "published_at"))


@pytest.mark.django_db
def test_as_much_is_made_as_asked_for() -> None:
    run()

    made = (Network.objects.count(), Actor.objects.count(), Post.objects.count())
    assert made == (4, 60, 500)


@pytest.mark.django_db
def test_every_convener_is_a_member_of_its_own_network() -> None:
    run()

    conveners = set(Network.objects.values_list("pk", "convener"))
    assert conveners <= set(NetworkMembership.objects.members().values_list("network", "actor"))


@pytest.mark.django_db
def test_few_tell_much_and_most_tell_little() -> None:
    run(post_count=2000)

    counts = sorted(Counter(Post.objects.exclude(actor=None).values_list("actor", flat=True)).values(), reverse=True)
    assert sum(counts[:6]) > sum(counts[6:]) / 2
    assert Post.objects.filter(state=PostState.PUBLISHED).count() > 1800


@pytest.mark.django_db
def test_the_same_seed_tells_the_same() -> None:
    run(seed=7)
    first = told()
    Post.objects.all().delete()
    NetworkMembership.objects.update(fulfilment=None, state="left")
    run(seed=7)

    assert [title.split(" i ")[1] for title, _at in told()] == [title.split(" i ")[1] for title, _at in first]
    assert [at for _title, at in told()] == [at for _title, at in first]


@pytest.mark.django_db
def test_content_can_be_added_by_people_afterwards() -> None:
    run()

    assert factories_networks.post().pk > 500


@pytest.mark.django_db
def test_more_networks_than_actors_are_refused_and_nothing_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    code = command.main(["simulate", "--networks", "10", "--actors", "5", "--posts", "0"])

    assert (code, Network.objects.count()) == (2, 0)
    assert capsys.readouterr().err == "There must be at least one network, and as many actors as networks.\n"


@pytest.mark.django_db
def test_a_production_database_gets_no_simulated_content(capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(PRODUCTION=True):
        code = command.main(["simulate"])

    assert (code, Network.objects.count()) == (2, 0)
    assert "production" in capsys.readouterr().err
