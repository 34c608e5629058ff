"""Imports of the publishers' own files: read, matched to places, compared with the release before, stored whole.

Each kind reads its format, finds every area, and stores one release, or raises `FormatError`, one sentence
that says what is wrong and where, with the database as it was.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from .codes import import_codes
from .deductions import import_deductions
from .emissions import PUBLICATIONS, import_emissions
from .population import import_population
from .releases import Asked, Report, Stated

__all__ = ["KINDS", "Report", "Stated", "run"]

_OTHERS: dict[str, Callable[[Asked], Report]] = {
    "scb-codes": import_codes,
    "scb-population": import_population,
    "deductions": import_deductions,
}
KINDS = (*PUBLICATIONS, *_OTHERS)


def run(kind: str, path: Path, *, name: str | None, stated: Stated, dry_run: bool, today: date) -> Report:
    """Import a file of a kind, called `name` in messages; raises FormatError, with the database as it was."""
    asked = Asked(path, name, stated, dry_run, today)
    if kind in PUBLICATIONS:
        return import_emissions(PUBLICATIONS[kind], asked)
    return _OTHERS[kind](asked)
