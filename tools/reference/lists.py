"""The tables that are plain lists, from population to climate plans."""

import re
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import openpyxl
import shapely
from areas import Area
from shapes import municipality_shapes
from tables import number, read_csv, read_json, write_table

POPULATION_YEAR = "2025"
SHORTEST_BORDER = 10.0  # metres; areas that meet in a corner only are not neighbours

# The list of climate plans uses the names that the municipalities use of themselves.
OWN_NAMES = {
    "Borås stad": "Borås",
    "Göteborgs stad": "Göteborg",
    "Haparanda stad": "Haparanda",
    "Helsingborgs stad": "Helsingborg",
    "Lidingö stad": "Lidingö",
    "Malmö stad": "Malmö",
    "Mölndals stad": "Mölndal",
    "Region Gotland (kommun)": "Gotland",
    "Solna stad": "Solna",
    "Stockholms stad": "Stockholm",
    "Sundbybergs stad": "Sundbyberg",
    "Trollhättans stad": "Trollhättan",
    "Vaxholms stad": "Vaxholm",
    "Västerås stad": "Västerås",
}


def build(areas: list[Area], data: Path, out: Path) -> dict[str, int]:
    swedish = [area for area in areas if area.country == "SE" and area.kind == "municipality"]
    tables = {
        "population.csv": (("key", "year", "population"), _population({area.code for area in swedish}, data)),
        "neighbours.csv": (("key", "neighbour"), _neighbours(data)),
        "similar.csv": (("key", "similar", "position"), _similar(data)),
        "postcodes.csv": (("postcode", "locality", "key"), _postcodes(data)),
        "deductions_se_cement.csv": (("key", "year", "tonnes"), _deductions(swedish, data)),
        "climate_plans.csv": (("key", "url", "adopted_year", "comment"), _climate_plans(swedish, data)),
    }
    return {name: write_table(out / name, columns, rows) for name, (columns, rows) in tables.items()}


def _population(known: set[str], data: Path) -> list[tuple[str, ...]]:
    """Both sexes and all ages; the rows that are not 'code name' are SCB's notes below the table."""
    sheet = openpyxl.load_workbook(data / "se/scb_folkmangd_2025M12.xlsx", read_only=True).worksheets[0]
    rows = []
    for region, _age, _sex, people in sheet.iter_rows(values_only=True):
        code = str(region or "")[:4]
        if code in known and people is not None:
            rows.append((f"SE-{code}", POPULATION_YEAR, str(people)))
    return rows


def _neighbours(data: Path) -> list[tuple[str, str]]:
    listed = read_json(data / "se/grannkommuner.json")
    pairs = {(f"SE-{code}", f"SE-{other}") for code, others in listed.items() for other in others if code < other}
    for country in ("NO", "DK"):
        pairs |= _sharing_a_border(country, data)
    return sorted(pairs)


def _sharing_a_border(country: str, data: Path) -> set[tuple[str, str]]:
    """Pairs whose outlines, drawn from the same arcs, have a line in common; an island has no neighbour."""
    shapes = municipality_shapes(country, data)
    codes, boundaries = list(shapes), [shapely.boundary(shape) for shape in shapes.values()]
    pairs = set()
    for i, j in combinations(range(len(codes)), 2):
        meet = boundaries[i].intersects(boundaries[j])
        if meet and boundaries[i].intersection(boundaries[j]).length > SHORTEST_BORDER:
            pairs.add((f"{country}-{codes[i]}", f"{country}-{codes[j]}"))
    return pairs


def _similar(data: Path) -> list[tuple[str, str, str]]:
    """Kolada lists a group's members by code: the position is no ranking. A group is known by its title."""
    listed = read_csv(data / "se/municipalities.csv")
    codes = {row["municipality_name_short"]: row["municipality_code"] for row in listed}
    rows = []
    for group in read_json(data / "se/kolada_liknande_kommuner_overgripande_2025.json"):
        name = re.fullmatch(r"Liknande kommuner,? övergripande, (.+), 2025", group["title"]).group(1)
        for position, member in enumerate(group["members"], start=1):
            rows.append((f"SE-{codes[name]}", f"SE-{member['member_id']}", str(position)))
    return rows


def _postcodes(data: Path) -> list[tuple[str, str, str]]:
    return [
        (row["postal_code"], row["locality"], f"SE-{row['municipality_code']}")
        for row in read_csv(data / "se/postal_to_municipality.csv")
    ]


def _deductions(swedish: list[Area], data: Path) -> list[tuple[str, str, str]]:
    keys = {area.name: area.key for area in swedish}
    return [
        (keys[row["kommun"]], row["year"], number(float(row["tonnes_co2"])))
        for row in read_csv(data / "se/cement_deduction_tonnes.csv")
    ]


def _climate_plans(swedish: list[Area], data: Path) -> list[tuple[str, ...]]:
    """Only the cells that are a web address as they stand; see the README on the three that are not."""
    keys = {area.full_name: area.key for area in swedish} | {area.name: area.key for area in swedish}
    rows = []
    for row in read_csv(data / "se/klimatplaner_2026.csv"):
        url = row["Länk till aktuell klimatplan"]
        if url.startswith("http"):
            comment = " ".join(row["Namn, giltighetsår, kommentar"].split())
            adopted = row["Antagen år"] and str(int(Decimal(row["Antagen år"])))
            rows.append(
                (
                    keys[OWN_NAMES.get(row["Kommun"], row["Kommun"])],
                    url.strip().replace(" ", "%20"),
                    adopted,
                    comment,
                )
            )
    return rows
