"""What a person is for calls now."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from samkraft.networks.models import Actor, ActorPerson, ActorRole
from samkraft.people.models import Membership, Role
from samkraft.people.queries import areas_above, has_role
from samkraft.places.models import Area

from ..models import Call, CallPerson


def is_in_call(user: Any, call: Call, roles: Collection[str]) -> bool:
    """Whether the person has one of the roles in the call now."""
    return CallPerson.objects.active().filter(call=call, user=user, role__in=roles).exists()


def stands_behind(user: Any, call: Call) -> bool:
    """Whether the person coordinates the place, or is a contact of the actor, in whose name the call is."""
    if call.area is not None:
        return has_role(user, [Role.COORDINATOR], areas_above(call.area))
    return ActorPerson.objects.active().filter(actor=call.actor_id, user=user, role=ActorRole.CONTACT).exists()


def can_begin(user: Any) -> bool:
    """Whether there is a place or an actor in whose name the person may open a call."""
    coordinates = Membership.objects.active().of(user).filter(role=Role.COORDINATOR)
    return coordinates.exists() or ActorPerson.objects.active().filter(user=user, role=ActorRole.CONTACT).exists()


def places_to_begin_for(user: Any) -> QuerySet[Area]:
    """Places in whose name the person may open a call; a steward, any country or county."""
    areas = Area.objects.defer("outline").order_by("country", "kind", "name")
    own = Membership.objects.active().of(user).filter(role=Role.COORDINATOR).values("area")
    if user.is_steward:
        return areas.filter(Q(kind__in=["country", "county"]) | Q(pk__in=own))
    return areas.filter(pk__in=own)


def actors_to_begin_for(user: Any) -> QuerySet[Actor]:
    own = ActorPerson.objects.active().filter(user=user, role=ActorRole.CONTACT).values("actor")
    return Actor.objects.filter(pk__in=own, closed_at=None).order_by("name")
