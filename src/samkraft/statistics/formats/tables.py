"""The tables that the readers return.

Each row remembers where it stood (`source_row`, counted as in FormatError), and each table has
`error(problem, row)`, so that a caller who finds a name or code unknown can say where.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from .errors import FormatError

GasSet = Literal["co2", "ghg"]
Level = Literal["municipality", "county", "country"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table was read from, and in which column its areas stand."""

    file: str
    sheet: str = ""
    column: str = ""
    county_column: str = ""

    def error(self, problem: str, row: int, level: Level = "municipality") -> FormatError:
        """A FormatError at the area's name or code in a row, to raise."""
        column = self.county_column if level != "municipality" and self.county_column else self.column
        return FormatError(problem, file=self.file, sheet=self.sheet, row=row, column=column)


@dataclass(frozen=True, slots=True)
class EmissionRow:
    """One area's emissions in one sector over the table's years."""

    area_name: str  # as the publisher writes it
    area_code: str | None  # the official code, where the publisher gives one
    county_name: str | None  # as the publisher writes it, where it is given
    level: Level
    sector: str  # our code; "" = all sectors together
    subsector: str  # the publisher's name; "" = the whole sector
    values: tuple[float | None, ...]  # tonnes, one for each year; None = missing
    source_row: int


@dataclass(frozen=True, slots=True)
class EmissionTable:
    """Emissions as published; `unit` is "t" (tonnes, of CO2 or CO2 equivalents as `gas_set` says)."""

    source: Source
    country: str  # "SE", "NO" or "DK"
    gas_set: GasSet
    unit: str
    report_date: datetime.date | None
    years: tuple[int, ...]
    rows: list[EmissionRow]

    def totals(self, level: Level) -> list[EmissionRow]:
        """The rows of all sectors together, at one level."""
        return [row for row in self.rows if row.level == level and not row.sector]

    def error(self, problem: str, row: EmissionRow) -> FormatError:
        """A FormatError at a row, to raise."""
        return self.source.error(problem, row.source_row, row.level)


@dataclass(frozen=True, slots=True)
class AreaCode:
    """An official code and its name."""

    code: str
    name: str
    level: Level
    source_row: int


@dataclass(frozen=True, slots=True)
class AreaCodeTable:
    """Official codes of counties and municipalities."""

    source: Source
    country: str
    rows: list[AreaCode]

    def error(self, problem: str, row: AreaCode) -> FormatError:
        """A FormatError at a row, to raise."""
        return self.source.error(problem, row.source_row)


@dataclass(frozen=True, slots=True)
class Population:
    """An area's number of inhabitants at the table's point in time; None = missing."""

    code: str
    name: str
    persons: int | None
    source_row: int


@dataclass(frozen=True, slots=True)
class PopulationTable:
    """Inhabitants by area at the end of a period; `month` is None for a whole year."""

    source: Source
    country: str
    year: int
    month: int | None
    rows: list[Population]

    def error(self, problem: str, row: Population) -> FormatError:
        """A FormatError at a row, to raise."""
        return self.source.error(problem, row.source_row)


@dataclass(frozen=True, slots=True)
class Deduction:
    """Tonnes of CO2 to subtract from one municipality's emissions in one year."""

    municipality: str
    year: int
    tonnes: float
    source_row: int


@dataclass(frozen=True, slots=True)
class DeductionTable:
    """All deductions of a file."""

    source: Source
    rows: list[Deduction]

    def error(self, problem: str, row: Deduction) -> FormatError:
        """A FormatError at a row, to raise."""
        return self.source.error(problem, row.source_row)
