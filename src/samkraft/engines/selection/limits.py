"""The rules as linear rows over types, which everything that optimises works on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .model import IntArray, Rules, TypeTable


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of the limits stands for: a quota, a cap for one value, or the floor (without a value)."""

    feature: str
    value: str
    kind: str  # "quota", "cap", "floor"


@dataclass(frozen=True, slots=True)
class Limits:
    """A panel (T,) of whole people keeps the rules when it sums to the seats and lower <= matrix @ panel <= upper.

    `matrix` (m, T) and both limits (m,) are whole numbers. The floor's row is its points above the mean, times
    `floor_scale`, which makes them whole. No panel takes more than `most` (T,) people of a type.
    """

    rows: tuple[Row, ...]
    matrix: IntArray
    lower: IntArray
    upper: IntArray
    seats: int
    counts: IntArray
    most: IntArray
    floor_scale: int = 1

    def keeps(self, panel: IntArray) -> bool:
        """Whether a panel keeps all limits."""
        sums = self.matrix @ panel
        return bool(
            panel.sum() == self.seats
            and (panel >= 0).all()
            and (panel <= self.counts).all()
            and (sums >= self.lower).all()
            and (sums <= self.upper).all()
        )


def limits_of(table: TypeTable, rules: Rules) -> Limits:
    """The rows of all quotas, of all values that a cap can bind, and of the floor."""
    places = {name: place for place, name in enumerate(table.columns)}
    rows: list[Row] = []
    members: list[IntArray] = []
    lower: list[int] = []
    upper: list[int] = []

    def add(row: Row, coefficients: IntArray | NDArray[np.bool_], least: int, most: int) -> None:
        rows.append(row)
        members.append(coefficients.astype(np.int64))
        lower.append(least)
        upper.append(most)

    for quota in rules.quotas:
        has = _has(table, places[quota.feature], quota.value)
        add(Row(quota.feature, quota.value, "quota"), has, quota.minimum, quota.maximum)
    for cap in rules.caps:
        place = places[cap.feature]
        for value in sorted({key[place] for key in table.keys}):
            has = _has(table, place, value)
            if value and table.counts[has].sum() > cap.at_most:
                add(Row(cap.feature, value, "cap"), has, 0, cap.at_most)
    scale = 1
    if rules.floor:
        scale, points = _points_above(table, rules)
        add(Row(rules.floor.feature, "", "floor"), points, 0, int(np.abs(points).max(initial=0)) * rules.seats)
    matrix = np.array(members, dtype=np.int64).reshape(len(rows), len(table.keys))
    most = np.minimum(table.counts, max(rules.seats, 0))
    limits = np.array(lower, dtype=np.int64), np.array(upper, dtype=np.int64)
    return Limits(tuple(rows), matrix, *limits, rules.seats, table.counts, most, scale)


def _has(table: TypeTable, place: int, value: str) -> NDArray[np.bool_]:
    return np.fromiter((key[place] == value for key in table.keys), dtype=np.bool_, count=len(table.keys))


def _points_above(table: TypeTable, rules: Rules) -> tuple[int, IntArray]:
    """Each type's points less the mean wanted, as whole numbers, and what they were multiplied by."""
    assert rules.floor
    place = table.columns.index(rules.floor.feature)
    mean = Fraction(rules.floor.mean)
    above = [Fraction(rules.floor.points[key[place]]) - mean for key in table.keys]
    scale = math.lcm(*(difference.denominator for difference in above))
    return scale, np.array([int(difference * scale) for difference in above], dtype=np.int64)
