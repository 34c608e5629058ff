"""How well reviewers agree. Plain numbers, no database.

Points are given unit by unit: one sequence for each application, with the points of each of its reviewers. Units
with fewer than two reviewers tell nothing and are left out.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

Points = int | float | Decimal | Fraction
# Krippendorff's bounds (Content Analysis, 2004, p. 241): reliable from 0.8, tentative conclusions from 0.667.
GOOD, FAIR = 0.8, 0.667
# With fewer applications than this that two have read, a figure says nothing.
FEWEST_UNITS = 5


class Agreement(StrEnum):
    """From the best to the worst."""

    TOO_FEW = "too_few"
    SAME = "same"
    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"
    NONE = "none"


def compared(units: Iterable[Sequence[Points]]) -> list[list[Fraction]]:
    """The units that at least two reviewers have judged, in exact numbers, so that no rounding looks like discord."""
    return [[Fraction(points) for points in unit] for unit in units if len(unit) > 1]


def mean_difference(units: Iterable[Sequence[Points]]) -> float | None:
    """By how many points two reviewers of one application differ, on average over all such pairs."""
    differences = [abs(one - other) for unit in compared(units) for one, other in combinations(unit, 2)]
    return float(sum(differences) / len(differences)) if differences else None


def alpha(units: Iterable[Sequence[Points]]) -> float | None:
    """Krippendorff's alpha for interval data: 1 is full agreement, 0 what chance would give, below it less.

    1 - observed / expected disagreement, where disagreement is the mean squared difference between points of one
    unit, and between all points whatever their unit (Krippendorff 2011, "Computing Krippendorff's
    Alpha-Reliability", University of Pennsylvania). Any number of reviewers, missing points allowed. None where
    nothing can be compared, or where all points are the same and there is nothing to agree about.
    """
    known = compared(units)
    values = [points for unit in known for points in unit]
    n = len(values)
    expected = 2 * _squares(values)
    if n < 2 or expected == 0:
        return None
    observed = sum((2 * _squares(unit) / (len(unit) - 1) for unit in known), Fraction(0))
    return float(1 - (n - 1) * observed / expected)


def _squares(values: Sequence[Fraction]) -> Fraction:
    """The sum over all pairs of the squared difference."""
    total = sum(values, Fraction(0))
    return len(values) * sum((value * value for value in values), Fraction(0)) - total * total


def standing(units: Iterable[Sequence[Points]]) -> Agreement:
    """Which of the words fits."""
    known = compared(units)
    if len(known) < FEWEST_UNITS:
        return Agreement.TOO_FEW
    figure = alpha(known)
    if figure is None:
        return Agreement.SAME
    if figure >= GOOD:
        return Agreement.GOOD
    if figure >= FAIR:
        return Agreement.FAIR
    return Agreement.WEAK if figure > 0 else Agreement.NONE


def weakest(standings: Iterable[Agreement]) -> Agreement:
    return max(standings, key=list(Agreement).index)


def spread(unit: Sequence[Points]) -> float:
    """The difference between the most and the least points that one application was given."""
    return float(Fraction(max(unit)) - Fraction(min(unit))) if unit else 0.0
