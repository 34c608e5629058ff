"""Searching for panels of whole people, with CP-SAT: one worker and a fixed seed, so that results come again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model
from scipy.sparse import csr_array

from .limits import Limits
from .model import FloatArray, IntArray
from .simplex import Program, Rows

_WHOLE = 1e-6
_FINE = 2**30
_REPAIR_FREES = 60
_REPAIR_EFFORT = 0.05
_REPAIR_SCALE = 10_000
_REPAIR_GAP = 500  # good enough: a twentieth of the largest weight


def solver(effort: float | None = None) -> cp_model.CpSolver:
    """A solver that does the same each time. `effort` is a limit in CP-SAT's deterministic seconds."""
    chosen = cp_model.CpSolver()
    chosen.parameters.num_workers = 1
    chosen.parameters.random_seed = 1
    chosen.parameters.catch_sigint_signal = False  # Ctrl-C is for the program, which stops as a whole
    if effort is not None:
        chosen.parameters.max_deterministic_time = effort
    return chosen


def whole_weights(weights: FloatArray) -> IntArray:
    """Whole numbers in the proportions of the weights: exactly, when these are small fractions, else very nearly."""
    largest = float(np.abs(weights).max(initial=0.0))
    if largest == 0:
        return np.zeros(len(weights), dtype=np.int64)
    shares = weights / largest
    for multiple in range(1, 61):
        rounded = np.round(shares * multiple)
        if np.abs(shares * multiple - rounded).max() < 1e-7 * multiple:
            return rounded.astype(np.int64)
    return np.round(shares * _FINE).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Found:
    """The best panel found, if any, and a proven bound on what any panel reaches; `proven` when they meet."""

    panel: IntArray | None
    bound: int
    proven: bool


class PanelSearch:
    """All panels that keep the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.model = cp_model.CpModel()
        self.taken = [self.model.new_int_var(0, int(most), "") for most in limits.most]
        self.model.add(cp_model.LinearExpr.sum(self.taken) == limits.seats)
        for row, least, most in zip(limits.matrix, limits.lower.tolist(), limits.upper.tolist(), strict=True):
            places = np.flatnonzero(row)
            total = cp_model.LinearExpr.weighted_sum([self.taken[i] for i in places], row[places].tolist())
            # Two rows, since a minimum above its maximum has to be told as impossible, not as a wrong model.
            self.model.add(total >= least)
            self.model.add(total <= most)

    def any_panel(self) -> IntArray | None:
        """Some panel, or None when there is none. Takes the time it needs."""
        self.model.proto.clear_objective()
        ran = solver()
        if ran.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return self._panel(ran)

    def best(self, weights: IntArray, *, effort: float) -> Found:
        """A panel with weights @ panel as large as can be found within the effort."""
        self.model.maximize(cp_model.LinearExpr.weighted_sum(self.taken, weights.tolist()))
        ran = solver(effort)
        status = ran.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            # Nothing found in time: the trivial bound is still one.
            return Found(None, int(np.abs(weights).max(initial=0)) * self.limits.seats, False)
        # The solver's bound is a whole number held in a float: more digits than that are not to be trusted.
        bound = int(np.ceil(ran.best_objective_bound - 1e-6)) if status == cp_model.FEASIBLE else None
        panel = self._panel(ran)
        reached = int(weights @ panel)
        return Found(panel, reached if bound is None else max(bound, reached), status == cp_model.OPTIMAL)

    def _panel(self, ran: cp_model.CpSolver) -> IntArray:
        return np.array([ran.value(taken) for taken in self.taken], dtype=np.int64)


class Neighbourhood:
    """The panels around an expected panel (T,): rounded up or down, with the limits that it touches held fast.

    Only such panels (rounded further, perhaps) can be mixed into the expected one.
    """

    def __init__(self, limits: Limits, expected: FloatArray) -> None:
        sums = limits.matrix @ expected
        touch = 1e-6 * np.maximum(1, np.abs(limits.matrix).max(axis=1, initial=1))
        self.lower = np.where(np.abs(sums - limits.upper) < touch, limits.upper, limits.lower)
        self.upper = np.where(np.abs(sums - limits.lower) < touch, limits.lower, limits.upper)
        self.least = np.maximum(np.floor(expected + _WHOLE).astype(np.int64), 0)
        self.most = np.minimum(np.ceil(expected - _WHOLE).astype(np.int64), limits.most)
        self.limits = limits
        matrix = limits.matrix.astype(np.float64)
        matrix = csr_array(limits.matrix.astype(np.float64))
        self.program = Program(
            most=Rows(matrix, self.upper.astype(np.float64)),
            least=Rows(matrix, self.lower.astype(np.float64)),
            equal=Rows(csr_array(np.ones((1, len(expected)))), np.array([float(limits.seats)])),
        )

    def heaviest(self, weights: FloatArray) -> IntArray | None:
        """A panel here with about the largest weights @ panel, or None when none was found.

        The linear relaxation leaves few types with parts of people; they are made whole together with those types
        whose change would cost least.
        """
        least, most = self.least.astype(np.float64), self.most.astype(np.float64)
        optimum = self.program.cheapest(-weights, lower=least, upper=most, presolve=False)
        if optimum is None:
            return None
        panel = np.round(optimum.x).astype(np.int64)
        parts = np.abs(optimum.x - panel) > _WHOLE
        if not parts.any():
            return panel if self.limits.keeps(panel) else None
        prices = (optimum.most_prices + optimum.least_prices) @ self.limits.matrix + optimum.equal_prices[0]
        loss = np.abs(-weights - prices)
        loss[parts] = -1
        movable = np.flatnonzero(self.most > self.least)
        movable = movable[np.argsort(loss[movable], kind="stable")]
        frees = _REPAIR_FREES
        while True:
            repaired = self._repaired(panel, movable[:frees], weights)
            if repaired is not None or frees >= len(movable):
                return repaired
            frees *= 3

    def _repaired(self, panel: IntArray, free: IntArray, weights: FloatArray) -> IntArray | None:
        kept = panel.copy()
        kept[free] = 0
        sums = self.limits.matrix @ kept
        model = cp_model.CpModel()
        taken = [model.new_int_var(int(self.least[i]), int(self.most[i]), "") for i in free]
        model.add(cp_model.LinearExpr.sum(taken) == int(self.limits.seats - kept.sum()))
        part = self.limits.matrix[:, free]
        for place in np.flatnonzero(part.any(axis=1)):
            own = np.flatnonzero(part[place])
            total = cp_model.LinearExpr.weighted_sum([taken[i] for i in own], part[place, own].tolist())
            model.add_linear_constraint(
                total, int(self.lower[place] - sums[place]), int(self.upper[place] - sums[place])
            )
        scaled = np.round(weights[free] / max(float(np.abs(weights).max()), 1e-12) * _REPAIR_SCALE).astype(np.int64)
        model.maximize(cp_model.LinearExpr.weighted_sum(taken, scaled.tolist()))
        ran = solver(_REPAIR_EFFORT)
        ran.parameters.cp_model_presolve = False
        ran.parameters.absolute_gap_limit = _REPAIR_GAP
        if ran.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        kept[free] = [ran.value(one) for one in taken]
        return kept if self.limits.keeps(kept) else None
