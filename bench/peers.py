"""`make bench-peers`: the field's standard open tool and Samkraft on the same pools, in the same run, on one core.

The tool is installed into an environment of its own under var/, and never into Samkraft's.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.selection import ONE_CORE, Case, measured

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / "var" / "peers"
TOOL = "sortition-algorithms>=0.12"
PATIENCE = 600
CASES = (
    Case(200, 20, "maximin", None, features=3),
    Case(100, 50, "maximin", None),
    Case(300, 40, "maximin", None),
    Case(1_000, 100, "maximin", None),
)


def installed() -> Path:
    """The Python of an environment that has the tool."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TOOL], check=True
        )
    return python


def write(case: Case, folder: Path) -> tuple[Path, Path]:
    """The pool and its limits as the files that the tool reads."""
    pool, rules = case.pool()
    people, features = folder / "people.csv", folder / "features.csv"
    with people.open("w", newline="", encoding="utf-8") as file:
        names = list(pool.columns)
        columns = [[column.values[code] for code in column.codes] for column in pool.columns.values()]
        csv.writer(file).writerows([["id", *names], *zip(pool.ids, *columns, strict=True)])
    with features.open("w", newline="", encoding="utf-8") as file:
        limits = [[quota.feature, quota.value, quota.minimum, quota.maximum] for quota in rules.quotas]
        csv.writer(file).writerows([["feature", "value", "min", "max"], *limits])
    return people, features


def peer(python: Path, case: Case) -> dict[str, float] | None:
    """What the tool reached, or None when it was not done in time."""
    with tempfile.TemporaryDirectory() as folder:
        files = [str(path) for path in write(case, Path(folder))]
        # -P: the folder of the script is no place to import from, since it has an `http` of its own.
        command = [str(python), "-P", str(ROOT / "bench" / "peer_tool.py"), *files, str(case.seats)]
        environment = {**os.environ, **ONE_CORE}
        try:
            run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return None
    return json.loads(run.stdout.splitlines()[-1])


def main() -> int:
    python = installed()
    print("Maximin lotteries, people / seats, on one core: seconds of processor, and the least likely person's chance")
    print(f"{'case':<32}{'tool':>10}{'Samkraft':>11}{'faster':>9}{'tool':>14}{'Samkraft':>12}{'bound':>12}")
    for case in CASES:
        theirs, ours = peer(python, case), measured(case)
        if theirs is None:
            told = f"{'> ' + str(PATIENCE):>8} s", f"> {PATIENCE / ours['processor']:.0f}x", f"{'':>14}"
        else:
            ratio = f"{theirs['processor'] / ours['processor']:.1f}x"
            told = f"{theirs['processor']:>8.2f} s", ratio, f"{theirs['min_probability']:>14.8f}"
        print(
            f"{case.name:<32}{told[0]}{ours['processor']:>9.2f} s{told[1]:>9}{told[2]}"
            f"{ours['min_probability']:>12.8f}{ours['bound']:>12.8f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
