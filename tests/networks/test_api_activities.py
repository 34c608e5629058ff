"""Newspapers' areas, campaigns and meetings as open data: what stands on a public page, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samkraft.meetings.operations import planning
from samkraft.networks.models import CampaignPart, PartAnswer
from samkraft.places.models import NewspaperArea
from tests import factories, factories_campaigns, factories_networks
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def items(path: str, **parameters: Any) -> list[dict[str, Any]]:
    response = Client().get(f"/api/v1/{path}", parameters)
    assert response.status_code == 200, response.content
    return response.json()["items"]


def test_an_area_is_told_with_its_municipalities_and_whether_it_is_confirmed() -> None:
    area = factories_networks.newspaper_area(factories.area(), url="https://paper.example/")

    told = [item for item in items("newspaper-areas", municipality="SE-1493", limit=500) if item["slug"] == area.slug]

    assert told == [
        {
            "slug": area.slug,
            "country": "SE",
            "name": area.name,
            "newspaper": area.newspaper,
            "newspaper_url": "https://paper.example/",
            "municipalities": ["SE-1493"],
            "confirmed_on": None,
            "url": f"/sv/networks/areas/se/{area.slug}/",
        }
    ]


def test_an_area_that_is_out_of_use_is_not_told() -> None:
    area = factories_networks.newspaper_area(factories.area())
    NewspaperArea.objects.filter(pk=area.pk).update(ended_on=NOW.date())

    assert area.slug not in {item["slug"] for item in items("newspaper-areas", limit=500)}


def test_campaigns_are_told_once_they_are_planned_with_those_who_take_part() -> None:
    network = factories_networks.network()
    factories_campaigns.campaign(network, state="idea")
    planned = factories_campaigns.campaign(network, state="planned", text="<p>Our secret draft.</p>")
    yes, maybe = factories_campaigns.member(network)[0], factories_campaigns.member(network)[0]
    factories_campaigns.part(planned, yes)
    factories_campaigns.part(planned, maybe)
    CampaignPart.objects.filter(actor=maybe).update(answer=PartAnswer.MAYBE)

    told = items("campaigns", network=network.slug)

    assert [(item["id"], item["actors"]) for item in told] == [(planned.pk, [yes.slug])]
    assert "text" not in told[0]


def test_meetings_are_told_once_they_are_called_without_the_video_link() -> None:
    network = factories_networks.network()
    by = factories_networks.convener(network)
    begins = NOW + timedelta(days=14)
    fields = {"starts_at": begins, "ends_at": begins + timedelta(hours=2), "place": "The library"}
    planning.plan(host=network, title="Not yet", by=by, now=NOW, **fields)
    called = planning.plan(host=network, title="Spring", video_url="https://v.example/1", by=by, now=NOW, **fields)
    planning.call(meeting=called, by=by, now=NOW)

    told = items("meetings", network=network.slug)

    assert [(item["id"], item["network"], item["place"]) for item in told] == [(called.pk, network.slug, "The library")]
    assert set(told[0]) == {"id", "network", "title", "state", "starts_at", "ends_at", "place"}


def test_nothing_of_a_network_that_has_not_begun_is_told() -> None:
    network = factories_networks.network(state="draft")
    factories_campaigns.campaign(network, state="planned")

    assert (items("campaigns"), items("meetings")) == ([], [])


@pytest.mark.parametrize("path", ["newspaper-areas", "campaigns", "meetings"])
def test_a_page_takes_the_same_few_queries_with_one_as_with_many(path: str) -> None:
    for _number in range(3):
        network = factories_networks.network(factories_networks.newspaper_area(factories.area()))
        factories_campaigns.part(
            factories_campaigns.campaign(network, state="planned"), factories_campaigns.member(network)[0]
        )
        by = factories_networks.convener(network)
        begins = NOW + timedelta(days=14)
        meeting = planning.plan(
            host=network, title="Spring", starts_at=begins, ends_at=begins + timedelta(hours=1), place="Here",
            by=by, now=NOW,
        )  # fmt: skip
        planning.call(meeting=meeting, by=by, now=NOW)
    counts = []
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as captured:
            assert len(items(path, limit=limit)) == limit
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 4
