"""Mixing panels of whole people: how near a lottery over given panels comes to the numbers of people wanted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack, identity, vstack

from .model import FloatArray, IntArray
from .simplex import Program, Rows


class Panels:
    """Panels found so far, each of them once, in the order in which they were found."""

    def __init__(self, types: int) -> None:
        self.types = types
        self._panels: list[IntArray] = []
        self._places: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._panels)

    def add(self, panel: IntArray) -> bool:
        """Whether the panel was new."""
        key = panel.astype(np.int64).tobytes()
        if key in self._places:
            return False
        self._places[key] = len(self._panels)
        self._panels.append(panel.astype(np.int64))
        return True

    def place(self, panel: IntArray) -> int:
        """The number of a panel that was added."""
        return self._places[panel.astype(np.int64).tobytes()]

    def matrix(self) -> IntArray:
        """All of them (P, T)."""
        return np.array(self._panels, dtype=np.int64).reshape(len(self._panels), self.types)


@dataclass(frozen=True, slots=True)
class Mixture:
    """The `weights` (P,) of panels, how far the mix is from what is wanted, and the `directions` (T,) in which a panel
    would have to go to be of help: it is one when `directions` @ panel > `reached`."""

    weights: FloatArray
    distance: float
    directions: FloatArray
    reached: float


def nearest(panels: IntArray, wanted: FloatArray, *, shortest: FloatArray | None = None) -> Mixture | None:
    """The mix of panels (P, T) whose expected panel is nearest to the one wanted (T,), by the sum of differences.

    With `shortest` (T,) no expected number may be below that; None when no mix reaches it.
    """
    count, types = panels.shape
    own = csr_array(panels.T.astype(np.float64))
    eye = identity(types, format="csr")
    matched = hstack([own, eye, -eye], format="csr")
    ones = csr_array(np.concatenate([np.ones(count), np.zeros(2 * types)])[None])
    short = np.full(types, np.inf) if shortest is None else np.maximum(wanted - shortest, 0)
    program = Program(equal=Rows(vstack([matched, ones], format="csr"), np.append(wanted, 1.0)))
    optimum = program.cheapest(
        np.concatenate([np.zeros(count), np.ones(2 * types)]),
        lower=np.zeros(count + 2 * types),
        upper=np.concatenate([np.full(count, np.inf), short, np.full(types, np.inf)]),
    )
    if optimum is None:
        return None
    weights = _shares(optimum.x[:count])
    return Mixture(weights, optimum.cost, optimum.equal_prices[:types], -float(optimum.equal_prices[types]))


def fairest(panels: IntArray, counts: IntArray) -> Mixture:
    """The mix of panels (P, T) whose least chance is largest; `distance` is that chance, negative."""
    count, types = panels.shape
    chance = csr_array(-counts.astype(np.float64)[:, None])
    program = Program(
        least=Rows(hstack([csr_array(panels.T.astype(np.float64)), chance], format="csr"), np.zeros(types)),
        equal=Rows(csr_array(np.append(np.ones(count), 0.0)[None]), np.ones(1)),
    )
    upper = np.append(np.full(count, np.inf), 1.0)
    optimum = program.cheapest(np.append(np.zeros(count), -1.0), lower=np.zeros(count + 1), upper=upper)
    assert optimum is not None
    directions = np.maximum(optimum.least_prices, 0)
    return Mixture(_shares(optimum.x[:count]), optimum.cost, directions, -float(optimum.equal_prices[0]))


def _shares(weights: FloatArray) -> FloatArray:
    kept = np.where(weights > 1e-12, weights, 0)
    shares: FloatArray = kept / kept.sum()
    return shares
