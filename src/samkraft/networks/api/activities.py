"""What networks do and where, as open data: newspapers' areas, campaigns, and of meetings what strangers may know."""

from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Query, Router, Schema

from samkraft.meetings.models import Meeting
from samkraft.places.models import Area, NewspaperArea
from samkraft.statistics.api import Paging, Problem, Text, page

from ..models import Campaign, CampaignPart, Network, PartAnswer

router = Router()


class NewspaperAreaOut(Schema):
    """Where a local newspaper is read. One that nobody has confirmed is a guess from where it has newsrooms."""

    slug: str
    country: str
    name: str
    newspaper: str
    newspaper_url: str
    municipalities: list[str] = Field(description="Keys of the municipalities")
    confirmed_on: date | None
    url: str

    @staticmethod
    def resolve_newspaper_url(area: NewspaperArea) -> str:
        return area.url

    @staticmethod
    def resolve_url(area: NewspaperArea) -> str:
        return reverse("networks:newspaper_area", args=[area.country.lower(), area.slug])

    @staticmethod
    def resolve_municipalities(area: NewspaperArea) -> list[str]:
        return [place.key for place in area.municipalities.all()]


class CampaignOut(Schema):
    """Something that actors of a network do together. `state` is planned, running or done."""

    id: int
    network: str = Field(description="Slug of the network")
    kind: str
    title: str
    goal: str
    state: str
    starts_on: date | None
    ends_on: date | None
    result: str
    actors: list[str] = Field(description="Slugs of the actors that take part")

    @staticmethod
    def resolve_network(campaign: Campaign) -> str:
        return campaign.network.slug

    @staticmethod
    def resolve_actors(campaign: Campaign) -> list[str]:
        return [part.actor.slug for part in campaign.parts.all()]


class MeetingOut(Schema):
    """An umbrella meeting: when and where. `state` is called, held or cancelled."""

    id: int
    network: str = Field(description="Slug of the network")
    title: str
    state: str
    starts_at: datetime
    ends_at: datetime
    place: str

    @staticmethod
    def resolve_network(meeting: Any) -> str:
        return str(meeting.host_slug)


class NewspaperAreaPage(Schema):
    items: list[NewspaperAreaOut]
    next: str | None


class CampaignPage(Schema):
    items: list[CampaignOut]
    next: str | None


class MeetingPage(Schema):
    items: list[MeetingOut]
    next: str | None


class AreaFilter(Schema):
    country: Text = Field("", max_length=2, description="SE, NO or DK")
    municipality: Text = Field("", max_length=12, description="Key of a municipality, such as SE-1493")


class NetworkFilter(Schema):
    network: Text = Field("", max_length=80, description="Slug of a network")


@router.get("/newspaper-areas", response={200: NewspaperAreaPage, 422: Problem}, summary="Areas of local newspapers")
def newspaper_areas(request: HttpRequest, wanted: Query[AreaFilter], paging: Query[Paging]) -> dict[str, Any]:
    keys = Area.objects.only("key").order_by("key")
    rows = NewspaperArea.objects.in_use().prefetch_related(Prefetch("municipalities", keys))
    if wanted.country:
        rows = rows.in_country(wanted.country)
    if wanted.municipality:
        rows = rows.filter(municipalities__key=wanted.municipality.upper())
    return page(request, rows, paging)


@router.get("/campaigns", response={200: CampaignPage, 422: Problem}, summary="What actors do together")
def campaigns(request: HttpRequest, wanted: Query[NetworkFilter], paging: Query[Paging]) -> dict[str, Any]:
    taking_part = CampaignPart.objects.filter(answer=PartAnswer.YES, actor__closed_at=None).select_related("actor")
    rows = Campaign.objects.told().filter(network__in=_networks(wanted)).select_related("network")
    return page(request, rows.prefetch_related(Prefetch("parts", taking_part)), paging)


@router.get("/meetings", response={200: MeetingPage, 422: Problem}, summary="Umbrella meetings, when and where")
def meetings(request: HttpRequest, wanted: Query[NetworkFilter], paging: Query[Paging]) -> dict[str, Any]:
    """Those that were called once; agenda, people, video link and minutes are for those who may attend."""
    slug = Network.objects.filter(pk=OuterRef("host_id")).values("slug")
    rows = Meeting.objects.filter(
        host_type=ContentType.objects.get_for_model(Network), host_id__in=_networks(wanted).values("pk")
    )
    return page(request, rows.once_called().annotate(host_slug=Subquery(slug)), paging)


def _networks(wanted: NetworkFilter) -> QuerySet[Network]:
    rows = Network.objects.open()
    return rows.filter(slug=wanted.network) if wanted.network else rows
