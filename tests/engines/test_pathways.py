"""Both pathway methods, on series short enough to compute by hand."""

import datetime
import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkraft.engines.pathways import (
    BudgetParameters,
    Emissions,
    Note,
    NoteCode,
    budget_2024,
    budget_2024_by_group,
    carbon_law,
    decimal_year_to_date,
    emissions_of,
    group_totals,
)

EIGHT_YEARS = list(range(2015, 2023))
LAW_YEARS = [2015, 2020, 2021, 2022, 2023, 2024]
tonnes = st.floats(min_value=1, max_value=1e7)


def falling(start: float, step: float, years: list[int] = EIGHT_YEARS) -> list[float | None]:
    return [start - step * (year - years[0]) for year in years]


# budget-2024


def test_budget_of_an_exact_line_follows_the_hand_computation():
    # e(y) = 1000 - 50 (y - 2015), exactly on a line of slope -50 that crosses zero 20 years after 2015: 2035.
    # At 2024 it is 1000 - 450 = 550. One area alone has the whole budget, here 2500 t.
    # Needed cut: 1 - exp(-550/2500) = 1 - exp(-0.22) = 19.748 %.
    # Budget: 550 x - 25 x² = 2500  ->  x = 11 - sqrt(121 - 100) = 6.41742..., 2030.41742.
    report = budget_2024(
        emissions_of(EIGHT_YEARS, [falling(1000, 50)]),
        current_year=2024,
        parameters=BudgetParameters(national_tonnes=2500.0),
    )
    assert report.trend_slope == pytest.approx([-50])
    assert report.start_tonnes == pytest.approx([550])
    assert report.budget_tonnes == pytest.approx([2500])
    assert report.needed_cut_percent == pytest.approx([100 * (1 - math.exp(-0.22))])
    assert report.net_zero_at == pytest.approx([2035])
    assert report.budget_runs_out_at == pytest.approx([2035 - math.sqrt(21)])
    assert report.approximated_years.tolist() == [2023, 2024]
    assert report.approximated == pytest.approx(np.array([[600, 550]]))
    assert report.path_years[[0, -1]].tolist() == [2024, 2050]
    assert report.trend[0, [0, 1, 10, 11, 26]] == pytest.approx([550, 500, 50, 0, 0])
    assert report.required[0, [0, 1]] == pytest.approx([550, 550 * math.exp(-0.22)])
    assert report.notes == ((),)


def test_budget_is_shared_by_the_sums_since_2015():
    # 2010 does not count. Sums 8·100 and 8·300: a quarter and three quarters of 64.561403... Mt.
    report = budget_2024(emissions_of([2010, *EIGHT_YEARS], [[9e9] + [100] * 8, [1] + [300] * 8]), current_year=2024)
    whole = 80e6 * 230 / 285
    assert report.budget_tonnes == pytest.approx([whole / 4, whole * 3 / 4], rel=1e-12)


def test_least_squares_slope_of_three_points():
    # Points (2015, 10), (2016, 40), (2017, 10): the mean is 20, the slope 0; mean change (300 % - 75 %) / 2.
    report = budget_2024(emissions_of([2015, 2016, 2017], [[10, 40, 10]]), current_year=2024)
    assert report.trend_slope == pytest.approx([0])
    assert report.trend_level == pytest.approx([20])
    assert report.historical_change_percent == pytest.approx([112.5])
    assert np.isnan(report.net_zero_at).tolist() == [True]


def test_budget_holds_when_the_trend_uses_less_up_to_2050():
    # 100 t a year for the 26 years to 2050 is 2600 t: a budget of 2600 is reached just then, 2601 is not.
    flat = emissions_of(EIGHT_YEARS, [[100] * 8])
    reached = budget_2024(flat, current_year=2024, parameters=BudgetParameters(national_tonnes=2600))
    assert reached.budget_runs_out_at == pytest.approx([2050])
    holds = budget_2024(flat, current_year=2024, parameters=BudgetParameters(national_tonnes=2601))
    assert np.isnan(holds.budget_runs_out_at).tolist() == [True]


def test_budget_holds_when_the_falling_trend_reaches_zero_first():
    # The triangle under the line from 2024 (550 t) to 2035 is 550·11/2 = 3025 t.
    line = emissions_of(EIGHT_YEARS, [falling(1000, 50)])
    holds = budget_2024(line, current_year=2024, parameters=BudgetParameters(national_tonnes=3026))
    assert np.isnan(holds.budget_runs_out_at).tolist() == [True]


def test_budget_of_a_rising_trend_is_used_from_where_it_crosses_zero():
    # e = -100 + 10 (y - 2015): below zero at 2024 (-10), zero at 2025; 5 x² = 45 gives x = 3 -> 2028.
    rising = emissions_of(EIGHT_YEARS, [[-100 + 10 * k for k in range(8)], [1000] * 8])
    share = 8 * 1000 - (8 * 100 - 10 * 28)
    national = 45 * share / (-(8 * 100 - 10 * 28))
    report = budget_2024(rising, current_year=2024, parameters=BudgetParameters(national_tonnes=national))
    assert report.budget_tonnes == pytest.approx([45, 45 * 8000 / -520])
    assert report.budget_runs_out_at == pytest.approx([2028, 2024])
    assert report.notes[0][0] == Note(NoteCode.NEGATIVE_VALUES, tuple(EIGHT_YEARS))
    assert Note(NoteCode.NO_POSITIVE_BUDGET) in report.notes[1]
    assert np.isnan(report.needed_cut_percent).tolist() == [False, True]


def test_deductions_are_subtracted_first_and_said():
    emissions = emissions_of(EIGHT_YEARS, [[150] * 8, [100] * 8])
    cement = np.zeros((2, 8))
    cement[0] = 50
    report = budget_2024(emissions, current_year=2024, deductions=cement)
    plain = budget_2024(emissions_of(EIGHT_YEARS, [[100] * 8, [100] * 8]), current_year=2024)
    assert report.budget_tonnes.tolist() == plain.budget_tonnes.tolist()
    assert report.notes == ((Note(NoteCode.DEDUCTION, tuple(EIGHT_YEARS), 400.0),), ())


def test_missing_cell_is_not_read_as_zero_in_the_share():
    report = budget_2024(
        emissions_of(EIGHT_YEARS, [[100, None, None, 100, 100, 100, 100, 100], [100] * 8]), current_year=2024
    )
    assert report.budget_tonnes[0] == pytest.approx(report.budget_tonnes[1])
    assert report.trend_slope == pytest.approx([0, 0])
    assert report.historical_change_percent == pytest.approx([0, 0])
    assert report.notes[0] == (
        Note(NoteCode.MISSING_VALUES, (2016, 2017)),
        Note(NoteCode.BUDGET_FROM_AVAILABLE_YEARS, (2015, 2018, 2019, 2020, 2021, 2022)),
        Note(NoteCode.CHANGE_SKIPS_YEARS, (2016, 2017, 2018)),
    )


def test_area_that_ended_has_no_figures_and_no_share():
    # The first merged into the second in 2020: the whole budget goes to those that still are.
    merged: list[float | None] = [100.0] * 5 + [None] * 3
    created: list[float | None] = [None] * 5 + [200.0] * 3
    report = budget_2024(
        emissions_of(EIGHT_YEARS, [merged, created, [200] * 8]),
        current_year=2024,
        parameters=BudgetParameters(national_tonnes=1000),
    )
    assert report.computed.tolist() == [False, True, True]
    assert np.isnan(report.budget_tonnes).tolist() == [True, False, False]
    assert report.budget_tonnes[1:] == pytest.approx([500, 500])
    assert report.notes[0] == (Note(NoteCode.ENDED, (2019,)),)
    assert np.isnan(report.trend[0]).all()


def test_area_with_too_few_points_says_so():
    report = budget_2024(emissions_of(EIGHT_YEARS, [[None] * 6 + [1, 2], [None] * 8, [5] * 8]), current_year=2024)
    assert report.computed.tolist() == [False, False, True]
    assert report.notes == (
        (Note(NoteCode.TOO_FEW_POINTS, (2021, 2022)),),
        (Note(NoteCode.TOO_FEW_POINTS),),
        (),
    )


def test_group_budget_is_the_sum_of_its_members():
    emissions = emissions_of(EIGHT_YEARS, [falling(1000, 50), falling(800, 10), falling(500, 20)])
    alone = budget_2024(emissions, current_year=2024)
    groups = np.array([1, 0, 1])
    report = budget_2024_by_group(emissions, groups, 2, current_year=2024)
    assert report.budget_tonnes == pytest.approx(
        [alone.budget_tonnes[1], alone.budget_tonnes[0] + alone.budget_tonnes[2]]
    )
    assert report.trend_slope == pytest.approx([-10, -70])
    assert report.net_zero_at[0] == pytest.approx(alone.net_zero_at[1])


def test_group_with_a_missing_cell_has_that_year_missing():
    emissions = emissions_of([2020, 2021], [[1, 2], [10, None], [5, 5]])
    totals = group_totals(emissions, np.array([0, 0, 1]), 3)
    assert np.isnan(totals.tonnes).tolist() == [[False, True], [False, False], [True, True]]
    assert totals.tonnes[0, 0] == 11


def test_group_with_an_ended_member_has_no_budget():
    merged: list[float | None] = [100.0] * 5 + [None] * 3
    report = budget_2024_by_group(
        emissions_of(EIGHT_YEARS, [merged, [200] * 8, [50] * 8]), np.array([0, 0, 1]), 2, current_year=2024
    )
    assert np.isnan(report.budget_tonnes).tolist() == [True, False]


# carbon-law


def test_carbon_law_follows_the_hand_computation():
    # Five of six points lie on 1000 - 40 (y - 2015); 2022 lies 300 above and does not move the median line.
    # Slope -40, anchored at 640 in 2024; 560 in 2026; zero at 2024 + 640/40 = 2040.
    # Trend total 2026..2050: 560 + 520 + ... + 40 (14 terms) = 14·300 = 4200.
    # Law total: 560 (1 - 0.8828^25) / 0.1172.  Change: (640/1000)^(1/9) - 1.
    row = falling(1000, 40, LAW_YEARS)
    row[3] = 720 + 300
    report = carbon_law(emissions_of(LAW_YEARS, [row]), current_year=2026)
    assert report.trend_slope == pytest.approx([-40])
    assert report.anchor_tonnes.tolist() == [640]
    assert report.approximated == pytest.approx(np.array([[600, 560]]))
    assert report.trend_total == pytest.approx([4200])
    law_total = 560 * (1 - 0.8828**25) / 0.1172
    assert report.law_total == pytest.approx([law_total])
    assert report.meets_paris.tolist() == [law_total >= 4200]
    assert report.net_zero_at == pytest.approx([2040])
    assert report.historical_change_percent == pytest.approx([100 * (0.64 ** (1 / 9) - 1)])
    assert report.required[0, :2] == pytest.approx([560, 560 * 0.8828])
    assert report.notes == ((),)


def test_carbon_law_trend_is_anchored_at_the_last_figure():
    # As above, but the last figure lies 100 above the line: the slope stays, the line starts at 740.
    row = falling(1000, 40, LAW_YEARS)
    row[-1] = 740
    report = carbon_law(emissions_of(LAW_YEARS, [row]), current_year=2026)
    assert report.trend_slope == pytest.approx([-40])
    assert report.trend[0, 0] == pytest.approx(660)
    assert report.net_zero_at == pytest.approx([2024 + 740 / 40])


def test_fast_fall_meets_paris_and_a_rise_does_not():
    # 100 a year less than 600 in 2024: 400, 300, 200, 100 from 2026, in sum 1000; the law's sum is over 3000.
    report = carbon_law(
        emissions_of(LAW_YEARS, [falling(1500, 100, LAW_YEARS), falling(1500, -100, LAW_YEARS)]),
        current_year=2026,
    )
    assert report.trend_total[0] == pytest.approx(1000)
    assert report.meets_paris.tolist() == [True, False]
    assert np.isnan(report.net_zero_at).tolist() == [False, True]


def test_carbon_law_leaves_out_the_years_between_2015_and_2020():
    years = list(range(2015, 2025))
    noisy = falling(1000, 40, years)
    noisy[1:5] = [0, 9999, 0, 9999]
    report = carbon_law(emissions_of(years, [noisy]), current_year=2026)
    assert report.years_used.tolist() == LAW_YEARS
    assert report.trend_slope == pytest.approx([-40])


def test_release_without_2015_starts_at_its_first_later_year():
    # The Danish accounts begin in 2018; the change is counted from there: (80/100)^(1/5) - 1.
    report = carbon_law(emissions_of(list(range(2018, 2024)), [[100, 1, 100, 95, 90, 80]]), current_year=2026)
    assert report.years_used.tolist() == [2018, 2020, 2021, 2022, 2023]
    assert report.historical_change_percent == pytest.approx([100 * (0.8**0.2 - 1)])


def test_tied_median_lines_give_the_middle_slope():
    # 0, 1, 0, 1 a year apart: the line through first and last leaves 2/3 twice, all others more.
    # 0, 0, 1, 1: the line through first and last leaves 1/3 twice, through first and third 1/2 twice.
    unique = carbon_law(emissions_of([2020, 2021, 2022, 2023], [[0, 1, 0, 1], [0, 0, 1, 1]]), current_year=2024)
    assert unique.trend_slope == pytest.approx([1 / 3, 1 / 3])
    assert unique.notes[0] == (Note(NoteCode.CHANGE_UNDEFINED),)
    # 5, 6, 6, 5: slope 0 leaves 4 · 1/2, slope 1/2 through first and third 1/2 + 3/2, slope -1/2 through
    # second and last the same: each slope from -1/2 to 1/2 is as good.
    tied = carbon_law(emissions_of([2020, 2021, 2022, 2023], [[5, 6, 6, 5]]), current_year=2024)
    assert tied.trend_slope == pytest.approx([0])
    assert tied.notes == ((Note(NoteCode.TREND_TIE),),)


def test_negative_figures_are_kept_and_said():
    report = carbon_law(emissions_of(LAW_YEARS, [[40, 15, 10, 5, 0, -5]]), current_year=2026)
    assert report.trend_slope == pytest.approx([-5])
    assert report.trend_total.tolist() == [0]
    assert report.law_total.tolist() == [0]
    assert report.meets_paris.tolist() == [True]
    assert report.net_zero_at == pytest.approx([2023])
    assert report.notes[0] == (
        Note(NoteCode.NEGATIVE_VALUES, (2024,)),
        Note(NoteCode.CHANGE_UNDEFINED),
        Note(NoteCode.AT_OR_BELOW_ZERO),
    )


def test_missing_last_figure_anchors_a_year_earlier():
    row = falling(1000, 40, LAW_YEARS)
    row[-1] = None
    report = carbon_law(emissions_of(LAW_YEARS, [row, falling(1000, 40, LAW_YEARS)]), current_year=2026)
    assert report.anchor_year.tolist() == [2023, 2024]
    assert report.trend[0] == pytest.approx(report.trend[1])
    assert report.notes[0] == (
        Note(NoteCode.MISSING_VALUES, (2024,)),
        Note(NoteCode.ANCHORED_EARLIER, (2023,)),
    )


def test_area_created_late_counts_from_its_first_figure():
    row: list[float | None] = [None, None, 100, 90, 80, 70]
    report = carbon_law(emissions_of(LAW_YEARS, [row, [1] * 6]), current_year=2026)
    assert report.trend_slope[0] == pytest.approx(-10)
    assert report.historical_change_percent[0] == pytest.approx(100 * (0.7 ** (1 / 3) - 1))
    assert report.notes[0][-1] == Note(NoteCode.STARTS_LATE, (2021,))


def test_current_year_before_the_last_figures_is_refused():
    emissions = emissions_of(LAW_YEARS, [[1] * 6])
    with pytest.raises(ValueError, match="between 2024, the last year with figures, and 2050"):
        carbon_law(emissions, current_year=2023)
    with pytest.raises(ValueError, match="between 2024"):
        budget_2024(emissions, current_year=2051)


@pytest.mark.parametrize("method", [budget_2024, carbon_law])
def test_series_without_any_figure_is_refused(method):
    with pytest.raises(ValueError, match="no figures"):
        method(emissions_of(LAW_YEARS, [[None] * 6]), current_year=2026)
    with pytest.raises(ValueError, match="no figures from 2015"):
        method(emissions_of([1990, 2000], [[1, 2]]), current_year=2026)


def test_emissions_refuse_infinity_and_years_out_of_order():
    with pytest.raises(ValueError, match="finite"):
        emissions_of([2020], [[math.inf]])
    with pytest.raises(ValueError, match="finite"):
        emissions_of([2020], [[-1e300]])
    with pytest.raises(ValueError, match="ascending"):
        emissions_of([2021, 2020], [[1, 2]])
    with pytest.raises(ValueError, match="column"):
        Emissions(np.array([2020]), np.zeros((1, 2)))


# Dates


def test_decimal_year_is_a_share_of_its_calendar_year():
    # 42 % of 365 days is 153.3: the 154th day, 3 June. Half of 366 is 183: a leap year's 184th day, 2 July.
    assert decimal_year_to_date(2031.42) == datetime.date(2031, 6, 3)
    assert decimal_year_to_date(2024.5) == datetime.date(2024, 7, 2)
    assert decimal_year_to_date(2031.0) == datetime.date(2031, 1, 1)
    assert decimal_year_to_date(math.nextafter(2032, 0)) == datetime.date(2031, 12, 31)


def test_decimal_year_without_a_date_is_none():
    assert decimal_year_to_date(math.nan) is None
    assert decimal_year_to_date(10_000.0) is None
    assert decimal_year_to_date(0.5) is None
    assert decimal_year_to_date(math.inf) is None


@given(st.dates())
def test_every_day_survives_the_decimal_year(day):
    first = datetime.date(day.year, 1, 1)
    days = 366 if datetime.date(day.year, 12, 31).timetuple().tm_yday == 366 else 365
    assert decimal_year_to_date(day.year + (day - first).days / days) == day


# What holds for every series


@given(st.lists(tonnes, min_size=6, max_size=6))
def test_median_line_is_no_worse_than_any_other_line(row):
    report = carbon_law(emissions_of(LAW_YEARS, [row]), current_year=2024)

    def deviation(slope):
        # The best level for a slope is the median of what is left.
        left = np.array(row) - slope * np.array(LAW_YEARS)
        return np.abs(left - np.median(left)).sum()

    best = deviation(report.trend_slope[0])
    for other in (0, *np.polyfit(np.array(LAW_YEARS) - 2020.0, row, 1)[:1], report.trend_slope[0] * 1.01):
        assert best <= deviation(other) * (1 + 1e-9) + 1e-6


@given(st.lists(st.lists(tonnes, min_size=8, max_size=8), min_size=1, max_size=5))
def test_budgets_add_up_and_required_paths_keep_them(rows):
    report = budget_2024(emissions_of(EIGHT_YEARS, rows), current_year=2024)
    assert report.budget_tonnes.sum() == pytest.approx(80e6 * 230 / 285, rel=1e-9)
    # The integral of E·exp(-E·t/B) over all time is E / (E/B) = B: no path uses more than its budget.
    rate = report.start_tonnes / report.budget_tonnes
    used = report.budget_tonnes * (1 - np.exp(-rate * 26))
    assert (used <= report.budget_tonnes * (1 + 1e-12)).all()
    assert (report.trend >= 0).all()


@given(st.lists(st.lists(tonnes, min_size=6, max_size=6), min_size=2, max_size=4), st.floats(0.001, 1000))
def test_areas_do_not_influence_each_other_and_units_do_not_matter(rows, factor):
    together = carbon_law(emissions_of(LAW_YEARS, rows), current_year=2026)
    alone = carbon_law(emissions_of(LAW_YEARS, rows[:1]), current_year=2026)
    assert together.trend_slope[0] == alone.trend_slope[0]
    assert together.trend_total[0] == alone.trend_total[0]
    scaled = carbon_law(emissions_of(LAW_YEARS, [[factor * e for e in rows[0]]]), current_year=2026)
    assert scaled.historical_change_percent == pytest.approx(alone.historical_change_percent, rel=1e-6, abs=1e-6)


cells = st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(0.0))


@given(st.lists(st.lists(cells, min_size=8, max_size=8), min_size=1, max_size=4))
def test_no_series_makes_a_warning_or_an_infinite_result(rows):
    if all(value is None for row in rows for value in row):
        return
    emissions = emissions_of(EIGHT_YEARS, rows)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reports = [budget_2024(emissions, current_year=2024), carbon_law(emissions, current_year=2024)]
    for report in reports:
        for name in ("trend_slope", "historical_change_percent", "trend", "required"):
            assert not np.isinf(getattr(report, name)).any()
        assert len(report.notes) == len(rows)
        for computed, notes in zip(report.computed, report.notes, strict=True):
            codes = {note.code for note in notes}
            assert computed != bool(codes & {NoteCode.TOO_FEW_POINTS, NoteCode.ENDED})
