"""Pure rules about figures: what makes two releases the same, and how figures of parts are summed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

# Publishers write more digits than they know; a figure that differs by less than a kilogram is the same one.
DECIMALS = 3


class Cell(NamedTuple):
    """What a figure is about. An empty sector is all sectors; an empty subsector the whole sector."""

    area: str
    year: int
    sector: str
    subsector: str


Figures = Mapping[Cell, float]


def digest_of(figures: Figures, areas: set[str]) -> str:
    """SHA-256 over the figures of `areas` in a fixed order, to know a release again from any file of it."""
    total = hashlib.sha256()
    for cell in sorted(cell for cell in figures if cell.area in areas):
        value = round(figures[cell], DECIMALS) + 0.0
        total.update(f"{cell.area}|{cell.year}|{cell.sector}|{cell.subsector}|{value:.{DECIMALS}f}\n".encode())
    return total.hexdigest()


def summed(figures: Figures, parents: Mapping[str, str]) -> dict[Cell, float]:
    """Figures of the areas above, as sums, where every area below has one; the missing sums are left out.

    `parents` maps each area that must be part of a sum to the area above it. Cells that `figures` already
    holds are not summed again: what the publisher says goes first.
    """
    wanted: dict[str, int] = defaultdict(int)
    for above in parents.values():
        wanted[above] += 1
    totals: dict[Cell, float] = defaultdict(float)
    counts: dict[Cell, int] = defaultdict(int)
    for cell, value in figures.items():
        above = parents.get(cell.area)
        if above is not None:
            whole = cell._replace(area=above)
            totals[whole] += value
            counts[whole] += 1
    return {cell: total for cell, total in totals.items() if counts[cell] == wanted[cell.area] and cell not in figures}


class Difference(NamedTuple):
    """How one release differs from the one before it."""

    new: list[Cell]
    changed: list[Cell]
    gone: list[Cell]


def difference(before: Figures, after: Figures) -> Difference:
    """Cells that only `after` has, that both have with another value, and that only `before` has."""
    new = sorted(cell for cell in after if cell not in before)
    gone = sorted(cell for cell in before if cell not in after)
    changed = sorted(
        cell for cell, value in after.items() if cell in before and round(before[cell] - value, DECIMALS) != 0
    )
    return Difference(new, changed, gone)


def years_of(figures: Iterable[Cell]) -> tuple[int, int]:
    """The first and the last year that the figures speak of."""
    years = {cell.year for cell in figures}
    return min(years), max(years)
