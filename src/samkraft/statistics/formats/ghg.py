"""Greenhouse gases by sector as Klimatkollen publishes them from SMHI's database.

Source: [{"name": …, "sectors": {year: {sector: tonnes CO2e}}}], in a file for municipalities, one for
counties ("… län") and one for Sweden. The total is the sum over the sectors, missing where any of them is.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from .errors import FormatError, shown
from .sectors import SMHI, nearest, tidy
from .tables import EmissionRow, EmissionTable, Level, Source
from .texts import json_number, read_json, year_of

Figures = dict[str, dict[int, float | None]]


def read_ghg_json(path: Path, name: str | None = None) -> EmissionTable:
    """A row for each area and sector, and one for its total; `name` is the file's name for messages.

    Raises FormatError; its row is the entry's number in the list.
    """
    file = name or path.name
    content = read_json(path, file)
    if not isinstance(content, list) or not content:
        raise FormatError("expected a list of areas", file=file)
    areas: dict[str, Figures] = {}
    for number, entry in enumerate(content, start=1):
        area = _name(entry, file, number)
        if area in areas:
            raise FormatError(f"expected each area once, found {shown(area)} again", file=file, row=number)
        areas[area] = _figures(entry["sectors"], file, number)
    years = sorted({year for figures in areas.values() for by_year in figures.values() for year in by_year})
    sectors = sorted({sector for figures in areas.values() for sector in figures})
    rows = [
        EmissionRow(area, None, None, _level(area), sector, "", values, number)
        for number, (area, figures) in enumerate(areas.items(), start=1)
        for sector, values in _series(figures, years, sectors).items()
    ]
    return EmissionTable(Source(file, column="“name”"), "SE", "ghg", "t", None, tuple(years), rows)


def _name(entry: Any, file: str, number: int) -> str:
    for key, kind in (("name", str), ("sectors", dict)):
        if not isinstance(entry, dict) or not isinstance(entry.get(key), kind) or not entry[key]:
            raise FormatError(
                f"expected an area with “name” and “sectors”, “{key}” is missing or wrong",
                file=file,
                row=number,
                column=f"“{key}”",
            )
    return tidy(entry["name"])


def _figures(by_year: dict[str, Any], file: str, number: int) -> Figures:
    figures: Figures = {}
    for key, by_sector in by_year.items():
        year = year_of(key)
        if year is None:
            raise FormatError(f"expected a year, found {shown(key)}", file=file, row=number, column="“sectors”")
        if not isinstance(by_sector, dict):
            raise FormatError("expected figures by sector", file=file, row=number, column=f"“{key}”")
        for spelling, value in by_sector.items():
            column = f"“{key}/{spelling[:60]}”"
            sector = SMHI.get(tidy(spelling))
            if sector is None:
                near = nearest(spelling, SMHI)
                raise FormatError(
                    f"expected a known sector, found {shown(spelling)} (nearest: “{near}”)",
                    file=file,
                    row=number,
                    column=column,
                )
            if year in figures.get(sector, {}):
                raise FormatError("expected each sector once a year", file=file, row=number, column=column)
            found = json_number(value, file=file, row=number, column=column)
            figures.setdefault(sector, {})[year] = found
    return figures


def _level(area: str) -> Level:
    if area == "Sverige":
        return "country"
    return "county" if area.endswith(" län") else "municipality"


def _series(figures: Figures, years: list[int], sectors: list[str]) -> dict[str, tuple[float | None, ...]]:
    """The total and each sector over the years."""
    series = {s: tuple(figures.get(s, {}).get(year) for year in years) for s in sectors}
    total = tuple(sum_or_missing([series[s][k] for s in sectors]) for k in range(len(years)))
    return {"": total, **series}


def sum_or_missing(parts: list[float | None]) -> float | None:
    """The sum, missing when any part is or there are none; exact, whatever the order of the parts."""
    known = [part for part in parts if part is not None]
    return math.fsum(known) if known and len(known) == len(parts) else None
