"""`samkraft import`: what it prints, and what it refuses in one sentence with the database as it was."""

import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from samkraft.config.command import main
from samkraft.config.django_commands import name_in
from samkraft.places.models import Area, PlaceName
from samkraft.statistics.models import Deduction, Emission, Pathway, Population, Release
from tests.statistics import publishers

pytestmark = pytest.mark.django_db

ALL = ("Alla", "Alla")
LAXA = (*ALL, "Örebro län", "Laxå")
OREBRO = (*ALL, "Örebro län", "Örebro")
CEMENT = [("Skövde", 2022, 1_000)]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str], list[str]]]:
    """Runs the command: its exit code, and the lines it prints on standard output and on standard error."""

    def run(*arguments: object) -> tuple[int, list[str], list[str]]:
        capsys.readouterr()
        code = main(["import", *map(str, arguments)])
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err.splitlines()

    return run


def contents():
    """All that an import could change, short enough to compare."""
    counted = {model: model.objects.count() for model in (Emission, Population, Deduction, Pathway, PlaceName)}
    return counted, list(Release.objects.values()), list(Area.objects.values_list("key", "name"))


def test_import_says_what_it_did_and_the_second_time_that_it_is_there(command, tmp_path):
    path = publishers.deductions(tmp_path / "cement.csv", CEMENT)
    assert command("deductions", path, "--release", "2027") == (
        0,
        [
            "The release se-deductions-2027 was added, with 1 figures.",
            "Beside se-naturvardsverket-cement-2022: 0 new, 1 changed, 26 gone.",
            "  changed: SE-1496, 2022, all sectors",
            "  gone: SE-0840, 2010, all sectors",
            "  gone: SE-0840, 2015, all sectors",
            "  gone: SE-0840, 2016, all sectors",
            "  gone: SE-0840, 2017, all sectors",
            "  gone: SE-0840, 2018, all sectors",
            "  gone: and 21 more",
        ],
        [],
    )
    before = contents()
    assert command("deductions", path) == (
        0,
        ["This release is already here as se-deductions-2027. Nothing was changed."],
        [],
    )
    assert contents() == before


def test_dry_run_writes_nothing(command, tmp_path):
    before = contents()
    code, said, complaints = command("deductions", publishers.deductions(tmp_path / "c.csv", CEMENT), "--dry-run")
    assert (code, complaints) == (0, [])
    assert said[1] == "Beside se-naturvardsverket-cement-2022: 0 new, 1 changed, 26 gone."
    assert contents() == before


def test_what_is_stated_is_kept_with_the_release(command, tmp_path):
    path = publishers.deductions(tmp_path / "cement.csv", CEMENT)
    command("deductions", path, "--release", "v2", "--licence", "CC0-1.0", "--source-url", "https://example.org/c")
    release = Release.objects.get(slug="se-deductions-v2")
    assert (release.version, release.licence, release.source_url) == ("v2", "CC0-1.0", "https://example.org/c")


# Files that cannot be used: the kind, the file, and the one sentence.


def table(rows, *, keys=publishers.KEYS):
    return lambda folder: publishers.smhi(folder / "report.xlsx", rows, years=[2021, 2022], keys=keys)


def cut(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    """The same file, broken off in the middle."""

    def damaged(folder: Path) -> Path:
        path = make(folder)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        return path

    return damaged


def sparse(name: str) -> Callable[[Path], Path]:
    def huge(folder: Path) -> Path:
        with (folder / name).open("wb") as stream:
            stream.truncate(200_000_000)
        return folder / name

    return huge


def bomb(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(20_000_000))
    return folder / "bomb.xlsx"


def gases(content):
    return lambda folder: publishers.written(folder / "gases.json", content)


def danish(areas):
    return lambda folder: publishers.danish(folder / "accounts.json", [2022, 2023], areas)


def norwegian(*lines):
    return lambda folder: publishers.norwegian(folder / "gas.csv", lines)


def people(persons, **changes):
    return lambda folder: publishers.population(folder / "people.xlsx", persons, **changes)


def code_list(names):
    return lambda folder: publishers.codes(folder / "codes.xlsx", names)


def cement(*lines):
    return lambda folder: publishers.deductions(folder / "cement.csv", lines)


WHOLE = {"": [1.0, 2.0], "transport": [1.0, 2.0]}
SHEET = "report.xlsx, sheet “Koldioxid (CO2)”"
DAMAGED = {
    "another sheet": (
        "smhi",
        code_list({"01": "Stockholms län"}),
        "codes.xlsx, sheet “Län och kommuner”, row 6, column A: expected SMHI's county report with the columns"
        " Huvudsektor, Undersektor, Län, Kommun, found “Code”.",
    ),
    "missing column": (
        "smhi",
        table([(*LAXA, 1, 2)], keys=("Huvudsektor", "Undersektor", "Län", "Ort")),
        f"{SHEET}, row 6, column D: expected the column “Kommun”, found “Ort”.",
    ),
    "text for a number": (
        "smhi",
        table([(*LAXA, 1, 2), (*OREBRO, 3, "mycket")]),
        f"{SHEET}, row 8, column F: expected a number or an empty cell, found “mycket”.",
    ),
    "unknown municipality in the last row": (
        "smhi",
        table([(*LAXA, 1, 2), (*ALL, "Örebro län", "Örebo", 3, 4)]),
        f"{SHEET}, row 8, column D: expected a known municipality, found “Örebo” (nearest: “Örebro”).",
    ),
    "subsector's name too long": (
        "smhi",
        table([("Jordbruk", "x" * 101, "Örebro län", "Laxå", 1, 2)]),
        f"{SHEET}, row 7, column D: expected a subsector's name of at most 100 characters, found “{'x' * 60}…”.",
    ),
    "truncated workbook": (
        "smhi",
        cut(table([(*LAXA, 1, 2)])),
        "report.xlsx: expected a complete Excel file (.xlsx), found a damaged one.",
    ),
    "200 MB": ("smhi", sparse("big.xlsx"), "big.xlsx: the file is 200 MB, expected at most 50 MB."),
    "zip bomb": (
        "smhi",
        bomb,
        "bomb.xlsx: part “xl/worksheets/sheet1.xml” would be more than 100 times larger unpacked.",
    ),
    "text for an Excel file": (
        "smhi",
        cement(("Skövde", 2022, 1)),
        "cement.csv: expected an Excel file (.xlsx or .xls), found something else.",
    ),
    "no such file": (
        "smhi",
        lambda folder: folder / "none.xlsx",
        "none.xlsx: the file cannot be read (No such file or directory).",
    ),
    "JSON of another kind": ("ghg-json", danish({"0101": WHOLE}), "accounts.json: expected a list of areas."),
    "JSON without a key": (
        "ghg-json",
        gases([{"name": "Laxå"}]),
        "gases.json, row 1, column “sectors”: expected an area with “name” and “sectors”,"
        " “sectors” is missing or wrong.",
    ),
    "JSON with text for a number": (
        "ghg-json",
        gases([{"name": "Laxå", "sectors": {"2024": {"Jordbruk": "12"}}}]),
        "gases.json, row 1, column “2024/Jordbruk”: expected a number or null, found “\"12\"”.",
    ),
    "JSON with an unknown municipality": (
        "ghg-json",
        gases([{"name": "Laxo", "sectors": {"2024": {"Jordbruk": 12}}}]),
        "gases.json, row 1, column “name”: expected a known municipality, found “Laxo” (nearest: “Laxå”).",
    ),
    "truncated JSON": (
        "ghg-json",
        gases('[{"name": "Laxå", "sectors": {"2024": '),
        "gases.json, row 1, column 39: expected complete JSON, but it breaks off or is wrong here (expecting value).",
    ),
    "200 MB of JSON": ("ghg-json", sparse("big.json"), "big.json: the file is 200 MB, expected at most 50 MB."),
    "Danish sectors of unequal length": (
        "energistyrelsen",
        danish({"0101": {"": [1.0, 2.0], "transport": [1.0]}}),
        "accounts.json, row 1, column “transport”: expected a list of 2 figures, one for each year.",
    ),
    "Danish code that is unknown": (
        "energistyrelsen",
        danish({"0101": WHOLE, "1860": WHOLE}),
        "accounts.json, row 2, column “kommuneKode”: expected a known municipality, found “1860 Kommune 1860”.",
    ),
    "Norwegian text for a number": (
        "miljodirektoratet",
        norwegian(("Skien", 2024, "Jordbruk", "Gjødsel", "1,5")),
        "gas.csv, row 2: expected 5 fields, found 6.",
    ),
    "Norwegian file cut off within a number": (
        "miljodirektoratet",
        lambda folder: publishers.written(
            folder / "gas.csv", "Kommune,År,Sektor,Utslippskilde,Utslipp\nSkien,2024,Jordbruk,Gjødsel,12"
        ),
        "gas.csv, row 2: expected a line break after the last line, found none: the file may be cut off.",
    ),
    "Norwegian name that is unknown": (
        "miljodirektoratet",
        norwegian(("Skien", 2024, "Jordbruk", "Gjødsel", 1), ("Skjen", 2024, "Jordbruk", "Gjødsel", 1)),
        "gas.csv, row 3, column “Kommune”: expected a known municipality, found “Skjen” (nearest: “Skien”).",
    ),
    "Norwegian column that is missing": (
        "miljodirektoratet",
        cement(("Skien", 2024, 1)),
        "cement.csv, row 1, column “Kommune”: expected a column “Kommune”, found kommun, year, tonnes_co2.",
    ),
    "code without its county": (
        "scb-codes",
        code_list({"01": "Stockholms län", "0114": "Upplands Väsby", "1860": "Laxå"}),
        "codes.xlsx, sheet “Län och kommuner”, row 9, column A: expected the county 18 of 1860 Laxå in the list.",
    ),
    "code that is no code": (
        "scb-codes",
        code_list({"01": "Stockholms län", "114": "Upplands Väsby"}),
        "codes.xlsx, sheet “Län och kommuner”, row 8, column A: expected a code of two or four digits as text,"
        " found “114”.",
    ),
    "inhabitants of an unknown code": (
        "scb-population",
        people({"1860 Laxå": 5_500, "9999 Okänd": 1}),
        "people.xlsx, sheet “BE0101”, row 5, column A: expected a known municipality, found “9999 Okänd”.",
    ),
    "half an inhabitant": (
        "scb-population",
        people({"1860 Laxå": 5_500.5}),
        "people.xlsx, sheet “BE0101”, row 4, column D: expected a whole number of persons, found “5500.5”.",
    ),
    "inhabitants of counties only": (
        "scb-population",
        people({"18 Örebro län": 300_000}),
        "people.xlsx: expected figures of municipalities, found none.",
    ),
    "deduction of an unknown municipality": (
        "deductions",
        cement(("Skövde", 2022, 1), ("Skövda", 2022, 1)),
        "cement.csv, row 3, column “kommun”: expected a known municipality, found “Skövda” (nearest: “Skövde”).",
    ),
    "negative deduction": (
        "deductions",
        cement(("Skövde", 2022, -1)),
        "cement.csv, row 2, column “tonnes_co2”: expected a number of tonnes, zero or more, found “-1”.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_file_is_one_sentence_exit_code_two_and_the_database_as_it_was(command, tmp_path, case):
    kind, make, sentence = DAMAGED[case]
    before = contents()
    assert command(kind, make(tmp_path), "--partial") == (2, [], [sentence])
    assert contents() == before


@pytest.mark.parametrize("kind", ["smhi", "ghg-json", "energistyrelsen", "miljodirektoratet", "scb-codes"])
def test_real_file_cut_in_the_middle_is_refused(command, shared_data, tmp_path, kind):
    real = {
        "smhi": "se/smhi_co2_lansrapport_2024-04-18.xlsx",
        "ghg-json": "se/ghg_sector_1990-2024.json",
        "energistyrelsen": "dk/klimaregnskab_by_kommune_2018-2023.json",
        "miljodirektoratet": "no/mdir_klimagassutslipp_telemark_2009-2024.csv",
        "scb-codes": "se/scb_kommunlankod_2023.xls",
    }[kind]
    content = (shared_data / real).read_bytes()
    path = tmp_path / Path(real).name
    path.write_bytes(content[: len(content) // 2 - 3])
    before = contents()
    code, said, complaints = command(kind, path)
    assert (code, said, len(complaints)) == (2, [], 1)
    assert complaints[0].startswith(path.name)
    assert contents() == before


def test_unknown_kind_is_told_the_kinds(command, tmp_path):
    assert command("smih", tmp_path / "any.xlsx") == (
        2,
        [],
        [
            "There is no kind “smih”. Choose from: smhi, ghg-json, energistyrelsen, miljodirektoratet, scb-codes,"
            " scb-population, deductions."
        ],
    )


# From an address.


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A site that calls everything a web page, whatever it is."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.split("?")[0].rpartition("/")[2]
            there = (tmp_path / name).is_file()
            self.send_response(200 if there else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if there:
                self.wfile.write((tmp_path / name).read_bytes())

        def log_message(self, *arguments: object) -> None:
            """Keeps quiet: what is on standard error is part of what the tests look at."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_address_is_imported_whatever_the_site_calls_its_content(command, tmp_path, site):
    publishers.deductions(tmp_path / "cement.csv", CEMENT)
    address = f"{site}/files/cement.csv?year=2022"
    code, said, complaints = command("deductions", address, "--release", "web")
    assert (code, said[0], complaints) == (0, "The release se-deductions-web was added, with 1 figures.", [])
    assert Release.objects.get(slug="se-deductions-web").source_url == address


def test_file_from_an_address_is_called_by_its_name_there(command, tmp_path, site):
    publishers.deductions(tmp_path / "cement.csv", [("Skövda", 2022, 1)])
    assert command("deductions", f"{site}/files/cement.csv?year=2022") == (
        2,
        [],
        ["cement.csv, row 2, column “kommun”: expected a known municipality, found “Skövda” (nearest: “Skövde”)."],
    )


def test_address_without_a_file_is_one_sentence(command, site):
    before = contents()
    assert command("deductions", f"{site}/none.csv") == (2, [], ["The site does not give out this page."])
    assert contents() == before


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/data/utsl%C3%A4pp%202024.xlsx?year=2024", "utsläpp 2024.xlsx"),
        ("https://example.org/api/getexcelfile/?county=0&sub=CO2", "getexcelfile"),
        ("https://example.org/?path=/a/b.csv", "example.org"),
    ],
)
def test_name_of_an_address_is_the_last_part_of_its_path(url, name):
    assert name_in(url) == name
