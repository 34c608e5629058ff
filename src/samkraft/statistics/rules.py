"""Pure rules about figures: what makes two releases the same, and how figures of parts are summed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

# Publishers write more digits than they know; a figure that differs by less than a kilogram is the same one.
DECIMALS = 3
# The year from which change is counted: that of the Paris agreement.
BASE_YEAR = 2015
NEARLY_ALL = 0.9
# Figures are brought to a gram before that, so that noise far below it cannot tip a half to the other side.
_FINER = 6


class Cell(NamedTuple):
    """What a figure is about. An empty sector is all sectors; an empty subsector the whole sector."""

    area: str
    year: int
    sector: str
    subsector: str


Figures = Mapping[Cell, float]


def digest_of(figures: Figures) -> str:
    """SHA-256 over figures in a fixed order, to know a release again from any file of it."""
    lines = (
        # Adding zero makes a negative zero positive.
        f"{area}|{year}|{sector}|{subsector}|{round(round(value, _FINER), DECIMALS) + 0.0:.{DECIMALS}f}\n"
        for (area, year, sector, subsector), value in sorted(figures.items())
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def plain_name(text: str) -> str:
    """A name as it is compared: letter case and spaces do not make another name."""
    return " ".join(text.split()).casefold()


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
            whole = Cell(above, *cell[1:])
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


def compared_years(figures: Figures) -> tuple[int | None, int | None]:
    """The years between which areas are compared: the first since 2015, and the last, that nearly all have.

    A year counts when at least nine of ten areas with any whole figure have one in it.
    """
    areas: dict[int, set[str]] = defaultdict(set)
    for cell in figures:
        if not cell.sector and not cell.subsector:
            areas[cell.year].add(cell.area)
    everyone = set().union(*areas.values())
    shared = sorted(year for year, found in areas.items() if len(found) >= NEARLY_ALL * len(everyone))
    since = [year for year in shared if year >= BASE_YEAR]
    return (since[0] if since else None), (shared[-1] if shared else None)


def years_of(figures: Iterable[Cell]) -> tuple[int, int]:
    """The first and the last year that the figures speak of."""
    years = {cell.year for cell in figures}
    return min(years), max(years)
