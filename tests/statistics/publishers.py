"""Writes small files in the publishers' own forms, to import."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

KEYS = ("Huvudsektor", "Undersektor", "Län", "Kommun")
SECTORS_SE = {
    "transport": "Transporter",
    "machinery": "Arbetsmaskiner",
    "industry": "Industri (energi + processer)",
    "agriculture": "Jordbruk",
    "energy_supply": "El och fjärrvärme",
    "heating": "Egen uppvärmning av bostäder och lokaler",
    "waste": "Avfall (inkl.avlopp)",
    "products": "Produktanvändning (inkl. lösningsmedel)",
    "international_transport": "Utrikes transporter",
}
SECTORS_DK = {
    "energy_supply": "energi",
    "transport": "transport",
    "agriculture": "landbrug",
    "waste": "affald",
    "industry": "industri",
}
ALL_AGES, BOTH = "totalt, samtliga åldrar", "totalt, samtliga män och kvinnor"


def workbook(path: Path, rows: Iterable[Sequence[Any]], *, sheet: str) -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def smhi(
    path: Path,
    rows: Iterable[Sequence[Any]],
    *,
    years: Sequence[int],
    keys: Sequence[str] = KEYS,
    day: str = "2025-04-01",
) -> Path:
    """SMHI's county report of carbon dioxide: main sector, subsector, county, municipality, then the years."""
    top = [["Rapportnamn:", f"Länsrapport, {day}"], ["Emissioner av Koldioxid (CO2)"], ["Enhet: ton/år"], []]
    header = [[None] * 4 + list(years), [*keys, *["CO2"] * len(years)]]
    return workbook(path, [*top, *header, *rows], sheet="Koldioxid (CO2)")


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def ghg(path: Path, areas: Mapping[str, Mapping[int, float | None]]) -> Path:
    """The sector JSON: each area's figure of a year stands in transport, and the other eight sectors are zero."""
    zeros = dict.fromkeys(SECTORS_SE.values(), 0.0)
    return written(
        path,
        [
            {"name": name, "sectors": {str(y): {**zeros, "Transporter": value} for y, value in by_year.items()}}
            for name, by_year in areas.items()
        ],
    )


def danish(path: Path, years: Sequence[int], areas: Mapping[str, Mapping[str, Sequence[float | None]]]) -> Path:
    """Energistyrelsen's JSON: by code, the series of each of our sectors, "" being the total."""
    return written(
        path,
        {
            "fetchedAt": "2027-05-18T07:24:39.762453+00:00",
            "kommuner": [
                {
                    "kommuneKode": code,
                    "kommuneNavn": f"Kommune {code}",
                    "years": list(years),
                    "samletUdledning": series[""],
                    "sektorer": {SECTORS_DK[sector]: series[sector] for sector in series if sector},
                }
                for code, series in areas.items()
            ],
        },
    )


def norwegian(path: Path, lines: Iterable[Sequence[Any]]) -> Path:
    """Miljødirektoratet's CSV: municipality, year, sector, source, tonnes."""
    text = "\n".join(",".join(map(str, line)) for line in lines)
    return written(path, f"Kommune,År,Sektor,Utslippskilde,Utslipp\n{text}\n")


def deductions(path: Path, lines: Iterable[Sequence[Any]]) -> Path:
    text = "\n".join(",".join(map(str, line)) for line in lines)
    return written(path, f"kommun,year,tonnes_co2\n{text}\n")


def population(path: Path, persons: Mapping[str, Any], *, period: str = "2026M12") -> Path:
    """Statistics Sweden's inhabitants by "code name"."""
    top = [["Folkmängden per månad"], [], [None, None, None, period]]
    return workbook(path, [*top, *([area, ALL_AGES, BOTH, count] for area, count in persons.items())], sheet="BE0101")


def codes(path: Path, names: Mapping[str, str]) -> Path:
    """Statistics Sweden's list of codes and names."""
    top = [["Län och kommuner i kodnummerordning"], [], [], [], ["Kod", "Namn"], ["Code", "Name"]]
    return workbook(path, [*top, *names.items()], sheet="Län och kommuner")
