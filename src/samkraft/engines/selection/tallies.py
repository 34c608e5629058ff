"""What a panel of known people has in sum, told from their keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from .model import Floor, Rules

Key = tuple[str, ...]  # what a person has in the columns of the rules, in their order
Tally = Counter[tuple[str, str]]  # how many people have a value of a column


def tally_of(rules: Rules, people: Mapping[Key, int]) -> Tally:
    """How many people, given as how many of each key, have each value of each column."""
    tally: Tally = Counter()
    for key, count in people.items():
        for name, value in zip(rules.columns, key, strict=True):
            tally[name, value] += count
    return tally


def points_of(rules: Rules, floor: Floor, people: Mapping[Key, int]) -> Fraction:
    """The sum of their points."""
    place = rules.columns.index(floor.feature)
    return sum((floor.points[key[place]] * count for key, count in people.items()), Fraction())
