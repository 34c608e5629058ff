"""The Danish energy and CO2 accounts by municipality (klimaregnskabet.dk, Energistyrelsen), as JSON.

{"fetchedAt", "years", "kommuner": [{"kommuneKode", "kommuneNavn", "years", "samletUdledning": [t CO2e],
"sektorer": {sector: [t CO2e]}}]}. The total is published; land use can make a sector negative.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from .errors import FormatError, shown
from .sectors import ENERGISTYRELSEN, nearest, tidy
from .tables import EmissionRow, EmissionTable, Source
from .texts import json_number, read_json, year_of


def read_energistyrelsen(path: Path, name: str | None = None) -> EmissionTable:
    """A row for each municipality's published total and for each sector.

    `report_date` is the day on which the accounts were fetched.
    Raises FormatError; its row is the entry's number in “kommuner”.
    """
    file = name or path.name
    content = read_json(path, file)
    if not isinstance(content, dict) or not isinstance(content.get("kommuner"), list):
        raise FormatError("expected an object with a list “kommuner”", file=file, column="“kommuner”")
    entries = content["kommuner"]
    if not entries:
        raise FormatError("expected municipalities in “kommuner”, found none", file=file, column="“kommuner”")
    years: tuple[int, ...] = ()
    rows: list[EmissionRow] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        code, area = _area(entry, file, number)
        if code in seen:
            raise FormatError(f"expected each code once, found {code} again", file=file, row=number)
        seen.add(code)
        own = _years(entry.get("years"), file, number)
        if years and own != years:
            raise FormatError("expected the same years for all municipalities", file=file, row=number, column="“years”")
        years = own
        for sector, values in _series(entry, len(years), file, number).items():
            rows.append(EmissionRow(area, code, None, "municipality", sector, "", values, number))
    source, fetched = Source(file, column="“kommuneKode”"), _fetched(content.get("fetchedAt"))
    return EmissionTable(source, "DK", "ghg", "t", fetched, years, rows)


def _area(entry: Any, file: str, number: int) -> tuple[str, str]:
    if not isinstance(entry, dict):
        raise FormatError("expected a municipality", file=file, row=number)
    code, area = entry.get("kommuneKode"), entry.get("kommuneNavn")
    if not isinstance(code, str) or not re.fullmatch(r"\d{4}", code):
        raise FormatError(
            f"expected a code of four digits as text, found {shown(code)}",
            file=file,
            row=number,
            column="“kommuneKode”",
        )
    if not isinstance(area, str) or not area.strip():
        raise FormatError(f"expected a name, found {shown(area)}", file=file, row=number, column="“kommuneNavn”")
    return code, tidy(area)


def _years(found: Any, file: str, number: int) -> tuple[int, ...]:
    years = [year_of(value) for value in found] if isinstance(found, list) else []
    known = [year for year in years if year is not None]
    if not known or len(known) < len(years) or known != sorted(set(known)):
        raise FormatError("expected ascending years", file=file, row=number, column="“years”")
    return tuple(known)


def _series(entry: dict[str, Any], width: int, file: str, number: int) -> dict[str, tuple[float | None, ...]]:
    sectors = entry.get("sektorer")
    if not isinstance(sectors, dict) or not sectors:
        raise FormatError("expected figures by sector", file=file, row=number, column="“sektorer”")
    series = {"": _values(entry.get("samletUdledning"), width, file, number, "samletUdledning")}
    for spelling, found in sectors.items():
        sector = ENERGISTYRELSEN.get(tidy(spelling))
        if sector is None:
            near = nearest(spelling, ENERGISTYRELSEN)
            raise FormatError(
                f"expected a known sector, found {shown(spelling)} (nearest: “{near}”)",
                file=file,
                row=number,
                column="“sektorer”",
            )
        if sector in series:
            raise FormatError("expected each sector once", file=file, row=number, column=f"“{spelling}”")
        series[sector] = _values(found, width, file, number, spelling)
    return series


def _values(found: Any, width: int, file: str, number: int, key: str) -> tuple[float | None, ...]:
    if not isinstance(found, list) or len(found) != width:
        raise FormatError(
            f"expected a list of {width} figures, one for each year", file=file, row=number, column=f"“{key}”"
        )
    return tuple(json_number(value, file=file, row=number, column=f"“{key}”") for value in found)


def _fetched(text: Any) -> datetime.date | None:
    try:
        return datetime.datetime.fromisoformat(text).date() if isinstance(text, str) else None
    except ValueError:
        return None
