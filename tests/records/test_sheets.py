"""Reading spreadsheets that people upload: what they are, in rows of texts, or where they are wrong."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from samkraft.records.refusals import Refused
from samkraft.records.sheets import fault, read
from samkraft.ui.spreadsheets import csv_text, workbook


def xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rows_of(content, most_rows=10):
    return read(io.BytesIO(content), most_rows=most_rows)


def refusal(content, most_rows=10):
    with pytest.raises(Refused) as refused:
        rows_of(content, most_rows)
    return str(refused.value)


DAMAGED = "The file is damaged, or it is no spreadsheet. Save it anew as an Excel or CSV file."


def test_excel_cells_read_as_a_person_sees_them():
    when = datetime(2026, 11, 21, 18, 30)  # noqa: DTZ001 - a spreadsheet's times have no zone
    assert rows_of(xlsx(["Namn", "Nr"], [" Åsa ", 556677.0], [1.5, True], [date(2026, 11, 21), when], [None, "x"])) == [
        ["Namn", "Nr"],
        ["Åsa", "556677"],
        ["1.5", "1"],
        ["2026-11-21", "2026-11-21 18:30"],
        ["", "x"],
    ]


@pytest.mark.parametrize(
    "content",
    [
        "Namn;Ort\nÅsa;Malmö\n".encode(),
        "\ufeffNamn;Ort\r\nÅsa;Malmö".encode(),
        "Namn,Ort\nÅsa,Malmö\n".encode("cp1252"),
        "Namn\tOrt\nÅsa\tMalmö\n".encode("utf-16"),
        '"Namn";"Ort"\r"Åsa";"Malmö"\r'.encode(),
        '"Namn, hela";Ort\nÅsa;Malmö\n'.replace(", hela", "").encode(),
    ],
    ids=["semicolons", "mark", "windows", "tabs in utf-16", "quoted", "plain"],
)
def test_csv_of_each_kind_is_read(content):
    assert rows_of(content) == [["Namn", "Ort"], ["Åsa", "Malmö"]]


def test_comma_within_quotation_marks_parts_no_cells():
    assert rows_of(b'"Name, whole";Place\n"a;b\n""c""";d\n') == [["Name, whole", "Place"], ['a;b\n"c"', "d"]]


def test_rows_are_as_wide_as_the_widest_and_empty_rows_at_the_end_are_left_out():
    assert rows_of(b"a;b;;\n\nc;d;e\n;;\n\n") == [["a", "b", ""], ["", "", ""], ["c", "d", "e"]]


def test_our_own_lists_are_read_as_they_were():
    rows = [["Namn", "Telefon"], ["=Åsa;", "+46 70 123"]]
    assert rows_of(csv_text(rows[0], rows[1:]).encode()) == rows
    assert rows_of(workbook("Lista", rows[0], rows[1:])) == rows


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n;;\n", "The file is empty."),
        (b"a\n" * 11, "The file has more than 10 rows. Divide it and try again."),
        (b"a\n" * 2_000_000, "The file has more than 10 rows. Divide it and try again."),
        (b";" * 100 + b"x\n", "The file has more than 100 columns."),
        (b"x" * 5_000_001, "The file is larger than 5 megabytes. Divide it and try again."),
        (b"PK\x03\x04 broken", DAMAGED),
        (b"\xd0\xcf\x11\xe0 broken", DAMAGED),
        (b"%PDF-1.7\x00\x00", DAMAGED),
        (b'a;b\n"c;d\n', "Row 2: a quotation mark is not closed, or stands where none can be."),
        (b"a;b\nc;" + b"x" * 10_001, "Row 2, column B: The text is too long."),
        (b"a;b\nc\x01;d", "Row 2, column A: The text holds signs that cannot be read."),
        (b"a;" + b"x" * 140_000, "Row 1: a quotation mark is not closed, or stands where none can be."),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_its_place(content, sentence):
    assert refusal(content) == sentence


def test_error_value_is_refused_with_its_place():
    content = xlsx(["a", "b"], ["c", "#DIV/0!"])
    assert refusal(content) == "Row 2, column B: The cell holds an error such as #DIV/0!."


def test_workbook_that_swells_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert refusal(content.getvalue()) == (
        "The file holds more than a list of names needs. Copy the list to a new file."
    )


def test_fault_names_the_cell_as_a_spreadsheet_does():
    assert str(fault(2, 27, "No such municipality.")) == "Row 3, column AB: No such municipality."
