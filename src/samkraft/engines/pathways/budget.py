"""Method `budget-2024`: carbon dioxide, and each place's share of what Sweden may still emit.

Source: as published by Klimatkollen in 2024, with the national carbon budget of Uppsala University (Paris-
compliant carbon budgets for Sweden's counties, 2023): 80 Mt from 2024, less the overhead of 55 Mt in 285 Mt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .lines import Lines, least_squares
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
    group_totals,
    ratio,
)


@dataclass(frozen=True, slots=True)
class BudgetParameters:
    """The method's constants, shown to readers beside its figures."""

    national_tonnes: float = 80e6 * (1 - 55 / 285)  # from `budget_from`, for all areas given together
    budget_from: int = 2024  # the budget counts from the first of January of this year
    trend_from: int = 2015  # first year of the trend, of the shares and of the historical change
    end_year: int = 2050  # a budget that lasts to here holds
    least_points: int = 3  # a line through two points says nothing of how well it fits
    longest_end_gap: int = 2  # years; an area whose figures stop longer before the release's has ended


@dataclass(frozen=True, slots=True)
class BudgetReport:
    """Results for n areas. Every array is NaN where `computed` is false.

    trend_slope: tonnes a year; trend_level: the line's value at `trend_origin`, the mean of the years used.
    start_tonnes: the floored line when the budget starts. budget_tonnes: the area's share.
    needed_cut_percent, historical_change_percent: % a year. net_zero_at, budget_runs_out_at: decimal years,
    NaN = never. approximated (n, k): the floored line in `approximated_years` (k,), from the year after the
    last figures to the current year. trend, required (n, p): the floored line and the path that keeps the
    budget in `path_years` (p,), from the budget's first year to the end year.
    """

    computed: BoolArray
    trend_slope: FloatArray
    trend_level: FloatArray
    trend_origin: FloatArray
    start_tonnes: FloatArray
    budget_tonnes: FloatArray
    needed_cut_percent: FloatArray
    historical_change_percent: FloatArray
    net_zero_at: FloatArray
    budget_runs_out_at: FloatArray
    years_used: IntArray
    approximated_years: IntArray
    approximated: FloatArray
    path_years: IntArray
    trend: FloatArray
    required: FloatArray
    notes: Notes
    parameters: BudgetParameters


def budget_2024(
    emissions: Emissions,
    *,
    current_year: int,
    deductions: FloatArray | None = None,
    parameters: BudgetParameters | None = None,
) -> BudgetReport:
    """The method for all areas at once; the national budget is shared among the areas given.

    `deductions` (n, m), in tonnes, is subtracted first (process emissions of cement); 0 where there is none.
    Raises ValueError when there are no figures, the deductions do not fit, or the current year lies before
    the last figures or after the end year.
    """
    rules = parameters or BudgetParameters()
    net, subtracted = _after_deductions(emissions, deductions)
    return _report(net, subtracted, _budgets(net, rules), current_year, rules)


def budget_2024_by_group(
    emissions: Emissions,
    groups: IntArray,
    count: int,
    *,
    current_year: int,
    deductions: FloatArray | None = None,
    parameters: BudgetParameters | None = None,
) -> BudgetReport:
    """The method for totals of areas (counties, a country): series and budgets are the members' sums.

    `groups` (n,) holds each area's group number, 0 to count - 1. A group has no budget if a member has none.
    """
    rules = parameters or BudgetParameters()
    net, subtracted = _after_deductions(emissions, deductions)
    budgets = np.zeros(count)
    np.add.at(budgets, groups, _budgets(net, rules))
    group_deductions = np.zeros((count, net.years.size))
    np.add.at(group_deductions, groups, subtracted)
    return _report(group_totals(net, groups, count), group_deductions, budgets, current_year, rules)


def _after_deductions(emissions: Emissions, deductions: FloatArray | None) -> tuple[Emissions, FloatArray]:
    if deductions is None:
        return emissions, np.zeros(emissions.tonnes.shape)
    if deductions.shape != emissions.tonnes.shape or not bool(np.isfinite(deductions).all()):
        raise ValueError("Deductions need a finite number for each area and year, 0 where there is none.")
    return Emissions(emissions.years, emissions.tonnes - deductions), deductions


def _coverage(net: Emissions, rules: BudgetParameters) -> Coverage:
    keep = ~np.isnan(net.tonnes).all(axis=0) & (net.years >= rules.trend_from)
    if not keep.any():
        raise ValueError(f"There are no figures from {rules.trend_from} onwards.")
    used, last = net.chosen(keep), net.last_year()
    return Coverage.of(used, last, least_points=rules.least_points, longest_end_gap=rules.longest_end_gap)


def _budgets(net: Emissions, rules: BudgetParameters) -> FloatArray:
    """Each area's budget by its share of the emissions in the years used (grandfathering).

    An area with missing years counts with the mean of those it has, so that a missing cell is not read as
    zero; for complete series this is the ratio of sums. NaN where nothing can be computed.
    """
    reach = _coverage(net, rules)
    known = ~np.isnan(reach.used.tonnes)
    mean = np.where(known, reach.used.tonnes, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    whole = float(mean[reach.computed].sum())
    shared = rules.national_tonnes / whole if whole > 0 else np.nan
    return np.where(reach.computed, mean, np.nan) * shared


def _report(
    net: Emissions, subtracted: FloatArray, budgets: FloatArray, current_year: int, rules: BudgetParameters
) -> BudgetReport:
    reach = _coverage(net, rules)
    check_current_year(current_year, reach.last, rules.end_year)
    nothing = np.where(reach.computed, 0.0, np.nan)
    fit = least_squares(reach.used, rules.least_points)
    line = Lines(fit.slope + nothing, fit.level, fit.origin)
    budget = budgets + nothing
    start = np.maximum(line.at(rules.budget_from), 0.0)
    rate = _required_rate(start, budget)
    path_years = np.arange(rules.budget_from, rules.end_year + 1, dtype=np.int64)
    approximated_years = np.arange(reach.last + 1, current_year + 1, dtype=np.int64)
    net_zero_at = line.origin - ratio(line.level, line.slope, line.slope < 0)
    return BudgetReport(
        computed=reach.computed,
        trend_slope=line.slope,
        trend_level=line.level + nothing,
        trend_origin=line.origin + nothing,
        start_tonnes=start,
        budget_tonnes=budget,
        needed_cut_percent=-100.0 * np.expm1(-rate),
        historical_change_percent=_mean_change(reach.used) + nothing,
        net_zero_at=net_zero_at,
        budget_runs_out_at=_runs_out(line, budget, rules),
        years_used=reach.used.years,
        approximated_years=approximated_years,
        approximated=line.floored(approximated_years),
        path_years=path_years,
        trend=line.floored(path_years),
        required=start[:, None] * np.exp(-rate[:, None] * (path_years - rules.budget_from)),
        notes=_notes(net, subtracted, reach, budgets, start),
        parameters=rules,
    )


def _required_rate(start: FloatArray, budget: FloatArray) -> FloatArray:
    """The rate E / B of the path E·exp(-E·t / B), whose integral is B; 0 where nothing is emitted."""
    return ratio(start, np.where(start == 0, 1.0, budget), (start == 0) | (budget > 0))


def _mean_change(used: Emissions) -> FloatArray:
    """The mean of the relative changes from year to year, %; those over a gap or from zero do not count."""
    before, after = used.tonnes[:, :-1], used.tonnes[:, 1:]
    valid = _change_known(used)
    change = np.where(valid, after - before, 0.0) / np.where(valid, before, 1.0)
    pairs = valid.sum(axis=1)
    return 100.0 * ratio(change.sum(axis=1), np.maximum(pairs, 1), pairs > 0)


def _change_known(used: Emissions) -> BoolArray:
    """For each year but the first (n, m - 1): whether the change from the calendar year before is known."""
    next_year = np.diff(used.years) == 1
    known: BoolArray = next_year & (used.tonnes[:, :-1] > LEAST_TONNES) & ~np.isnan(used.tonnes[:, 1:])
    return known


def _runs_out(line: Lines, budget: FloatArray, rules: BudgetParameters) -> FloatArray:
    """When the integral of the floored line, from the budget's start, equals the budget.

    NaN where that is not before the end year: the budget holds.
    """
    begin = np.full(line.slope.shape, float(rules.budget_from))
    value = line.at(rules.budget_from)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # A rising line that is still below zero uses no budget until it crosses.
        begin = np.where((value < 0) & (line.slope > 0), begin - value / line.slope, begin)
        value = np.maximum(value, 0.0)
        left = np.maximum(budget, 0.0)
        # The root of value·x + slope·x²/2 = budget in the form that also holds for a slope of zero.
        passed = 2 * left / (value + np.sqrt(value**2 + 2 * line.slope * left))
        passed = np.where((left == 0) & (value > 0), 0.0, passed)
        point = begin + passed
        emits = (value > 0) | (line.slope > 0)
        return np.where(emits & (point <= rules.end_year), point, np.nan)


def _notes(net: Emissions, subtracted: FloatArray, reach: Coverage, budgets: FloatArray, start: FloatArray) -> Notes:
    book = NoteBook(len(budgets))
    book.add_deductions(subtracted, net.years)
    reach.write(book)
    used, computed = reach.used, reach.computed
    known = ~np.isnan(used.tonnes)
    partly = computed & ~known.all(axis=1) & ~np.isnan(budgets)
    book.add_years(NoteCode.BUDGET_FROM_AVAILABLE_YEARS, known & partly[:, None], used.years)
    skipped = ~_change_known(used)
    book.add_years(NoteCode.CHANGE_SKIPS_YEARS, skipped & computed[:, None], used.years[1:])
    book.add(NoteCode.CHANGE_UNDEFINED, computed & skipped.all(axis=1))
    book.add(NoteCode.MEMBER_WITHOUT_BUDGET, computed & np.isnan(budgets))
    book.add(NoteCode.NO_POSITIVE_BUDGET, computed & (budgets <= 0))
    book.add(NoteCode.AT_OR_BELOW_ZERO, computed & (start == 0))
    return book.closed()
