"""Tables to save: Excel files and CSV. No cell is ever taken for a formula by the program that opens them."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# Begun so, a text is read as a formula, which can fetch addresses and start programs.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"
LONGEST_CELL = 32_767
WIDEST = 60
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")


def workbook(title: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """An xlsx file with one sheet. Numbers and dates stay what they are; times become local and lose their zone."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_TITLE.sub(" ", str(title)).strip("' ")[:31] or None)
    kept = [[_plain(value) for value in row] for row in rows]
    heads = [_plain(heading) for heading in headings]
    sheet.freeze_panes = "A2"
    for column, head in enumerate(heads):
        longest = max([len(str(head)), *(len(str(row[column])) for row in kept if column < len(row))])
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(WIDEST, longest + 2)
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in kept:
        sheet.append([_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def csv_text(headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV file for people: semicolons and a byte order mark, so that Excel opens it right in the Nordic countries.

    A text that could be taken for a formula is led by an apostrophe.
    """
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in chain([headings], rows):
        writer.writerow([_escaped(_plain(value)) for value in row])
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, str):
        return _CONTROLS.sub("", value or "")[:LONGEST_CELL]
    if isinstance(value, bool) or not hasattr(value, "__int__"):
        # Words of a translation, choices, addresses: what they say. Dates are kept.
        return value if hasattr(value, "isoformat") else _CONTROLS.sub("", str(value))[:LONGEST_CELL]
    return value


def _escaped(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, None if value == "" else value)
    if isinstance(value, str) and value:
        # A text, whatever it begins with; the mark keeps it one when somebody edits the cell.
        cell.data_type = "s"
        if value.startswith(FORMULA_STARTS):
            cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
