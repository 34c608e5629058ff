"""The slow and certain way, for tiny pools: every panel there is, and what is fairest among them."""

from itertools import product

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from samkraft.engines.selection import Cap, Pool, Quota, Rules, TypeTable, pool_of

FEATURES = "abcd"


def bits(people, seats, limits=None):
    """People like '001', with features a, b, c; exactly so many seats for 1 and for 0 of each, or as `limits` say."""
    names = FEATURES[: len(people[0])]
    pool = pool_of(
        [f"p{i}" for i in range(len(people))], {name: [p[i] for p in people] for i, name in enumerate(names)}
    )
    limits = limits or {}
    quotas = [Quota(name, value, *limits.get(name + value, (1, 1))) for name in names for value in "01"]
    return pool, Rules(seats, tuple(quotas))


@st.composite
def tiny(draw, *, tight=True, caps=False):
    """A pool of up to nine people with two to four features of two values, and quotas around what is proportional."""
    size = draw(st.integers(2, 4))
    people = draw(st.lists(st.integers(0, 2**size - 1), min_size=3, max_size=9))
    seats = draw(st.integers(1, min(5, len(people) - 1)))
    rows = [f"{person:0{size}b}" for person in people]
    limits = {}
    for place, name in enumerate(FEATURES[:size]):
        ones = sum(row[place] == "1" for row in rows)
        share = seats * ones // len(rows) + draw(st.integers(0, 1))
        wide = draw(st.integers(0, 0 if tight else 1))
        low, high = max(share - wide, 0), min(share + wide, seats)
        limits |= {name + "1": (low, max(low, high)), name + "0": (seats - max(low, high), seats - low)}
    pool, rules = bits(rows, seats, limits)
    if not caps:
        return pool, rules
    towns = draw(st.lists(st.sampled_from("uvwx"), min_size=len(rows), max_size=len(rows)))
    at_most = draw(st.integers(1, 2))
    columns = {name: [column.values[code] for code in column.codes] for name, column in pool.columns.items()}
    return pool_of(pool.ids, {**columns, "town": towns}), Rules(seats, rules.quotas, (Cap("town", at_most),))


def keeps(pool: Pool, rules: Rules, people) -> bool:
    """Whether these people, by their places in the pool, are a panel; told from the pool and not from types."""
    people = list(people)
    values = {name: [pool.columns[name].values[pool.columns[name].codes[i]] for i in people] for name in rules.columns}
    floor = rules.floor
    return (
        len(people) == rules.seats
        and all(q.minimum <= values[q.feature].count(q.value) <= q.maximum for q in rules.quotas)
        and all(values[c.feature].count(v) <= c.at_most for c in rules.caps for v in set(values[c.feature]))
        and (floor is None or sum(floor.points[v] for v in values[floor.feature]) >= floor.mean * rules.seats)
    )


def members(table: TypeTable, composition):
    """People who make up a composition: the first of each type."""
    return [i for t, number in enumerate(composition) for i in np.flatnonzero(table.type_of == t)[:number]]


def compositions(pool: Pool, rules: Rules, table: TypeTable):
    """All compositions (P, T) that keep the rules."""
    ranges = [range(min(count, rules.seats) + 1) for count in table.counts.tolist()]
    found = [c for c in product(*ranges) if sum(c) == rules.seats and keeps(pool, rules, members(table, c))]
    return np.array(found, dtype=np.int64).reshape(len(found), len(table.counts))


def leximin(panels, counts):
    """Each type's chance: the least is raised as far as it goes; a type stays when it cannot rise with that kept."""
    chances = (panels / counts).T
    number, types = panels.shape[0], len(counts)
    level = np.full(types, np.nan)
    one = {"A_eq": np.ones((1, number)), "b_eq": [1], "method": "highs-ds"}
    while np.isnan(level).any():
        free = np.isnan(level)
        rows = np.hstack([-chances, free[:, None].astype(float)])
        sides = np.where(free, 0, -np.nan_to_num(level) + 1e-10)
        ones = {**one, "A_eq": np.append(np.ones(number), 0)[None]}
        least = -linprog(np.append(np.zeros(number), -1), A_ub=rows, b_ub=sides, **ones).fun
        kept = np.where(free, -least + 1e-10, sides)
        for t in np.flatnonzero(free):
            if -linprog(-chances[t], A_ub=-chances, b_ub=kept, **one).fun <= least + 1e-8:
                level[t] = least
    return level
