"""Reading the fetched files and writing our own tables: UTF-8, LF, a header row, sorted rows."""

import csv
import json
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, str]


def read_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write the rows and return how many there were; a repeated row is an error."""
    listed = sorted(rows)
    if len({tuple(row) for row in listed}) != len(listed):
        raise ValueError(f"{path.name}: a row is repeated")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(listed)
    return len(listed)


def number(value: float) -> str:
    """The shortest text that reads back as the same number; a whole number has no decimals."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(float(value))


def slugify(name: str) -> str:
    """Lower-case ASCII words joined by hyphens: 'Møre og Romsdal' becomes 'more-og-romsdal'."""
    folded = name.lower().translate(str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ŋ": "n", "ŧ": "t"}))
    ascii_only = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode("ascii")
    return "-".join("".join(c if c.isalnum() else " " for c in ascii_only).split())
