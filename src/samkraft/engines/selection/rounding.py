"""From a lottery with weights to equally likely panels."""

from __future__ import annotations

import numpy as np

from .limits import Limits
from .mixture import Panels
from .model import FloatArray, IntArray
from .search import Neighbourhood
from .watch import Stage, Watch


def equally_likely(limits: Limits, panels: IntArray, weights: FloatArray, total: int, watch: Watch) -> IntArray:
    """So many equally likely panels (total, T), sorted, whose expected panel is as near as can be to weights @ panels.

    The whole parts of total * weights are taken as they are. Those missing are rounded from the expected panel, each
    making up for those before it, so that every number of people comes within about one of `total` times what is
    expected; and single panels are exchanged for others as long as that brings the chances nearer.
    """
    expected = weights @ panels
    times = np.floor(weights * total + 1e-9).astype(np.int64)
    chosen = Panels(panels.shape[1])
    for panel in panels[(times > 0) | (weights > 0)]:
        chosen.add(panel)
    often = times[(times > 0) | (weights > 0)].tolist()
    behind = total * expected - times @ panels
    near = Neighbourhood(limits, expected)
    missing = total - int(times.sum())
    for place in range(missing):
        watch.at(Stage.ROUNDING, 0.85 + 0.1 * place / missing)
        # What is still missing is shared out among the panels to come; each takes what is most behind.
        panel = near.heaviest(2 * (behind - (missing - place - 1) * expected - near.least) - 1)
        if panel is None:
            break
        often.extend([0] if chosen.add(panel) else [])
        often[chosen.place(panel)] += 1
        behind -= panel
    return _exchanged(chosen.matrix(), np.array(often), behind, limits.counts, total)


def _exchanged(panels: IntArray, times: IntArray, behind: FloatArray, counts: IntArray, total: int) -> IntArray:
    """Fills up, then takes one panel out and another in while that helps, the best exchange first."""
    pull = panels / counts
    norms = (pull**2).sum(axis=1)
    products = pull @ pull.T
    toward = pull @ (behind / counts)
    for _ in range(total - int(times.sum())):
        best = int(np.argmin(norms - 2 * toward))
        times[best] += 1
        toward -= products[best]
    while True:
        # What the squared distance changes by when panel i goes (rows) and panel j comes (columns).
        change = norms[:, None] + norms[None, :] - 2 * products + 2 * (toward[:, None] - toward[None, :])
        change[times == 0] = np.inf
        place = int(np.argmin(change))
        if change.flat[place] > -1e-9:
            break
        out, into = divmod(place, len(times))
        times[out] -= 1
        times[into] += 1
        toward += products[out] - products[into]
    chosen = np.repeat(panels, times, axis=0)
    # In the order of their numbers, so that nothing of how they were found is left.
    return chosen[np.lexsort(chosen.T[::-1])]
