"""What came in to the counties in which a person writes."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from samkraft.networks.models import Actor, ActorPerson, Network, NetworkPerson, NetworkRole
from samkraft.people.models import Membership, Role
from samkraft.people.permissions import coordinates, is_steward
from samkraft.places.models import Area, AreaKind

from ..models import InflowItem, InflowSource
from .reading import Cursor

WRITERS_OF_AREA = (Role.OFFICER, Role.COORDINATOR)
WRITERS_OF_NETWORK = (NetworkRole.CONVENER, NetworkRole.EDITOR)
# Coordinators of the county and stewards decide what it takes in.
keeps_inflow = coordinates | is_steward


def counties_of(user: Any) -> QuerySet[Area]:
    """The counties in which a person may write: as an officer, for an actor, or for a network. Stewards: all."""
    counties = Area.objects.counties().defer("outline")
    if not (user is not None and user.is_authenticated and user.is_active):
        return counties.none()
    if is_steward(user):
        return counties
    areas = Membership.objects.active().of(user).filter(role__in=WRITERS_OF_AREA).values("area")
    actors = ActorPerson.objects.active().filter(user=user, actor__closed_at=None).values("actor")
    held = NetworkPerson.objects.active().filter(user=user, role__in=WRITERS_OF_NETWORK).values("network")
    networks = Network.objects.open().filter(pk__in=held)
    inside = (
        Q(pk__in=areas)
        | Q(pk__in=Actor.municipalities.through.objects.filter(actor__in=actors).values("area"))
        | Q(pk__in=networks.values("newspaper_area__municipalities"))
    )
    municipalities = Area.objects.municipalities().filter(inside)
    return counties.filter(
        Q(pk__in=areas) | Q(pk__in=networks.values("county")) | Q(pk__in=municipalities.values("parent"))
    )


def items_for(user: Any) -> QuerySet[InflowItem]:
    """All that came in to a person's counties, the newest first."""
    return InflowItem.objects.filter(source__county__in=counties_of(user)).select_related("source")


def tray_page(counties: Sequence[Area], before: Cursor | None, size: int) -> tuple[list[InflowItem], Cursor | None]:
    """A page of what came in to the counties, and the cursor of the next, None at the end."""
    rows = InflowItem.objects.filter(source__county__in=counties).select_related("source")
    if before is not None:
        rows = rows.filter(Q(published_at__lt=before.at) | Q(published_at=before.at, pk__lt=before.pk))
    found = list(rows.order_by("-published_at", "-pk")[: size + 1])
    more = len(found) > size
    found = found[:size]
    return found, Cursor(found[-1].published_at, found[-1].pk) if more else None


def item_for(user: Any, pk: int) -> InflowItem | None:
    """An item that a person may share, or None."""
    return items_for(user).filter(pk=pk).first()


def sources_of(county: Area) -> QuerySet[InflowSource]:
    return InflowSource.objects.filter(county=county)


def county(country: str, slug: str) -> Area | None:
    """A county with what is above it, by its address."""
    rows = Area.objects.filter(kind=AreaKind.COUNTY, country=country.upper(), slug=slug)
    return rows.select_related("parent").defer("outline", "parent__outline").first()


def kept_by(user: Any) -> QuerySet[Area]:
    """The counties whose sources a person may add to and remove, that have some or that they coordinate."""
    counties = Area.objects.counties().defer("outline")
    if is_steward(user):
        return counties.filter(pk__in=InflowSource.objects.values("county"))
    held = Membership.objects.active().of(user).filter(role=Role.COORDINATOR)
    return counties.filter(Q(pk__in=held.values("area")) | Q(parent__in=held.values("area")))


def counties_on_my_page(user: Any) -> list[Any]:
    """The counties of a person that take something in, or that they coordinate; each knows which of both. One query."""
    held = Membership.objects.active().of(user).filter(role=Role.COORDINATOR, area=OuterRef("pk"))
    taking = InflowSource.objects.filter(county=OuterRef("pk"))
    counties = counties_of(user).annotate(takes_in=Exists(taking), is_coordinated=Exists(held))
    return list(counties.filter(Q(takes_in=True) | Q(is_coordinated=True)).order_by("name"))
