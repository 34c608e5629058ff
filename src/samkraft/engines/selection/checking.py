"""What is wrong with rules before anything is computed, told from the rules and the pool's counts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from .model import Column, Pool, Problem, ProblemCode, Rules


def problems(pool: Pool, rules: Rules) -> tuple[Problem, ...]:
    """Everything that is wrong, each with its place. Even without problems there may be no panel: see `feasibility`."""
    kinds = (_of_seats, _of_columns, _of_quotas, _of_features, _of_caps, _of_floor)
    return tuple(problem for of_kind in kinds for problem in of_kind(pool, rules))


def counts_of(column: Column) -> dict[str, int]:
    """How many people have each value that somebody has, in the order of the values."""
    counts = np.bincount(column.codes, minlength=len(column.values)).tolist()
    return {value: count for value, count in sorted(zip(column.values, counts, strict=True)) if count}


def _of_seats(pool: Pool, rules: Rules) -> Iterator[Problem]:
    if rules.seats < 1:
        yield Problem(ProblemCode.NO_SEATS, found=rules.seats, wanted=1)
    elif len(pool) < rules.seats:
        yield Problem(ProblemCode.TOO_FEW_PEOPLE, found=len(pool), wanted=rules.seats)


def _of_columns(pool: Pool, rules: Rules) -> Iterator[Problem]:
    for name in rules.columns:
        if name not in pool.columns:
            yield Problem(ProblemCode.UNKNOWN_COLUMN, name)


def _of_quotas(pool: Pool, rules: Rules) -> Iterator[Problem]:
    counts = {name: counts_of(pool.columns[name]) for name in rules.features if name in pool.columns}
    named = Counter((quota.feature, quota.value) for quota in rules.quotas)
    for (feature, value), times in named.items():
        if times > 1:
            yield Problem(ProblemCode.REPEATED_QUOTA, feature, value, found=times, wanted=1)
    for quota in rules.quotas:
        where = quota.feature, quota.value
        if min(quota.minimum, quota.maximum) < 0:
            yield Problem(ProblemCode.NEGATIVE, *where, found=min(quota.minimum, quota.maximum))
        if quota.minimum > quota.maximum:
            yield Problem(ProblemCode.MINIMUM_ABOVE_MAXIMUM, *where, found=quota.minimum, wanted=quota.maximum)
        if quota.feature not in counts or quota.minimum <= 0:
            continue
        people = counts[quota.feature].get(quota.value, 0)
        if not people:
            yield Problem(ProblemCode.VALUE_NOBODY_HAS, *where, found=0, wanted=quota.minimum)
        elif people < quota.minimum:
            yield Problem(ProblemCode.TOO_FEW_WITH_VALUE, *where, found=people, wanted=quota.minimum)


def _of_features(pool: Pool, rules: Rules) -> Iterator[Problem]:
    for feature in rules.features:
        quotas = {quota.value: quota for quota in rules.quotas if quota.feature == feature}
        counts = counts_of(pool.columns[feature]) if feature in pool.columns else {}
        unnamed = [value for value in counts if value not in quotas]
        for value in unnamed:
            yield Problem(ProblemCode.VALUE_WITHOUT_QUOTA, feature, value, found=counts[value])
        least = sum(quota.minimum for quota in quotas.values())
        if least > rules.seats:
            yield Problem(ProblemCode.MINIMUMS_ABOVE_SEATS, feature, found=least, wanted=rules.seats)
        most = sum(quota.maximum for quota in quotas.values())
        if most < rules.seats and not unnamed:
            yield Problem(ProblemCode.MAXIMUMS_BELOW_SEATS, feature, found=most, wanted=rules.seats)


def _of_caps(pool: Pool, rules: Rules) -> Iterator[Problem]:
    for cap in rules.caps:
        if cap.at_most < 1:
            yield Problem(ProblemCode.CAP_BELOW_ONE, cap.feature, found=cap.at_most, wanted=1)
        elif cap.feature in pool.columns:
            counts = counts_of(pool.columns[cap.feature])
            let_in = sum(min(count, cap.at_most) if value else count for value, count in counts.items())
            if let_in < min(rules.seats, len(pool)):
                yield Problem(ProblemCode.CAP_TOO_TIGHT, cap.feature, found=let_in, wanted=rules.seats)


def _of_floor(pool: Pool, rules: Rules) -> Iterator[Problem]:
    floor = rules.floor
    if floor is None or floor.feature not in pool.columns:
        return
    counts = counts_of(pool.columns[floor.feature])
    unknown = [value for value in counts if value not in floor.points]
    for value in unknown:
        yield Problem(ProblemCode.VALUE_WITHOUT_POINTS, floor.feature, value, found=counts[value])
    if unknown or not 1 <= rules.seats <= len(pool):
        return
    left, points = rules.seats, Fraction(0)
    for value in sorted(counts, key=lambda value: floor.points[value], reverse=True):
        taken = min(left, counts[value])
        left, points = left - taken, points + taken * floor.points[value]
    if points < floor.mean * rules.seats:
        yield Problem(ProblemCode.FLOOR_TOO_HIGH, floor.feature, str(points / rules.seats))
