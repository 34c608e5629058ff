"""People with the same features are one type."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .model import Column, IntArray, Pool, Rules, TypeTable

_MOST_CODES = 2**62
_FEW_CODES = 2**22


def type_table(pool: Pool, rules: Rules) -> TypeTable:
    """The types of a pool, in the order of their keys; the order of people and of values in the pool plays no part.

    A column that only a cap speaks of keeps the values that more people have than the cap allows; the others cannot
    be bound and become ''. An empty text is no value: no cap binds those who have it. Raises ValueError when the pool
    lacks a column. Needs some 30 bytes a person.
    """
    missing = [name for name in rules.columns if name not in pool.columns]
    if missing:
        raise ValueError(f"The pool lacks the columns {missing}.")
    told_apart = {*rules.features, *((rules.floor.feature,) if rules.floor else ())}
    at_most = {cap.feature: cap.at_most for cap in rules.caps if cap.feature not in told_apart}
    combined = np.zeros(len(pool), dtype=np.int64)
    total = 1
    texts: list[list[str]] = []
    codes_of: list[NDArray[np.int32]] = []
    for name in rules.columns:
        values, codes = _in_order(pool.columns[name], at_most.get(name))
        if total * len(values) > _MOST_CODES:
            # Too many combinations for one number: those that exist are numbered anew, in the same order.
            existing, combined = np.unique(combined, return_inverse=True)
            total = len(existing)
        combined *= len(values)
        combined += codes
        total *= len(values)
        texts.append(values)
        codes_of.append(codes)
    first, type_of, counts = _numbered(combined, total)
    parts = [[values[code] for code in codes[first]] for values, codes in zip(texts, codes_of, strict=True)]
    keys = tuple(zip(*parts, strict=True)) if parts else ((),) * len(counts)
    return TypeTable(rules.columns, keys, counts, type_of)


def _in_order(column: Column, at_most: int | None) -> tuple[list[str], NDArray[np.int32]]:
    """The values that are told apart, sorted, and each person's place among them."""
    counts = np.bincount(column.codes, minlength=len(column.values))
    kept = [
        value if at_most is None or count > at_most else ""
        for value, count in zip(column.values, counts.tolist(), strict=True)
    ]
    values = sorted(set(kept))
    places = {value: place for place, value in enumerate(values)}
    place_of = np.array([places[value] for value in kept], dtype=np.int32)
    return values, place_of[column.codes] if kept else column.codes


def _numbered(combined: IntArray, total: int) -> tuple[IntArray, NDArray[np.int32], IntArray]:
    """A person of each type, each person's type, and how many people a type has."""
    if total <= _FEW_CODES:
        sizes = np.bincount(combined, minlength=max(total, 1))
        existing = np.flatnonzero(sizes)
        number = np.zeros(len(sizes), dtype=np.int32)
        number[existing] = np.arange(len(existing), dtype=np.int32)
        type_of = number[combined]
        first = np.zeros(len(existing), dtype=np.int64)
        first[type_of] = np.arange(len(combined))
        return first, type_of, sizes[existing].astype(np.int64)
    _, first, inverse, counts = np.unique(combined, return_index=True, return_inverse=True, return_counts=True)
    return first, inverse.astype(np.int32), counts.astype(np.int64)
