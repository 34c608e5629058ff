"""What networks hold about a person goes with the export, and ends when they close their account."""

import pytest

from samkraft.networks.models import ActorPerson, Campaign, CampaignTask, NetworkPerson
from samkraft.people.exports import everything_about
from samkraft.people.operations.accounts import close_account
from tests import factories, factories_networks
from tests.factories import NOW


@pytest.mark.django_db
def test_the_export_tells_what_a_person_is_for_actors_and_in_networks() -> None:
    network = factories_networks.network()
    person = factories_networks.convener(network)
    factories_networks.speaker(network.convener, person=person)

    held = everything_about(person)["network_roles"]

    assert [row["actor__name"] for row in held["for_actors"]] == [network.convener.name]
    assert [row["network__name"] for row in held["in_networks"]] == [network.name]


@pytest.mark.django_db
def test_roles_end_and_open_tasks_are_nobodys_when_a_person_leaves() -> None:
    network = factories_networks.network()
    person = factories_networks.convener(network)
    factories_networks.speaker(network.convener, person=person, is_public=True)
    campaign = Campaign.objects.create(
        network=network, kind="event", title="Repair evening", created_by=person, created_at=NOW, changed_at=NOW
    )
    task = CampaignTask.objects.create(
        campaign=campaign, title="Book the hall", owner=person, created_by=person, created_at=NOW
    )

    close_account(user=person, now=NOW)

    task.refresh_from_db()
    assert (ActorPerson.objects.active().count(), NetworkPerson.objects.active().count(), task.owner) == (0, 0, None)
    assert ActorPerson.objects.filter(is_public=True).count() == 0


@pytest.mark.django_db
def test_other_peoples_roles_stay_when_one_leaves() -> None:
    network = factories_networks.network()
    factories_networks.convener(network)

    close_account(user=factories.user(), now=NOW)

    assert NetworkPerson.objects.active().count() == 1
