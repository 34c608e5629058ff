"""Linear programs, solved by a simplex method: prices of interior points gave wrong fair lotteries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, vstack

from .model import FloatArray


@dataclass(frozen=True, slots=True)
class Optimum:
    """A solution `x` (n,), what it costs, and prices: how much the cost would change if a right-hand side grew by one.

    `most_prices`, `least_prices`, `equal_prices` are those of the rows given as at most, at least and equal.
    """

    cost: float
    x: FloatArray
    most_prices: FloatArray
    least_prices: FloatArray
    equal_prices: FloatArray


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a linear program and their right-hand sides."""

    matrix: csr_array
    sides: FloatArray


class Program:
    """The rows of a linear program, for solving with several costs and bounds."""

    def __init__(self, *, most: Rows | None = None, least: Rows | None = None, equal: Rows) -> None:
        columns = equal.matrix.shape[1]
        none = Rows(csr_array((0, columns)), np.zeros(0))
        most, least = most or none, least or none
        self._split = len(most.sides)
        self._unequal = Rows(
            vstack([most.matrix, -least.matrix], format="csc"), np.concatenate([most.sides, -least.sides])
        )
        self._equal = Rows(csc_array(equal.matrix), equal.sides)

    def cheapest(
        self, cost: FloatArray, *, lower: FloatArray, upper: FloatArray, presolve: bool = True
    ) -> Optimum | None:
        """The least cost @ x with lower <= x <= upper and all rows kept, or None when nothing keeps them."""
        result = linprog(
            cost,
            A_ub=self._unequal.matrix,
            b_ub=self._unequal.sides,
            A_eq=self._equal.matrix,
            b_eq=self._equal.sides,
            bounds=np.column_stack([lower, upper]),
            method="highs-ds",
            options={"presolve": presolve},
        )
        if result.status == 2:
            return None
        if result.status != 0 and presolve:
            return self.cheapest(cost, lower=lower, upper=upper, presolve=False)
        if result.status != 0:
            raise ArithmeticError(f"The linear program could not be solved: {result.message}")
        prices = result.ineqlin.marginals
        split = self._split
        return Optimum(float(result.fun), result.x, prices[:split], -prices[split:], result.eqlin.marginals)
