"""What a selection is made of: the pool, the rules, the types of people, and what is reported of a lottery.

People with the same features are one type. A panel is a composition: how many people of each type. The cost of a
lottery depends on the number of types and not on the number of people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Called with what is being done and, where it can be told, how much of it is done (0 to 1, else NaN).
Progress = Callable[[str, float], None]
# Asked now and then by long work; true stops it with `Cancelled`.
Asked = Callable[[], bool]


class Cancelled(Exception):
    """Somebody stopped a computation. Nothing of it is kept."""


class NoPanel(ValueError):
    """No panel of whole people keeps all limits; `feasibility` says what would have to change."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Of the people chosen, at least `minimum` and at most `maximum` have this value of this feature."""

    feature: str
    value: str
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `at_most` people with the same value of the column, whichever value it is (one municipality, say)."""

    feature: str
    at_most: int


@dataclass(frozen=True, slots=True)
class Floor:
    """The mean of the points over the panel is at least `mean`. `points` gives each value's points (tier midpoints)."""

    feature: str
    points: Mapping[str, Fraction]
    mean: Fraction


@dataclass(frozen=True, slots=True)
class Rules:
    """What every panel has to keep."""

    seats: int
    quotas: tuple[Quota, ...] = ()
    caps: tuple[Cap, ...] = ()
    floor: Floor | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """The features with quotas, in the order in which they are first named."""
        return tuple(dict.fromkeys(quota.feature for quota in self.quotas))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the pool that the rules speak of."""
        floor = (self.floor.feature,) if self.floor else ()
        return tuple(dict.fromkeys([*self.features, *(cap.feature for cap in self.caps), *floor]))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of n people: `codes` (n,) are indices into `values`, each of which is there once."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pool:
    """n people (or municipalities): their ids, each of them once, and their columns by name."""

    ids: Sequence[str]
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.ids)


def column_of(values: Sequence[str]) -> Column:
    """A column from one text for each person."""
    places: dict[str, int] = {}
    codes = np.fromiter((places.setdefault(value, len(places)) for value in values), dtype=np.int32, count=len(values))
    return Column(tuple(places), codes)


def pool_of(ids: Sequence[str], columns: Mapping[str, Sequence[str]]) -> Pool:
    """A pool from plain texts. Raises ValueError when an id is there twice or a column has another length."""
    if len(set(ids)) != len(ids):
        raise ValueError("Each id may be there once only.")
    if any(len(values) != len(ids) for values in columns.values()):
        raise ValueError("Each column needs one value for each person.")
    return Pool(tuple(ids), {name: column_of(values) for name, values in columns.items()})


@dataclass(frozen=True, slots=True)
class TypeTable:
    """The T types of a pool under some rules, numbered from 0 in an order that only the pool's contents decide.

    `keys` (T, number of rules' columns) holds what the people of a type have in common, in the order of
    `Rules.columns`; a value that a cap cannot bind, since no more people have it than the cap allows, may be
    put together with others as ''. `counts` (T,) says how many people a type has, `type_of` (n,) each person's type.
    """

    columns: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    counts: IntArray
    type_of: NDArray[np.int32]


class ProblemCode(StrEnum):
    """Why rules cannot be used with a pool, told from the rules and the counts alone."""

    NO_SEATS = "no-seats"  # the number of seats is below one
    TOO_FEW_PEOPLE = "too-few-people"  # found: people, wanted: seats
    UNKNOWN_COLUMN = "unknown-column"  # feature: not a column of the pool
    REPEATED_QUOTA = "repeated-quota"  # feature and value: named twice
    NEGATIVE = "negative"  # feature and value: a limit below zero
    MINIMUM_ABOVE_MAXIMUM = "minimum-above-maximum"  # feature and value; found: minimum, wanted: maximum
    VALUE_NOBODY_HAS = "value-nobody-has"  # feature and value with a minimum above zero
    TOO_FEW_WITH_VALUE = "too-few-with-value"  # feature and value; found: people, wanted: minimum
    VALUE_WITHOUT_QUOTA = "value-without-quota"  # feature and value that somebody has and no quota names
    MINIMUMS_ABOVE_SEATS = "minimums-above-seats"  # feature; found: sum of minimums, wanted: seats
    MAXIMUMS_BELOW_SEATS = "maximums-below-seats"  # feature; found: sum of maximums, wanted: seats
    CAP_BELOW_ONE = "cap-below-one"  # feature of the cap
    CAP_TOO_TIGHT = "cap-too-tight"  # feature; found: most people that the cap lets in, wanted: seats
    VALUE_WITHOUT_POINTS = "value-without-points"  # the floor's feature and a value that somebody has
    FLOOR_TOO_HIGH = "floor-too-high"  # the floor's feature; value: the highest mean so many seats can have, "7/2"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; what the fields mean is told beside the code."""

    code: ProblemCode
    feature: str = ""
    value: str = ""
    found: int = 0
    wanted: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One limit moved: a quota's minimum or maximum, a cap (value '' and side 'cap'), or the seats (side 'seats')."""

    feature: str
    value: str
    side: str  # "minimum", "maximum", "cap", "seats"
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Change:
    """Steps that together make a panel possible, and how much they move in sum."""

    steps: tuple[Step, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Whether some panel of whole people keeps all limits; if none does, several smallest changes, smallest first."""

    possible: bool
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """What one limit costs: how much the least likely person's chance would grow if it were moved by one."""

    feature: str
    value: str
    side: str  # "minimum", "maximum", "cap", "floor"
    price: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the limits cost, told by the linear relaxation.

    `least` is the least likely person's chance at best, `without_limits` the chance if there were none (seats over
    people), `chances` (T,) each type's chance in the relaxed leximin, `prices` those of the limits that cost something.
    """

    least: float
    without_limits: float
    chances: FloatArray
    prices: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class LotteryReport:
    """What is known of a lottery. Probabilities are those of the least likely person, where nothing else is said.

    `lp_bound` is what the relaxation over types allows, `bound` the proven bound over whole people (equal to
    `lp_bound` unless integers forbid it), `gap` = `bound` - `min_probability` (of `optimal`), `rounding_loss` how much
    the least likely person's `drawn` is below `optimal`. `proven` tells whether the gap is proven to be below 1e-6.
    """

    method: str
    people: int
    seats: int
    types: int
    min_probability: float
    lp_bound: float
    bound: float
    gap: float
    proven: bool
    geometric_mean: float
    rounding_loss: float


@dataclass(frozen=True, slots=True)
class Lottery:
    """A lottery over `panels` (P, T): P equally likely compositions over the types, whose rows sum to the seats.

    `optimal` (T,) is each person's chance by type before rounding to P compositions, `drawn` (T,) after.
    """

    table: TypeTable
    panels: IntArray
    optimal: FloatArray
    drawn: FloatArray
    report: LotteryReport
