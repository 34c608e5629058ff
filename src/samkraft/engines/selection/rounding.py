"""From a lottery with weights to equally likely panels."""

from __future__ import annotations

import numpy as np

from .model import FloatArray, IntArray


def multiplicities(panels: IntArray, weights: FloatArray, counts: IntArray, total: int) -> IntArray:
    """How often each of the panels (P, T) is there among `total` equally likely ones, so that chances stay put.

    Whole parts of the weights are taken as they are and the rest filled up; then single panels are exchanged as long
    as that makes the sum of squared differences of the expected numbers, over the people of a type, smaller.
    """
    scaled = weights * total
    times = np.floor(scaled + 1e-9).astype(np.int64)
    pull = panels / np.sqrt(counts)
    norms = (pull**2).sum(axis=1)
    missing = (scaled - times) @ pull
    for _ in range(total - int(times.sum())):
        best = int(np.argmin(norms - 2 * (pull @ missing)))
        times[best] += 1
        missing -= pull[best]
    return _exchanged(times, pull, norms, missing)


def _exchanged(times: IntArray, pull: FloatArray, norms: FloatArray, missing: FloatArray) -> IntArray:
    """Takes one panel out and another in while that helps, the best exchange first."""
    products = pull @ pull.T
    toward = pull @ missing
    while True:
        # What the squared distance changes by when panel i goes (rows) and panel j comes (columns).
        change = norms[:, None] + norms[None, :] - 2 * products + 2 * (toward[:, None] - toward[None, :])
        change[times == 0] = np.inf
        place = int(np.argmin(change))
        if change.flat[place] > -1e-9:
            return times
        out, into = divmod(place, len(times))
        times[out] -= 1
        times[into] += 1
        toward += products[:, out] - products[:, into]
