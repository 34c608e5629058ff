"""Readers of Excel files: what they take, and one sentence for each kind of damage."""

import datetime
import io
import struct
import zipfile

import openpyxl
import pytest

from samkraft.statistics.formats import (
    EmissionRow,
    FormatError,
    limits,
    read_scb_population,
    read_smhi_xlsx,
)
from samkraft.statistics.formats.sheets import column_letters

KEYS = ["Huvudsektor", "Undersektor", "Län", "Kommun"]
TITLES = [
    ["Rapportnamn:", "Länsrapport, 2024-04-18"],
    ["Emissioner av Koldioxid (CO2)"],
    ["Enhet: ton/år"],
    [],
]
HEADER = [[None] * 4 + [2015, 2016], [*KEYS, "CO2", "CO2"]]
BODY = [
    ["Alla", "Alla", "Alla", "Alla", 30, 20],
    ["Alla", "Alla", "Örebro län", "Alla", 30, 20],
    ["Alla", "Alla", "Örebro län", "Laxå", 30.5, None],
    ["Egen uppärmning av bostäder och lokaler", "Alla", "Örebro län", "Laxå", -1, 0],
    ["Egen uppärmning av bostäder och lokaler", "Bostäder", "Örebro län", "Laxå", 1, 2],
]


def write(path, rows, sheet="Koldioxid (CO2)"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def smhi(tmp_path, *, titles=TITLES, header=HEADER, body=BODY):
    return write(tmp_path / "export.xlsx", [*titles, *header, *body])


def refusal(read, path):
    with pytest.raises(FormatError) as caught:
        read(path)
    return str(caught.value)


def changed(rows, row, column, value):
    copy = [list(line) for line in rows]
    copy[row][column] = value
    return copy


def test_smhi_reads_levels_sectors_missing_and_negative_figures(tmp_path):
    table = read_smhi_xlsx(smhi(tmp_path))
    assert (table.country, table.gas_set, table.unit) == ("SE", "co2", "t")
    assert table.report_date == datetime.date(2024, 4, 18)
    assert table.years == (2015, 2016)
    assert table.rows == [
        EmissionRow("Sverige", None, None, "country", "", "", (30.0, 20.0), 7),
        EmissionRow("Örebro län", None, "Örebro län", "county", "", "", (30.0, 20.0), 8),
        EmissionRow("Laxå", None, "Örebro län", "municipality", "", "", (30.5, None), 9),
        EmissionRow("Laxå", None, "Örebro län", "municipality", "heating", "", (-1.0, 0.0), 10),
        EmissionRow("Laxå", None, "Örebro län", "municipality", "heating", "Bostäder", (1.0, 2.0), 11),
    ]
    assert [row.source_row for row in table.totals("municipality")] == [9]
    assert str(table.error("expected a known municipality", table.rows[2])) == (
        "export.xlsx, sheet “Koldioxid (CO2)”, row 9, column D: expected a known municipality."
    )


def test_smhi_tells_greenhouse_gases_from_carbon_dioxide(tmp_path):
    titles = changed(TITLES, 1, 0, "Emissioner av Växthusgaser totalt (GGT)")
    assert read_smhi_xlsx(smhi(tmp_path, titles=titles)).gas_set == "ghg"


WHERE = "export.xlsx, sheet “Koldioxid (CO2)”, row {}, column {}: {}."


@pytest.mark.parametrize(
    ("row", "column", "value", "sentence"),
    [
        (2, 4, "ej klar", WHERE.format(9, "E", "expected a number or an empty cell, found “ej klar”")),
        (2, 5, True, WHERE.format(9, "F", "expected a number or an empty cell, found “True”")),
        (2, 4, "12.5", WHERE.format(9, "E", "expected a number or an empty cell, found “12.5”")),
        (
            3,
            0,
            "Egen uppvärming",
            WHERE.format(
                10,
                "A",
                "expected a known sector, found “Egen uppvärming”"
                " (nearest: “Egen uppvärmning av bostäder och lokaler”)",
            ),
        ),
        (1, 2, "Alla", WHERE.format(8, "A", "expected each row once, found row 7 again")),
        (2, 2, "Alla", WHERE.format(9, "C", "expected a county beside “Laxå”, found “Alla”")),
        (2, 3, None, WHERE.format(9, "D", "expected a name under “Kommun”, found nothing")),
        (2, 1, "Bostäder", WHERE.format(9, "B", "expected “Alla” beside all sectors, found “Bostäder”")),
    ],
)
def test_smhi_names_the_cell_that_is_wrong(tmp_path, row, column, value, sentence):
    assert refusal(read_smhi_xlsx, smhi(tmp_path, body=changed(BODY, row, column, value))) == sentence


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            [HEADER[0], [*KEYS[:3], "CO2", "CO2", "CO2"]],
            WHERE.format(6, "D", "expected the column “Kommun”, found “CO2”"),
        ),
        ([[None] * 4 + [2015, "x"], HEADER[1]], WHERE.format(5, "F", "expected a year, found “x”")),
        ([[None] * 4 + [2015, None], HEADER[1]], WHERE.format(5, "F", "expected a year, found nothing")),
        (
            [[None] * 4 + [2016, 2015], HEADER[1]],
            WHERE.format(5, "F", "expected a year after 2016, found 2015"),
        ),
        ([[], KEYS], WHERE.format(5, "E", "expected years from column E onwards, found none")),
    ],
)
def test_smhi_names_the_heading_that_is_wrong(tmp_path, header, sentence):
    assert refusal(read_smhi_xlsx, smhi(tmp_path, header=header)) == sentence


@pytest.mark.parametrize(
    ("row", "title", "sentence"),
    [
        (
            1,
            "Emissioner av Metan (CH4)",
            WHERE.format(
                2,
                "A",
                "expected emissions of carbon dioxide (CO2) or greenhouse gases, found “Emissioner av Metan (CH4)”",
            ),
        ),
        (1, "", WHERE.format(1, "A", "expected a title row “Emissioner av …”, found none")),
        (2, "Enhet: kg/år", WHERE.format(3, "A", "expected the unit ton/år, found “Enhet: kg/år”")),
        (2, "", WHERE.format(1, "A", "expected a title row “Enhet: ton/år”, found none")),
    ],
)
def test_smhi_checks_gas_and_unit(tmp_path, row, title, sentence):
    assert refusal(read_smhi_xlsx, smhi(tmp_path, titles=changed(TITLES, row, 0, title))) == sentence


def test_smhi_without_rows_is_refused(tmp_path):
    sentence = WHERE.format(7, "A", "expected rows of emissions below the header, found none")
    assert refusal(read_smhi_xlsx, smhi(tmp_path, body=[])) == sentence.replace(", column A", "")


def test_figure_without_a_year_is_refused(tmp_path):
    body = [[*BODY[0], 9]]
    assert "row 7, column G: expected no figure without a year above it" in refusal(
        read_smhi_xlsx, smhi(tmp_path, body=body)
    )


def test_wrong_sheet_says_what_was_expected_and_what_is_there(tmp_path):
    path = write(tmp_path / "bilar.xlsx", [["Registrerade fordon"], ["Kommun", "Antal"]], sheet="Tabell 1")
    assert refusal(read_smhi_xlsx, path) == (
        "bilar.xlsx, sheet “Tabell 1”, row 6, column A: expected SMHI's county report with the columns"
        " Huvudsektor, Undersektor, Län, Kommun, found nothing."
    )


def test_sheet_is_found_among_others(tmp_path):
    path = smhi(tmp_path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Om", 0).append(["Läs mig"])
    book.save(path)
    assert len(read_smhi_xlsx(path).rows) == 5


def test_error_holds_the_place_as_attributes(tmp_path):
    with pytest.raises(FormatError) as caught:
        read_smhi_xlsx(smhi(tmp_path, body=changed(BODY, 0, 4, "x")), name="min fil.xlsx")
    error = caught.value
    assert (error.file, error.sheet, error.row, error.column) == ("min fil.xlsx", "Koldioxid (CO2)", 7, "E")


# Files that are no Excel files, or try to be more than that.


def test_truncated_file_is_refused(tmp_path):
    path = smhi(tmp_path)
    whole = path.read_bytes()
    for length in (len(whole) // 2, len(whole) - 10, 30):
        path.write_bytes(whole[:length])
        assert refusal(read_smhi_xlsx, path) == (
            "export.xlsx: expected a complete Excel file (.xlsx), found a damaged one."
        )


def test_flipped_bytes_are_refused(tmp_path):
    path = smhi(tmp_path)
    damaged = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    damaged[start : start + 40] = bytes(40)
    path.write_bytes(damaged)
    assert "found a damaged one" in refusal(read_smhi_xlsx, path)


def test_archive_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "archive.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refusal(read_smhi_xlsx, path) == "archive.xlsx: expected a complete Excel file, found a damaged one."


def test_other_empty_and_missing_files_are_refused(tmp_path):
    path = tmp_path / "export.xlsx"
    assert refusal(read_smhi_xlsx, path) == "export.xlsx: the file cannot be read (No such file or directory)."
    path.write_bytes(b"")
    assert refusal(read_smhi_xlsx, path) == "export.xlsx: the file is empty."
    path.write_text("<html>Not found</html>")
    assert refusal(read_smhi_xlsx, path) == (
        "export.xlsx: expected an Excel file (.xlsx or .xls), found something else."
    )
    assert refusal(read_smhi_xlsx, tmp_path).endswith("expected a file.")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert refusal(read_smhi_xlsx, path) == "export.xlsx: expected a complete Excel file, found a damaged one."


def test_large_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "export.xlsx"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    assert refusal(read_smhi_xlsx, path) == "export.xlsx: the file is 200 MB, expected at most 50 MB."


def test_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(20_000_000))
    assert refusal(read_smhi_xlsx, path) == (
        "bomb.xlsx: part “xl/worksheets/sheet1.xml” would be more than 100 times larger unpacked."
    )


def test_archive_too_large_in_sum_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1_000_000)
    path = tmp_path / "wide.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"part{number}.xml", bytes(500_000))
    assert refusal(read_smhi_xlsx, path) == "wide.xlsx: unpacked the file would be 2 MB, expected at most 1 MB."


def test_archive_that_understates_its_size_is_refused(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(20_000_000))
    lying = bytearray(content.getvalue())
    struct.pack_into("<I", lying, lying.index(b"PK\x01\x02") + 24, 100)
    path = tmp_path / "lying.xlsx"
    path.write_bytes(lying)
    assert "found a damaged one" in refusal(read_smhi_xlsx, path)


def test_cell_far_out_is_refused(tmp_path):
    path = smhi(tmp_path)
    for place in ("XFD2", "DA2", "A100000"):
        book = openpyxl.load_workbook(path)
        book.active[place] = 1
        book.save(tmp_path / "far.xlsx")
        assert refusal(read_smhi_xlsx, tmp_path / "far.xlsx") == (
            "far.xlsx: expected at most 99,999 rows and 104 columns, found a cell further out."
        )


def test_error_value_is_refused_and_not_read_as_missing(tmp_path):
    assert refusal(read_smhi_xlsx, smhi(tmp_path, body=changed(BODY, 2, 4, "#DIV/0!"))) == (
        "export.xlsx, sheet “sheet1”, row 9, column E: expected a number or an empty cell,"
        " found an error value such as #DIV/0!."
    )


def test_text_repeated_beyond_memory_is_refused(tmp_path):
    path = tmp_path / "repeats.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<row r="1"><c t="s"><v>0</v></c></row>' * 50_000)
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{'x' * 32_000}</t></si></sst>")
    assert refusal(read_smhi_xlsx, path) == (
        "repeats.xlsx: the texts in the sheets would fill more memory than a table needs."
    )


def test_column_letters_are_excels():
    assert [column_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


# Inhabitants.

ALL_AGES, BOTH = "totalt, samtliga åldrar", "totalt, samtliga män och kvinnor"
PEOPLE = [
    ["Folkmängden per månad"],
    [],
    [None, None, None, "2025M12"],
    ["0114 Upplands Väsby", ALL_AGES, BOTH, 50495],
    ["0115 Vallentuna", ALL_AGES, BOTH, None],
    [],
    ["Databas:"],
]


def test_population_reads_the_period_and_passes_over_notes(tmp_path):
    table = read_scb_population(write(tmp_path / "folk.xlsx", PEOPLE, sheet="000007SF"))
    assert (table.year, table.month) == (2025, 12)
    assert [(r.code, r.name, r.persons, r.source_row) for r in table.rows] == [
        ("0114", "Upplands Väsby", 50495, 4),
        ("0115", "Vallentuna", None, 5),
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "sentence"),
    [
        (3, 3, "femtio", "row 4, column D: expected a number or an empty cell, found “femtio”."),
        (3, 3, 50.5, "row 4, column D: expected a whole number of persons, found “50.5”."),
        (3, 3, -1, "row 4, column D: expected a whole number of persons, found “-1.0”."),
        (4, 0, "0114 Väsby", "row 5, column A: expected each code once, found 0114 again."),
        (
            3,
            0,
            "Upplands Väsby",
            "row 4, column A: expected code and name such as “0114 Upplands Väsby”, found “Upplands Väsby”.",
        ),
        (
            3,
            2,
            "kvinnor",
            "row 4, column C: expected all ages and both sexes (“totalt …”), found “kvinnor”.",
        ),
        (2, 3, "december", "row 3, column D: expected a period such as “2025M12”, found “december”."),
    ],
)
def test_population_names_the_cell_that_is_wrong(tmp_path, row, column, value, sentence):
    path = write(tmp_path / "folk.xlsx", changed(PEOPLE, row, column, value), sheet="000007SF")
    assert refusal(read_scb_population, path) == f"folk.xlsx, sheet “000007SF”, {sentence}"
