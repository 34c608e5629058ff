"""JSON and CSV files, read strictly."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from .errors import FormatError, shown
from .limits import read_text
from .sectors import tidy

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,3})?")


class _Refused(ValueError):
    """Something JSON readers let pass and tables must not hold."""


def read_json(path: Path, file: str) -> Any:
    """The content of a JSON file; repeated keys, NaN and infinity are refused."""
    text = read_text(path, file)
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise FormatError(
            f"expected complete JSON, but it breaks off or is wrong here ({error.msg.lower()})",
            file=file,
            row=error.lineno,
            column=str(error.colno),
        ) from error
    except _Refused as error:
        raise FormatError(str(error), file=file) from error
    except (RecursionError, ValueError) as error:
        raise FormatError("expected JSON of tables and numbers of ordinary size", file=file) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Refused(f"expected each key once in an object, found {shown(twice)} twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise _Refused(f"expected a number, found {shown(name)}")


def json_number(value: object, *, file: str, row: int, column: str) -> float | None:
    """A JSON number, None for null; anything else is refused."""
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise FormatError(
        f"expected a number or null, found {shown(json.dumps(value)[:80])}", file=file, row=row, column=column
    )


def year_of(value: object) -> int | None:
    """The calendar year in a heading or key ("2015", 2015, 2015.0), or None if it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return int(text) if re.fullmatch(r"(19|20)\d\d", text) else None


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One line's fields by column name."""

    file: str
    line: int
    fields: dict[str, str]

    def text(self, column: str) -> str:
        """The tidy text of a field that must not be empty."""
        text = tidy(self.fields[column])
        if not text:
            raise self.error("expected a name, found nothing", column)
        return text

    def number(self, column: str) -> float | None:
        """The field's number with a decimal point, None if it is empty."""
        text = self.fields[column].strip()
        if not text:
            return None
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(number):
            raise self.error(f"expected a number with a decimal point, found {shown(text)}", column)
        return number

    def year(self, column: str) -> int:
        """The field's calendar year."""
        year = year_of(self.fields[column])
        if year is None:
            raise self.error(f"expected a year, found {shown(self.fields[column])}", column)
        return year

    def error(self, problem: str, column: str = "") -> FormatError:
        """A FormatError at this line, to raise."""
        return FormatError(problem, file=self.file, row=self.line, column=f"“{column}”" if column else "")


def read_csv(path: Path, file: str, columns: Sequence[str]) -> Iterator[CsvRow]:
    """The lines of a comma-separated file that must have `columns`, in any order, others being ignored.

    The last line ends with a line break too: without it, a file that was cut off within a number would pass.
    """
    text = read_text(path, file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [tidy(name) for name in next(reader, [])]
        for name in columns:
            if heading.count(name) != 1:
                found = "it twice" if name in heading else ", ".join(heading) or "nothing"
                raise FormatError(f"expected a column “{name}”, found {found}", file=file, row=1, column=f"“{name}”")
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) != len(heading):
                raise FormatError(
                    f"expected {len(heading)} fields, found {len(fields)}", file=file, row=reader.line_num
                )
            yield CsvRow(file, reader.line_num, dict(zip(heading, fields, strict=True)))
        if reader.line_num > 1 and not text.endswith(("\n", "\r")):
            raise FormatError(
                "expected a line break after the last line, found none: the file may be cut off",
                file=file,
                row=reader.line_num,
            )
    except csv.Error as error:
        raise FormatError(f"expected comma-separated text ({error})", file=file, row=reader.line_num) from error
