"""Norwegian emissions by municipality (Miljødirektoratet), as CSV with one line for each source and year.

Kommune, År, Sektor, Utslippskilde, Utslipp (t CO2e). There are no codes, and where the column of gases has
been dropped the same source comes several times: those are added up. A sector is the sum of its sources. The
total is the sum of all sectors in the file, missing in a year for which a municipality has no line of one.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from .errors import FormatError, shown
from .ghg import sum_or_missing
from .sectors import MILJODIREKTORATET, nearest
from .tables import EmissionRow, EmissionTable, Source
from .texts import read_csv

COLUMNS = ("Kommune", "År", "Sektor", "Utslippskilde", "Utslipp")
BySource = dict[tuple[str, str], dict[int, list[float | None]]]


def read_miljodirektoratet(path: Path, name: str | None = None) -> EmissionTable:
    """Rows for each municipality's total, sectors and sources; `name` is the file's name for messages.

    Raises FormatError.
    """
    file = name or path.name
    areas: dict[str, BySource] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    first_line: dict[str, int] = {}
    years: set[int] = set()
    for line in read_csv(path, file, COLUMNS):
        spelling, area, year = line.text("Sektor"), line.text("Kommune"), line.year("År")
        if spelling not in MILJODIREKTORATET:
            near = nearest(spelling, MILJODIREKTORATET)
            raise line.error(f"expected a known sector, found {shown(spelling)} (nearest: “{near}”)", "Sektor")
        source = (MILJODIREKTORATET[spelling], line.text("Utslippskilde"))
        areas[area][source][year].append(line.number("Utslipp"))
        first_line.setdefault(area, line.line)
        years.add(year)
    if not areas:
        raise FormatError("expected lines of emissions below the header, found none", file=file, row=2)
    ordered = sorted(years)
    sectors = sorted({sector for sources in areas.values() for sector, _ in sources})
    rows = [
        EmissionRow(area, None, None, "municipality", sector, source, values, first_line[area])
        for area, sources in areas.items()
        for (sector, source), values in _series(sources, ordered, sectors).items()
    ]
    return EmissionTable(Source(file, column="“Kommune”"), "NO", "ghg", "t", None, tuple(ordered), rows)


def _series(sources: BySource, years: list[int], sectors: list[str]) -> dict[tuple[str, str], tuple[float | None, ...]]:
    """The total, each sector and each source over the years."""
    of_source: dict[tuple[str, str], tuple[float | None, ...]] = {}
    parts: dict[str, list[list[float | None]]] = {sector: [[] for _ in years] for sector in sectors}
    for (sector, source), by_year in sources.items():
        found = [by_year.get(year, []) for year in years]
        of_source[sector, source] = tuple(sum_or_missing(values) for values in found)
        for k, values in enumerate(found):
            parts[sector][k].extend(values)
    of_sector = {(s, ""): tuple(sum_or_missing(values) for values in parts[s]) for s in sectors}
    total = tuple(sum_or_missing([of_sector[s, ""][k] for s in sectors]) for k in range(len(years)))
    return {("", ""): total, **of_sector, **of_source}
