"""Pathways of all areas of a release, computed by the engine and stored beside the figures."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from samkraft.engines import pathways as engine
from samkraft.places.models import Area, AreaKind
from samkraft.ui.page_cache import changed

from .models import Deduction, Emission, GasSet, Method, Pathway, Release, ReleaseKind

# A municipality that has come since a release does no harm to the others' shares.
NEARLY_ALL = 0.99


@transaction.atomic
def compute_pathways(*, release: Release, year: int) -> int:
    """Compute and store the pathways that a release's gases allow; returns how many areas have one.

    Sweden's carbon budget is for carbon dioxide; the carbon law is for all greenhouse gases.
    """
    areas, emissions = totals(release)
    if not areas:
        return 0
    if release.gas_set == GasSet.GHG:
        found = _carbon_law(release, areas, emissions, year)
    elif release.country == "SE":
        found = _budget(release, areas, emissions)
    else:
        found = []
    Pathway.objects.filter(release=release).delete()
    Pathway.objects.bulk_create(found)
    changed(release.tag)
    return len(found)


def totals(release: Release) -> tuple[list[Area], engine.Emissions]:
    """All areas with a whole figure in the release, and their emissions; a missing cell is NaN."""
    rows = list(
        Emission.objects.filter(release=release, sector="", subsector="").values_list("area_id", "year", "tonnes")
    )
    areas = list(Area.objects.filter(pk__in={pk for pk, _, _ in rows}).defer("outline").order_by("key"))
    places = {area.pk: place for place, area in enumerate(areas)}
    years = sorted({year for _, year, _ in rows})
    columns = {year: column for column, year in enumerate(years)}
    tonnes = np.full((len(areas), len(years)), np.nan)
    for pk, year, value in rows:
        tonnes[places[pk], columns[year]] = value
    return areas, engine.Emissions(np.array(years, dtype=np.int64), tonnes)


def _carbon_law(release: Release, areas: list[Area], emissions: engine.Emissions, year: int) -> list[Pathway]:
    report = engine.carbon_law(emissions, current_year=year)
    return [
        Pathway(
            release=release,
            area=area,
            method=Method.CARBON_LAW,
            start_year=year,
            start_tonnes=_number(report.trend[i, 0]),
            trend_slope=_number(report.trend_slope[i]),
            trend_total=_number(report.trend_total[i]),
            required_total=_number(report.law_total[i]),
            needed_cut_percent=report.parameters.yearly_cut * 100,
            historical_change_percent=_number(report.historical_change_percent[i]),
            net_zero_on=_day(report.net_zero_at[i]),
            enough=bool(report.meets_paris[i]),
            course=_course(report.path_years, report.trend[i], report.required[i]),
            notes=_notes(report.notes[i]),
        )
        for i, area in enumerate(areas)
        if report.computed[i]
    ]


def _budget(release: Release, areas: list[Area], emissions: engine.Emissions) -> list[Pathway]:
    """Budgets are shared among the municipalities; a county's and the country's are the sums of theirs.

    None where the release is a part of the country: shares of some municipalities say nothing.
    """
    municipal = [place for place, area in enumerate(areas) if area.kind == AreaKind.MUNICIPALITY]
    members = [areas[place] for place in municipal]
    if len(members) < NEARLY_ALL * Area.objects.municipalities().in_country(release.country).count():
        return []
    parts = engine.Emissions(emissions.years, emissions.tonnes[municipal])
    deductions = _deductions(members, emissions.years)
    year = max(engine.BudgetParameters().budget_from, parts.last_year())
    found = _budget_rows(release, members, engine.budget_2024(parts, current_year=year, deductions=deductions))
    whole = {area.pk for area in areas}
    for groups, numbers in _groups(release.country, members):
        report = engine.budget_2024_by_group(parts, numbers, len(groups), current_year=year, deductions=deductions)
        found += [row for row in _budget_rows(release, groups, report) if row.area_id in whole]
    return found


def _groups(country: str, members: list[Area]) -> Iterator[tuple[list[Area], NDArray[np.int64]]]:
    """The counties, then the country, each with the number of the group that every member belongs to."""
    above = {a.pk: a for a in Area.objects.in_country(country).exclude(kind=AreaKind.MUNICIPALITY).defer("outline")}
    counties = [above[member.parent_id] for member in members]
    for chosen in (counties, [above[county.parent_id] for county in counties]):
        numbers = {pk: number for number, pk in enumerate(dict.fromkeys(area.pk for area in chosen))}
        yield [above[pk] for pk in numbers], np.array([numbers[area.pk] for area in chosen], dtype=np.int64)


def _budget_rows(release: Release, areas: list[Area], report: engine.BudgetReport) -> list[Pathway]:
    return [
        Pathway(
            release=release,
            area=area,
            method=Method.BUDGET_2024,
            start_year=report.parameters.budget_from,
            start_tonnes=_number(report.start_tonnes[i]),
            trend_slope=_number(report.trend_slope[i]),
            trend_total=_number(report.trend[i].sum()),
            required_total=_number(report.budget_tonnes[i]),
            needed_cut_percent=_number(report.needed_cut_percent[i]),
            historical_change_percent=_number(report.historical_change_percent[i]),
            net_zero_on=_day(report.net_zero_at[i]),
            budget_runs_out_on=_day(report.budget_runs_out_at[i]),
            enough=bool(np.isnan(report.budget_runs_out_at[i])),
            course=_course(report.path_years, report.trend[i], report.required[i]),
            notes=_notes(report.notes[i]),
        )
        for i, area in enumerate(areas)
        if report.computed[i]
    ]


def _deductions(areas: list[Area], years: NDArray[np.int64]) -> NDArray[np.float64]:
    table = np.zeros((len(areas), years.size))
    places = {area.pk: place for place, area in enumerate(areas)}
    columns = {int(year): column for column, year in enumerate(years)}
    newest = Release.objects.filter(kind=ReleaseKind.DEDUCTIONS).order_by("-last_year", "-pk").first()
    for row in Deduction.objects.filter(release=newest, area__in=places):
        if row.year in columns:
            table[places[row.area_id], columns[row.year]] = row.tonnes
    return table


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _day(point: float) -> date | None:
    return engine.decimal_year_to_date(float(point))


def _course(
    years: NDArray[np.int64], trend: NDArray[np.float64], required: NDArray[np.float64]
) -> dict[str, list[float]]:
    return {
        "years": [int(year) for year in years],
        "trend": [round(float(value), 1) for value in trend],
        "required": [round(float(value), 1) for value in required],
    }


def _notes(notes: tuple[engine.Note, ...]) -> list[dict[str, object]]:
    return [{**asdict(note), "code": str(note.code)} for note in notes]
