"""What a person is for calls now."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from samkraft.networks.models import Actor, ActorPerson, ActorRole
from samkraft.people.models import Membership, Role, User
from samkraft.people.queries import areas_above, has_role
from samkraft.places.models import Area

from ..models import Call, CallPerson, CallRole, SeedKind


def is_in_call(user: Any, call: Call, roles: Collection[str]) -> bool:
    """Whether the person has one of the roles in the call now."""
    return CallPerson.objects.active().filter(call=call, user=user, role__in=roles).exists()


def stands_behind(user: Any, call: Call) -> bool:
    """Whether the person coordinates the place, or is a contact of the actor, in whose name the call is."""
    if call.area is not None:
        return has_role(user, [Role.COORDINATOR], areas_above(call.area))
    return ActorPerson.objects.active().filter(actor=call.actor_id, user=user, role=ActorRole.CONTACT).exists()


def who_run(call: Call) -> list[User]:
    """The call's organisers, and those who coordinate its place or answer for its actor, by name."""
    organisers = CallPerson.objects.active().filter(call=call, role=CallRole.ORGANISER).values("user")
    if call.area is not None:
        rows = Membership.objects.active().filter(role=Role.COORDINATOR, area__in=areas_above(call.area))
        behind = rows.values("user")
    else:
        behind = ActorPerson.objects.active().filter(actor=call.actor_id, role=ActorRole.CONTACT).values("user")
    found = User.objects.filter(Q(pk__in=organisers) | Q(pk__in=behind), is_active=True)
    return list(found.order_by("name", "pk"))


def lacks_second(call: Call, by: Any = None) -> bool:
    """Whether two people are to enter the draw's number, and there are no two who could. `by` can."""
    if call.seed_kind != SeedKind.TWO_PEOPLE:
        return False
    return len({person.pk for person in who_run(call)} | ({by.pk} if by else set())) < 2


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
