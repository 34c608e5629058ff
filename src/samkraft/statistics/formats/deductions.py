"""Tonnes to subtract from municipalities' emissions (process emissions of cement): kommun,year,tonnes_co2."""

from __future__ import annotations

from pathlib import Path

from .errors import FormatError, shown
from .tables import Deduction, DeductionTable, Source
from .texts import read_csv


def read_deductions(path: Path, name: str | None = None) -> DeductionTable:
    """All lines; a municipality and year may come once, and tonnes are zero or more. Raises FormatError."""
    file = name or path.name
    rows: list[Deduction] = []
    seen: set[tuple[str, int]] = set()
    for line in read_csv(path, file, ("kommun", "year", "tonnes_co2")):
        area, year, tonnes = line.text("kommun"), line.year("year"), line.number("tonnes_co2")
        if tonnes is None or tonnes < 0:
            found = shown(line.fields["tonnes_co2"])
            raise line.error(f"expected a number of tonnes, zero or more, found {found}", "tonnes_co2")
        if (area, year) in seen:
            raise line.error(f"expected each year once, found {year} of {shown(area)} again", "year")
        seen.add((area, year))
        rows.append(Deduction(area, year, tonnes, line.line))
    if not rows:
        raise FormatError("expected lines of deductions below the header, found none", file=file, row=2)
    return DeductionTable(Source(file, column="“kommun”"), rows)
