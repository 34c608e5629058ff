"""Statistics Sweden's files: codes of counties and municipalities (xls), and inhabitants (xlsx)."""

from __future__ import annotations

import re
from pathlib import Path

from .errors import shown
from .sheets import Sheet, read_sheets
from .tables import AreaCode, AreaCodeTable, Level, Population, PopulationTable, Source

TITLE_ROWS = 12


def read_scb_codes(path: Path, name: str | None = None) -> AreaCodeTable:
    """Codes of two digits (counties) and four (municipalities) under the header "Kod", "Namn".

    Raises FormatError.
    """
    sheets = read_sheets(path, name or path.name)
    sheet, header = _codes_header(sheets)
    rows: list[AreaCode] = []
    seen: dict[str, int] = {}
    for number in sheet.body(header + 1):
        code, area = sheet.text(number, 0), sheet.text(number, 1)
        if (code, area) == ("Code", "Name"):
            continue
        if not re.fullmatch(r"\d\d(\d\d)?", code):
            found = shown(sheet.cell(number, 0))
            raise sheet.error(f"expected a code of two or four digits as text, found {found}", number, 0)
        if not area:
            raise sheet.error(f"expected a name, found {shown(sheet.cell(number, 1))}", number, 1)
        if code in seen:
            raise sheet.error(f"expected each code once, found {code} of row {seen[code] + 1} again", number, 0)
        seen[code] = number
        rows.append(AreaCode(code, area, _level(code), number + 1))
    if not rows:
        raise sheet.error("expected codes below the header, found none", header + 1, 0)
    return AreaCodeTable(Source(sheet.file, sheet.name, column="A"), "SE", rows)


def _level(code: str) -> Level:
    return "county" if len(code) == 2 else "municipality"


def _codes_header(sheets: list[Sheet]) -> tuple[Sheet, int]:
    for sheet in sheets:
        for row in range(min(TITLE_ROWS, len(sheet.rows))):
            if sheet.text(row, 0) == "Kod":
                if sheet.text(row, 1) == "Namn":
                    return sheet, row
                found = shown(sheet.cell(row, 1))
                raise sheet.error(f"expected the column “Namn”, found {found}", row, 1)
    found = shown(sheets[0].cell(4, 0))
    raise sheets[0].error(f"expected the columns “Kod” and “Namn”, found {found}", 4, 0)


def read_scb_population(path: Path, name: str | None = None) -> PopulationTable:
    """Inhabitants of each area, all ages and both sexes, in the one period of the file ("2025M12" or "2025").

    Rows begin with code and name in one cell ("0114 Upplands Väsby"); notes below them are passed over.
    Raises FormatError.
    """
    sheets = read_sheets(path, name or path.name)
    sheet, header, year, month = _period(sheets)
    rows: list[Population] = []
    seen: set[str] = set()
    for number in sheet.body(header + 1):
        match = re.fullmatch(r"(\d\d(?:\d\d)?) (\S.*)", sheet.text(number, 0))
        if match is None:
            if sheet.cell(number, 3) != "":
                wanted = "code and name such as “0114 Upplands Väsby”"
                found = shown(sheet.cell(number, 0))
                raise sheet.error(f"expected {wanted}, found {found}", number, 0)
            continue
        code, area = match.groups()
        if code in seen:
            raise sheet.error(f"expected each code once, found {code} again", number, 0)
        seen.add(code)
        rows.append(Population(code, area, _persons(sheet, number), number + 1))
    if not rows:
        raise sheet.error("expected rows of inhabitants below the period, found none", header + 1, 0)
    return PopulationTable(Source(sheet.file, sheet.name, column="A"), "SE", year, month, rows)


def _period(sheets: list[Sheet]) -> tuple[Sheet, int, int, int | None]:
    for sheet in sheets:
        for row in range(min(TITLE_ROWS, len(sheet.rows))):
            match = re.fullmatch(r"((?:19|20)\d\d)(?:M(0[1-9]|1[0-2]))?", _plain(sheet.cell(row, 3)))
            if match:
                if sheet.cell(row, 4) != "":
                    raise sheet.error("expected one period, found another beside it", row, 4)
                return sheet, row, int(match[1]), int(match[2]) if match[2] else None
    found = shown(sheets[0].cell(2, 3))
    raise sheets[0].error(f"expected a period such as “2025M12”, found {found}", 2, 3)


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.strip() if isinstance(value, str) else ""


def _persons(sheet: Sheet, number: int) -> int | None:
    for column in (1, 2):
        if not sheet.text(number, column).casefold().startswith("totalt"):
            found = shown(sheet.cell(number, column))
            raise sheet.error(f"expected all ages and both sexes (“totalt …”), found {found}", number, column)
    persons = sheet.number(number, 3)
    if persons is None:
        return None
    if persons < 0 or not persons.is_integer():
        raise sheet.error(f"expected a whole number of persons, found {shown(persons)}", number, 3)
    return int(persons)
