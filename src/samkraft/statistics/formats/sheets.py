"""Sheets of Excel files (xlsx and xls), with cells checked one by one."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from .errors import FormatError, shown
from .limits import OLE_START, ZIP_START, check_xlsx, read_bytes
from .sectors import tidy


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; rows and columns count from 0 here, and in sentences as Excel shows them."""

    file: str
    name: str
    rows: list[list[Any]]

    def error(self, problem: str, row: int | None = None, column: int | None = None) -> FormatError:
        """A FormatError at a place in this sheet, to raise."""
        return FormatError(
            problem,
            file=self.file,
            sheet=self.name,
            row=None if row is None else row + 1,
            column="" if column is None else column_letters(column),
        )

    def cell(self, row: int, column: int) -> Any:
        """The cell's value, "" where the sheet does not reach."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def text(self, row: int, column: int) -> str:
        """The cell's tidy text, "" if it is empty or no text."""
        value = self.cell(row, column)
        return tidy(value) if isinstance(value, str) else ""

    def number(self, row: int, column: int) -> float | None:
        """The cell's number, None if it is empty; text, truth values, NaN and infinity are refused."""
        value = self.cell(row, column)
        # Most cells of a large sheet are plain floats: they take the short way.
        if type(value) is float and math.isfinite(value):
            return value
        if value == "" or value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        raise self.error(f"expected a number or an empty cell, found {shown(value)}", row, column)

    def blank(self, row: int) -> bool:
        """Whether the whole row is empty."""
        return all(value == "" or value is None for value in self.rows[row])

    def body(self, first: int) -> Iterator[int]:
        """The numbers of the rows from `first` that are not blank."""
        return (row for row in range(first, len(self.rows)) if not self.blank(row))


def read_sheets(path: Path, file: str) -> list[Sheet]:
    """All sheets of an Excel file, guarded against damage and swelling; FormatError if it is not one."""
    content = read_bytes(path, file)
    if content.startswith(ZIP_START):
        check_xlsx(content, file)
    elif not content.startswith(OLE_START):
        raise FormatError("expected an Excel file (.xlsx or .xls), found something else", file=file)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            Sheet(file, name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        ]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the Rust reader is no Exception
        raise FormatError("expected a complete Excel file, found a damaged one", file=file) from error

    if not sheets:
        raise FormatError("expected a sheet, found none", file=file)
    return sheets


def column_letters(column: int) -> str:
    """Excel's name of a column counted from 0: A, B, … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
