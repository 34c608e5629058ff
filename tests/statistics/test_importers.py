"""Imports: the publishers' real files, newer releases beside older ones, and all or nothing."""

from collections import Counter
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from samkraft.places.models import Area, PlaceName
from samkraft.statistics import importers
from samkraft.statistics.formats import FormatError
from samkraft.statistics.importers import Stated
from samkraft.statistics.models import Deduction, Emission, Pathway, Population, Release
from tests.statistics import publishers

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
DANISH = "dk-energistyrelsen-2023"
REAL = {
    "smhi": ("se/smhi_co2_lansrapport_2024-04-18.xlsx", "se-smhi-co2-2024-04-18"),
    "ghg-json 2023": ("se/ghg_sector_1990-2023_annual.json", "se-smhi-ghg-2023"),
    "ghg-json 2024": ("se/ghg_sector_1990-2024.json", "se-smhi-ghg-2024"),
    "energistyrelsen": ("dk/klimaregnskab_by_kommune_2018-2023.json", DANISH),
    "miljodirektoratet": (
        "no/mdir_klimagassutslipp_telemark_2009-2024.csv",
        "no-miljodirektoratet-telemark-2024",
    ),
    "scb-codes": ("se/scb_kommunlankod_2023.xls", "se-scb-codes-2023"),
    "scb-population": ("se/scb_folkmangd_2025M12.xlsx", "se-scb-population-2025"),
    "deductions": ("se/cement_deduction_tonnes.csv", "se-naturvardsverket-cement-2022"),
}


def bring(kind: str, path: Path, *, dry_run: bool = False, **stated):
    """Import a file and return the sentences for the person who asked."""
    report = importers.run(kind, path, name=None, stated=Stated(**stated), dry_run=dry_run, today=TODAY)
    return report.sentences(dry_run=dry_run)


def refusal(kind: str, path: Path, **stated) -> str:
    with pytest.raises(FormatError) as caught:
        bring(kind, path, **stated)
    return str(caught.value)


def contents():
    """All that an import could change, short enough to compare."""
    counted = {model: model.objects.count() for model in (Emission, Population, Deduction, Pathway, PlaceName)}
    return counted, list(Release.objects.values()), list(Area.objects.values_list("key", "name", "full_name"))


def emissions(release: str, **where):
    """{(area key, year, sector, subsector): tonnes to the gram}"""
    rows = Emission.objects.filter(release__slug=release, **where)
    return {
        (area, year, sector, subsector): round(tonnes, 6)
        for area, year, sector, subsector, tonnes in rows.values_list(
            "area__key", "year", "sector", "subsector", "tonnes"
        )
    }


# The publishers' real files.


@pytest.mark.parametrize("kind", REAL)
def test_real_file_of_the_reference_data_is_known_again(shared_data, kind):
    file, slug = REAL[kind]
    before = contents()
    assert bring(kind.split()[0], shared_data / file) == [
        f"This release is already here as {slug}. Nothing was changed."
    ]
    assert contents() == before


@pytest.mark.parametrize(
    ("kind", "slug", "figures"),
    [
        ("smhi", "se-smhi-co2-2024-04-18", 232_128),
        ("ghg-json 2024", "se-smhi-ghg-1990-2024", 29_000),
        ("energistyrelsen", "dk-energistyrelsen-2018-2023", 3_528),
        ("miljodirektoratet", "no-miljodirektoratet-2009-2024", 12_452),
    ],
)
def test_real_emissions_into_a_database_without_releases(shared_data, kind, slug, figures):
    file, known = REAL[kind]
    municipal = emissions(known, area__kind="municipality")
    pathways = set(Pathway.objects.filter(release__slug=known).values_list("area__key", "method"))
    Release.objects.all().delete()
    path = shared_data / file
    assert bring(kind.split()[0], path) == [f"The release {slug} was added, with {figures} figures."]
    assert emissions(slug, area__kind="municipality") == municipal
    assert set(Pathway.objects.values_list("area__key", "method")) == pathways
    after = contents()
    assert bring(kind.split()[0], path) == [f"This release is already here as {slug}. Nothing was changed."]
    assert contents() == after


def test_real_codes_into_a_database_without_releases_find_the_same_areas(shared_data):
    Release.objects.all().delete()
    path = shared_data / REAL["scb-codes"][0]
    assert bring("scb-codes", path) == ["Codes of scb_kommunlankod_2023: 0 new, 0 changed, 0 gone."]
    assert bring("scb-codes", path) == [
        "This release is already here as se-scb-codes-scb_kommunlankod_2023. Nothing was changed."
    ]


def test_real_population_into_a_database_without_releases(shared_data):
    Release.objects.all().delete()
    path = shared_data / REAL["scb-population"][0]
    assert bring("scb-population", path) == ["The release se-scb-population-2025m12 was added, with 290 figures."]
    assert Population.objects.get(area__key="SE").persons == 10_605_520
    assert bring("scb-population", path) == [
        "This release is already here as se-scb-population-2025m12. Nothing was changed."
    ]


# A newer release of a series, made from the one that is there.


def danish_series(release: str = DANISH) -> dict[str, dict[str, list[float | None]]]:
    """The release's municipal figures, by code and sector over its six years."""
    rows = Emission.objects.filter(release__slug=release, area__kind="municipality", subsector="")
    listed = rows.order_by("area__code", "sector", "year").values_list("area__code", "sector", "tonnes")
    areas: dict[str, dict[str, list[float | None]]] = {}
    for (code, sector), cells in groupby(listed, key=lambda row: row[:2]):
        areas.setdefault(code, {})[sector] = [tonnes for _, _, tonnes in cells]
    return areas


def newer_danish(path: Path) -> Path:
    """As published until 2023, with one figure changed and one gone, and a new year."""
    areas = danish_series()
    areas["0101"]["agriculture"][5] = -2000.5
    areas["0101"]["waste"][0] = None
    for series in areas.values():
        for sector, values in series.items():
            series[sector] = [*values, values[-1]]
    return publishers.danish(path, range(2018, 2025), areas)


def test_newer_release_is_previewed_and_nothing_is_written(tmp_path):
    before = contents()
    assert bring("energistyrelsen", newer_danish(tmp_path / "new.json"), dry_run=True) == [
        "The release dk-energistyrelsen-2018-2024 would be added, with 4115 figures.",
        "Beside dk-energistyrelsen-2023: 588 new, 1 changed, 1 gone.",
        "  new: DK-0101, 2024, all sectors",
        "  new: DK-0101, 2024, agriculture",
        "  new: DK-0101, 2024, energy_supply",
        "  new: DK-0101, 2024, industry",
        "  new: DK-0101, 2024, transport",
        "  new: and 583 more",
        "  changed: DK-0101, 2023, agriculture",
        "  gone: DK-0101, 2018, waste",
    ]
    assert contents() == before


def test_newer_release_stands_beside_the_older_one(tmp_path):
    older, pathways = emissions(DANISH), list(Pathway.objects.filter(release__slug=DANISH).values())
    bring("energistyrelsen", newer_danish(tmp_path / "new.json"), version="2027", licence="CC BY 4.0")
    newer = Release.objects.of_series("emissions", "DK", "ghg")[0]
    assert (newer.slug, newer.version, newer.licence) == ("dk-energistyrelsen-2027", "2027", "CC BY 4.0")
    assert (newer.first_year, newer.last_year, newer.retrieved_on) == (2018, 2024, TODAY)
    assert emissions(DANISH) == older
    assert list(Pathway.objects.filter(release__slug=DANISH).values()) == pathways
    assert Pathway.objects.filter(release=newer).count() == len(pathways) == 98 + 5 + 1


def test_missing_figure_is_not_stored_and_a_negative_one_is(tmp_path):
    bring("energistyrelsen", newer_danish(tmp_path / "new.json"))
    stored = emissions("dk-energistyrelsen-2018-2024")
    assert stored["DK-0101", 2023, "agriculture", ""] == -2000.5
    assert ("DK-0101", 2018, "waste", "") not in stored
    # Copenhagen's region and the country are not whole without it.
    assert ("DK-1084", 2018, "waste", "") not in stored
    assert ("DK", 2018, "waste", "") not in stored
    assert ("DK-1081", 2018, "waste", "") in stored


def test_file_that_says_less_of_a_year_is_another_release(tmp_path):
    areas = danish_series()
    areas["0101"]["waste"][0] = None
    sentences = bring("energistyrelsen", publishers.danish(tmp_path / "less.json", range(2018, 2024), areas))
    assert sentences[:2] == [
        "The release dk-energistyrelsen-2018-2023 was added, with 3527 figures.",
        "Beside dk-energistyrelsen-2023: 0 new, 0 changed, 1 gone.",
    ]


def test_release_that_takes_a_slug_in_use_gets_a_number(tmp_path):
    areas = danish_series()
    areas["0101"]["waste"][0] = 1.0
    bring("energistyrelsen", publishers.danish(tmp_path / "one.json", range(2018, 2024), areas))
    areas["0101"]["waste"][0] = 2.0
    sentences = bring("energistyrelsen", publishers.danish(tmp_path / "two.json", range(2018, 2024), areas))
    assert sentences[0] == "The release dk-energistyrelsen-2018-2023-2 was added, with 3528 figures."


def test_corrected_country_total_is_a_new_release(tmp_path):
    """A publisher may mend the national figure alone; the municipalities are the same in both."""

    def rows(country):
        return [["Alla", "Alla", "Alla", "Alla", country], ["Alla", "Alla", "Örebro län", "Laxå", 30.0]]

    first = publishers.smhi(tmp_path / "one.xlsx", rows(100.0), years=[2022], day="2025-04-01")
    second = publishers.smhi(tmp_path / "two.xlsx", rows(101.0), years=[2022], day="2025-05-01")
    bring("smhi", first, partial=True)
    bring("smhi", second, partial=True)
    assert emissions("se-smhi-co2-2025-04-01") == {("SE", 2022, "", ""): 100.0, ("SE-1860", 2022, "", ""): 30.0}
    assert emissions("se-smhi-co2-2025-05-01") == {("SE", 2022, "", ""): 101.0, ("SE-1860", 2022, "", ""): 30.0}


# Country and code.


def test_code_1860_is_laxa_in_sweden_and_vestvagoy_in_norway(tmp_path):
    swedish = publishers.population(tmp_path / "people.xlsx", {"1860 Laxå": 5_500})
    norwegian = publishers.norwegian(tmp_path / "gas.csv", [("Vestvågøy", 2024, "Veitrafikk", "Personbiler", "-1.5")])
    bring("scb-population", swedish, partial=True)
    bring("miljodirektoratet", norwegian, version="Lofoten")
    people = Population.objects.filter(release__slug="se-scb-population-2026m12")
    assert list(people.values_list("area__key", "persons")) == [("SE-1860", 5_500)]
    assert emissions("no-miljodirektoratet-lofoten") == {
        ("NO-1860", 2024, "", ""): -1.5,
        ("NO-1860", 2024, "road_transport", ""): -1.5,
        ("NO-1860", 2024, "road_transport", "Personbiler"): -1.5,
    }


def test_norwegian_name_that_two_municipalities_bear_asks_for_the_county(tmp_path):
    path = publishers.norwegian(tmp_path / "gas.csv", [("Herøy", 2024, "Veitrafikk", "Personbiler", 1)])
    assert refusal("miljodirektoratet", path) == (
        "gas.csv, row 2, column “Kommune”: expected the county of “Herøy”, which lies in"
        " Møre og Romsdal fylke and Nordland fylke."
    )


# All or nothing.


def test_unknown_area_in_the_last_row_leaves_nothing(tmp_path):
    before = contents()
    areas = {**danish_series(), "0999": danish_series()["0101"]}
    assert refusal("energistyrelsen", publishers.danish(tmp_path / "new.json", range(2018, 2024), areas)) == (
        "new.json, row 99, column “kommuneKode”: expected a known municipality, found “0999 Kommune 0999”."
    )
    assert contents() == before


def test_failure_after_the_figures_are_written_leaves_nothing(tmp_path):
    """Pathways come last; figures of a year to come are refused there."""
    before = contents()
    path = publishers.ghg(tmp_path / "future.json", {"Laxå": {2015: 5.0, 2024: 4.0, 2027: 3.0}})
    assert refusal("ghg-json", path, partial=True) == (
        "future.json: The current year must lie between 2027, the last year with figures, and 2050."
    )
    assert contents() == before


def test_part_of_a_country_is_taken_only_when_that_is_said(tmp_path):
    path = publishers.ghg(tmp_path / "part.json", {"Laxå": {2024: 5.0}, "Örebro": {2024: 4.0}})
    before = contents()
    assert refusal("ghg-json", path) == (
        "part.json: expected all 290 municipalities, found 2; missing are Upplands Väsby, Vallentuna, Österåker"
        " and others (add --partial to take the file as it is)."
    )
    assert contents() == before
    assert bring("ghg-json", path, partial=True)[0] == "The release se-smhi-ghg-2024-2024 was added, with 20 figures."
    assert not Emission.objects.filter(release__slug="se-smhi-ghg-2024-2024", area__key__in=["SE-18", "SE"]).exists()


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ({"version": "x" * 61}, "version cannot be stored: Ensure this value has at most 60 characters (it has 61)"),
        ({"source_url": "the publisher's page"}, "source url cannot be stored: Enter a valid URL"),
    ],
)
def test_what_is_stated_must_fit(tmp_path, settings, stated, problem):
    settings.LANGUAGE_CODE = "en"
    path = publishers.deductions(tmp_path / "cement.csv", [("Skövde", 2022, 1)])
    before = contents()
    assert refusal("deductions", path, **stated) == f"cement.csv: the release's {problem}."
    assert contents() == before


# Codes and names.


def swedish_names() -> dict[str, str]:
    areas = Area.objects.in_country("SE").exclude(kind="country").order_by("code")
    return {a.code: a.full_name if a.kind == "county" else a.name for a in areas}


def test_codes_add_rename_and_keep(tmp_path):
    names = swedish_names()
    del names["0114"]
    path = publishers.codes(tmp_path / "kod 2027.xlsx", {**names, "1860": "Laxå bruk", "0199": "Nyköping Norra"})
    before = contents()
    preview = [
        "Codes of kod 2027: 1 new, 1 changed, 1 gone.",
        "  new: SE-0199 Nyköping Norra would be added",
        "  changed: SE-1860 Laxå to Laxå bruk would be renamed",
        "  gone: SE-0114 Upplands Väsby is kept, since older figures speak of it",
    ]
    assert bring("scb-codes", path, dry_run=True) == preview
    assert contents() == before
    assert bring("scb-codes", path) == [line.replace("would be", "were") for line in preview]
    new = Area.objects.get(key="SE-0199")
    assert (new.name, new.parent.key, new.kind, new.slug) == (
        "Nyköping Norra",
        "SE-01",
        "municipality",
        "nykoping-norra",
    )
    assert Area.objects.get(key="SE-1860").name == "Laxå bruk"
    assert Area.objects.get(key="NO-1860").name == "Vestvågøy"
    assert Area.objects.filter(key="SE-0114").exists()


def test_codes_in_other_letters_and_spaces_are_the_same(tmp_path):
    names = {code: f" {name.upper()} " for code, name in swedish_names().items()}
    assert bring("scb-codes", publishers.codes(tmp_path / "kod.xlsx", names)) == [
        "This release is already here as se-scb-codes-2023. Nothing was changed."
    ]


# Population and deductions.


def test_newer_population_is_compared_and_summed(tmp_path):
    persons = {
        f"{p.area.code} {p.area.name}": p.persons
        for p in Population.objects.filter(area__kind="municipality").select_related("area")
    }
    persons["1860 Laxå"] = None
    path = publishers.population(tmp_path / "people.xlsx", persons, period="2026M12")
    assert refusal("scb-population", path).startswith(
        "people.xlsx: expected all 290 municipalities, found 289; missing"
    )
    sentences = bring("scb-population", path, partial=True)
    assert sentences[:2] == [
        "The release se-scb-population-2026m12 was added, with 289 figures.",
        "Beside se-scb-population-2025: 289 new, 0 changed, 290 gone.",
    ]
    kinds = Population.objects.filter(release__slug="se-scb-population-2026m12").values_list("area__kind", flat=True)
    # Laxå's county and the country are not whole without it.
    assert Counter(kinds) == {"municipality": 289, "county": 20}


def test_population_of_a_whole_year_keeps_the_version_that_is_stated(tmp_path):
    path = publishers.population(tmp_path / "people.xlsx", {"1860 Laxå": 5_500}, period="2026")
    assert bring("scb-population", path, partial=True, version="2026, preliminary")[0] == (
        "The release se-scb-population-2026-preliminary was added, with 1 figures."
    )


def test_deductions_of_a_municipality_in_two_spellings_are_refused(tmp_path):
    lines = [("Skövde", 2022, 1), ("Skövde kommun", 2022, 2)]
    assert refusal("deductions", publishers.deductions(tmp_path / "cement.csv", lines)) == (
        "cement.csv, row 3, column “kommun”: expected each area once a year, found Skövde kommun again."
    )
