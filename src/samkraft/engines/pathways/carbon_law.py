"""Method `carbon-law`: a trend anchored at the last figure, against a fixed cut each year.

Source: Klimatkollen's method of 2026 (klimatkollen.se/methodology), with the carbon law's rate after
Rockström and others, A roadmap for rapid decarbonization, Science 355 (2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .lines import Lines, least_absolute_deviations
from .series import (
    LEAST_TONNES,
    BoolArray,
    Coverage,
    Emissions,
    FloatArray,
    IntArray,
    NoteBook,
    NoteCode,
    Notes,
    check_current_year,
    first_known,
    ratio,
)


@dataclass(frozen=True, slots=True)
class CarbonLawParameters:
    """The method's constants, shown to readers beside its figures."""

    base_year: int = 2015  # of the Paris agreement; where a release lacks it, the first later year it has
    annual_from: int = 2020  # every year counts from here; the database has none between the two
    yearly_cut: float = 0.1172  # 11.72 % less each year
    end_year: int = 2050  # last year of the sums
    least_points: int = 3  # a line through two points says nothing of how well it fits
    longest_end_gap: int = 2  # years; an area whose figures stop longer before the release's has ended


@dataclass(frozen=True, slots=True)
class CarbonLawReport:
    """Results for n areas. Every array is NaN (or false) where `computed` is false.

    trend_slope: tonnes a year. anchor_year and anchor_tonnes: the last figure, where the line starts.
    trend_total, law_total: tonnes, current year to end year inclusive. historical_change_percent: % a year.
    net_zero_at: decimal year, NaN = never. approximated (n, k): the floored line in `approximated_years`
    (k,), from the year after the last figures to the current year. trend, required (n, p): the floored line
    and the carbon law in `path_years` (p,), current year to end year.
    """

    computed: BoolArray
    trend_slope: FloatArray
    anchor_year: IntArray
    anchor_tonnes: FloatArray
    trend_total: FloatArray
    law_total: FloatArray
    meets_paris: BoolArray
    historical_change_percent: FloatArray
    net_zero_at: FloatArray
    years_used: IntArray
    approximated_years: IntArray
    approximated: FloatArray
    path_years: IntArray
    trend: FloatArray
    required: FloatArray
    notes: Notes
    parameters: CarbonLawParameters


def carbon_law(
    emissions: Emissions, *, current_year: int, parameters: CarbonLawParameters | None = None
) -> CarbonLawReport:
    """The method for all areas at once; for counties and countries pass their totals.

    Raises ValueError when there are no figures, or when the current year lies before the last of them or
    after the end year.
    """
    rules = parameters or CarbonLawParameters()
    last = emissions.last_year()
    check_current_year(current_year, last, rules.end_year)
    used = emissions.chosen(_used_years(emissions, rules))
    reach = Coverage.of(used, last, least_points=rules.least_points, longest_end_gap=rules.longest_end_gap)
    fit = least_absolute_deviations(used, rules.least_points)
    slope = np.where(reach.computed, fit.slope, np.nan)
    line = Lines(slope, reach.last_tonnes, reach.last_year.astype(np.float64))

    path_years = np.arange(current_year, rules.end_year + 1, dtype=np.int64)
    approximated_years = np.arange(last + 1, current_year + 1, dtype=np.int64)
    trend = line.floored(path_years)
    required = trend[:, :1] * (1.0 - rules.yearly_cut) ** (path_years - current_year)
    trend_total, law_total = trend.sum(axis=1), required.sum(axis=1)
    change = _compound_change(reach)
    net_zero_at = line.origin - ratio(line.level, slope, slope < 0)
    return CarbonLawReport(
        computed=reach.computed,
        trend_slope=slope,
        anchor_year=reach.last_year,
        anchor_tonnes=np.where(reach.computed, reach.last_tonnes, np.nan),
        trend_total=trend_total,
        law_total=law_total,
        meets_paris=reach.computed & (trend_total <= law_total),
        historical_change_percent=change,
        net_zero_at=net_zero_at,
        years_used=used.years,
        approximated_years=approximated_years,
        approximated=line.floored(approximated_years),
        path_years=path_years,
        trend=trend,
        required=required,
        notes=_notes(reach, tie=fit.tie, change=change, now=trend[:, 0]),
        parameters=rules,
    )


def _used_years(emissions: Emissions, rules: CarbonLawParameters) -> BoolArray:
    """Which columns count: the base year and all from `annual_from`; those without any figure do not."""
    candidates = ~np.isnan(emissions.tonnes).all(axis=0) & (emissions.years >= rules.base_year)
    if not candidates.any():
        raise ValueError(f"There are no figures from {rules.base_year} onwards.")
    base = emissions.years[candidates].min()
    used: BoolArray = candidates & ((emissions.years == base) | (emissions.years >= rules.annual_from))
    return used


def _compound_change(reach: Coverage) -> FloatArray:
    """The constant yearly change, %, from each area's first used figure to its last."""
    start_year, start = first_known(reach.used)
    span = reach.last_year - start_year
    possible = reach.computed & (span > 0) & (start > LEAST_TONNES) & (reach.last_tonnes >= 0)
    whole = ratio(reach.last_tonnes, start, possible)
    change: FloatArray = 100.0 * (whole ** (1.0 / np.where(possible, span, 1)) - 1.0)
    return change


def _notes(reach: Coverage, *, tie: BoolArray, change: FloatArray, now: FloatArray) -> Notes:
    book = NoteBook(len(tie))
    reach.write(book)
    start_year, _ = first_known(reach.used)
    late = reach.computed & (start_year > reach.used.years[0])
    book.add_year(NoteCode.STARTS_LATE, late, start_year)
    book.add(NoteCode.TREND_TIE, reach.computed & tie)
    book.add(NoteCode.CHANGE_UNDEFINED, reach.computed & np.isnan(change))
    book.add(NoteCode.AT_OR_BELOW_ZERO, reach.computed & (now == 0))
    return book.closed()
