"""Classes of size and tiers of merit, told from bounds. Plain numbers, no database."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

UNKNOWN = "unknown"


def class_of(number: int | Decimal | None, bounds: Sequence[int | Decimal]) -> str:
    """The class in which a number lies, from "1"; a bound itself belongs to the class that it ends.

    >>> class_of(15_000, [15_000, 50_000]), class_of(15_001, [15_000, 50_000]), class_of(None, [])
    ('1', '2', 'unknown')
    """
    if number is None:
        return UNKNOWN
    return str(1 + sum(number > bound for bound in bounds))


def classes(bounds: Sequence[int | Decimal]) -> list[tuple[str, int | Decimal | None, int | Decimal | None]]:
    """Each class with what it is above and up to; None at the ends.

    >>> classes([15_000, 50_000])
    [('1', None, 15000), ('2', 15000, 50000), ('3', 50000, None)]
    """
    ends = [None, *bounds, None]
    return [(str(place + 1), ends[place], ends[place + 1]) for place in range(len(bounds) + 1)]


def tier_midpoints(bounds: Sequence[Decimal], lowest: Decimal, highest: Decimal) -> dict[str, Fraction]:
    """The points that stand for each tier when a mean is taken: the middle of it."""
    edges = [Fraction(lowest), *(Fraction(bound) for bound in bounds), Fraction(highest)]
    return {str(place + 1): (edges[place] + edges[place + 1]) / 2 for place in range(len(edges) - 1)}
