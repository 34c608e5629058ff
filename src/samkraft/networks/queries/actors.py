"""Reads about actors: the register with its filters, an actor's page, who is whose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Prefetch, Q, QuerySet

from samkraft.places.models import Area
from samkraft.places.rules import fold

from ..models import (
    Actor,
    ActorPerson,
    ActorRole,
    MembershipState,
    Network,
    NetworkMembership,
)

_THROUGH = Actor.municipalities.through
# An actor that stands so in a network has left it, or was never in it.
_OUTSIDE = (MembershipState.INTERESTED, MembershipState.DECLINED, MembershipState.LAPSED, MembershipState.LEFT)


@dataclass(frozen=True)
class Wanted:
    """Which actors are asked for. What is empty does not narrow the register."""

    name: str = ""
    country: str = ""
    county: str = ""
    municipality: str = ""
    kind: str = ""
    network: str = ""


def register(wanted: Wanted) -> QuerySet[Actor]:
    """The open actors that are asked for. County and municipality are keys of areas, a network is its address."""
    rows = Actor.objects.open()
    if wanted.name:
        folded = fold(wanted.name)
        rows = rows.filter(folded__contains=folded) if folded else rows.none()
    if wanted.country:
        rows = rows.filter(country=wanted.country.upper())
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.municipality:
        rows = rows.in_areas(Area.objects.filter(key=wanted.municipality))
    elif wanted.county:
        rows = rows.in_areas(Area.objects.municipalities().filter(parent__key=wanted.county))
    if wanted.network:
        network = Network.objects.open().filter(slug=wanted.network)
        members = NetworkMembership.objects.members().filter(network__in=network)
        rows = rows.filter(pk__in=members.values("actor"))
    return rows


def with_what_is_shown(rows: QuerySet[Actor]) -> QuerySet[Actor]:
    """The actors with their logos and municipalities, in two queries."""
    areas = Area.objects.defer("outline").select_related("parent").defer("parent__outline")
    return rows.select_related("logo").prefetch_related(Prefetch("municipalities", queryset=areas))


class Page(NamedTuple):
    """One page of a list, and the ids of the rows that its neighbours begin after and end before, or None."""

    actors: list[Actor]
    before: int | None
    after: int | None


def page(rows: QuerySet[Actor], *, size: int, after: int | None = None, before: int | None = None) -> Page:
    """The actors by name that follow the one of id `after`, or that precede the one of id `before`.

    What is asked of the database does not grow with how far into the list the page lies.
    """
    anchor = Actor.objects.filter(pk=after or before or 0).values_list("folded", "pk").first()
    ordered = with_what_is_shown(rows)
    if anchor is None:
        found = list(ordered.order_by("folded", "pk")[: size + 1])
        return Page(found[:size], None, found[size - 1].pk if len(found) > size else None)
    if after:
        found = list(ordered.filter(_beyond(*anchor, "gt")).order_by("folded", "pk")[: size + 1])
        shown, more = found[:size], len(found) > size
        return Page(shown, shown[0].pk if shown else None, shown[-1].pk if more else None)
    found = list(ordered.filter(_beyond(*anchor, "lt")).order_by("-folded", "-pk")[: size + 1])
    shown, more = found[:size][::-1], len(found) > size
    return Page(shown, shown[0].pk if more else None, shown[-1].pk if shown else None)


def _beyond(folded: str, pk: int, way: str) -> Q:
    """Rows after ("gt") or before ("lt") a place in the order. The bound of the name alone lets an index be used."""
    return Q(**{f"folded__{way}e": folded}) & (Q(**{f"folded__{way}": folded}) | Q(**{f"pk__{way}": pk}))


def counts_by_area(rows: QuerySet[Actor], areas: QuerySet[Area], *, by_county: bool = False) -> dict[int, int]:
    """How many of the actors there are in each of the municipalities, or each once in their counties, by the ids.

    Zeros are left out.
    """
    links = _THROUGH.objects.filter(actor__in=rows.order_by().values("pk"), area__in=areas.order_by().values("pk"))
    place = "area__parent" if by_county else "area"
    return dict(links.order_by().values_list(place).annotate(count=Count("actor", distinct=True)))


def counties(country: str) -> list[Area]:
    return list(Area.objects.counties().in_country(country).defer("outline").order_by("name"))


def municipalities(county_key: str) -> list[Area]:
    rows = Area.objects.municipalities().filter(parent__key=county_key)
    return list(rows.defer("outline").order_by("name"))


def networks_to_choose(country: str) -> list[Network]:
    """Networks that anyone may see, by name, those of one country when it is given."""
    rows = Network.objects.open().only("name", "slug").order_by("name")
    return list(rows.filter(county__country=country) if country else rows)


def actor_for_page(slug: str, *, closed: bool = False) -> Actor | None:
    """An open actor by its address, or a closed one too, with logo and municipalities."""
    rows = Actor.objects.all() if closed else Actor.objects.open()
    return with_what_is_shown(rows).filter(slug=slug).first()


def tag_of(slug: str) -> str:
    """The page cache's tag of the actor with this address; of no actor when nobody has it."""
    pk = Actor.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return Actor(pk=pk or 0).tag


def tags_of(actors: Iterable[Actor]) -> set[str]:
    """The page cache's tags of all that shows these actors: their places on every level, and the lists."""
    actors = list(actors)
    inside = _THROUGH.objects.filter(actor__in=[actor.pk for actor in actors]).values("area")
    places = Area.objects.filter(pk__in=inside).select_related("parent__parent")
    places = places.defer("outline", "parent__outline", "parent__parent__outline")
    tags = {"networks", *(actor.tag for actor in actors)}
    for place in places:
        tags |= {area.tag for area in (place, place.parent, getattr(place.parent, "parent", None)) if area}
    return tags


def public_people(actor: Actor) -> list[ActorPerson]:
    """Those who have chosen to be shown to everyone, contacts first."""
    rows = ActorPerson.objects.active().filter(actor=actor, is_public=True).exclude(user__name="")
    return list(rows.select_related("user").order_by("role", "pk"))


def contacts(actor: Actor) -> list[Any]:
    """The accounts of those who answer for the actor now."""
    rows = ActorPerson.objects.active().filter(actor=actor, role=ActorRole.CONTACT, user__is_active=True)
    return [person.user for person in rows.select_related("user").order_by("pk")]


def actors_of(user: Any) -> list[tuple[Actor, list[ActorPerson]]]:
    """The open actors that a person speaks for, each with the person's roles."""
    rows = ActorPerson.objects.active().filter(user=user, actor__closed_at=None).select_related("actor")
    found: dict[int, tuple[Actor, list[ActorPerson]]] = {}
    for person in rows.order_by("actor__folded", "actor", "role"):
        found.setdefault(person.actor_id, (person.actor, []))[1].append(person)
    return list(found.values())


def networks_held(actor: Actor) -> list[Network]:
    """Networks that the actor is in, applies to, or convenes: it cannot be closed before it has left them."""
    inside = NetworkMembership.objects.filter(actor=actor).exclude(state__in=_OUTSIDE).values("network")
    rows = Network.objects.open().filter(Q(pk__in=inside) | Q(convener=actor))
    return list(rows.select_related("county").defer("county__outline").order_by("name"))


def networks_of(actors: Sequence[Actor]) -> dict[int, list[Network]]:
    """The networks that each actor is a member of, by the actor's id, in one query."""
    rows = NetworkMembership.objects.members().filter(
        actor__in=[actor.pk for actor in actors], network__in=Network.objects.open()
    )
    found: dict[int, list[Network]] = {actor.pk: [] for actor in actors}
    for membership in rows.select_related("network").order_by("network__name"):
        found[membership.actor_id].append(membership.network)
    return found


class Known(NamedTuple):
    """What tells that an actor is in the register already: its number, or its name in a municipality."""

    numbers: dict[tuple[str, str], Actor]
    names: dict[tuple[str, int], Actor]


def known_actors(names: Iterable[str], numbers: Iterable[str]) -> Known:
    """The open actors with one of these names, as search sees them, or one of these organisation numbers."""
    same = Q(folded__in=set(names)) | Q(organisation_number__in={number for number in numbers if number})
    found = {actor.pk: actor for actor in Actor.objects.open().filter(same)}
    places = _THROUGH.objects.filter(actor__in=found).values_list("actor", "area")
    return Known(
        {(actor.country, actor.organisation_number): actor for actor in found.values() if actor.organisation_number},
        {(found[actor].folded, area): found[actor] for actor, area in places},
    )
