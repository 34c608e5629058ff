"""The command itself: its subcommands, its exit codes, and a reader who stops reading."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from samkraft.config.command import main
from samkraft.statistics.models import Pathway
from tests.statistics import publishers

YEARS = (2015, 2020, 2021, 2022, 2023, 2024)


@pytest.fixture
def gases(tmp_path):
    falling = {year: 1000.0 - 40 * (year - 2015) for year in YEARS}
    return publishers.ghg(tmp_path / "ghg.json", {"Örebro": falling, "Laxå": dict.fromkeys(YEARS, 500.0)})


def test_pathway_prints_a_table(gases, capsys):
    assert main(["pathway", "--method", "carbon-law", "--emissions", str(gases), "--year", "2026"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[:3] for line in lines] == [
        ["country", "code", "name"],
        ["SE", "1860", "Laxå"],
        ["SE", "1880", "Örebro"],
    ]


def test_pathway_of_a_file_that_is_not_there_is_exit_code_two(tmp_path, capsys):
    path = tmp_path / "none.json"
    assert main(["pathway", "--method", "carbon-law", "--emissions", str(path), "--year", "2026"]) == 2
    assert capsys.readouterr() == ("", "none.json: the file cannot be read (No such file or directory).\n")


@pytest.mark.parametrize("arguments", [[], ["fly"], ["import", "smhi"], ["pathway", "--method", "carbon-law"]])
def test_command_that_lacks_something_shows_how_it_is_used(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("usage: samkraft")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "file", "release"),
    [
        ("budget-2024", "se/smhi_co2_lansrapport_2024-04-18.xlsx", "se-smhi-co2-2024-04-18"),
        ("carbon-law", "se/ghg_sector_1990-2024.json", "se-smhi-ghg-2024"),
    ],
)
def test_pathway_of_plain_files_is_the_stored_one(shared_data, capsys, method, file, release):
    deductions = ["--deductions", str(shared_data / "se/cement_deduction_tonnes.csv")] if "budget" in method else []
    year = "2024" if deductions else "2026"
    options = ["--method", method, "--emissions", str(shared_data / file), "--year", year, *deductions]
    assert main(["pathway", *options]) == 0
    header, *lines = (line.split(",") for line in capsys.readouterr().out.splitlines())
    printed = {line[1]: dict(zip(header, line, strict=True)) for line in lines}
    stored = Pathway.objects.filter(release__slug=release, area__kind="municipality").select_related("area")
    assert len(stored) == len(printed) == 290
    for pathway in stored:
        row = printed[pathway.area.code]
        assert float(row["trend_slope"]) == pytest.approx(pathway.trend_slope, rel=1e-9, abs=1e-9)
        assert row["net_zero_on"] == (pathway.net_zero_on.isoformat() if pathway.net_zero_on else "")


def run(arguments: list[str], stdout: int) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    program = [sys.executable, "-m", "samkraft.config.command", *arguments]
    return subprocess.run(
        program, stdout=stdout, stderr=subprocess.PIPE, text=True, env=environment, check=False, timeout=60
    )


def test_reader_who_stops_reading_is_no_error(gases: Path):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = run(["pathway", "--method", "carbon-law", "--emissions", str(gases), "--year", "2026"], writer)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")
