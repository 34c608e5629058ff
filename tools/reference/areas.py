"""areas.csv: countries, counties and municipalities with names, slugs and centre points."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import shapely
from shapes import DK_NOT_A_MUNICIPALITY, Shapes, centre, municipality_shapes, union_by
from tables import read_csv, read_json, slugify, write_table

COLUMNS = (
    "key",
    "country",
    "code",
    "kind",
    "parent",
    "name",
    "full_name",
    "other_names",
    "slug",
    "lat",
    "lon",
)
COUNTRIES = {"SE": "Sverige", "NO": "Norge", "DK": "Danmark"}

# The list adds an s to every name, which these five do not take.
SE_FULL_NAMES = {
    "Faluns kommun": "Falu kommun",
    "Kalixs kommun": "Kalix kommun",
    "Kalmars kommun": "Kalmar kommun",
    "Orusts kommun": "Orust kommun",
    "Överkalixs kommun": "Överkalix kommun",
}

# DAWA publishes the bare name; these two are not formed as '<name> Kommune'.
DK_FULL_NAMES = {"København": "Københavns Kommune", "Bornholm": "Bornholms Regionskommune"}


@dataclass(frozen=True)
class Area:
    country: str
    code: str
    kind: str
    parent: str
    name: str
    full_name: str
    slug: str
    other_names: str = ""

    @property
    def key(self) -> str:
        return self.country if self.kind == "country" else f"{self.country}-{self.code}"


def all_areas(data: Path, recorded: Path) -> list[Area]:
    counties = {"SE": _se_counties(data), "NO": _no_counties(data), "DK": _dk_counties(recorded)}
    municipalities = {
        "SE": _se_municipalities(data),
        "NO": _no_municipalities(data, recorded),
        "DK": _dk_municipalities(recorded),
    }
    areas = []
    for country, name in COUNTRIES.items():
        areas.append(Area(country, country, "country", "", name, name, country.lower()))
        areas += counties[country]
        areas += _told_apart(municipalities[country], {county.key: county.name for county in counties[country]})
    return sorted(areas, key=lambda area: area.key)


def county_of(areas: list[Area], country: str) -> dict[str, str]:
    """{municipality code: county code}."""
    return {
        area.code: area.parent.removeprefix(f"{country}-")
        for area in areas
        if area.country == country and area.kind == "municipality"
    }


def build(areas: list[Area], data: Path, recorded: Path, out: Path) -> int:
    centres = {}
    for country in COUNTRIES:
        shapes = municipality_shapes(country, data)
        centres.update(_centres(country, shapes, county_of(areas, country)))
    centres.update(_danish_centres(recorded))
    rows = [
        (
            a.key,
            a.country,
            a.code,
            a.kind,
            a.parent,
            a.name,
            a.full_name,
            a.other_names,
            a.slug,
            *centres[a.key],
        )
        for a in areas
    ]
    return write_table(out / "areas.csv", COLUMNS, rows)


def _centres(country: str, shapes: Shapes, parent_of: dict[str, str]) -> dict[str, tuple[str, str]]:
    counties = union_by(shapes, parent_of)
    found = {f"{country}-{code}": centre(geometry, country) for code, geometry in (shapes | counties).items()}
    found[country] = centre(shapely.unary_union(list(counties.values())), country)
    return found


def _danish_centres(recorded: Path) -> dict[str, tuple[str, str]]:
    """DAWA's own 'visual centre' of the Danish municipalities and regions."""
    listed = read_json(recorded / "dawa/kommuner.json") + read_json(recorded / "dawa/regioner.json")
    centres = {}
    for item in listed:
        lon, lat = item["visueltcenter"]
        centres[f"DK-{item['kode']}"] = (f"{lat:.5f}", f"{lon:.5f}")
    return centres


def _told_apart(areas: list[Area], county_names: dict[str, str]) -> list[Area]:
    """Where two municipalities of a country share a slug, both get their county's name after it."""
    uses = Counter(area.slug for area in areas)
    return [
        replace(area, slug=f"{area.slug}-{slugify(county_names[area.parent])}") if uses[area.slug] > 1 else area
        for area in areas
    ]


def _se_counties(data: Path) -> list[Area]:
    return [
        Area(
            "SE",
            row["county_code"],
            "county",
            "SE",
            row["county_name_short"],
            row["county_name"],
            slugify(row["county_name"]),
        )
        for row in read_csv(data / "se/counties.csv")
    ]


def _se_municipalities(data: Path) -> list[Area]:
    return [
        Area(
            "SE",
            row["municipality_code"],
            "municipality",
            f"SE-{row['county_code']}",
            row["municipality_name_short"],
            SE_FULL_NAMES.get(row["municipality_name"], row["municipality_name"]),
            slugify(row["municipality_name_short"]),
        )
        for row in read_csv(data / "se/municipalities.csv")
    ]


def _no_counties(data: Path) -> list[Area]:
    areas = []
    for feature in read_json(data / "no/fylker_2024_S.geojson")["features"]:
        item = feature["properties"]
        names = item["fylkesnavn"].split(" - ")
        full = f"{item['name']} fylke"
        others = ";".join(name for name in names if name != item["name"])
        areas.append(Area("NO", item["fylkesnummer"], "county", "NO", item["name"], full, slugify(full), others))
    return areas


def _no_municipalities(data: Path, recorded: Path) -> list[Area]:
    norwegian = _norwegian_forms(recorded)
    areas = []
    for feature in read_json(data / "no/kommuner_2024_S.geojson")["features"]:
        code, published = feature["properties"]["kommunenummer"], feature["properties"]["kommunenavn"]
        names = published.split(" - ")
        name = next((form for form in names if form in norwegian), names[0])
        others = ";".join(form for form in names if form != name)
        areas.append(Area("NO", code, "municipality", f"NO-{code[:2]}", name, f"{name} kommune", slugify(name), others))
    return areas


def _norwegian_forms(recorded: Path) -> set[str]:
    """Names that Kartverket marks as Norwegian; its list is older than 2024, so it is matched by name."""
    counties = read_json(recorded / "kartverket/kommuneinfo_fylkerkommuner_pre2024.json")
    return {municipality["kommunenavnNorsk"] for county in counties for municipality in county["kommuner"]}


def _dk_counties(recorded: Path) -> list[Area]:
    return [
        Area(
            "DK",
            item["kode"],
            "county",
            "DK",
            item["navn"].removeprefix("Region "),
            item["navn"],
            slugify(item["navn"]),
        )
        for item in read_json(recorded / "dawa/regioner.json")
    ]


def _dk_municipalities(recorded: Path) -> list[Area]:
    return [
        Area(
            "DK",
            item["kode"],
            "municipality",
            f"DK-{item['regionskode']}",
            item["navn"],
            DK_FULL_NAMES.get(item["navn"], f"{item['navn']} Kommune"),
            slugify(item["navn"]),
        )
        for item in read_json(recorded / "dawa/kommuner.json")
        if item["kode"] != DK_NOT_A_MUNICIPALITY
    ]
