"""Simulated posts: a few tell much, most tell little; more this year than the year before."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from samkraft.feeds.models import Post, PostKind, PostState
from samkraft.places.models import Area

from . import words
from .networks import COUNTRY, World
from .tables import first_free, write

YEARS = 6
TEXTS = 4_000
SHARES = {"actor": 0.8, "area": 0.14, "network": 0.06}
STATES = {PostState.PUBLISHED: 0.96, PostState.UNPUBLISHED: 0.02, PostState.DRAFT: 0.02}
KINDS = {PostKind.NEWS: 0.7, PostKind.SHARE: 0.2, PostKind.EVENT: 0.1}


def make(world: World, *, count: int, random: np.random.Generator, now: datetime, say: Callable[[str], None]) -> None:
    write(Post, _rows(world, count, random, now, say))


def _times(count: int, random: np.random.Generator, now: datetime) -> np.ndarray:
    """Seconds before now, the longest first: each year has half as many again as the year before."""
    ages = random.exponential(1 / np.log(1.5), count) % YEARS
    return np.sort(ages * 365 * 86_400)[::-1]


def _skewed(size: int, count: int, random: np.random.Generator) -> np.ndarray:
    """Indexes below `size`, where some come very much oftener than others (a Zipf law over a shuffled order)."""
    weights = 1 / np.arange(1, size + 1) ** 0.9
    return random.permutation(size)[random.choice(size, count, p=weights / weights.sum())]


def _rows(
    world: World, count: int, random: np.random.Generator, now: datetime, say: Callable[[str], None]
) -> Iterator[Mapping[str, Any]]:
    texts = words.texts(TEXTS, random)
    first = first_free(Post)
    ages = _times(count, random, now)
    authors = random.choice(list(SHARES), count, p=list(SHARES.values()))
    states = random.choice([state.value for state in STATES], count, p=list(STATES.values()))
    kinds = random.choice([kind.value for kind in KINDS], count, p=list(KINDS.values()))
    actors = _skewed(len(world.actors), count, random)
    networks = _skewed(len(world.networks), count, random)
    places = random.choice(len(world.municipalities), count, p=world.weights)
    chosen = random.random((count, 2))
    which = random.integers(0, TEXTS, count)
    for n in range(count):
        if n and n % 250_000 == 0:
            say(f"{n:,} posts")
        author, number = str(authors[n]), first + n
        network: int | None = None
        if author == "actor":
            place, network = int(world.actors[actors[n], 1]), int(world.actors[actors[n], 2]) or None
        elif author == "network":
            network, place = (int(value) for value in world.networks[networks[n]])
        else:
            place = int(places[n])
        yield _row(
            world, number, author, int(world.actors[actors[n], 0]), world.municipalities[place], network,
            kind=str(kinds[n]), state=str(states[n]), text=texts[which[n]], chosen=chosen[n],
            told_at=now - timedelta(seconds=float(ages[n])),
        )  # fmt: skip
    say(f"{count:,} posts")


def _row(
    world: World,
    number: int,
    author: str,
    actor: int,
    area: Area,
    network: int | None,
    *,
    kind: str,
    state: str,
    text: str,
    chosen: np.ndarray,
    told_at: datetime,
) -> Mapping[str, Any]:
    """One post. `chosen` are two numbers from 0 to 1 that decide about the county's and the network's feed."""
    by_network = author == "network"
    subject = words.SUBJECTS[number % len(words.SUBJECTS)]
    return {
        "id": number,
        "kind": kind,
        "state": state,
        "language": "sv",
        "actor": actor if author == "actor" else None,
        "area": area.pk if author == "area" else None,
        "by_network": network if by_network else None,
        "title": f"{subject} i {area.name}",
        "text": text,
        "link_url": f"https://prov.example/{number}" if kind == PostKind.SHARE else "",
        "link_title": subject if kind == PostKind.SHARE else "",
        "event_starts_at": told_at + timedelta(days=14) if kind == PostKind.EVENT else None,
        "event_place": f"Torget, {area.name}" if kind == PostKind.EVENT else "",
        "country": COUNTRY,
        "municipality": area.pk,
        "county": area.parent_id,
        "network": network,
        "in_county_feed": bool(by_network or chosen[0] < 0.3),
        "in_network_feed": bool(network is not None and (by_network or chosen[1] < 0.6)),
        "published_at": None if state == PostState.DRAFT else told_at,
        "created_by": world.author,
        "created_at": told_at,
        "changed_at": told_at,
    }
