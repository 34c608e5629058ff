"""What a person is for actors and networks now."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from samkraft.people.models import Membership, Role
from samkraft.people.queries import has_role
from samkraft.places.models import AreaKind

from ..models import (
    Actor,
    ActorPerson,
    ActorRole,
    Network,
    NetworkMembership,
    NetworkPerson,
    NetworkRole,
    NetworkState,
)
from ..models.memberships import MEMBER_STATES


def is_for_actor(user: Any, actor: Actor, roles: Any) -> bool:
    """Whether the person has one of the roles for the actor now."""
    return ActorPerson.objects.active().filter(actor=actor, user=user, role__in=roles).exists()


def is_in_network(user: Any, network: Network, roles: Any) -> bool:
    """Whether the person has one of the roles in the network now."""
    return NetworkPerson.objects.active().filter(network=network, user=user, role__in=roles).exists()


def speaks_for_a_member(user: Any, network: Network) -> bool:
    """Whether the person is an editor or a contact of an actor that is a member of the network."""
    actors = NetworkMembership.objects.filter(network=network, state__in=MEMBER_STATES).values("actor")
    return ActorPerson.objects.active().filter(user=user, actor__in=actors).exists()


def coordinates_county(user: Any, network: Network) -> bool:
    """Whether the person coordinates the county whose condition applies in the network."""
    if network.county_id is None:
        return False
    return has_role(user, [Role.COORDINATOR], [network.county_id])


def convenes_or_coordinates(user: Any) -> bool:
    """Whether the person convenes a network that has begun, or coordinates a county."""
    convened = NetworkPerson.objects.active().filter(user=user, role=NetworkRole.CONVENER)
    if convened.filter(network__in=Network.objects.open()).exists():
        return True
    counties = Membership.objects.active().of(user).filter(role=Role.COORDINATOR, area__kind=AreaKind.COUNTY)
    return counties.exists()


def let_in(ids: Collection[int], user: Any) -> Mapping[int, Network]:
    """Those of the networks in which the person takes part or decides, by id. The rules say the same of one."""
    rows = Network.objects.filter(pk__in=ids).select_related("county").defer("county__outline")
    if not (user.is_authenticated and user.is_active):
        return {}
    if not user.is_steward:
        own = NetworkPerson.objects.active().filter(user=user, network=OuterRef("pk"))
        joined = NetworkMembership.objects.filter(network=OuterRef("pk"), state__in=MEMBER_STATES)
        actors = ActorPerson.objects.active().filter(user=user).values("actor")
        counties = Membership.objects.active().of(user).filter(role=Role.COORDINATOR).values("area")
        rows = rows.filter(
            Exists(own)
            | Exists(joined.filter(actor__in=actors))
            | (Q(county__in=counties) & ~Q(state=NetworkState.DRAFT))
            | Q(state=NetworkState.DRAFT, created_by=user)
        )
    return {network.pk: network for network in rows}


EVERY_ACTOR_ROLE = tuple(ActorRole.values)
EVERY_NETWORK_ROLE = tuple(NetworkRole.values)
