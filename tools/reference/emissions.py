"""Emission tables: one row for each area, sector and subsector, one column for each year, in tonnes.

Sector '' is all sectors together, subsector '' the whole sector. An empty cell is missing; 0 was published.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
from areas import Area
from tables import number, read_csv, read_json, write_table

WHOLE = ""
SE_SECTORS = {
    "Alla": WHOLE,
    "Transporter": "transport",
    "Arbetsmaskiner": "machinery",
    "Industri (energi + processer)": "industry",
    "Jordbruk": "agriculture",
    "El och fjärrvärme": "energy_supply",
    "Egen uppvärmning av bostäder och lokaler": "heating",
    "Egen uppärmning av bostäder och lokaler": "heating",  # so spelt in the report of 2024-04-18
    "Avfall (inkl.avlopp)": "waste",
    "Produktanvändning (inkl. lösningsmedel)": "products",
    "Utrikes transporter": "international_transport",
}
DK_SECTORS = {
    "energi": "energy_supply",
    "transport": "transport",
    "landbrug": "agriculture",
    "affald": "waste",
    "industri": "industry",
}
NO_SECTORS = {
    "Veitrafikk": "road_transport",
    "Sjøfart": "shipping",
    "Luftfart": "aviation",
    "Annen mobil forbrenning": "machinery",
    "Oppvarming": "heating",
    "Energiforsyning": "energy_supply",
    "Jordbruk": "agriculture",
    "Avfall og avløp": "waste",
    "Industri, olje og gass": "industry",
    "produkter med fluorgasser": "products",
}
CO2_REPORT = "se/smhi_co2_lansrapport_2024-04-18.xlsx"
CO2_YEARS_ROW, CO2_FIRST_ROW = 5, 7  # counted from 1, as in the workbook

Row = tuple[str, ...]
# {(area key, sector, subsector): {year: tonnes}}
Figures = dict[tuple[str, str, str], dict[str, Decimal]]


def build(areas: list[Area], data: Path, out: Path) -> dict[str, int]:
    tables = {
        "emissions_se_co2_2022.csv": _se_co2(areas, data),
        "emissions_se_ghg_2023.csv": _wide(_se_ghg(areas, data, ["ghg_sector_1990-2023_annual.json"])),
        "emissions_se_ghg_2024.csv": _wide(
            _se_ghg(
                areas,
                data,
                [
                    "ghg_sector_1990-2024.json",
                    "ghg_sector_region_1990-2024.json",
                    "ghg_sector_national_1990-2024.json",
                ],
            )
        ),
        "emissions_dk_2023.csv": _wide(_dk(data)),
        "emissions_no_telemark_2024.csv": _wide(_no_telemark(areas, data)),
    }
    return {name: write_table(out / name, columns, rows) for name, (columns, rows) in tables.items()}


def _se_keys(areas: list[Area]) -> dict[str, str]:
    """{name in SMHI's reports: area key}; counties go by 'Blekinge län', municipalities by 'Karlshamn'."""
    swedish = [area for area in areas if area.country == "SE"]
    return {area.full_name if area.kind == "county" else area.name: area.key for area in swedish}


def _se_co2(areas: list[Area], data: Path) -> tuple[Row, list[Row]]:
    keys = _se_keys(areas)
    workbook = openpyxl.load_workbook(data / CO2_REPORT, read_only=True)
    lines = list(workbook.worksheets[0].iter_rows(values_only=True))
    years = [str(year) for year in lines[CO2_YEARS_ROW - 1][4:]]
    rows = []
    for main, part, county, municipality, *values in lines[CO2_FIRST_ROW - 1 :]:
        place = {"Alla": "Sverige"}.get(county, county) if municipality == "Alla" else municipality
        subsector = WHOLE if part == "Alla" else part
        tonnes = (_tonnes(value, subsector) for value in values)
        rows.append((keys[place], SE_SECTORS[main], subsector, *tonnes))
    return ("key", "sector", "subsector", *years), rows


def _tonnes(value: float | None, subsector: str) -> str:
    """Totals and sectors as published, for pathways are compared on them; a subsector to the gram."""
    if value is None:
        return ""
    return number(round(value, 6) if subsector else value)


def _se_ghg(areas: list[Area], data: Path, names: list[str]) -> Figures:
    keys = _se_keys(areas)
    figures: Figures = defaultdict(dict)
    for item in (item for name in names for item in _listed(read_json(data / "se" / name))):
        key = keys[item["name"]]
        for year, sectors in item["sectors"].items():
            for name, tonnes in sectors.items():
                if tonnes is not None:
                    figures[key, SE_SECTORS[name], WHOLE][year] = Decimal(repr(tonnes))
    sectors = set(SE_SECTORS.values()) - {WHOLE}
    return figures | _totals(figures, sectors)


def _listed(answer: list | dict) -> list:
    return answer if isinstance(answer, list) else [answer]


def _totals(figures: Figures, sectors: Iterable[str]) -> Figures:
    """All sectors together, in the years for which every one of them is there."""
    needed = set(sectors)
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for (key, sector, subsector), years in figures.items():
        if subsector == WHOLE:
            for year, tonnes in years.items():
                found[key, year][sector] = tonnes
    totals: Figures = defaultdict(dict)
    for (key, year), by_sector in found.items():
        if set(by_sector) == needed:
            totals[key, WHOLE, WHOLE][year] = sum(by_sector.values(), Decimal(0))
    return totals


def _dk(data: Path) -> Figures:
    figures: Figures = {}
    for item in read_json(data / "dk/klimaregnskab_by_kommune_2018-2023.json")["kommuner"]:
        key, years = f"DK-{item['kommuneKode']}", [str(year) for year in item["years"]]
        series = {DK_SECTORS[name]: values for name, values in item["sektorer"].items()}
        series[WHOLE] = item["samletUdledning"]
        for sector, values in series.items():
            pairs = zip(years, values, strict=True)
            figures[key, sector, WHOLE] = {year: Decimal(repr(v)) for year, v in pairs if v is not None}
    return figures


def _no_telemark(areas: list[Area], data: Path) -> Figures:
    """The county left out the column of gases, so that a source comes up to three times: the sum counts.

    The total is the sum of all the file's sectors, missing in a year for which a municipality has no row of one.
    """
    keys = {area.name: area.key for area in areas if area.parent == "NO-40"}
    figures: Figures = defaultdict(lambda: defaultdict(Decimal))
    for row in read_csv(data / "no/mdir_klimagassutslipp_telemark_2009-2024.csv"):
        sector, source = NO_SECTORS[row["Sektor"]], row["Utslippskilde"].strip()
        for cell in ((sector, source), (sector, WHOLE)):
            figures[keys[row["Kommune"]], *cell][row["År"]] += Decimal(row["Utslipp"])
    return figures | _totals(figures, {sector for _, sector, _ in figures})


def _wide(figures: Figures) -> tuple[Row, list[Row]]:
    years = sorted({year for series in figures.values() for year in series})
    return ("key", "sector", "subsector", *years), list(_lines(figures, years))


def _lines(figures: Figures, years: list[str]) -> Iterator[Row]:
    for names, series in figures.items():
        yield (*names, *(_plain(series[year]) if year in series else "" for year in years))


def _plain(tonnes: Decimal) -> str:
    text = format(tonnes, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
