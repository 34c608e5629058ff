"""Linear programs, solved by a simplex method: prices of interior points gave wrong fair lotteries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

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


def cheapest(
    cost: FloatArray,
    *,
    lower: FloatArray,
    upper: FloatArray,
    most: Rows,
    least: Rows,
    equal: Rows,
    presolve: bool = True,
) -> Optimum | None:
    """The least cost @ x with lower <= x <= upper and all rows kept, or None when nothing keeps them."""
    split = len(most.sides)
    result = linprog(
        cost,
        A_ub=vstack([most.matrix, -least.matrix], format="csr"),
        b_ub=np.concatenate([most.sides, -least.sides]),
        A_eq=equal.matrix,
        b_eq=equal.sides,
        bounds=np.column_stack([lower, upper]),
        method="highs-ds",
        options={"presolve": presolve},
    )
    if result.status == 2:
        return None
    if result.status != 0 and presolve:
        return cheapest(cost, lower=lower, upper=upper, most=most, least=least, equal=equal, presolve=False)
    if result.status != 0:
        raise ArithmeticError(f"The linear program could not be solved: {result.message}")
    prices = result.ineqlin.marginals
    return Optimum(float(result.fun), result.x, prices[:split], -prices[split:], result.eqlin.marginals)
