"""What the pathways of all 290 municipalities cost in one call."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from samkraft.engines import pathways

AREAS = 290
RUNS = 30


def _milliseconds(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        run()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def report() -> None:
    """Medians in milliseconds, and what the same costs as 290 calls of one municipality each."""
    generator = np.random.default_rng(1)
    budget_years = np.array([2010, *range(2015, 2023)])
    law_years = np.array([2015, *range(2020, 2025)])
    budget = pathways.Emissions(budget_years, generator.uniform(1e4, 1e6, (AREAS, budget_years.size)))
    law = pathways.Emissions(law_years, generator.uniform(1e4, 1e6, (AREAS, law_years.size)))
    print(f"\nPathways of {AREAS} municipalities in one call (target ≤ 50 ms)")
    for name, emissions, run in (
        ("budget-2024", budget, lambda e: pathways.budget_2024(e, current_year=2024)),
        ("carbon-law", law, lambda e: pathways.carbon_law(e, current_year=2026)),
    ):
        together = _milliseconds(lambda run=run, emissions=emissions: run(emissions))
        one = pathways.Emissions(emissions.years, emissions.tonnes[:1])
        single = _milliseconds(lambda run=run, one=one: run(one))
        print(f"{name:<24}{together:>9.2f} ms{single * AREAS / together:>9.0f}x cheaper than one by one")
