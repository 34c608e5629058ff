"""A lottery made by hand: ten people of nine types, four seats, six panels; nothing in it needs a solver."""

import numpy as np

from samkraft.engines.selection.model import Cap, Lottery, LotteryReport, Quota, Rules, TypeTable, pool_of

RULES = Rules(
    4,
    (Quota("sector", "energy", 1, 3), Quota("sector", 'roads, "new"', 1, 3), Quota("role", "elected", 1, 2)),
    (Cap("town", 2),),
)
PEOPLE = {
    "sector": ["energy", "energy", "energy", 'roads, "new"', 'roads, "new"', "energy", "energy"] + ['roads, "new"'] * 3,
    "role": ["elected", "elected", "", "elected", "", "", "", "", "elected", ""],
    "town": ["Umeå", "Laxå", "Umeå", "Umeå", "Laxå", "Lund", "Umeå", "Eslöv", "Laxå", "Umeå"],
}
IDS = ["a1", "a2", "b,1", 'b"2', "å1", "c1", "c2", "d1", "d2", "d3"]
POOL = pool_of(IDS, PEOPLE)
SALTS = [f"{number:032x}" for number in range(1, 11)]
VERSIONS = {"samkraft": "0.1.0"}


def lottery():
    """Types by sector and role; the towns that no more than two have, and so the cap cannot bind, are ''."""
    kept = [town if town in {"Umeå", "Laxå"} else "" for town in PEOPLE["town"]]
    of_people = list(zip(PEOPLE["sector"], PEOPLE["role"], kept, strict=True))
    keys = sorted(set(of_people))
    type_of = np.array([keys.index(key) for key in of_people], dtype=np.int32)
    counts = np.bincount(type_of).astype(np.int64)
    table = TypeTable(RULES.columns, tuple(keys), counts, type_of)
    panels = np.array([panel for panel in _panels(counts.tolist()) if _keeps(panel, keys)][:6], dtype=np.int64)
    drawn = panels.mean(axis=0) / counts
    report = LotteryReport("leximin", 10, 4, len(keys), drawn.min(), 0.4, 0.4, 0.1, False, 0.3, 0.0)
    return Lottery(table, panels, drawn, drawn, report)


def _panels(counts):
    if not counts:
        yield ()
        return
    for first in range(counts[0] + 1):
        for rest in _panels(counts[1:]):
            if first + sum(rest) <= RULES.seats:
                yield (first, *rest)


def _keeps(panel, keys):
    def having(column, value):
        return sum(count for count, key in zip(panel, keys, strict=True) if key[column] == value)

    return (
        sum(panel) == 4
        and all(1 <= having(0, sector) <= 3 for sector in ("energy", 'roads, "new"'))
        and 1 <= having(1, "elected") <= 2
        and max(having(2, town) for town in ("Umeå", "Laxå")) <= 2
    )
