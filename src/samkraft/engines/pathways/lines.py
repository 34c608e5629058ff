"""Straight lines through many series at once, each with cells missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .series import BoolArray, Emissions, FloatArray, IntArray

# Sums of deviations that differ by less than this share of all emissions are one optimum: well above
# rounding (1e-15), well below what a figure published with two decimals can tell apart.
_TIE = 1e-11


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines `level + slope * (t - origin)`, each field (n,), NaN where too few figures were known."""

    slope: FloatArray
    level: FloatArray
    origin: FloatArray

    def at(self, point: float) -> FloatArray:
        """The values (n,) at a decimal year."""
        return self.level + self.slope * (point - self.origin)

    def floored(self, years: IntArray) -> FloatArray:
        """The values (n, k) in `years` (k,), never below 0."""
        values = self.level[:, None] + self.slope[:, None] * (years[None, :] - self.origin[:, None])
        result: FloatArray = np.maximum(values, 0.0)
        return result


@dataclass(frozen=True, slots=True)
class Slopes:
    """Slopes (n,), NaN where too few figures were known, and whether several fit equally well (n,)."""

    slope: FloatArray
    tie: BoolArray


def least_squares(emissions: Emissions, least_points: int) -> Lines:
    """Ordinary least squares lines, NaN where fewer than `least_points` figures are known.

    A line's origin is the mean of the years used, so that no precision is lost to large year numbers.
    """
    known = ~np.isnan(emissions.tonnes)
    points = known.sum(axis=1)
    enough = points >= max(least_points, 2)
    divisor = np.where(enough, points, 1)
    years = emissions.years.astype(np.float64)
    values = np.where(known, emissions.tonnes, 0.0)
    origin = (known * years).sum(axis=1) / divisor
    level = values.sum(axis=1) / divisor
    away = np.where(known, years - origin[:, None], 0.0)
    spread = np.where(enough, (away**2).sum(axis=1), 1.0)
    slope = (away * np.where(known, values - level[:, None], 0.0)).sum(axis=1) / spread
    nothing = np.where(enough, 0.0, np.nan)
    return Lines(slope + nothing, level + nothing, origin + nothing)


def least_absolute_deviations(emissions: Emissions, least_points: int) -> Slopes:
    """Slopes of the lines with the least sum of absolute deviations (median regression), exact.

    Some optimal line passes through two of the points, so all pairs are tried: m(m-1)/2 in m years.
    Where the optimum is not unique, the optimal slopes fill an interval whose ends are such lines too; its
    middle is taken, which does not depend on the order of the points.
    Source: Birkes and Dodge, Alternative Methods of Regression (1993), chapter 4.
    """
    known = ~np.isnan(emissions.tonnes)
    count, width = known.shape
    if width < 2:
        return Slopes(np.full(count, np.nan), np.zeros(count, dtype=np.bool_))
    years = emissions.years.astype(np.float64)
    slopes, sums = [], []
    # One first point at a time: (n, later points, m) stays small even for long annual series.
    for first in range(width - 1):
        from_first = emissions.tonnes - emissions.tonnes[:, first, None]
        away = years - years[first]
        slope = from_first[:, first + 1 :] / away[first + 1 :]
        deviations = np.abs(from_first[:, None, :] - slope[:, :, None] * away)
        total = np.where(known[:, None, :], deviations, 0.0).sum(axis=2)
        slopes.append(slope)
        sums.append(np.where(np.isnan(slope), np.inf, total))
    enough = known.sum(axis=1) >= max(least_points, 2)
    tolerance = _TIE * np.where(known, np.abs(emissions.tonnes), 0.0).sum(axis=1)
    return _best(np.hstack(slopes), np.hstack(sums), enough, tolerance)


def _best(slopes: FloatArray, sums: FloatArray, enough: BoolArray, tolerance: FloatArray) -> Slopes:
    optimal = np.isfinite(sums) & (sums <= (sums.min(axis=1) + tolerance)[:, None])
    low = np.where(optimal, slopes, np.inf).min(axis=1)
    high = np.where(optimal, slopes, -np.inf).max(axis=1)
    low, high = np.where(enough, low, 0.0), np.where(enough, high, 0.0)
    tie = enough & (high - low > 1e-9 * (np.abs(low) + np.abs(high)) + tolerance)
    # Without a tie the very best line is kept, not the mean of lines that differ by rounding.
    best = np.take_along_axis(slopes, sums.argmin(axis=1)[:, None], axis=1)[:, 0]
    slope = np.where(tie, (low + high) / 2, best)
    return Slopes(np.where(enough, slope, np.nan), tie)
