"""Reads the compact tables in `reference/`. Their sources, releases and licences are in its README."""

import csv
import hashlib
from collections.abc import Iterator
from importlib.resources import files


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of a table, each as column name to text."""
    with (files("samkraft.places") / "reference" / table).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def digest(*tables: str) -> str:
    """SHA-256 over the tables' bytes, to know whether they were loaded before."""
    total = hashlib.sha256()
    for table in tables:
        total.update((files("samkraft.places") / "reference" / table).read_bytes())
    return total.hexdigest()
