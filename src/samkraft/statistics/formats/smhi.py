"""SMHI's Excel export from the national emissions database: sectors by county and municipality.

Source: nationellaemissionsdatabasen.smhi.se, "Länsrapport". Title rows, then a header split over two rows:
years above, and below them the names of the four key columns and the gas. "Alla" in a key column means all.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from .errors import shown
from .sectors import SMHI, nearest
from .sheets import Sheet, read_sheets
from .tables import EmissionRow, EmissionTable, GasSet, Level, Source
from .texts import year_of

KEYS = ("Huvudsektor", "Undersektor", "Län", "Kommun")
ALL = "Alla"
TITLE_ROWS = 15
HEADER_ROW = 5  # where the export has it; it is looked for in all title rows


def read_smhi_xlsx(path: Path, name: str | None = None) -> EmissionTable:
    """All rows of the export, totals as published; `name` is the file's name for messages.

    Raises FormatError.
    """
    sheet, header = _find_header(read_sheets(path, name or path.name))
    years = _years(sheet, header)
    rows: list[EmissionRow] = []
    seen: dict[tuple[str, ...], int] = {}
    for number in sheet.body(header + 1):
        keys = tuple(sheet.text(number, column) for column in range(4))
        if keys in seen:
            raise sheet.error(f"expected each row once, found row {seen[keys] + 1} again", number, 0)
        seen[keys] = number
        rows.append(_row(sheet, number, keys, len(years)))
    if not rows:
        raise sheet.error("expected rows of emissions below the header, found none", header + 1)
    source = Source(sheet.file, sheet.name, column="D", county_column="C")
    gas_set, report_date = _gas_set(sheet, header), _report_date(sheet, header)
    return EmissionTable(source, "SE", gas_set, "t", report_date, years, rows)


def _find_header(sheets: list[Sheet]) -> tuple[Sheet, int]:
    """The sheet and row that hold the names of the key columns."""
    best: tuple[int, Sheet, int] | None = None
    for sheet in sheets:
        for row in range(min(TITLE_ROWS, len(sheet.rows))):
            hits = sum(sheet.text(row, column) == key for column, key in enumerate(KEYS))
            if hits == len(KEYS):
                return sheet, row
            likeness = len(set(KEYS) & {sheet.text(row, column) for column in range(10)})
            if likeness > 1 and (best is None or likeness > best[0]):
                best = (likeness, sheet, row)
    if best is None:
        found = shown(sheets[0].cell(HEADER_ROW, 0))
        raise sheets[0].error(
            f"expected SMHI's county report with the columns {', '.join(KEYS)}, found {found}", HEADER_ROW, 0
        )
    _, sheet, row = best
    wrong = next(column for column, key in enumerate(KEYS) if sheet.text(row, column) != key)
    found = shown(sheet.cell(row, wrong))
    raise sheet.error(f"expected the column “{KEYS[wrong]}”, found {found}", row, wrong)


def _years(sheet: Sheet, header: int) -> tuple[int, ...]:
    width = max(len(sheet.rows[header - 1]) if header else 0, len(sheet.rows[header]))
    columns = [c for c in range(4, width) if sheet.cell(header, c) != "" or sheet.cell(header - 1, c) != ""]
    years: list[int] = []
    for column in columns:
        found = sheet.cell(header - 1, column) if header else ""
        year = year_of(found)
        if year is None or column != 4 + len(years):
            raise sheet.error(f"expected a year, found {shown(found)}", max(header - 1, 0), column)
        if years and year <= years[-1]:
            raise sheet.error(f"expected a year after {years[-1]}, found {year}", header - 1, column)
        years.append(year)
    if not years:
        raise sheet.error("expected years from column E onwards, found none", max(header - 1, 0), 4)
    return tuple(years)


def _row(sheet: Sheet, number: int, keys: tuple[str, ...], width: int) -> EmissionRow:
    for column, key in enumerate(keys):
        if not key:
            found = shown(sheet.cell(number, column))
            raise sheet.error(f"expected a name under “{KEYS[column]}”, found {found}", number, column)
    main, sub, county, municipality = keys
    if main != ALL and main not in SMHI:
        raise sheet.error(f"expected a known sector, found {shown(main)} (nearest: “{nearest(main, SMHI)}”)", number, 0)
    if main == ALL and sub != ALL:
        raise sheet.error(f"expected “{ALL}” beside all sectors, found {shown(sub)}", number, 1)
    if county == ALL and municipality != ALL:
        raise sheet.error(f"expected a county beside {shown(municipality)}, found “{ALL}”", number, 2)
    if len(sheet.rows[number]) > 4 + width and any(v != "" for v in sheet.rows[number][4 + width :]):
        raise sheet.error("expected no figure without a year above it", number, 4 + width)
    level, area = _area(county, municipality)
    return EmissionRow(
        area_name=area,
        area_code=None,
        county_name=None if county == ALL else county,
        level=level,
        sector="" if main == ALL else SMHI[main],
        subsector="" if sub == ALL else sub,
        values=tuple(sheet.number(number, column) for column in range(4, 4 + width)),
        source_row=number + 1,
    )


def _area(county: str, municipality: str) -> tuple[Level, str]:
    if municipality != ALL:
        return "municipality", municipality
    return ("county", county) if county != ALL else ("country", "Sverige")


def _titles(sheet: Sheet, header: int) -> list[tuple[int, str]]:
    return [(row, " ".join(sheet.text(row, column) for column in range(4))) for row in range(header)]


def _gas_set(sheet: Sheet, header: int) -> GasSet:
    """The gas from the title "Emissioner av …"; the unit is checked on the way."""
    gas: GasSet | None = None
    unit = False
    for row, title in _titles(sheet, header):
        lowered = title.casefold()
        if lowered.startswith("emissioner av"):
            if "ggt" in lowered or "växthusgas" in lowered:
                gas = "ghg"
            elif "(co2)" in lowered:
                gas = "co2"
            else:
                raise sheet.error(
                    f"expected emissions of carbon dioxide (CO2) or greenhouse gases, found {shown(title)}",
                    row,
                    0,
                )
        if lowered.startswith("enhet:"):
            unit = lowered.removeprefix("enhet:").strip().startswith("ton")
            if not unit:
                raise sheet.error(f"expected the unit ton/år, found {shown(title)}", row, 0)
    if gas is None or not unit:
        wanted = "Emissioner av …" if gas is None else "Enhet: ton/år"
        raise sheet.error(f"expected a title row “{wanted}”, found none", 0, 0)
    return gas


def _report_date(sheet: Sheet, header: int) -> datetime.date | None:
    for _, title in _titles(sheet, header):
        if match := re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", title):
            try:
                return datetime.date(*map(int, match.groups()))
            except ValueError:
                return None
    return None
