"""What a person is for actors and networks now."""

from typing import Any

from samkraft.people.models import Membership, Role
from samkraft.people.queries import has_role
from samkraft.places.models import AreaKind

from ..models import Actor, ActorPerson, ActorRole, Network, NetworkMembership, NetworkPerson, NetworkRole
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


EVERY_ACTOR_ROLE = tuple(ActorRole.values)
EVERY_NETWORK_ROLE = tuple(NetworkRole.values)
