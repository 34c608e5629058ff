"""The leximin mixture of panels, and the maximin one.

The leximin point of the relaxation over types (`relaxation`) bounds what any lottery can reach. Panels are rounded
from it one after the other, each making up for those before it; the mix of them that is nearest to the point is one
linear program (`mixture`). Where it does not reach the point, its prices tell which panels are missing; where no
panel can help, they are a proof that integers forbid the point, which is cut off the relaxation, and so on until a
point is reached: that is the leximin lottery exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .limits import Limits
from .mixture import Mixture, Panels, fairest, nearest
from .model import FloatArray, NoPanel
from .relaxation import Cut, Relaxed, relaxed_leximin
from .search import Neighbourhood, PanelSearch, whole_weights
from .watch import Stage, Watch

_REACHED = 1e-6  # sum of differences of expected numbers of people
_GAP = 1e-6
_HELPS = 1e-7
_EFFORT = 3.0
_ENOUGH_KNOWN = 5  # so many known panels one after the other: there are no more around


@dataclass(frozen=True, slots=True)
class Outcome:
    """The weights (P,) of the panels found, what the relaxation allows, and what is proven of whole people."""

    weights: FloatArray
    lp_bound: float
    bound: float


class FairMixture:
    """The panels found, the cuts proven, and the steps from one to the other."""

    def __init__(self, limits: Limits, method: str, watch: Watch) -> None:
        self.limits, self.method, self.watch = limits, method, watch
        self.types = len(limits.counts)
        self.search = PanelSearch(limits)
        self.panels = Panels(self.types)
        self.cuts: list[Cut] = []
        # Exactness costs little for few types; for many, what integers forbid is left at a proven bound.
        self.rounds_left = 60 + 40_000 // max(self.types, 1)

    def run(self) -> Outcome:
        relaxed = relaxed_leximin(self.limits)
        if relaxed is None:
            raise NoPanel("The limits exclude each other.")
        lp_bound = relaxed.least
        self._follow(relaxed, self.types // 2 + 20)
        if not len(self.panels):
            self._first_panel()
        if self.method == "leximin":
            self._follow(relaxed, self.types + 20)
            relaxed, mixture = self._leximin(relaxed)
            if mixture is not None:
                return Outcome(mixture.weights, lp_bound, relaxed.least)
        return self._maximin(relaxed, lp_bound)

    def _first_panel(self) -> None:
        panel = self.search.any_panel()
        if panel is None:
            raise NoPanel("Parts of people could keep the limits; whole people cannot.")
        self.panels.add(panel)

    def _follow(self, relaxed: Relaxed, wanted: int) -> None:
        """Panels whose running mean follows the expected panel, until so many were found."""
        near = Neighbourhood(self.limits, relaxed.expected)
        behind = np.zeros(self.types) - self.panels.matrix().sum(axis=0) + len(self.panels) * relaxed.expected
        known = 0
        for _ in range(len(self.panels), wanted):
            self.watch.at(Stage.PANELS, 0.5 * len(self.panels) / (self.types + 20))
            behind += relaxed.expected
            # The squared distance after rounding up less that after rounding down, negative.
            panel = near.heaviest(2 * (behind - near.least) - 1)
            if panel is None or known > _ENOUGH_KNOWN:
                return
            known = 0 if self.panels.add(panel) else known + 1
            behind -= panel

    def _leximin(self, relaxed: Relaxed) -> tuple[Relaxed, Mixture | None]:
        """The point that integers allow and its mixture, or the last point and None when the rounds were used up."""
        near = Neighbourhood(self.limits, relaxed.expected)
        while True:
            self._tick()
            mixture = nearest(self.panels.matrix(), relaxed.expected)
            assert mixture is not None
            if mixture.distance <= _REACHED:
                return relaxed, mixture
            self.rounds_left -= 1
            if self.rounds_left < 0:
                return relaxed, None
            if self._nearby(near, mixture):
                continue
            cut = self._priced(mixture)
            if cut is None:
                continue
            if not _cuts_off(cut, relaxed.expected):
                return relaxed, None
            self.cuts.append(cut)
            tighter = relaxed_leximin(self.limits, tuple(self.cuts))
            if tighter is None:
                raise NoPanel("Parts of people could keep the limits; whole people cannot.")
            relaxed = tighter
            near = Neighbourhood(self.limits, relaxed.expected)

    def _maximin(self, relaxed: Relaxed, lp_bound: float) -> Outcome:
        """The largest least chance, and otherwise as near to the relaxed leximin as it comes."""
        bound = relaxed.least
        near = Neighbourhood(self.limits, relaxed.expected)
        self.rounds_left = max(self.rounds_left, 60)
        while True:
            self._tick()
            mixture = fairest(self.panels.matrix(), self.limits.counts)
            least = -mixture.distance
            self.rounds_left -= 1
            if bound - least <= _GAP / 100 or self.rounds_left < 0:
                break
            if self._nearby(near, mixture):
                continue
            cut = self._priced(mixture)
            if cut is not None:
                # weights @ expected <= most for each lottery, and expected >= least chance * counts.
                bound = min(bound, cut.most / float(cut.weights @ self.limits.counts))
                break
        # A little less than the least chance, as far as a linear program's answer may be off.
        shortest = (least - _GAP / 1000) * self.limits.counts
        kept = nearest(self.panels.matrix(), relaxed.expected, shortest=np.maximum(shortest, 0))
        return Outcome((kept or mixture).weights, lp_bound, bound)

    def _tick(self) -> None:
        self.watch.at(Stage.MIXING, 0.5 + 0.3 * len(self.panels) / (len(self.panels) + self.types + 20))

    def _nearby(self, near: Neighbourhood, mixture: Mixture) -> bool:
        """Whether a panel that helps was rounded quickly from near the expected one."""
        panel = near.heaviest(mixture.directions)
        if panel is None or float(mixture.directions @ panel) <= mixture.reached + _HELPS:
            return False
        return self.panels.add(panel)

    def _priced(self, mixture: Mixture) -> Cut | None:
        """A panel that helps is added, wherever it is; else the proof that there is none is returned as a cut."""
        weights = whole_weights(mixture.directions)
        found = self.search.best(weights, effort=_EFFORT)
        if found.panel is not None:
            helps = float(mixture.directions @ found.panel) > mixture.reached + _HELPS
            if helps and self.panels.add(found.panel):
                return None
        return Cut(weights, found.bound)


def _cuts_off(cut: Cut, expected: FloatArray) -> bool:
    scale = float(np.abs(cut.weights).max(initial=1))
    return float(cut.weights @ expected - cut.most) / scale > _HELPS
