"""Where a draft of a network stands, and what can be chosen in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from samkraft.places import queries as places
from samkraft.places.models import Area, AreaKind, NewspaperArea

from ..models import Actor, ActorPerson, ActorRole, Network
from . import conditions
from . import networks as network_queries

STEPS = ("area", "actor", "people", "about", "condition", "begin")


@dataclass(frozen=True)
class AreaChoice:
    """A newspaper area that answers to a search: its places, the counties to choose from, its network if it has one."""

    area: NewspaperArea
    municipalities: Sequence[Area]
    counties: Sequence[Area]
    network: Network | None


def done_steps(draft: Network) -> set[str]:
    """The steps that have their answer. The last is done when the network begins, and a draft has not begun."""
    found = {
        "area": draft.newspaper_area_id is not None,
        "actor": draft.convener_id is not None,
        "people": bool(draft.draft_people),
        "about": bool(draft.name and draft.description),
        "condition": draft.county_id is not None and _has_condition(draft),
    }
    return {step for step, done in found.items() if done}


def _has_condition(draft: Network) -> bool:
    if conditions.condition_for(draft) is not None:
        return True
    return conditions.draft_of(conditions.of_network(draft)) is not None


def first_open(done: set[str]) -> str:
    """The first step that has no answer yet."""
    return next(step for step in STEPS if step not in done)


def area_choices(typed: str) -> tuple[list[Area], list[AreaChoice]]:
    """The municipalities that answer to what was typed, and the newspaper areas that hold one of them."""
    found = [hit.area for hit in places.find(typed, limit=8) if hit.area.kind == AreaKind.MUNICIPALITY]
    if not found:
        return [], []
    areas = list(NewspaperArea.objects.in_use().filter(municipalities__in=found).distinct().order_by("name", "pk")[:20])
    inside = network_queries.municipalities_by_area(area.pk for area in areas)
    counties = Area.objects.in_bulk({place.parent_id for held in inside.values() for place in held})
    networks = {
        network.newspaper_area_id: network for network in Network.objects.open().filter(newspaper_area__in=areas)
    }
    choices = []
    for area in areas:
        held = inside.get(area.pk, [])
        ids = sorted({place.parent_id for place in held}, key=lambda pk: -sum(place.parent_id == pk for place in held))
        choices.append(AreaChoice(area, held, [counties[pk] for pk in ids], networks.get(area.pk)))
    return found, choices


def suggested_name(draft: Network) -> str:
    """The name of the newspaper area; where it only is that of the newspaper, its municipalities if they are few."""
    area = draft.newspaper_area
    if area is None:
        return ""
    names = [place.name for place in network_queries.municipalities_of(draft)]
    return ", ".join(names) if area.name == area.newspaper and len(names) <= 4 else area.name


def actors_of(user: Any) -> Any:
    """Open actors that the person is a contact of."""
    ids = ActorPerson.objects.active().filter(user=user, role=ActorRole.CONTACT).values("actor")
    return Actor.objects.open().filter(pk__in=ids).order_by("name", "pk")
