"""Pools of applicants and rules for a draw among them, the same for the same seed."""

from collections.abc import Sequence

import numpy as np

from samkraft.engines.selection import Cap, Column, Pool, Quota, Rules

FEATURES = {"role": 2, "experience": 3, "size": 3, "part": 5, "sector": 6}
MUNICIPALITIES = 290
WIDTH = 0.1


class Ids(Sequence):
    """p0, p1, and so on, each made when it is asked for."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < self.count:
            raise IndexError(place)
        return f"p{place}"


def applicants(
    people: int, seats: int, *, seed: int, cap: int | None = None, features: dict[str, int] | None = None
) -> tuple[Pool, Rules]:
    """Who applies is not who is wanted: each value has its share among people and another in the limits.

    The limits lie a tenth to both sides of a panel that was drawn from the pool by what is wanted (and keeps the
    cap), so that there is a panel.
    """
    generator = np.random.default_rng(seed)
    columns: dict[str, Column] = {}
    wanted = np.ones(people)
    for name, size in (features or FEATURES).items():
        shares = generator.dirichlet(np.full(size, 4.0))
        codes = generator.choice(size, size=people, p=shares).astype(np.int32)
        columns[name] = Column(tuple(f"{name}{value}" for value in range(size)), codes)
        wanted *= np.exp(0.5 * generator.normal(size=size))[codes]
    order = np.argsort(generator.exponential(size=people) / wanted)
    if cap:
        weights = generator.pareto(1.2, MUNICIPALITIES) + 0.3
        towns = generator.choice(MUNICIPALITIES, size=people, p=weights / weights.sum()).astype(np.int32)
        columns["municipality"] = Column(tuple(f"m{value}" for value in range(MUNICIPALITIES)), towns)
        earlier = np.zeros(MUNICIPALITIES, dtype=np.int64)
        kept = []
        for place in order.tolist():
            earlier[towns[place]] += 1
            if earlier[towns[place]] <= cap:
                kept.append(place)
        order = np.array(kept)
    quotas = tuple(quota for name in features or FEATURES for quota in _quotas(name, columns[name], order[:seats]))
    caps = (Cap("municipality", cap),) if cap else ()
    return Pool(Ids(people), columns), Rules(seats, quotas, caps)


def _quotas(name: str, column: Column, panel: np.ndarray) -> list[Quota]:
    counts = np.bincount(column.codes[panel], minlength=len(column.values))
    low, high = np.floor(counts * (1 - WIDTH)).astype(int), np.ceil(counts * (1 + WIDTH)).astype(int).clip(1)
    limits = zip(column.values, low.tolist(), high.tolist(), strict=True)
    return [Quota(name, value, least, most) for value, least, most in limits]
