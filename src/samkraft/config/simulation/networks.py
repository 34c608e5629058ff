"""Simulated newspaper areas, networks, actors with their people, and memberships with evidence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from samkraft.networks.models import (
    Actor,
    ActorKind,
    ActorPerson,
    ActorRole,
    Condition,
    ConditionVersion,
    EvidenceKind,
    Fulfilment,
    FulfilmentState,
    MembershipState,
    Network,
    NetworkMembership,
    NetworkPerson,
    NetworkRole,
    NetworkState,
    Variant,
)
from samkraft.people.models import User
from samkraft.places.models import Area, AreaKind, Neighbour, NewspaperArea
from samkraft.statistics.models import Population

from . import words
from .tables import first_free, write

COUNTRY = "SE"
STATES = {
    MembershipState.ADMITTED: 0.84,
    MembershipState.DUE: 0.06,
    MembershipState.APPLIED: 0.03,
    MembershipState.ASKED: 0.01,
    MembershipState.DECLINED: 0.01,
    MembershipState.LAPSED: 0.03,
    MembershipState.LEFT: 0.02,
}
MONTHS_LAST = 12


@dataclass(frozen=True)
class World:
    """What posts are told in: municipalities with their weights, actors with place and network, networks."""

    municipalities: list[Area]
    weights: np.ndarray
    actors: np.ndarray  # one row an actor: its number, index of its municipality, number of its network or 0
    networks: np.ndarray  # one row a network: its number, index of its municipality
    author: int


def make(
    *, network_count: int, actor_count: int, random: np.random.Generator, now: datetime, say: Callable[[str], None]
) -> World:
    areas, weights = _municipalities()
    author = _users(actor_count, now)
    actor_rows = _actors(actor_count, areas, weights, author, random, now)
    say(f"{actor_count:,} actors")
    network_rows, covered = _networks(network_count, areas, weights, actor_rows, author, random, now)
    say(f"{network_count:,} networks")
    places = _memberships(actor_rows, network_rows, covered, _condition(author, now), author, random, now)
    say("their memberships and evidence")
    actors = np.column_stack([actor_rows, places])
    return World(areas, weights, actors, network_rows, author)


def _municipalities() -> tuple[list[Area], np.ndarray]:
    """The country's municipalities and their shares of its population."""
    areas = list(Area.objects.municipalities().in_country(COUNTRY).defer("outline").order_by("pk"))
    if not areas:
        raise ValueError("The reference data are not in place. Run `samkraft prepare` first.")
    persons = dict(
        Population.objects.filter(area__country=COUNTRY, area__kind=AreaKind.MUNICIPALITY)
        .order_by("year")
        .values_list("area", "persons")
    )
    weights = np.array([float(persons.get(area.pk, 10_000)) for area in areas])
    return areas, weights / weights.sum()


def _users(count: int, now: datetime) -> int:
    first = first_free(User)
    rows = (
        {
            "id": first + number,
            "email": f"prov.{first + number}@example.org",
            "name": f"Prov Person {number + 1}",
            "password": "!",
            "language": "sv",
            "is_active": True,
            "joined_at": now,
        }
        for number in range(count)
    )
    write(User, rows)
    return first


def _actors(
    count: int, areas: list[Area], weights: np.ndarray, user: int, random: np.random.Generator, now: datetime
) -> np.ndarray:
    """Insert actors; returns for each its number and the index of its municipality."""
    first = first_free(Actor)
    places = random.choice(len(areas), count, p=weights)
    kinds = random.choice(ActorKind.values, count, p=[0.5, 0.25, 0.05, 0.1, 0.05, 0.05])
    trades = random.choice(words.TRADES, count)
    names = random.choice(words.FIRST_NAMES, count)

    def rows() -> Iterator[Mapping[str, Any]]:
        for place in range(count):
            number = first + place
            yield {
                "id": number,
                "name": f"Prov {names[place]}s {trades[place]} {number}",
                "slug": f"prov-{number}",
                "kind": str(kinds[place]),
                "country": COUNTRY,
                "homepage_url": f"https://prov{number}.example/",
                "does": words.SENTENCES[number % len(words.SENTENCES)],
                "created_by": user + place,
                "created_at": now - timedelta(days=int(places[place])),
            }

    write(Actor, rows())
    link = Actor.municipalities.through
    at = first_free(link)
    write(
        link,
        ({"id": at + n, "actor": first + n, "area": areas[int(place)].pk} for n, place in enumerate(places)),
    )
    at = first_free(ActorPerson)
    write(
        ActorPerson,
        (
            {"id": at + n, "actor": first + n, "user": user + n, "role": ActorRole.CONTACT.value, "since": now.date()}
            for n in range(count)
        ),
    )
    return np.column_stack([np.arange(first, first + count), places])


def _networks(
    count: int,
    areas: list[Area],
    weights: np.ndarray,
    actors: np.ndarray,
    user: int,
    random: np.random.Generator,
    now: datetime,
) -> tuple[np.ndarray, dict[int, list[int]]]:
    """Insert networks, each in a newspaper area of one to five neighbouring municipalities.

    Returns for each its number and the index of its first municipality, and which networks each municipality has.
    """
    centres = [int(centre) for centre in random.choice(len(areas), count, p=weights)]
    around = _drawn(centres, areas, random)
    paper, first, at = _newspaper_areas(around, areas), first_free(Network), first_free(NetworkPerson)
    write(Network, _network_rows(first, paper, centres, areas, actors, user, random, now))
    write(
        NetworkPerson,
        (
            {"id": at + n, "network": first + n, "user": user + n, "role": NetworkRole.CONVENER.value,
             "since": now.date()}
            for n in range(count)
        ),
    )  # fmt: skip
    covered: dict[int, list[int]] = {}
    for n, places in enumerate(around):
        for place in places:
            covered.setdefault(place, []).append(first + n)
    return np.column_stack([np.arange(first, first + count), centres]), covered


def _drawn(centres: list[int], areas: list[Area], random: np.random.Generator) -> list[list[int]]:
    """Around each centre up to four of its neighbours, as indexes of municipalities."""
    index = {area.pk: place for place, area in enumerate(areas)}
    neighbours: dict[int, list[int]] = {}
    for one, other in Neighbour.objects.filter(area__country=COUNTRY).values_list("area", "neighbour"):
        neighbours.setdefault(index[one], []).append(index[other])
    drawn = []
    for centre in centres:
        near = neighbours.get(centre, [])
        others = random.permutation(near)[: int(random.integers(0, 5))] if near else []
        drawn.append(sorted({centre, *(int(other) for other in others)}))
    return drawn


def _newspaper_areas(around: list[list[int]], areas: list[Area]) -> int:
    """Insert a newspaper area for each list of municipalities; returns the number of the first."""
    first, link = first_free(NewspaperArea), NewspaperArea.municipalities.through
    inside = [(first + n, place) for n, places in enumerate(around) for place in places]
    write(
        NewspaperArea,
        (
            {"id": first + n, "country": COUNTRY, "slug": f"prov-{first + n}",
             "name": f"Provbygden {first + n}", "newspaper": f"Provbladet {first + n}"}
            for n in range(len(around))
        ),
    )  # fmt: skip
    at = first_free(link)
    write(
        link,
        ({"id": at + n, "newspaperarea": paper, "area": areas[place].pk} for n, (paper, place) in enumerate(inside)),
    )
    return first


def _network_rows(
    first: int,
    paper: int,
    centres: list[int],
    areas: list[Area],
    actors: np.ndarray,
    user: int,
    random: np.random.Generator,
    now: datetime,
) -> Iterator[Mapping[str, Any]]:
    for n, centre in enumerate(centres):
        yield {
            "id": first + n,
            "newspaper_area": paper + n,
            "county": areas[centre].parent_id,
            "name": f"Prov {areas[centre].name} {first + n}",
            "slug": f"prov-{first + n}",
            "state": NetworkState.ACTIVE.value if n % 5 else NetworkState.FORMING.value,
            "variant": Variant.MINI.value if n % 3 else Variant.TOTAL.value,
            "convener": int(actors[n, 0]),
            "description": words.texts(1, random)[0],
            "created_by": user + n,
            "created_at": now,
            "begun_at": now,
        }


def _condition(user: int, now: datetime) -> int:
    """The number of a published version that all simulated evidence is of; one is made in the first county."""
    county = Area.objects.counties().in_country(COUNTRY).order_by("pk").first()
    condition, _new = Condition.objects.get_or_create(county=county)
    version = condition.versions.filter(published_at__isnull=False).first()
    if version is None:
        version = ConditionVersion.objects.create(
            condition=condition, number=1, title="Provlöftet", text="<p>Vi halverar våra utsläpp.</p>",
            evidence_kind=EvidenceKind.PLEDGE, drafted_by_id=user, drafted_at=now, published_by_id=user,
            published_at=now,
        )  # fmt: skip
    return int(version.pk)


def _memberships(
    actors: np.ndarray,
    networks: np.ndarray,
    covered: Mapping[int, list[int]],
    version: int,
    user: int,
    random: np.random.Generator,
    now: datetime,
) -> np.ndarray:
    """Insert a membership for each actor in a municipality with a network; returns its network's number or 0."""
    chosen = np.zeros(len(actors), dtype=np.int64)
    conveners = {int(actors[n, 0]): int(network) for n, (network, _place) in enumerate(networks)}
    for n, (actor, place) in enumerate(actors):
        here = covered.get(int(place))
        chosen[n] = conveners.get(int(actor)) or (int(random.choice(here)) if here else 0)
    members = np.flatnonzero(chosen)
    states = random.choice(list(STATES), len(members), p=list(STATES.values()))
    days = random.integers(1, 365, len(members))
    at, evidence_at = first_free(NetworkMembership), first_free(Fulfilment)
    counts = {MembershipState.ADMITTED, MembershipState.DUE, MembershipState.LAPSED, MembershipState.LEFT}

    def membership_rows() -> Iterator[Mapping[str, Any]]:
        for n, member in enumerate(members):
            state = MembershipState.ADMITTED if member < len(networks) else MembershipState(str(states[n]))
            until = now.date() + timedelta(days=int(days[n]) if state == MembershipState.ADMITTED else 20)
            yield {
                "id": at + n,
                "network": int(chosen[member]),
                "actor": int(actors[member, 0]),
                "state": state.value,
                "fulfilment": evidence_at + n if state in counts else None,
                "due_on": until if state in counts else None,
                "since": now.date() - timedelta(days=400) if state in counts else None,
                "created_by": user + int(member),
                "created_at": now,
                "changed_at": now,
            }

    def evidence_rows() -> Iterator[Mapping[str, Any]]:
        for n, member in enumerate(members):
            yield {
                "id": evidence_at + n,
                "membership": at + n,
                "version": version,
                "evidence_kind": EvidenceKind.PLEDGE.value,
                "evidence_url": f"https://prov{int(actors[member, 0])}.example/klimat/",
                "state": FulfilmentState.ACCEPTED.value,
                "submitted_at": now - timedelta(days=int(days[n])),
                "decided_at": now - timedelta(days=int(days[n])),
                "valid_from": now.date() - timedelta(days=int(days[n])),
                "valid_until": now.date() + timedelta(days=365 - int(days[n])),
            }

    # Each row of the one table names a row of the other; PostgreSQL checks that when the transaction ends.
    write(NetworkMembership, membership_rows())
    write(Fulfilment, evidence_rows())
    return chosen
