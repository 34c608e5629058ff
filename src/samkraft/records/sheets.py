"""Reading spreadsheets that people upload: rows of texts, or one sentence that says where it is wrong."""

import csv
import io
import zipfile
from datetime import date, datetime
from typing import IO, Any

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from samkraft.statistics.formats.errors import FormatError
from samkraft.statistics.formats.limits import OLE_START, ZIP_START, check_xlsx
from samkraft.statistics.formats.sheets import column_letters
from samkraft.ui.spreadsheets import FORMULA_STARTS

from .refusals import Refused

MEGABYTE = 1_000_000
MOST_BYTES = 5 * MEGABYTE
MOST_UNPACKED = 50 * MEGABYTE
MOST_COLUMNS = 100
LONGEST_CELL = 10_000


def read(upload: IO[bytes], *, most_rows: int) -> list[list[str]]:
    """The first sheet of an xlsx or xls file, or a CSV file with commas, semicolons or tabs.

    Every row is as wide as the widest; empty rows within the sheet are kept, so that the row of a fault is the
    one that a person sees, and those after the last are not. Raises Refused.
    """
    upload.seek(0)
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused(_("The file is larger than 5 megabytes. Divide it and try again."))
    workbook = content.startswith((ZIP_START, OLE_START))
    rows = _of_workbook(content, most_rows) if workbook else _of_text(content, most_rows)
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise Refused(_("The file is empty."))
    if len(rows) > most_rows:
        raise Refused(_("The file has more than %(most)s rows. Divide it and try again.") % {"most": most_rows})
    width = max(len(row) - _empty_at_end(row) for row in rows)
    if width > MOST_COLUMNS:
        raise Refused(_("The file has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    return [(row + [""] * width)[:width] for row in rows]


def fault(row: int, column: int, problem: str) -> Refused:
    """A refusal at a cell, counted from 0, as a spreadsheet names it: “Row 3, column B: …”."""
    place = {"row": row + 1, "column": column_letters(column), "problem": problem}
    return Refused(_("Row %(row)s, column %(column)s: %(problem)s") % place)


def _damaged() -> Refused:
    return Refused(_("The file is damaged, or it is no spreadsheet. Save it anew as an Excel or CSV file."))


def _empty_at_end(row: list[str]) -> int:
    return next((at for at, cell in enumerate(reversed(row)) if cell), len(row))


def _of_workbook(content: bytes, most_rows: int) -> list[list[str]]:
    if content.startswith(ZIP_START):
        _check_package(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False, nrows=most_rows + 1_000)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the Rust reader is no Exception
        raise _damaged() from error
    return [[_text(value, row, column) for column, value in enumerate(values)] for row, values in enumerate(cells)]


def _check_package(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(member.file_size for member in package.infolist()) > MOST_UNPACKED:
                raise Refused(_("The file holds more than a list of names needs. Copy the list to a new file."))
        check_xlsx(content, "")
    except FormatError as error:
        if error.row is not None:
            problem = _("The cell holds an error such as #DIV/0!.")
            place = {"row": error.row, "column": error.column, "problem": problem}
            raise Refused(_("Row %(row)s, column %(column)s: %(problem)s") % place) from error
        raise _damaged() from error
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged() from error


def _text(value: Any, row: int, column: int) -> str:
    """A cell as a person reads it: whole numbers without decimals, dates as 2026-11-21."""
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer() and abs(value) < 1e15):
        text = str(int(value))
    elif isinstance(value, datetime):
        at_midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        text = value.date().isoformat() if at_midnight else value.isoformat(" ", "minutes")
    elif isinstance(value, date):
        text = value.isoformat()
    else:
        text = "" if value is None else str(value)
    return _checked(text, row, column)


def _checked(text: str, row: int, column: int) -> str:
    if len(text) > LONGEST_CELL:
        raise fault(row, column, _("The text is too long."))
    if any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
        raise fault(row, column, _("The text holds signs that cannot be read."))
    text = text.strip()
    # Our own lists lead what could be a formula with an apostrophe; taken in again it is what it was.
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def _of_text(content: bytes, most_rows: int) -> list[list[str]]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[str]] = []
    try:
        for cells in reader:
            rows.append([_checked(cell, len(rows), column) for column, cell in enumerate(cells)])
            if len(rows) > most_rows + 1_000:
                break
    except csv.Error as error:
        problem = _("Row %(row)s: a quotation mark is not closed, or stands where none can be.")
        raise Refused(problem % {"row": reader.line_num}) from error
    return rows


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 as Excel's “Unicode text”, or Windows-1252 as older programs write."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _damaged()


def _delimiter(text: str) -> str:
    """What parts the cells of the first row, outside quotation marks."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    return max(";,\t", key=outside.count)
