"""The committed reference tables, without a database."""

import csv
import re
from collections import Counter
from decimal import Decimal
from importlib.resources import files

import pytest

TABLES = files("samkraft.places.reference")
SE_SECTORS = {
    "transport",
    "machinery",
    "industry",
    "agriculture",
    "energy_supply",
    "heating",
    "waste",
    "products",
    "international_transport",
}
EMISSION_TABLES = [
    "emissions_se_co2_2022.csv",
    "emissions_se_ghg_2023.csv",
    "emissions_se_ghg_2024.csv",
    "emissions_dk_2023.csv",
    "emissions_no_telemark_2024.csv",
]


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(TABLES.joinpath(name).read_text(encoding="utf-8").splitlines()))


AREAS = {row["key"]: row for row in rows("areas.csv")}


def keys(country: str, *kinds: str) -> set[str]:
    return {key for key, area in AREAS.items() if area["country"] == country and area["kind"] in kinds}


def series(table: str, key: str, sector: str = "", subsector: str = "") -> dict[str, str]:
    for row in rows(table):
        if (row["key"], row["sector"], row["subsector"]) == (key, sector, subsector):
            return {year: value for year, value in row.items() if year.isdigit()}
    raise LookupError(key)


def test_areas_are_complete() -> None:
    counted = Counter((area["country"], area["kind"]) for area in AREAS.values())
    assert counted == {
        ("SE", "country"): 1,
        ("SE", "county"): 21,
        ("SE", "municipality"): 290,
        ("NO", "country"): 1,
        ("NO", "county"): 15,
        ("NO", "municipality"): 357,
        ("DK", "country"): 1,
        ("DK", "county"): 5,
        ("DK", "municipality"): 98,
    }


def test_area_keys_and_slugs_are_unique() -> None:
    listed = rows("areas.csv")
    assert len({row["key"] for row in listed}) == len(listed)
    assert len({(row["country"], row["slug"]) for row in listed}) == len(listed)
    assert [row["slug"] for row in listed if not re.fullmatch(r"[a-z]+(-[a-z]+)*", row["slug"])] == []


def test_area_key_is_country_and_code() -> None:
    wrong = [a["key"] for a in AREAS.values() if a["kind"] != "country" and a["key"] != f"{a['country']}-{a['code']}"]
    assert wrong == []


def test_code_1860_is_two_areas() -> None:
    assert (AREAS["SE-1860"]["name"], AREAS["NO-1860"]["name"]) == ("Laxå", "Vestvågøy")


def test_every_parent_exists_one_step_up() -> None:
    above = {"municipality": "county", "county": "country"}
    wrong = [
        area["key"]
        for area in AREAS.values()
        if area["kind"] != "country" and AREAS[area["parent"]]["kind"] != above[area["kind"]]
    ]
    assert wrong == []
    assert AREAS["SE-1493"]["parent"] == "SE-14"
    assert [AREAS[country]["parent"] for country in ("SE", "NO", "DK")] == ["", "", ""]


@pytest.mark.parametrize(
    ("key", "name", "full_name", "slug"),
    [
        ("SE-1493", "Mariestad", "Mariestads kommun", "mariestad"),
        ("SE-14", "Västra Götaland", "Västra Götalands län", "vastra-gotalands-lan"),
        ("SE-1080", "Karlskrona", "Karlskrona kommun", "karlskrona"),
        ("SE-2514", "Kalix", "Kalix kommun", "kalix"),
        ("SE-0643", "Habo", "Habo kommun", "habo-jonkoping"),
        ("SE-0305", "Håbo", "Håbo kommun", "habo-uppsala"),
        ("NO-1818", "Herøy", "Herøy kommune", "heroy-nordland"),
        ("NO-1515", "Herøy", "Herøy kommune", "heroy-more-og-romsdal"),
        ("NO-1875", "Hamarøy", "Hamarøy kommune", "hamaroy"),
        ("NO-55", "Troms", "Troms fylke", "troms-fylke"),
        ("DK-1081", "Nordjylland", "Region Nordjylland", "region-nordjylland"),
        ("DK-0101", "København", "Københavns Kommune", "kobenhavn"),
    ],
)
def test_area_has_the_names_people_know(key: str, name: str, full_name: str, slug: str) -> None:
    area = AREAS[key]
    assert (area["name"], area["full_name"], area["slug"]) == (name, full_name, slug)


def test_area_keeps_its_names_in_other_languages() -> None:
    assert AREAS["NO-5540"]["other_names"].split(";") == ["Gáivuotna", "Kaivuono"]


def test_centre_points_lie_in_their_countries() -> None:
    boxes = {"SE": (55, 69.5, 10.5, 24.5), "NO": (57.5, 71.5, 4, 31.5), "DK": (54.5, 58, 8, 15.5)}
    outside = []
    for area in AREAS.values():
        south, north, west, east = boxes[area["country"]]
        if not (south < float(area["lat"]) < north and west < float(area["lon"]) < east):
            outside.append(area["key"])
    assert outside == []


def test_neighbours_are_known_pairs_of_municipalities_said_once() -> None:
    pairs = [(row["key"], row["neighbour"]) for row in rows("neighbours.csv")]
    assert {AREAS[key]["kind"] for pair in pairs for key in pair} == {"municipality"}
    assert [pair for pair in pairs if pair[0] >= pair[1]] == []
    assert len(set(pairs)) == len(pairs)
    assert Counter(pair[0][:2] for pair in pairs) == {"SE": 728, "NO": 736, "DK": 186}
    assert ("SE-1493", "SE-1496") in pairs


def test_every_swedish_municipality_has_seven_similar_ones() -> None:
    listed = rows("similar.csv")
    assert Counter(row["key"] for row in listed) == dict.fromkeys(keys("SE", "municipality"), 7)
    assert {row["similar"] for row in listed} - keys("SE", "municipality") == set()
    assert [row for row in listed if row["key"] == row["similar"]] == []


def test_every_county_and_municipality_has_an_outline_inside_its_frame() -> None:
    outlines = {row["key"]: row["path"] for row in rows("outlines.csv")}
    assert set(outlines) == {key for key, area in AREAS.items() if area["kind"] != "country"}
    assert [key for key, path in outlines.items() if not re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", path)] == []
    frames = {row["country"]: row for row in rows("outlines_frame.csv")}
    for key, path in outlines.items():
        frame = frames[AREAS[key]["country"]]
        for x, y in re.findall(r"M(\d+) (\d+)", path):
            assert 0 <= int(x) <= int(frame["width"]) + int(frame["min_x"])
            assert 0 <= int(y) <= int(frame["height"]) + int(frame["min_y"])


def test_outlines_stay_within_their_budgets() -> None:
    sizes: Counter[tuple[str, str]] = Counter()
    for row in rows("outlines.csv"):
        sizes[AREAS[row["key"]]["country"], AREAS[row["key"]]["kind"]] += len(row["path"])
    assert sizes["SE", "county"] <= 60_000
    assert sizes["SE", "municipality"] <= 220_000
    assert sum(size for (country, _), size in sizes.items() if country != "SE") <= 300_000


def test_north_is_up_in_the_outlines() -> None:
    first_y = {row["key"]: int(re.match(r"M\d+ (\d+)l", row["path"])[1]) for row in rows("outlines.csv")}
    assert first_y["SE-2584"] < first_y["SE-0180"] < first_y["SE-1280"]


def test_postcodes_lie_in_known_municipalities() -> None:
    listed = rows("postcodes.csv")
    assert len({row["postcode"] for row in listed}) == len(listed) == 15_463
    assert {row["key"] for row in listed} == keys("SE", "municipality")


def test_population_is_that_of_the_whole_of_sweden() -> None:
    listed = rows("population.csv")
    assert {row["key"] for row in listed} == keys("SE", "municipality")
    assert {row["year"] for row in listed} == {"2025"}
    assert sum(int(row["population"]) for row in listed) == 10_605_520


@pytest.mark.parametrize("table", EMISSION_TABLES)
def test_emissions_are_of_known_areas_said_once(table: str) -> None:
    listed = rows(table)
    assert {row["key"] for row in listed} - set(AREAS) == set()
    assert len({(row["key"], row["sector"], row["subsector"]) for row in listed}) == len(listed)


@pytest.mark.parametrize(
    ("table", "municipalities", "others"),
    [
        ("emissions_se_co2_2022.csv", 290, 22),
        ("emissions_se_ghg_2023.csv", 290, 0),
        ("emissions_se_ghg_2024.csv", 290, 22),
        ("emissions_dk_2023.csv", 98, 0),
        ("emissions_no_telemark_2024.csv", 17, 0),
    ],
)
def test_emissions_cover_every_area_of_the_release(table: str, municipalities: int, others: int) -> None:
    kinds = Counter(AREAS[key]["kind"] == "municipality" for key in {row["key"] for row in rows(table)})
    assert (kinds[True], kinds[False]) == (municipalities, others)


def test_swedish_sectors_are_the_nine() -> None:
    for table in EMISSION_TABLES[:3]:
        assert {row["sector"] for row in rows(table)} == SE_SECTORS | {""}


def test_co2_of_mariestad_is_as_exact_as_published() -> None:
    assert series("emissions_se_co2_2022.csv", "SE-1493")["2022"] == "76868.5740915958"
    assert series("emissions_se_co2_2022.csv", "SE")["1990"] == "57880523.5032156"


def test_national_greenhouse_gases_are_the_sum_of_their_sectors() -> None:
    table = "emissions_se_ghg_2024.csv"
    total = Decimal(series(table, "SE")["2024"])
    assert total == sum(Decimal(series(table, "SE", sector)["2024"]) for sector in SE_SECTORS)
    assert total == Decimal("47649263.88")


def test_danish_total_is_as_published_and_negative_stays_negative() -> None:
    table = "emissions_dk_2023.csv"
    municipalities = [row for row in rows(table) if row["sector"] == ""]
    assert sum(Decimal(row["2023"]) for row in municipalities) == Decimal("34039454.1")
    assert series(table, "DK-0101", "agriculture")["2023"] == "-1069.1"


def test_norwegian_repeated_rows_are_added() -> None:
    parts = [row for row in rows("emissions_no_telemark_2024.csv") if row["key"] == "NO-4001"]
    whole = [row["2023"] for row in parts if row["sector"] and not row["subsector"] and row["2023"]]
    single = [row["2023"] for row in parts if row["subsector"] and row["2023"]]
    total = Decimal(series("emissions_no_telemark_2024.csv", "NO-4001")["2023"])
    assert sum(map(Decimal, whole)) == sum(map(Decimal, single)) == total == Decimal("1969850.88")


def test_norwegian_total_is_missing_where_a_sector_is() -> None:
    table = "emissions_no_telemark_2024.csv"
    assert series(table, "NO-4001", "energy_supply")["2024"] == ""
    assert series(table, "NO-4001")["2024"] == ""


def test_missing_emissions_are_empty_not_zero() -> None:
    cells = [value for row in rows("emissions_no_telemark_2024.csv") for year, value in row.items() if year.isdigit()]
    assert Counter(value == "" for value in cells)[True] == 145


def test_deductions_are_of_the_three_cement_municipalities() -> None:
    listed = rows("deductions_se_cement.csv")
    assert Counter(AREAS[row["key"]]["name"] for row in listed) == {
        "Gotland": 9,
        "Mörbylånga": 9,
        "Skövde": 9,
    }
    assert {row["tonnes"] for row in listed if row["key"] == "SE-0840" and row["year"] > "2019"} == {"0"}


def test_newspapers_are_the_open_dailies_in_known_municipalities() -> None:
    listed = rows("newspaper_areas.csv")
    inside = {row["slug"]: row["keys"].split() for row in listed}
    assert (len(listed), len(inside)) == (122, 122)
    assert {key for keys_ in inside.values() for key in keys_} <= keys("SE", "municipality")
    assert len({key for keys_ in inside.values() for key in keys_}) == 195
    assert [slug for slug, keys_ in inside.items() if len(set(keys_)) != len(keys_)] == []
    assert inside["mariestads-tidningen"] == ["SE-1493", "SE-1447", "SE-1473"]


def test_climate_plans_are_web_addresses() -> None:
    listed = rows("climate_plans.csv")
    assert len(listed) == len({row["key"] for row in listed}) == 166
    assert [row["url"] for row in listed if not re.fullmatch(r"https?://\S+", row["url"])] == []
    assert [row["key"] for row in listed if not re.fullmatch(r"(20\d\d)?", row["adopted_year"])] == []


def test_every_table_has_a_release_and_every_release_its_table() -> None:
    tables = {item.name for item in TABLES.iterdir() if item.name.endswith(".csv")}
    listed = rows("releases.csv")
    assert {row["table"] for row in listed} == tables - {"releases.csv", "outlines_frame.csv"}
    assert len({row["slug"] for row in listed}) == len(listed)


def test_licence_is_empty_where_none_was_seen() -> None:
    unstated = {row["slug"] for row in rows("releases.csv") if not row["licence"]}
    assert unstated == {
        "se-smhi-co2-2024-04-18",
        "se-smhi-ghg-2023",
        "se-smhi-ghg-2024",
        "dk-energistyrelsen-2023",
        "no-miljodirektoratet-telemark-2024",
        "se-naturvardsverket-cement-2022",
        "se-neighbours",
        "se-climate-plans-2026",
        "se-newspapers-2020",
    }
