"""The reference data as every test's database holds them, loaded once."""

import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db.models import Count, Sum

from samkraft.places.models import Area, MapFrame, Neighbour, PlaceName, SimilarArea
from samkraft.statistics.models import (
    ClimatePlan,
    Deduction,
    Emission,
    Pathway,
    Population,
    ReferenceLoad,
    Release,
    ReleaseKind,
)
from samkraft.statistics.operations import load_reference

pytestmark = pytest.mark.django_db

CO2, GHG_2023, GHG_2024 = "se-smhi-co2-2024-04-18", "se-smhi-ghg-2023", "se-smhi-ghg-2024"
TABLES = (
    Area,
    MapFrame,
    Neighbour,
    PlaceName,
    SimilarArea,
    Release,
    Emission,
    Population,
    Deduction,
    ClimatePlan,
    Pathway,
    ReferenceLoad,
)


def load(**changes):
    return load_reference(**{"now": datetime(2026, 12, 1, tzinfo=UTC), "progress": lambda step: None, **changes})


def total(release, area, year, sector=""):
    """The figure, or None where it is missing."""
    found = Emission.objects.filter(
        release__slug=release, area__key=area, year=year, sector=sector, subsector=""
    ).values_list("tonnes", flat=True)
    return found.first()


def parts_of(release, area, year):
    """The number and the sum of the totals one step below an area."""
    found = Emission.objects.filter(release__slug=release, area__parent__key=area, year=year, sector="", subsector="")
    return tuple(found.aggregate(n=Count("pk"), tonnes=Sum("tonnes")).values())


def test_areas_of_three_countries_are_there():
    assert Counter(Area.objects.values_list("country", "kind")) == {
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


def test_code_that_two_countries_use_is_two_areas():
    assert dict(Area.objects.filter(code="1860").values_list("key", "name")) == {
        "SE-1860": "Laxå",
        "NO-1860": "Vestvågøy",
    }


def test_neighbours_are_stored_in_both_directions():
    pairs = set(Neighbour.objects.values_list("area_id", "neighbour_id"))
    assert len(pairs) == 2 * (728 + 736 + 186)
    assert {(b, a) for a, b in pairs} == pairs


def test_every_swedish_municipality_has_seven_similar_ones():
    assert SimilarArea.objects.count() == 290 * 7


def test_every_release_is_there_once_with_its_source():
    counted = Counter(Release.objects.values_list("kind", "country"))
    assert counted == {
        ("codes", "SE"): 1,
        ("codes", "NO"): 1,
        ("codes", "DK"): 1,
        ("neighbours", "SE"): 1,
        ("neighbours", "NO"): 1,
        ("neighbours", "DK"): 1,
        ("outlines", "SE"): 1,
        ("outlines", "NO"): 1,
        ("outlines", "DK"): 1,
        ("emissions", "SE"): 3,
        ("emissions", "NO"): 1,
        ("emissions", "DK"): 1,
        ("population", "SE"): 1,
        ("deductions", "SE"): 1,
        ("climate_plans", "SE"): 1,
        ("similar", "SE"): 1,
        ("postcodes", "SE"): 1,
        ("newspapers", "SE"): 1,
    }
    assert Release.objects.filter(publisher="").count() == 0
    assert Release.objects.filter(version="").count() == 0
    assert Release.objects.filter(retrieved_on=None).count() == 0


def test_licence_that_is_not_stated_stays_empty():
    assert set(Release.objects.emissions().values_list("licence", flat=True)) == {""}
    assert Release.objects.get(kind=ReleaseKind.POPULATION).licence == "CC0-1.0"


def test_emission_releases_know_their_years():
    years = Release.objects.emissions().values_list("slug", "gas_set", "first_year", "last_year")
    assert set(years) == {
        (CO2, "co2", 1990, 2022),
        (GHG_2023, "ghg", 1990, 2023),
        (GHG_2024, "ghg", 1990, 2024),
        ("dk-energistyrelsen-2023", "ghg", 2018, 2023),
        ("no-miljodirektoratet-telemark-2024", "ghg", 2009, 2024),
    }


def test_newest_release_of_a_series_comes_first():
    series = Release.objects.of_series("emissions", "SE", "ghg")
    assert [release.slug for release in series] == [GHG_2024, GHG_2023]


def test_climate_plans_are_there():
    assert ClimatePlan.objects.count() == 166
    assert ClimatePlan.objects.exclude(url__startswith="http").count() == 0


def test_deductions_are_of_three_municipalities_and_nine_years():
    counted = Counter(Deduction.objects.values_list("area__name", flat=True))
    assert counted == {"Gotland": 9, "Mörbylånga": 9, "Skövde": 9}


def test_published_country_total_is_not_replaced_by_the_sum():
    count, tonnes = parts_of(CO2, "SE", 1990)
    assert (count, total(CO2, "SE", 1990)) == (21, 57880523.5032156)
    assert tonnes < 57_880_000


def test_counties_and_country_are_summed_where_the_publisher_gives_none():
    count, tonnes = parts_of(GHG_2023, "SE-14", 2023)
    assert (count, total(GHG_2023, "SE-14", 2023)) == (49, pytest.approx(tonnes))
    count, tonnes = parts_of(GHG_2023, "SE", 2023)
    assert (count, total(GHG_2023, "SE", 2023)) == (21, pytest.approx(tonnes))
    assert total("dk-energistyrelsen-2023", "DK", 2023) == pytest.approx(34_039_454.1)


def test_sectors_are_summed_too():
    parts = Emission.objects.filter(
        release__slug="dk-energistyrelsen-2023", area__parent__key="DK-1084", year=2023, sector="agriculture"
    )
    summed = sum(parts.values_list("tonnes", flat=True))
    assert total("dk-energistyrelsen-2023", "DK-1084", 2023, "agriculture") == pytest.approx(summed)


def test_sum_is_missing_where_a_part_is():
    telemark = "no-miljodirektoratet-telemark-2024"
    count, tonnes = parts_of(telemark, "NO-40", 2022)
    assert (count, total(telemark, "NO-40", 2022)) == (17, pytest.approx(tonnes))
    assert (parts_of(telemark, "NO-40", 2023)[0], total(telemark, "NO-40", 2023)) == (2, None)
    assert total(telemark, "NO", 2022) is None


def test_missing_figure_has_no_row_and_a_published_zero_has_one():
    telemark = "no-miljodirektoratet-telemark-2024"
    assert total(telemark, "NO-4001", 2024, "energy_supply") is None
    assert total(telemark, "NO-4001", 2024, "aviation") == 0.0


def test_negative_figure_stays_negative():
    assert total("dk-energistyrelsen-2023", "DK-0101", 2023, "agriculture") == -1069.1


def test_population_is_summed_by_county_and_country():
    persons = dict(Population.objects.values_list("area__key", "persons"))
    municipal = Population.objects.filter(area__parent__key="SE-14").aggregate(Sum("persons"))["persons__sum"]
    assert (persons["SE"], persons["SE-14"], len(persons)) == (10_605_520, municipal, 312)


def test_second_load_does_nothing_and_is_quick():
    before = {model: model.objects.count() for model in TABLES}
    steps = []
    begun = time.perf_counter()
    assert load(progress=steps.append) is False
    assert time.perf_counter() - begun < 1
    assert steps == []
    assert {model: model.objects.count() for model in TABLES} == before


def test_tables_of_a_newer_version_bring_up_to_date_what_is_there():
    before = {model: model.objects.count() for model in TABLES}
    ReferenceLoad.objects.update(digest="an older version's")
    Release.objects.filter(slug=GHG_2023).update(licence="Once stated otherwise", digest="another making")
    Emission.objects.filter(release__slug=GHG_2023, area__key="SE-1493").update(tonnes=1.0)
    assert load() is True
    before[ReferenceLoad] += 1
    assert {model: model.objects.count() for model in TABLES} == before
    assert Release.objects.get(slug=GHG_2023).licence == ""
    assert total(GHG_2023, "SE-1493", 2023) > 1.0
    assert ReferenceLoad.objects.order_by("-pk")[0].loaded_at == datetime(2026, 12, 1, tzinfo=UTC)
