"""Emission series of many areas at once, the notes on them, and points in time."""

from __future__ import annotations

import calendar
import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Days: a decimal year is exact to about 1e-10 of a day, so a whole day may come out just below itself.
_DAY_ROUNDING = 1e-9

# Tonnes; the whole world emits less than 1e11 a year. Sums and squares below stay far from overflow.
_MOST_TONNES = 1e15

# Tonnes, a milligram: a relative change from less than this has no meaning.
LEAST_TONNES = 1e-9


class NoteCode(StrEnum):
    """What a method did with an area that was not a plain, complete series."""

    MISSING_VALUES = "missing-values"  # years: cells without a figure, left out and not read as zero
    NEGATIVE_VALUES = "negative-values"  # years: figures below zero, kept
    DEDUCTION = "deduction"  # years and tonnes: process emissions subtracted before anything else
    TOO_FEW_POINTS = "too-few-points"  # years: those with a figure; nothing is computed
    ENDED = "ended"  # years: the last with a figure, long before the release's last; nothing is computed
    ANCHORED_EARLIER = "anchored-earlier"  # years: the area's own last year with a figure
    STARTS_LATE = "starts-late"  # years: the first with a figure, from which the change is counted
    BUDGET_FROM_AVAILABLE_YEARS = "budget-from-available-years"  # years: those whose mean gives the share
    NO_POSITIVE_BUDGET = "no-positive-budget"  # the share of the budget is zero or negative
    MEMBER_WITHOUT_BUDGET = "member-without-budget"  # a group in which some member has no budget
    CHANGE_SKIPS_YEARS = "change-skips-years"  # years: those whose change from the year before is unknown
    CHANGE_UNDEFINED = "change-undefined"  # a relative change from zero or below has no meaning
    TREND_TIE = "trend-tie"  # several lines fit equally well; the middle slope is taken
    AT_OR_BELOW_ZERO = "at-or-below-zero"  # the approximated emission at the start is zero


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was done with one area; `years` and `tonnes` mean what the code says."""

    code: NoteCode
    years: tuple[int, ...] = ()
    tonnes: float | None = None


Notes = tuple[tuple[Note, ...], ...]


@dataclass(frozen=True, slots=True)
class Emissions:
    """Emissions of n areas in m years.

    `years` (m,) ascends without repeats, gaps allowed; `tonnes` (n, m) is NaN where a figure is missing.
    Raises ValueError when the shapes do not fit, years are not ascending, or a figure is beyond all measure.
    """

    years: IntArray
    tonnes: FloatArray

    def __post_init__(self) -> None:
        if self.years.ndim != 1 or self.tonnes.ndim != 2 or self.tonnes.shape[1] != self.years.size:
            raise ValueError("Emissions need one column of tonnes for each year.")
        if self.years.size and not bool(np.all(np.diff(self.years) > 0)):
            raise ValueError("The years must be in ascending order, each of them once.")
        if bool((np.abs(self.tonnes) > _MOST_TONNES).any()):
            raise ValueError("An emission must be a finite number of tonnes, or NaN where it is missing.")

    def last_year(self) -> int:
        """The last year in which any area has a figure; ValueError when there is none."""
        known = np.flatnonzero(~np.isnan(self.tonnes).all(axis=0))
        if not known.size:
            raise ValueError("There are no figures at all.")
        return int(self.years[known[-1]])

    def chosen(self, keep: BoolArray) -> Emissions:
        """The years where `keep` (m,) is true."""
        return Emissions(self.years[keep], self.tonnes[:, keep])


def emissions_of(years: Sequence[int], rows: Iterable[Sequence[float | None]]) -> Emissions:
    """Emissions from plain rows, one for each area in order, with None where a figure is missing."""
    table = [[math.nan if value is None else float(value) for value in row] for row in rows]
    tonnes = np.array(table, dtype=np.float64).reshape(len(table), len(years))
    return Emissions(np.array(years, dtype=np.int64), tonnes)


def group_totals(emissions: Emissions, groups: IntArray, count: int) -> Emissions:
    """Sums over the areas of each group: tonnes of shape (count, m).

    `groups` (n,) holds each area's group number from 0. A year in which any member's figure is missing is
    missing for the group, and so is every year of a group without members.
    """
    if groups.shape != (emissions.tonnes.shape[0],):
        raise ValueError("Each area needs one group number.")
    totals = np.zeros((count, emissions.years.size))
    np.add.at(totals, groups, emissions.tonnes)
    totals[np.bincount(groups, minlength=count) == 0] = np.nan
    return Emissions(emissions.years, totals)


def decimal_year_to_date(point: float) -> datetime.date | None:
    """The day on which a decimal year falls: 2031.42 is 42 % into the calendar year 2031.

    None for NaN (never) and for points outside the years 1 to 9999, which a calendar date cannot hold.
    """
    if math.isnan(point) or not datetime.MINYEAR <= point < datetime.MAXYEAR + 1:
        return None
    year = math.floor(point)
    days = 366 if calendar.isleap(year) else 365
    day = min(math.floor((point - year) * days + _DAY_ROUNDING), days - 1)
    return datetime.date(year, 1, 1) + datetime.timedelta(days=day)


def ratio(above: FloatArray, below: FloatArray, where: BoolArray) -> FloatArray:
    """above / below, NaN where `where` is false or the ratio is too large for a number."""
    with np.errstate(over="ignore"):
        result = np.where(where, above, np.nan) / np.where(where, below, 1.0)
    return np.where(np.isfinite(result), result, np.nan)


def last_known(emissions: Emissions) -> tuple[IntArray, FloatArray]:
    """Each area's last year with a figure and that figure, both (n,); year 0 and NaN where there is none."""
    return _end_known(emissions, last=True)


def first_known(emissions: Emissions) -> tuple[IntArray, FloatArray]:
    """Each area's first year with a figure and that figure, as `last_known`."""
    return _end_known(emissions, last=False)


def _end_known(emissions: Emissions, *, last: bool) -> tuple[IntArray, FloatArray]:
    count = emissions.tonnes.shape[0]
    if not emissions.years.size:
        return np.zeros(count, dtype=np.int64), np.full(count, np.nan)
    known = ~np.isnan(emissions.tonnes)
    step = -1 if last else 1
    place = known[:, ::step].argmax(axis=1)
    place = emissions.years.size - 1 - place if last else place
    any_known = known.any(axis=1)
    year = np.where(any_known, emissions.years[place], 0)
    return year, np.where(any_known, emissions.tonnes[np.arange(count), place], np.nan)


class NoteBook:
    """Gathers notes while a method runs; only areas that need one cost anything."""

    def __init__(self, count: int) -> None:
        self._notes: list[list[Note]] = [[] for _ in range(count)]

    def add(self, code: NoteCode, where: BoolArray) -> None:
        """The same note for each area where `where` (n,) is true."""
        for area in np.flatnonzero(where):
            self._notes[area].append(Note(code))

    def add_year(self, code: NoteCode, where: BoolArray, year: IntArray) -> None:
        """A note with one year each, taken from `year` (n,)."""
        for area in np.flatnonzero(where):
            self._notes[area].append(Note(code, (int(year[area]),)))

    def add_years(self, code: NoteCode, cells: BoolArray, years: IntArray) -> None:
        """A note with the years where `cells` (n, m) is true, for each area that has any."""
        for area in np.flatnonzero(cells.any(axis=1)):
            self._notes[area].append(Note(code, tuple(years[cells[area]].tolist())))

    def add_deductions(self, deductions: FloatArray, years: IntArray) -> None:
        """A note for each area from which something is subtracted."""
        for area in np.flatnonzero((deductions != 0).any(axis=1)):
            cells = deductions[area] != 0
            total = float(deductions[area].sum())
            self._notes[area].append(Note(NoteCode.DEDUCTION, tuple(years[cells].tolist()), total))

    def closed(self) -> Notes:
        """All notes, a tuple for each area."""
        return tuple(tuple(notes) for notes in self._notes)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the figures used reach, for n areas, given the last year in which any area has one."""

    used: Emissions
    last: int
    last_year: IntArray  # (n,) the area's own, 0 where it has none
    last_tonnes: FloatArray  # (n,)
    ended: BoolArray  # (n,) its own last year is too long ago
    computed: BoolArray  # (n,) it has not ended, and has enough figures for a line

    @classmethod
    def of(cls, used: Emissions, last: int, *, least_points: int, longest_end_gap: int) -> Coverage:
        """Which areas can be computed from the figures used."""
        year, tonnes = last_known(used)
        ended = (year > 0) & (last - year > longest_end_gap)
        enough = (~np.isnan(used.tonnes)).sum(axis=1) >= least_points
        return cls(used, last, year, tonnes, ended, enough & ~ended)

    def write(self, book: NoteBook) -> None:
        """The notes that both methods share."""
        known, years = ~np.isnan(self.used.tonnes), self.used.years
        computed = self.computed[:, None]
        few = ~self.computed & ~self.ended
        book.add_year(NoteCode.ENDED, self.ended, self.last_year)
        book.add_years(NoteCode.TOO_FEW_POINTS, known & few[:, None], years)
        book.add(NoteCode.TOO_FEW_POINTS, few & ~known.any(axis=1))
        book.add_years(NoteCode.MISSING_VALUES, ~known & computed, years)
        book.add_year(NoteCode.ANCHORED_EARLIER, self.computed & (self.last_year < self.last), self.last_year)
        book.add_years(NoteCode.NEGATIVE_VALUES, (self.used.tonnes < 0) & computed, years)


def check_current_year(current_year: int, last: int, end_year: int) -> None:
    """ValueError unless the current year lies between the last figures and the end of the paths."""
    if not last <= current_year <= end_year:
        raise ValueError(f"The current year must lie between {last}, the last year with figures, and {end_year}.")
