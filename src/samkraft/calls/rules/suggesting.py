"""Limits around a reference, and what limits move. Plain numbers, no database."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

Bounds = tuple[int, int | None]


def around(
    values: Sequence[str], counts: Mapping[str, int], seats: int, *, equal: bool, slack: int
) -> dict[str, Bounds]:
    """Limits for one feature, by value: its share of the places, less and more by `slack`.

    With `equal`, each value that somebody has gets the same share; else the share that it has in the pool. A value
    that nobody has gets no limit. No minimum is above the number of people with the value, so that each can be kept,
    and the limits of one feature never exclude each other: minimums sum to the places at most, maximums at least.

    >>> around(["a", "b"], {"a": 30, "b": 10}, 20, equal=False, slack=2)
    {'a': (13, 17), 'b': (3, 7)}
    >>> around(["a", "b", "c"], {"a": 30, "b": 3}, 20, equal=True, slack=0)
    {'a': (10, 17), 'b': (3, 10), 'c': (0, None)}
    """
    people = sum(counts.values())
    present = [value for value in values if counts.get(value)]
    found: dict[str, Bounds] = dict.fromkeys(values, (0, None))
    if not people or len(present) < 2:
        return found
    for value in present:
        share = Fraction(1, len(present)) if equal else Fraction(counts[value], people)
        wanted = seats * share
        least = min(max(0, math.floor(wanted) - slack), counts[value])
        found[value] = (least, min(seats, math.ceil(wanted) + slack))
    _make_room(found, present, counts, seats)
    return found


def _make_room(found: dict[str, Bounds], present: Sequence[str], counts: Mapping[str, int], seats: int) -> None:
    """Raise maximums until those with these values can fill the places."""

    def most(value: str) -> int:
        return min(found[value][1] or 0, counts[value])

    short = seats - sum(most(value) for value in present)
    for value in sorted(present, key=lambda value: counts[value] - most(value), reverse=True):
        if short <= 0:
            break
        more = min(short, counts[value] - most(value))
        if more > 0:
            found[value] = (found[value][0], most(value) + more)
            short -= more
