"""What a fair lottery costs on one core: time, memory, and how far it is from what is proven to be possible.

Each case runs in a process of its own, `python -m bench.selection CASE`, so that its peak memory is its own. The
seconds are those of `lottery` alone, and those that it kept the core busy; what the solvers take to import is told
beside them.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bench.selection_pools import applicants
from samkraft.engines import selection

ROOT = Path(__file__).resolve().parent.parent
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Case:
    people: int
    seats: int
    method: str
    seconds: float | None  # the target; None where it is only told
    cap: int | None = None
    features: int | None = None  # one feature of so many values, instead of five features
    seed: int = 1

    @property
    def name(self) -> str:
        extra = f", cap {self.cap}" if self.cap else f", {self.features} types" if self.features else ""
        return f"{self.people:,} / {self.seats}{extra}, {self.method}"

    def pool(self) -> tuple[selection.Pool, selection.Rules]:
        features = {"role": self.features} if self.features else None
        return applicants(self.people, self.seats, seed=self.seed, cap=self.cap, features=features)


CASES = (
    Case(100, 50, "leximin", 3),
    Case(1_000, 100, "maximin", 30),
    Case(1_000, 100, "leximin", 120),
    Case(10_000, 150, "maximin", 20),
    Case(10_000, 150, "leximin", None),
    Case(1_000_000, 500, "leximin", 90),
    Case(200, 20, "leximin", 0.5, features=3),
    Case(2_000, 200, "leximin", 0.5, features=3),
    Case(98, 50, "leximin", None, cap=2),
    Case(1_000, 100, "leximin", None, cap=2),
)


def measure(case: Case) -> dict[str, float]:
    """The lottery of one case, in this process."""
    began = time.perf_counter()
    # Measured apart: these load the solvers.
    from samkraft.engines.selection import leximin, limits, rounding  # noqa: F401

    imported = time.perf_counter()
    pool, rules = case.pool()
    started, processor = time.perf_counter(), time.process_time()
    made = selection.lottery(pool, rules, method=case.method)
    ended, used = time.perf_counter(), time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = selection.what_if(made.table, rules)
    asked = time.perf_counter()
    return {
        **asdict(made.report),
        "import": imported - began,
        "seconds": ended - started,
        "processor": used,
        "peak_mb": peak,
        "what_if": asked - ended,
        "farthest": float(np.abs(made.optimal - told.chances).max()),
    }


def measured(case: Case) -> dict[str, float]:
    """The same, in a process of its own on one core."""
    command = [sys.executable, "-m", "bench.selection", json.dumps(asdict(case))]
    environment = {**os.environ, **ONE_CORE}
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=ROOT)
    return json.loads(run.stdout)


def report() -> None:
    print("\nFair lotteries, people / seats, each on one core (chances are those of the least likely person)")
    print(
        f"{'case':<32}{'types':>6}{'target':>9}{'taken':>9}{'of it busy':>12}{'peak':>8}{'what-if':>9}{'import':>8}"
        f"{'least':>12}{'to bound':>10}{'to relaxed':>11}{'rounding':>10}"
    )
    for case in CASES:
        found = measured(case)
        target = f"≤ {case.seconds:g} s" if case.seconds else ""
        print(
            f"{case.name:<32}{found['types']:>6}{target:>9}{found['seconds']:>7.2f} s{found['processor']:>10.2f} s"
            f"{found['peak_mb']:>5.0f} MB{found['what_if'] * 1000:>6.0f} ms{found['import']:>6.1f} s"
            f"{found['min_probability']:>12.8f}{found['gap']:>10.0e}{found['farthest']:>11.0e}"
            f"{found['rounding_loss']:>10.0e}",
            flush=True,
        )


if __name__ == "__main__":
    print(json.dumps(measure(Case(**json.loads(sys.argv[1])))))
