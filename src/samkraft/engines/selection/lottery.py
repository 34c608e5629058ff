"""The fairest lottery over panels of whole people, as equally likely panels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .limits import Limits, limits_of
from .model import Asked, FloatArray, IntArray, Lottery, LotteryReport, Pool, Progress, Rules
from .types import type_table
from .watch import Stage, Watch

if TYPE_CHECKING:
    from .leximin import Outcome

METHODS = ("leximin", "maximin")
_GAP = 1e-6
_LEAST = 1e-7


def _quiet(stage: str, share: float) -> None:
    return None


def _never() -> bool:
    return False


def lottery(
    pool: Pool,
    rules: Rules,
    *,
    method: str = "leximin",
    panels: int = 1000,
    progress: Progress = _quiet,
    cancelled: Asked = _never,
) -> Lottery:
    """The lottery over panels that keep the rules which is fairest, as `panels` equally likely ones.

    `leximin` makes the least chance as large as it can be, then the next, and so on. `maximin` promises the least
    chance only and is as near to the relaxed leximin otherwise as it comes. The same contents of pool and rules give
    the same panels. `progress` is told a `Stage` and a share that never falls; `cancelled` is asked often.

    Raises NoPanel when no panel keeps the rules, Cancelled, and ValueError for an unknown method, for fewer panels or
    seats than one, and for rules on columns that the pool lacks (see `checking.problems`).
    """
    if method not in METHODS:
        raise ValueError(f"The method {method!r} is none of {METHODS}.")
    if panels < 1 or rules.seats < 1:
        raise ValueError("A lottery needs at least one panel and one seat.")
    # The solvers take seconds to import, which most of what imports this package never needs.
    from .leximin import FairMixture
    from .rounding import equally_likely

    watch = Watch(progress, cancelled)
    watch.at(Stage.TYPES, 0.0)
    table = type_table(pool, rules)
    limits = limits_of(table, rules)
    work = FairMixture(limits, method, watch)
    outcome = work.run()
    found = work.panels.matrix()
    optimal = _chances(outcome.weights @ found, limits.counts)
    drawn_panels = equally_likely(limits, found, outcome.weights, panels, watch)
    drawn = drawn_panels.sum(axis=0) / (panels * limits.counts)
    report = _report(method, limits, outcome, optimal, drawn)
    watch.at(Stage.ROUNDING, 1.0)
    return Lottery(table, drawn_panels, optimal, drawn, report)


def _chances(expected: FloatArray, counts: IntArray) -> FloatArray:
    return np.clip(expected / counts, 0, 1)


def _report(method: str, limits: Limits, outcome: Outcome, optimal: FloatArray, drawn: FloatArray) -> LotteryReport:
    people = int(limits.counts.sum())
    least = float(optimal.min())
    gap = max(outcome.bound - least, 0.0) + 0.0  # never minus nought
    with np.errstate(divide="ignore"):
        geometric = math.exp(float(limits.counts @ np.log(optimal)) / people) if least > 0 else 0.0
    return LotteryReport(
        method=method,
        people=people,
        seats=limits.seats,
        types=len(limits.counts),
        min_probability=least,
        lp_bound=outcome.lp_bound,
        bound=outcome.bound,
        gap=gap,
        proven=gap <= _GAP,
        geometric_mean=geometric,
        rounding_loss=max(float((optimal - drawn)[optimal <= least + _LEAST].max()), 0.0),
    )
