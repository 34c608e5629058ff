"""`samkraft draw`: a lottery among panels that keep stated limits, on plain files, without a database.

`commit` finds the lottery and writes it down, `run` draws with a seed that nobody knew then, `verify` checks all of
it. docs/selection.md tells what is in the files.
"""

from __future__ import annotations

import argparse
import errno
import json
import math
import platform
import re
import resource
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import TextIO

from samkraft.engines.selection import METHODS, Cap, Lottery, NoPanel, Stage, feasibility, lottery, problems, type_table
from samkraft.engines.selection.draw import (
    COMMITTED,
    PRIVATE,
    SALT_BYTES,
    DrawError,
    FilesError,
    SeedError,
    commit_parts,
    recorded_seed,
    run_files,
)
from samkraft.engines.selection.reading import Selection, TableError, read_selection
from samkraft.engines.selection.texts import Texts
from samkraft.engines.selection.verify_draw import sha256, verify, visible

from .draw_sentences import change_sentence, problem_sentence

STAGES = {
    Stage.TYPES: "Putting people together who are alike",
    Stage.PANELS: "Finding panels",
    Stage.MIXING: "Making the chances even",
    Stage.ROUNDING: "Rounding to whole panels",
}
INTERRUPTED, TERMINATED = 130, 143
# Each of them is kept in memory; with 1,000 the chances are already even to a thousandth.
MOST_PANELS = 100_000


class CommandError(Exception):
    """The command cannot go on; the text is what to say, and `code` the exit code."""

    def __init__(self, text: str, code: int = 2) -> None:
        super().__init__(text)
        self.code = code


class Terminated(KeyboardInterrupt):
    """The system asks the program to end."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The three acts and their options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    commit = acts.add_parser("commit", help="find the lottery and write it down, before the seed is known")
    commit.add_argument("--pool", required=True, type=Path, metavar="FILE", help="people: one row for each, CSV")
    commit.add_argument("--features", required=True, type=Path, metavar="FILE", help="limits: feature,value,min,max")
    commit.add_argument("--seats", required=True, type=int, metavar="N")
    commit.add_argument(
        "--cap", action="append", default=[], type=_cap, metavar="COLUMN:K", help="at most K with the same value"
    )
    commit.add_argument("--floor", type=_floor, metavar="COLUMN:MEAN", help="a column of numbers, and its least mean")
    commit.add_argument("--id", metavar="COLUMN", help="the column of ids; without it “id”, or else the first one")
    commit.add_argument("--method", choices=METHODS, default=METHODS[0])
    commit.add_argument("--panels", type=int, default=1000, metavar="N", help="how many equally likely panels")
    commit.add_argument("--seed-from", default="", metavar="TEXT", help="which public number will be the seed")
    commit.add_argument("--out", required=True, type=Path, metavar="DIR", help="a folder that is empty or not there")
    run_ = acts.add_parser("run", help="draw with the seed")
    run_.add_argument("--out", required=True, type=Path, metavar="DIR")
    run_.add_argument("--seed", required=True, metavar="TEXT")
    check = acts.add_parser("verify", help="redo a draw and check it")
    check.add_argument("out", type=Path, metavar="DIR")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Do one act; 0 done, 1 refused or something does not agree, 2 the input cannot be used, 130 stopped."""
    progress = ProgressLine(err)
    try:
        with _stoppable():
            if args.act == "commit":
                _commit(args, out, progress)
            elif args.act == "run":
                _run(args.out, args.seed, out)
            else:
                return verify(args.out, lambda line: out.write(f"{line}\n"))
    except KeyboardInterrupt as stopped:
        progress.end()
        err.write("Stopped. Nothing was written.\n")
        return TERMINATED if isinstance(stopped, Terminated) else INTERRUPTED
    except BrokenPipeError:
        raise
    except (CommandError, TableError, DrawError, SeedError, OSError) as error:
        progress.end()
        # What a file holds could move the cursor of a terminal.
        err.write("\n".join(map(visible, _sentence(error).split("\n"))) + "\n")
        return _code(error)
    return 0


def _code(error: Exception) -> int:
    if isinstance(error, CommandError):
        return error.code
    return 1 if isinstance(error, DrawError) and not isinstance(error, FilesError) else 2


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        name = Path(str(error.filename)).name if error.filename else "A file"
        return f"{name}: the file cannot be read or written ({error.strerror})."
    return str(error)


# --- Commit ---------------------------------------------------------------------------------------------------------


def _commit(args: argparse.Namespace, out: TextIO, progress: ProgressLine) -> None:
    # The solvers take seconds to import, and only this act needs them: now, so that the time told is that of the work.
    import samkraft.engines.selection.leximin  # noqa: F401

    began = time.monotonic()
    _check_options(args)
    progress("Reading the people", math.nan)
    selection = read_selection(
        args.pool, args.features, seats=args.seats, caps=args.cap, floor=args.floor, id_column=args.id
    )
    pool, rules = selection.pool, selection.rules
    if found := problems(pool, rules):
        raise CommandError("\n".join(problem_sentence(problem, selection) for problem in found))
    try:
        result = lottery(
            pool,
            rules,
            method=args.method,
            panels=args.panels,
            progress=lambda stage, share: progress(STAGES[Stage(stage)], share),
        )
    except NoPanel:
        progress("Looking for the smallest changes", math.nan)
        changes = feasibility(type_table(pool, rules), rules).changes
        raise CommandError(_infeasible([change_sentence(change) for change in changes]), 1) from None
    progress("Writing", math.nan)
    with _folder_for(args.out) as folder:
        digest = _write_commitment(folder, selection, result, args.seed_from)
        timing = {"seconds": round(time.monotonic() - began, 3), "peak_mb": round(peak_mb(), 1)}
        (folder / "timing.json").write_text(json.dumps(timing, indent=2) + "\n", encoding="utf-8")
    progress.end()
    report = result.report
    out.write(
        f"{len(pool)} people of {report.types} types for {rules.seats} seats: the least likely has a chance of"
        f" {report.min_probability:.4%}, and no lottery can give more than {report.bound:.4%}.\n"
        f"Publish {', '.join(COMMITTED)} from {args.out}, and this SHA-256 of report.json, before the seed is known:\n"
        f"{digest}\n"
    )


def _check_options(args: argparse.Namespace) -> None:
    if args.panels < 1:
        raise CommandError(f"Option --panels: expected at least 1, found {args.panels}.")
    if args.panels > MOST_PANELS:
        raise CommandError(f"Option --panels: expected at most {MOST_PANELS}, found {args.panels}.")
    columns = [cap.feature for cap in args.cap]
    if twice := next((column for column in columns if columns.count(column) > 1), None):
        raise CommandError(f"Option --cap: expected one cap on “{twice}”, found {columns.count(twice)}.")
    if args.out.is_dir() and any(args.out.iterdir()):
        what = "already holds a commitment" if (args.out / "report.json").exists() else "is not empty"
        raise CommandError(f"{args.out}: the folder {what}; choose another one.")
    if args.out.exists() and not args.out.is_dir():
        raise CommandError(f"{args.out}: expected a folder, found a file.")


def _infeasible(changes: list[str]) -> str:
    if not changes:
        return "No panel keeps all limits, and moving quotas, caps and seats does not help: lower the floor."
    lines = "\n".join(f"- {change}" for change in changes)
    return f"No panel keeps all limits. Any one of these changes would make one possible:\n{lines}"


def _write_commitment(folder: Path, selection: Selection, result: Lottery, seed_source: str) -> str:
    """Write the files, those that are not public for nobody else's eyes; returns the SHA-256 of report.json."""
    pool = selection.pool
    salts = Texts.of_width(secrets.token_hex(SALT_BYTES * len(pool)).encode(), 2 * SALT_BYTES)
    for name, pieces in commit_parts(result, pool, selection.rules, salts, versions(), seed_source=seed_source):
        path = folder / name
        path.touch(mode=0o600 if name in PRIVATE else 0o666)
        with path.open("wb") as stream:
            for piece in pieces:
                stream.write(piece)
    return sha256((folder / "report.json").read_bytes())


def versions() -> dict[str, str]:
    """What a lottery was found with: another version of a solver may find another, as even, one."""
    packages = ("samkraft", "numpy", "scipy", "ortools")
    return {"python": platform.python_version()} | {package: version(package) for package in packages}


def peak_mb() -> float:
    """The most memory that this process has held, in megabytes (2^20 bytes)."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8")) if status.exists() else None
    if found:
        return int(found[1]) / 1024
    # Elsewhere the system counts, on macOS in bytes; under Linux that would include who started us.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024


# --- Run ------------------------------------------------------------------------------------------------------------


def _run(folder: Path, seed: str, out: TextIO) -> None:
    if not folder.is_dir():
        raise CommandError(f"{folder}: there is no such folder.")
    names = [name for name in (*COMMITTED, "draw.json") if (folder / name).is_file()]
    files = run_files({name: (folder / name).read_bytes() for name in names}, seed)
    _write_draw(folder, files)
    panel = json.loads(files["draw.json"])["panel"]
    drawn, waiting = (files[name].count(b"\n") - 1 for name in ("drawn.csv", "waitlist.csv"))
    out.write(f"Panel {panel} was drawn: {drawn} people have a seat, {waiting} wait.\n")


def _write_draw(folder: Path, files: Mapping[str, bytes]) -> None:
    """All or nothing, and the first seed wins where two people draw at the same time."""
    waiting = {name: folder / f".{name}.{secrets.token_hex(4)}" for name in files if name != "draw.json"}
    try:
        for name, path in waiting.items():
            path.write_bytes(files[name])
        _no_more_stops()
        _record(folder / "draw.json", files["draw.json"])
        for name, path in waiting.items():
            path.replace(folder / name)
    finally:
        _no_more_stops()
        for path in waiting.values():
            path.unlink(missing_ok=True)


def _record(path: Path, record: bytes) -> None:
    """Write the seed down, unless somebody else just did so with another one."""
    try:
        stream = path.open("xb")
    except FileExistsError:
        first = path.read_bytes()
        if first != record:
            raise DrawError(f"It was just drawn with the seed “{recorded_seed(first)}”.") from None
        return
    try:
        with stream:
            stream.write(record)
    except OSError:
        path.unlink()
        raise


# --- Files, signals, progress ---------------------------------------------------------------------------------------


@contextmanager
def _folder_for(out: Path) -> Iterator[Path]:
    """A folder beside `out`, which takes its name when all is written, and is not there when something fails."""
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        yield folder
        _no_more_stops()
        folder.chmod(0o755)
        _name(folder, out)
    finally:
        _no_more_stops()
        shutil.rmtree(folder, ignore_errors=True)


def _name(folder: Path, out: Path) -> None:
    try:
        folder.rename(out)
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
            raise CommandError(f"{out}: the folder was filled by somebody else meanwhile.") from error
        raise


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C and a request to end raise an exception, also where a shell had them passed over."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def terminate(number: int, frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGINT, signal.default_int_handler), signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])


def _no_more_stops() -> None:
    """From here on the command ends by itself: files get their names, or those of a failure go away."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


class ProgressLine:
    """What is being done: in a terminal one line that changes, elsewhere a line now and then."""

    EVERY = {True: 0.1, False: 10.0}  # seconds between two lines of the same words

    def __init__(self, err: TextIO) -> None:
        self.err = err
        self.terminal = err.isatty()
        self.words, self.said_at, self.open = "", -math.inf, False

    def __call__(self, words: str, share: float) -> None:
        now = time.monotonic()
        if words == self.words and now - self.said_at < self.EVERY[self.terminal]:
            return
        self.words, self.said_at, self.open = words, now, self.terminal
        text = f"{words} …" if math.isnan(share) else f"{words}: {share:.0%}"
        self.err.write(f"\r\x1b[K{text}" if self.terminal else f"{text}\n")
        self.err.flush()

    def end(self) -> None:
        """Leave the line of a terminal empty for what is said next."""
        if self.open:
            self.err.write("\r\x1b[K")
            self.open = False


def _cap(text: str) -> Cap:
    column, _, most = text.rpartition(":")
    if not column.strip() or not re.fullmatch("[0-9]{1,9}", most):
        raise argparse.ArgumentTypeError(f"expected a column and a number such as municipality:2, found “{text}”")
    return Cap(column.strip(), int(most))


def _floor(text: str) -> tuple[str, Fraction]:
    column, _, mean = text.rpartition(":")
    if not column.strip() or not re.fullmatch("[0-9]{1,9}([.][0-9]{1,9})?", mean):
        raise argparse.ArgumentTypeError(f"expected a column and a mean such as motivation:3.5, found “{text}”")
    return column.strip(), Fraction(mean)
