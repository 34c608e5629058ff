"""Tables to save: what people open them in takes no cell for a formula."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from samkraft.ui.spreadsheets import csv_text, workbook

FORMULAS = ["=1+1", "+46 70 123", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"]


def cells(content):
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows()]


def values(content):
    return [[cell.value for cell in row] for row in cells(content)]


def test_workbook_holds_headings_and_rows():
    rows = [["Mariestad", 1200, Decimal("1.5"), date(2026, 11, 21), None], ["Töreboda", -3, 0.5, None, True]]
    assert values(workbook("Actors", ["Place", "Tonnes", "Share", "On", "More"], rows)) == [
        ["Place", "Tonnes", "Share", "On", "More"],
        ["Mariestad", 1200, 1.5, datetime(2026, 11, 21), None],  # noqa: DTZ001 - a spreadsheet's dates have no zone
        ["Töreboda", -3, 0.5, None, "True"],
    ]


def test_times_are_local():
    when = datetime(2026, 11, 21, 11, 30, 15, 4, tzinfo=UTC)
    assert values(workbook("Meetings", ["When"], [[when]]))[1][0].isoformat() == "2026-11-21T12:30:15"
    assert csv_text(["When"], [[when]]) == "\ufeffWhen\r\n2026-11-21 12:30:15\r\n"


@pytest.mark.parametrize("text", FORMULAS)
def test_text_is_never_a_formula(text):
    [[cell]] = cells(workbook("A", [], [[text]]))[-1:]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value.strip() == text.strip()
    assert csv_text([text], [])[1:].lstrip('"').startswith("'")


def test_numbers_below_zero_stay_numbers():
    assert csv_text(["a"], [[-5], [-1.5]]) == "\ufeffa\r\n-5\r\n-1.5\r\n"


def test_csv_quotes_what_would_break_it(in_english):
    assert csv_text([gettext_lazy("Edit")], [['a;"b"\nc'], [None]]) == '\ufeffEdit\r\n"a;""b""\nc"\r\n""\r\n'


def test_what_a_spreadsheet_cannot_hold_does_not_break_it():
    content = workbook("A/b: [c]*?\\" * 5, ["x" * 40_000], [["a\x00b\x1f"]])
    assert values(content) == [["x" * 32_767], ["ab"]]
    assert workbook("", ["a"], []) != b""
