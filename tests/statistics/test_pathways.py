"""Pathways as they are stored: the engine's own figures, for municipalities, counties and countries."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from django.db.models import Sum

from samkraft.engines import pathways as engine
from samkraft.places.models import Area, AreaKind
from samkraft.statistics import importers
from samkraft.statistics.importers import Stated
from samkraft.statistics.models import Deduction, Emission, Pathway, Release
from samkraft.statistics.operations import bring_pathways_to_year
from samkraft.statistics.pathways import compute_pathways, totals
from tests.statistics import publishers

pytestmark = pytest.mark.django_db

CO2, GHG = "se-smhi-co2-2024-04-18", "se-smhi-ghg-2024"
NATIONAL_BUDGET = 80e6 * (1 - 55 / 285)


def stored(release, area):
    return Pathway.objects.get(release__slug=release, area__key=area)


def municipal(release):
    """The municipalities of a release with the engine's input."""
    areas, emissions = totals(Release.objects.get(slug=release))
    places = [place for place, area in enumerate(areas) if area.kind == AreaKind.MUNICIPALITY]
    return [areas[place].key for place in places], engine.Emissions(emissions.years, emissions.tonnes[places])


def deducted(keys, years):
    table = np.zeros((len(keys), years.size))
    for row in Deduction.objects.filter(year__in=years.tolist()).select_related("area"):
        table[keys.index(row.area.key), years.tolist().index(row.year)] = row.tonnes
    return table


def bring(kind, path):
    importers.run(kind, path, name=None, stated=Stated(), dry_run=False, today=date(2026, 11, 21))


@pytest.mark.parametrize("key", ["SE-1493", "SE-1496", "SE-0980", "SE-0180"])
def test_municipal_budget_is_what_the_engine_computes(key):
    keys, emissions = municipal(CO2)
    report = engine.budget_2024(emissions, current_year=2024, deductions=deducted(keys, emissions.years))
    place, pathway = keys.index(key), stored(CO2, key)
    assert (pathway.method, pathway.start_year) == ("budget-2024", 2024)
    assert pathway.required_total == report.budget_tonnes[place]
    assert pathway.trend_slope == report.trend_slope[place]
    assert pathway.needed_cut_percent == report.needed_cut_percent[place]
    assert pathway.historical_change_percent == report.historical_change_percent[place]
    assert pathway.net_zero_on == engine.decimal_year_to_date(float(report.net_zero_at[place]))
    assert pathway.budget_runs_out_on == engine.decimal_year_to_date(float(report.budget_runs_out_at[place]))


@pytest.mark.parametrize("key", ["SE-1493", "SE-14", "SE"])
def test_carbon_law_is_what_the_engine_computes(key):
    areas, emissions = totals(Release.objects.get(slug=GHG))
    report = engine.carbon_law(emissions, current_year=2026)
    place, pathway = [area.key for area in areas].index(key), stored(GHG, key)
    assert (pathway.method, pathway.start_year) == ("carbon-law", 2026)
    assert pathway.trend_slope == report.trend_slope[place]
    assert pathway.trend_total == report.trend_total[place]
    assert pathway.required_total == report.law_total[place]
    assert pathway.enough == bool(report.meets_paris[place])
    assert pathway.needed_cut_percent == pytest.approx(11.72)
    assert pathway.budget_runs_out_on is None


def test_every_area_with_figures_has_a_pathway():
    counted = {
        slug: Pathway.objects.filter(release__slug=slug).count()
        for slug in Release.objects.emissions().values_list("slug", flat=True)
    }
    assert counted == {
        CO2: 290 + 21 + 1,
        GHG: 290 + 21 + 1,
        "se-smhi-ghg-2023": 290 + 21 + 1,
        "dk-energistyrelsen-2023": 98 + 5 + 1,
        "no-miljodirektoratet-telemark-2024": 17 + 1,
    }


def test_budgets_of_counties_and_country_are_the_sums_of_their_municipalities():
    budgets = Pathway.objects.filter(release__slug=CO2)
    of_county = budgets.filter(area__parent__key="SE-14").aggregate(Sum("required_total"))["required_total__sum"]
    assert stored(CO2, "SE-14").required_total == pytest.approx(of_county)
    of_all = budgets.filter(area__kind="municipality").aggregate(Sum("required_total"))["required_total__sum"]
    assert stored(CO2, "SE").required_total == pytest.approx(of_all) == pytest.approx(NATIONAL_BUDGET)


def test_trends_of_a_county_are_the_sum_of_its_municipalities():
    slopes = Pathway.objects.filter(release__slug=CO2, area__parent__key="SE-14")
    summed = slopes.aggregate(Sum("trend_slope"))["trend_slope__sum"]
    assert stored(CO2, "SE-14").trend_slope == pytest.approx(summed)


def test_course_goes_year_by_year_from_the_start():
    course = stored(CO2, "SE-1493").course
    assert (course["years"][0], course["years"][-1]) == (2024, 2050)
    assert len(course["years"]) == len(course["trend"]) == len(course["required"])
    assert all(before > after for before, after in pairwise(course["required"]))
    assert course["trend"][0] == course["required"][0]


def test_pathway_tells_what_was_deducted():
    note = next(note for note in stored(CO2, "SE-1496").notes if note["code"] == "deduction")
    deductions = Deduction.objects.filter(area__key="SE-1496").order_by("year")
    assert note["years"] == list(deductions.values_list("year", flat=True))
    assert note["tonnes"] == pytest.approx(deductions.aggregate(Sum("tonnes"))["tonnes__sum"])


def test_pathway_tells_which_years_are_missing():
    notes = {note["code"]: note for note in stored("no-miljodirektoratet-telemark-2024", "NO-4005").notes}
    assert set(notes["missing-values"]["years"]) >= {2023, 2024}


def test_missing_figure_is_not_read_as_zero():
    release = Release.objects.get(slug=GHG)
    areas, before = totals(release)
    place, year = [area.key for area in areas].index("SE-1493"), before.years.tolist().index(2021)
    Emission.objects.filter(release=release, area__key="SE-1493", year=2021, sector="").delete()
    assert np.argwhere(np.isnan(totals(release)[1].tonnes)).tolist() == [[place, year]]
    compute_pathways(release=release, year=2026)
    assert {note["code"]: note["years"] for note in stored(GHG, "SE-1493").notes}["missing-values"] == [2021]


def test_computing_again_replaces_and_gives_the_same():
    def figures():
        rows = Pathway.objects.filter(release__slug=CO2).order_by("area__key")
        return list(rows.values_list("area__key", "required_total", "trend_slope", "net_zero_on"))

    before = figures()
    assert compute_pathways(release=Release.objects.get(slug=CO2), year=2030) == len(before) == 312
    assert figures() == before


def test_new_deductions_compute_budgets_anew(tmp_path):
    before = {key: stored(CO2, key).required_total for key in ("SE-1496", "SE-1493", "SE")}
    older = Deduction.objects.count()
    lines = [("Skövde", year, 100_000) for year in range(2015, 2023)]
    bring("deductions", publishers.deductions(tmp_path / "cement.csv", lines))
    after = {key: stored(CO2, key).required_total for key in before}
    # Less is deducted from Skövde, and nothing from Gotland and Mörbylånga: their shares grow and Mariestad's shrinks.
    assert after["SE-1496"] > before["SE-1496"]
    assert after["SE-1493"] < before["SE-1493"]
    assert after["SE"] == pytest.approx(NATIONAL_BUDGET)
    assert Deduction.objects.count() == older + 8
    assert Pathway.objects.filter(release__slug=CO2).count() == 312


def test_part_of_a_country_has_no_shares_of_the_budget(tmp_path):
    years = range(2015, 2023)
    rows = [["Alla", "Alla", "Alla", "Alla", *[90.0] * 8], ["Alla", "Alla", "Örebro län", "Laxå", *range(30, 22, -1)]]
    path = publishers.smhi(tmp_path / "part.xlsx", rows, years=years)
    importers.run("smhi", path, name=None, stated=Stated(partial=True), dry_run=False, today=date(2026, 11, 21))
    assert Pathway.objects.filter(release__slug="se-smhi-co2-2025-04-01").count() == 0


def test_municipality_that_has_come_since_does_not_take_the_others_budgets_away():
    Area.objects.create(
        key="SE-0199", country="SE", code="0199", kind="municipality", name="Ny", full_name="Ny", slug="ny",
        parent=Area.objects.get(key="SE-01"),
    )  # fmt: skip
    assert compute_pathways(release=Release.objects.get(slug=CO2), year=2026) == 312


def test_new_year_brings_the_carbon_law_with_it():
    budgets = list(Pathway.objects.filter(method="budget-2024").values_list("pk", flat=True))
    assert bring_pathways_to_year(year=2026) == 0
    assert bring_pathways_to_year(year=2027) == 4
    laws = Pathway.objects.filter(method="carbon-law")
    assert set(laws.values_list("start_year", flat=True)) == {2027}
    assert stored(GHG, "SE-1493").course["years"][0] == 2027
    assert list(Pathway.objects.filter(method="budget-2024").values_list("pk", flat=True)) == budgets
    assert bring_pathways_to_year(year=2027) == 0
