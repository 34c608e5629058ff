"""The relaxation over types: what would be fair if panels could hold parts of people. It bounds every lottery."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from .limits import Limits
from .model import FloatArray, IntArray
from .simplex import Optimum, Program, Rows

_PRICED = 1e-6
_SLACK = 1e-12


@dataclass(frozen=True, slots=True)
class Cut:
    """`weights` (T,) @ panel <= `most` for every panel of whole people, proven, where the relaxation allows more."""

    weights: IntArray
    most: int


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The most even expected numbers `expected` (T,) of people of each type, and the `chances` (T,) that follow.

    `least` is the least of the chances; `prices` (m,) tell how much it would grow if a limit were moved by one, of
    the lower and of the upper limits.
    """

    expected: FloatArray
    chances: FloatArray
    least: float
    lower_prices: FloatArray
    upper_prices: FloatArray


def relaxed_leximin(limits: Limits, cuts: tuple[Cut, ...] = ()) -> Relaxed | None:
    """The leximin point of the relaxation, less what the cuts take away; None when no point keeps the limits.

    The least chance is made as large as it can be; the types whose row has a price cannot rise above it and stay
    there; then the least of the others, and so on. Each step is one linear program with T + 1 unknowns.
    """
    counts = limits.counts.astype(np.float64)
    model = _Model(limits, cuts)
    lower, free = np.zeros(len(counts)), np.ones(len(counts), dtype=np.bool_)
    first: Optimum | None = None
    while True:
        optimum = model.solve(lower, free)
        if optimum is None:
            return None
        first = first or optimum
        level = -optimum.cost
        stuck = np.zeros_like(free)
        stuck[free] = optimum.least_prices[len(limits.rows) :] * counts[free] > _PRICED
        if level >= 1 - _SLACK or not stuck.any():
            stuck = free.copy()
        lower[stuck] = np.maximum(level * counts[stuck] - _SLACK, 0)
        free &= ~stuck
        if not free.any():
            break
    expected = np.clip(optimum.x[:-1], 0, counts)
    lower_prices = first.least_prices[: len(limits.rows)]
    upper_prices = -first.most_prices[: len(limits.rows)]
    least = max(-first.cost, 0.0) + 0.0  # never minus nought
    return Relaxed(expected, expected / counts, least, lower_prices, upper_prices)


class _Model:
    """The linear program: expected numbers (T,) and the least chance, which is to be as large as possible."""

    def __init__(self, limits: Limits, cuts: tuple[Cut, ...]) -> None:
        self.types = len(limits.counts)
        self.counts = limits.counts.astype(np.float64)
        rows = csr_array(limits.matrix.astype(np.float64))
        none = csr_array((len(limits.rows), 1))
        self.least = hstack([rows, none], format="csr")
        self.least_sides = limits.lower.astype(np.float64)
        scales = [float(max(np.abs(cut.weights).max(), 1)) for cut in cuts]
        cut_rows = [np.append(cut.weights / scale, 0.0)[None] for cut, scale in zip(cuts, scales, strict=True)]
        most = vstack([self.least, *(csr_array(row) for row in cut_rows)], format="csr")
        sides = [cut.most / scale for cut, scale in zip(cuts, scales, strict=True)]
        self.most = Rows(most, np.concatenate([limits.upper.astype(np.float64), sides]))
        self.equal = Rows(csr_array(np.append(np.ones(self.types), 0.0)[None]), np.array([float(limits.seats)]))
        self.chance_rows = hstack([csr_array(np.eye(self.types)), csr_array(-self.counts[:, None])], format="csr")
        self.cost = np.append(np.zeros(self.types), -1.0)

    def solve(self, lower: FloatArray, free: NDArray[np.bool_]) -> Optimum | None:
        """At least `lower` (T,) of each type; those that are free share the least chance."""
        least = Rows(
            vstack([self.least, self.chance_rows[np.flatnonzero(free)]], format="csr"),
            np.concatenate([self.least_sides, np.zeros(int(free.sum()))]),
        )
        program = Program(most=self.most, least=least, equal=self.equal)
        return program.cheapest(self.cost, lower=np.append(lower, 0.0), upper=np.append(self.counts, 1.0))
