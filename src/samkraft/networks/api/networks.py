"""Networks, their members and conditions as open data. What is not on a public page is not here."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from samkraft.places.models import Area
from samkraft.statistics.api import Paging, Problem, Text, page

from ..models import ConditionVersion, Network, NetworkMembership
from ..queries import networks as queries

router = Router()


class NetworkOut(Schema):
    """A network that has begun. `state` is forming, active or resting; `variant` is mini or total."""

    slug: str
    name: str
    state: str
    variant: str
    country: str
    county: str = Field(description="Key of the county whose condition goes before the network's own")
    newspaper_area: str
    newspaper: str
    municipalities: list[str] = Field(description="Keys of the municipalities")
    convener: str = Field(description="Slug of the convening actor")
    members: int
    begun_on: date | None
    facebook_url: str
    url: str

    @staticmethod
    def resolve_country(network: Network) -> str:
        return network.newspaper_area.country

    @staticmethod
    def resolve_county(network: Network) -> str:
        return network.county.key

    @staticmethod
    def resolve_newspaper_area(network: Network) -> str:
        return network.newspaper_area.slug

    @staticmethod
    def resolve_newspaper(network: Network) -> str:
        return network.newspaper_area.newspaper

    @staticmethod
    def resolve_convener(network: Network) -> str:
        return network.convener.slug

    @staticmethod
    def resolve_begun_on(network: Network) -> date | None:
        return timezone.localdate(network.begun_at) if network.begun_at else None

    @staticmethod
    def resolve_url(network: Network) -> str:
        return network.get_absolute_url()


class MemberOut(Schema):
    """Why an actor counts as a member: by which version of whose condition, from when, until when."""

    network: str
    actor: str
    name: str
    since: date | None
    condition_of: str = Field(description="Key of a county, or slug of the network")
    condition_version: int
    fulfilled_on: date | None
    valid_until: date | None

    @staticmethod
    def resolve_network(membership: NetworkMembership) -> str:
        return membership.network.slug

    @staticmethod
    def resolve_actor(membership: NetworkMembership) -> str:
        return membership.actor.slug

    @staticmethod
    def resolve_name(membership: NetworkMembership) -> str:
        return membership.actor.name

    @staticmethod
    def resolve_condition_of(membership: NetworkMembership) -> str:
        return _whose(membership.fulfilment.version)

    @staticmethod
    def resolve_condition_version(membership: NetworkMembership) -> int:
        return membership.fulfilment.version.number

    @staticmethod
    def resolve_fulfilled_on(membership: NetworkMembership) -> date | None:
        return membership.fulfilment.valid_from

    @staticmethod
    def resolve_valid_until(membership: NetworkMembership) -> date | None:
        return membership.due_on


class ConditionOut(Schema):
    """One published version of a condition. `text` is HTML of a few harmless elements."""

    condition_of: str = Field(description="Key of a county, or slug of a network")
    version: int
    title: str
    text: str
    additions: str
    evidence_kind: str
    pledge_url: str
    lasts_months: int
    published_at: datetime
    to_be_met_by: date | None

    @staticmethod
    def resolve_condition_of(version: ConditionVersion) -> str:
        return _whose(version)

    @staticmethod
    def resolve_version(version: ConditionVersion) -> int:
        return version.number


def _whose(version: ConditionVersion) -> str:
    condition = version.condition
    return condition.county.key if condition.county is not None else condition.network.slug


class NetworkPage(Schema):
    items: list[NetworkOut]
    next: str | None


class MemberPage(Schema):
    items: list[MemberOut]
    next: str | None


class ConditionPage(Schema):
    items: list[ConditionOut]
    next: str | None


class NetworkFilter(Schema):
    country: Text = Field("", max_length=2, description="SE, NO or DK")
    county: Text = Field("", max_length=12, description="Key of a county, such as SE-14")
    municipality: Text = Field("", max_length=12, description="Key of a municipality, such as SE-1493")


class MemberFilter(Schema):
    network: Text = Field("", max_length=80, description="Slug of a network")


class ConditionFilter(Schema):
    county: Text = Field("", max_length=12, description="Key of a county, such as SE-14")
    network: Text = Field("", max_length=80, description="Slug of a network")


@router.get("/networks", response={200: NetworkPage, 422: Problem}, summary="Networks of actors")
def networks(request: HttpRequest, wanted: Query[NetworkFilter], paging: Query[Paging]) -> dict[str, Any]:
    rows = queries.listed(country=wanted.country)
    for key, name in ((wanted.county, "county"), (wanted.municipality, "area")):
        if key:
            place = Area.objects.filter(key=key.upper()).first()
            chosen = queries.listed(**{name: place}).values("pk") if place else []
            rows = rows.filter(pk__in=chosen)
    found = page(request, rows, paging)
    held = queries.municipalities_by_area(network.newspaper_area_id for network in found["items"])
    for network in found["items"]:
        network.municipalities = [place.key for place in held.get(network.newspaper_area_id, [])]
        network.members = network.member_count
    return found


@router.get("/network-members", response={200: MemberPage, 422: Problem}, summary="Members of networks, and why")
def members(request: HttpRequest, wanted: Query[MemberFilter], paging: Query[Paging]) -> dict[str, Any]:
    rows = NetworkMembership.objects.members().filter(network__in=Network.objects.open(), actor__closed_at=None)
    rows = rows.select_related(
        "network", "actor", "fulfilment__version__condition__county", "fulfilment__version__condition__network"
    ).defer("fulfilment__version__condition__county__outline")
    return page(request, rows.filter(network__slug=wanted.network) if wanted.network else rows, paging)


@router.get(
    "/conditions", response={200: ConditionPage, 422: Problem}, summary="Conditions for joining, in all versions"
)
def conditions(request: HttpRequest, wanted: Query[ConditionFilter], paging: Query[Paging]) -> dict[str, Any]:
    shown = Q(condition__county__isnull=False) | Q(condition__network__in=Network.objects.open())
    rows = ConditionVersion.objects.filter(shown, published_at__isnull=False)
    rows = rows.select_related("condition__county", "condition__network").defer("condition__county__outline")
    if wanted.county:
        rows = rows.filter(condition__county__key=wanted.county.upper())
    if wanted.network:
        rows = rows.filter(condition__network__slug=wanted.network)
    return page(request, rows, paging)
