"""Which condition applies where, and what its wordings have been."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q

from samkraft.people.models import Membership, Role, User
from samkraft.places.models import Area

from ..models import (
    MEMBER_STATES,
    ActorPerson,
    ActorRole,
    Condition,
    ConditionVersion,
    Network,
    NetworkMembership,
    NetworkPerson,
    NetworkRole,
)


def condition_for(network: Network) -> ConditionVersion | None:
    """The published version that applies to who applies to the network now, or None while there is none.

    The county's goes before the network's own. When a county publishes its first condition after networks in
    it have begun by one of their own, the county's applies from that moment to new applications and renewals.
    A member that was admitted by the network's own stays a member as long as its fulfilment lasts, at most
    until the date that the county gave; the network's own stays readable. Whose it is stands in
    `version.condition`: its `county` or its `network`.
    """
    return condition_of(county_id=network.county_id, network_id=network.pk)


def condition_of(*, county_id: int | None, network_id: int | None = None) -> ConditionVersion | None:
    """As `condition_for`, for a network that may have no row yet."""
    whose = Q()
    if county_id is not None:
        whose |= Q(condition__county=county_id)
    if network_id is not None:
        whose |= Q(condition__network=network_id)
    if not whose:
        return None
    rows = ConditionVersion.objects.filter(whose, published_at__isnull=False)
    return (
        rows.select_related("condition__county__parent", "condition__network")
        .defer("condition__county__outline", "condition__county__parent__outline")
        .order_by(F("condition__county").asc(nulls_last=True), "-number")
        .first()
    )


def published_versions(condition: Condition | None) -> list[ConditionVersion]:
    """All wordings that were published, the newest first."""
    if condition is None or condition.pk is None:
        return []
    return list(condition.versions.filter(published_at__isnull=False).order_by("-number"))


def draft_of(condition: Condition | None) -> ConditionVersion | None:
    """The wording that is being written, if there is one."""
    if condition is None or condition.pk is None:
        return None
    return condition.versions.filter(published_at=None).select_related("drafted_by").first()


def of_county(county: Area) -> Condition:
    """The county's condition; one that is not saved yet where it has none."""
    found = Condition.objects.of_county(county).select_related("county__parent").first()
    return found or Condition(county=county)


def of_network(network: Network) -> Condition:
    """The network's own condition; one that is not saved yet where it has none."""
    found = Condition.objects.of_network(network).select_related("network__county").first()
    return found or Condition(network=network)


def networks_under(condition: Condition) -> list[Network]:
    """The open networks in which the condition applies: the county's, or the one whose own it is."""
    if condition.county_id is not None:
        return list(Network.objects.open().filter(county=condition.county_id))
    return list(Network.objects.open().filter(pk=condition.network_id))


def has_members(networks: Collection[Network]) -> bool:
    """Whether some actor is a member, so that a new wording needs a date."""
    return NetworkMembership.objects.filter(network__in=networks, state__in=MEMBER_STATES).exists()


def concerned(networks: Collection[Network]) -> list[Any]:
    """Who is told of a new version: conveners of the networks, contacts of their members. Each once."""
    members = NetworkMembership.objects.filter(network__in=networks, state__in=MEMBER_STATES).values("actor")
    contacts = ActorPerson.objects.active().filter(actor__in=members, role=ActorRole.CONTACT).values("user")
    conveners = NetworkPerson.objects.active().filter(network__in=networks, role=NetworkRole.CONVENER).values("user")
    people = User.objects.filter(Q(pk__in=contacts) | Q(pk__in=conveners), is_active=True)
    return list(people.order_by("pk"))


def coordinators_of(county: Area) -> list[Any]:
    """The people who coordinate the county itself."""
    ids = Membership.objects.active().in_area(county).filter(role=Role.COORDINATOR).values("user")
    return list(User.objects.filter(pk__in=ids, is_active=True).order_by("pk"))
