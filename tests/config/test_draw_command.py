"""`samkraft draw` from the files of an organiser to the check of a stranger."""

import csv
import io
import json
import os
import pty
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from samkraft.config.command import main
from samkraft.config.draw_command import ProgressLine
from samkraft.engines.selection import verify_draw
from samkraft.engines.selection.draw import run_files

GOLDEN = Path(__file__).parent / "golden_draw"
SECTORS, TOWNS = ("energi", "trafik", "plan"), ("Umeå", "Laxå", "Eslöv", "Lund", "Borås", "Falun")
PEOPLE = [(f"p{k:02d}", SECTORS[k % 3], ("ny", "van")[k % 5 < 2], TOWNS[(k + k // 3) % 6]) for k in range(40)]
FEATURES = "feature,value,min,max\nsector,energi,3,5\nsector,trafik,3,5\nsector,plan,3,5\nexp,ny,4,6\nexp,van,4,8\n"
FILES = {"drawn.csv", "waitlist.csv", "draw.json", "report.json", "panels.csv", "pool.csv", "timing.json"} | {
    "types.csv",
    "salts.csv",
    "probabilities.csv",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    lines = ["id;namn;sector;exp;kommun\r\n"]
    lines += [f"{who};N {who};{sector};{exp};{town}\r\n" for who, sector, exp, town in PEOPLE]
    (tmp_path / "people.csv").write_bytes("".join(lines).encode("cp1252"))
    (tmp_path / "features.csv").write_text(FEATURES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commit(*more, seats=12, out="draw"):
    files = ["--pool", "people.csv", "--features", "features.csv"]
    return main(["draw", "commit", *files, "--seats", str(seats), "--panels", "50", "--out", str(out), *more])


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def keeps(panel):
    """Whether twelve ids keep the limits of the files and at most three from one municipality."""
    people = [person for person in PEOPLE if person[0] in panel]
    sectors, exps, towns = (Counter(person[k] for person in people) for k in (1, 2, 3))
    return (
        len(people) == 12
        and all(3 <= sectors[sector] <= 5 for sector in SECTORS)
        and 4 <= exps["ny"] <= 6
        and 4 <= exps["van"] <= 8
        and max(towns.values()) <= 3
    )


def test_commit_run_and_verify_from_end_to_end(folder, capsys):
    assert commit("--cap", "kommun:3", "--seed-from", "Tipset 21 juni") == 0
    out = capsys.readouterr().out
    report_file = folder / "draw" / "report.json"
    report = json.loads(report_file.read_bytes())
    assert out.splitlines()[-1] == verify_draw.sha256(report_file.read_bytes())
    assert out.startswith(f"40 people of {report['types']} types for 12 seats: the least likely has a chance of ")
    assert (report["panels"], report["seed_source"], report["method"]) == (50, "Tipset 21 juni", "leximin")
    assert set(report["versions"]) == {"python", "samkraft", "numpy", "scipy", "ortools"}
    timing = json.loads((folder / "draw" / "timing.json").read_bytes())
    assert set(timing) == {"seconds", "peak_mb"}
    assert 0 < timing["seconds"] < 60 and 20 < timing["peak_mb"] < 2000
    chances = [float(row["optimal"]) for row in rows(folder / "draw" / "probabilities.csv")]
    assert sum(chances) == pytest.approx(12)
    assert min(chances) == pytest.approx(report["min_probability"])

    assert main(["draw", "verify", "draw"]) == 0
    assert "The draw has not been made yet" in capsys.readouterr().out
    assert main(["draw", "run", "--out", "draw", "--seed", " 4711 "]) == 0
    assert capsys.readouterr().out.endswith(" was drawn: 12 people have a seat, 28 wait.\n")
    assert {path.name for path in (folder / "draw").iterdir()} == FILES
    drawn = [row["id"] for row in rows(folder / "draw" / "drawn.csv")]
    waiting = [row["id"] for row in rows(folder / "draw" / "waitlist.csv")]
    assert keeps(drawn)
    assert sorted(drawn + waiting) == [person[0] for person in PEOPLE]

    assert main(["draw", "verify", "draw"]) == 0
    script = subprocess.run(
        [sys.executable, "-I", "-S", verify_draw.__file__, "draw"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1"},
    )
    assert script.stdout == capsys.readouterr().out


def test_commitment_lets_nobody_else_see_what_is_private(folder):
    assert commit() == 0
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder / "draw").iterdir()}
    assert {name for name, mode in modes.items() if not mode & 0o077} == {"types.csv", "salts.csv", "probabilities.csv"}
    assert stat.S_IMODE((folder / "draw").stat().st_mode) == 0o755


def test_two_commitments_have_the_same_panels_and_other_salts(folder):
    assert [commit(out="one"), commit(out="two")] == [0, 0]
    same = [
        name
        for name in sorted(FILES - {"drawn.csv", "waitlist.csv", "draw.json", "timing.json"})
        if (folder / "one" / name).read_bytes() == (folder / "two" / name).read_bytes()
    ]
    assert same == ["panels.csv", "probabilities.csv", "types.csv"]


def test_maximin_alone_reaches_the_same_least_chance(folder):
    assert [commit(out="one"), commit("--method", "maximin", out="two")] == [0, 0]
    least = [json.loads((folder / name / "report.json").read_bytes())["min_probability"] for name in ("one", "two")]
    assert least[0] == pytest.approx(least[1], abs=1e-6)


def test_same_seed_gives_the_same_bytes_and_another_is_refused(folder, capsys):
    assert commit() == 0
    assert main(["draw", "run", "--out", "draw", "--seed", "4711"]) == 0
    before = {path.name: path.read_bytes() for path in (folder / "draw").iterdir()}
    assert main(["draw", "run", "--out", "draw", "--seed", "4711"]) == 0
    capsys.readouterr()
    assert main(["draw", "run", "--out", "draw", "--seed", "4712"]) == 1
    assert capsys.readouterr().err == (
        "It is already drawn with the seed “4711”, and no other seed can draw it again.\n"
    )
    assert {path.name: path.read_bytes() for path in (folder / "draw").iterdir()} == before


def test_draw_that_was_cut_short_is_finished_with_its_own_seed_only(folder):
    assert commit() == 0
    assert main(["draw", "run", "--out", "draw", "--seed", "4711"]) == 0
    (folder / "draw" / "drawn.csv").unlink()
    assert main(["draw", "run", "--out", "draw", "--seed", "1"]) == 1
    assert main(["draw", "run", "--out", "draw", "--seed", "4711"]) == 0
    assert main(["draw", "verify", "draw"]) == 0


def test_of_two_who_draw_at_the_same_time_one_is_refused(folder):
    assert commit() == 0
    arguments = [sys.executable, "-m", "samkraft.config.command", "draw", "run", "--out", "draw", "--seed"]
    both = [subprocess.Popen([*arguments, seed], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for seed in "12"]
    said = [process.communicate(timeout=60) for process in both]
    assert sorted(process.returncode for process in both) == [0, 1], said
    first = "12"[[process.returncode for process in both].index(0)]
    assert json.loads((folder / "draw" / "draw.json").read_bytes())["seed"] == first
    assert main(["draw", "verify", "draw"]) == 0
    assert {path.name for path in (folder / "draw").iterdir()} == FILES


@pytest.mark.parametrize(
    ("seed", "sentence"),
    [(" ", "A seed may not be empty.\n"), ("4\u200b", "A seed may only hold characters that can be seen; this one")],
)
def test_seed_that_cannot_be_one_is_refused(folder, capsys, seed, sentence):
    assert commit() == 0
    capsys.readouterr()
    assert main(["draw", "run", "--out", "draw", "--seed", seed]) == 2
    assert capsys.readouterr().err.startswith(sentence)


def test_run_without_a_commitment_is_exit_code_two(folder, capsys):
    assert main(["draw", "run", "--out", "draw", "--seed", "1"]) == 2
    (folder / "draw").mkdir()
    assert main(["draw", "run", "--out", "draw", "--seed", "1"]) == 2
    assert capsys.readouterr().err == (
        "draw: there is no such folder.\nThere is no commitment to draw from: report.json is missing.\n"
    )


def test_verify_has_other_exit_codes_for_what_is_wrong_and_what_is_missing(folder, capsys):
    assert main(["draw", "verify", "draw"]) == 2
    assert commit() == 0
    (folder / "draw" / "panels.csv").write_bytes(b"panel,types\n0,0:12\n")
    assert main(["draw", "verify", "draw"]) == 1
    assert "WRONG  panels.csv is the file that was committed to, by SHA-256." in capsys.readouterr().out
    assert main(["draw", "run", "--out", "draw", "--seed", "1"]) == 1


def test_commit_goes_into_a_folder_that_is_empty_or_not_there(folder, capsys):
    (folder / "empty").mkdir()
    assert commit(out="empty") == 0
    assert commit(out="new/below") == 0
    capsys.readouterr()
    assert commit(out="empty") == 2
    assert capsys.readouterr().err == "empty: the folder already holds a commitment; choose another one.\n"
    (folder / "other").mkdir()
    (folder / "other" / "file").touch()
    assert commit(out="other") == 2
    assert commit(out="people.csv") == 2
    assert capsys.readouterr().err == (
        "other: the folder is not empty; choose another one.\npeople.csv: expected a folder, found a file.\n"
    )


def test_limits_that_no_panel_keeps_name_the_smallest_changes(folder, capsys):
    # Half of each of the four would keep all limits, two whole people cannot.
    (folder / "people.csv").write_text("id,a,b,c\n1,0,0,1\n2,0,1,0\n3,1,0,0\n4,1,1,1\n", encoding="utf-8")
    lines = ["feature,value,min,max\n", *(f"{name},{value},1,1\n" for name in "abc" for value in "01")]
    (folder / "features.csv").write_text("".join(lines), encoding="utf-8")
    assert commit(seats=2) == 1
    said = capsys.readouterr().err.splitlines()
    said = said[said.index("No panel keeps all limits. Any one of these changes would make one possible:") :]
    assert len(said) > 1
    assert all(line.startswith("- ") and line.endswith(".") for line in said[1:])
    assert any("“1” in “a”" in line for line in said[1:])
    assert not (folder / "draw").exists()


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("energi,3,5", "energi,6,5", "features.csv, row 2, column min: the minimum 6 is above the maximum 5."),
        ("energi,3,5", "energi,9,9", "features.csv, row 2, column min: the minimums of “sector” sum to 15, and there"),
        ("ny,4,6", "ny,4,3", "features.csv, row 5, column min: the minimum 4 is above the maximum 3."),
        ("exp,van,4,8", "exp,van,0,1", "features.csv, row 5, column max: the maximums of “exp” sum to 7, and there"),
        (
            "exp,van,4,8",
            "exp,van,4,8\nexp,gammal,1,2",
            "features.csv, row 7, column value: nobody has “gammal” in “exp”",
        ),
        ("exp,van,4,8", "expert,van,4,8", "people.csv, row 1: expected a column “expert”, found “id, namn, sector"),
        ("exp,van,4,8", "exp,van,many,8", "features.csv, row 6, column min: expected a whole number of people, found"),
    ],
)
def test_bad_limits_are_told_with_file_row_and_column(folder, capsys, before, after, sentence):
    (folder / "features.csv").write_text(FEATURES.replace(before, after), encoding="utf-8")
    assert commit() == 2
    said = capsys.readouterr().err.splitlines()
    assert any(line.startswith(sentence) for line in said), said
    assert not (folder / "draw").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--seats", "0"], "Option --seats: expected at least 1 seat, found 0."),
        (["--seats", "41"], "people.csv: there are 40 people for 41 seats."),
        (["--panels", "0"], "Option --panels: expected at least 1, found 0."),
        (["--cap", "kommun:1"], "people.csv: the cap on “kommun” lets in "),
        (["--cap", "kommun:0"], "people.csv: the cap on “kommun” is 0, and lets nobody in."),
        (["--cap", "kommun:2", "--cap", "kommun:3"], "Option --cap: expected one cap on “kommun”, found 2."),
        (["--floor", "kommun:2"], "people.csv, row 2, column kommun: expected a number, found “Umeå”."),
        (["--id", "sector"], "people.csv, row 5, column sector: the id “energi” already stands in row 2."),
        (["--pool", "none.csv"], "none.csv: the file cannot be read or written (No such file or directory)."),
        (["--out", "people.csv/x"], "people.csv"),
    ],
)
def test_options_that_do_not_fit_are_told_in_a_sentence(folder, capsys, options, sentence):
    assert commit(*options) == 2
    said = capsys.readouterr().err.splitlines()
    assert any(line.startswith(sentence) for line in said), said
    assert sorted(path.name for path in folder.iterdir()) == ["features.csv", "people.csv"]


@pytest.mark.parametrize("option", [["--cap", "kommun"], ["--cap", ":2"], ["--floor", "a:x"], ["--method", "best"]])
def test_options_that_cannot_be_read_show_how_they_are_used(folder, capsys, option):
    with pytest.raises(SystemExit) as ended:
        commit(*option)
    assert ended.value.code == 2
    assert "usage: samkraft draw commit" in capsys.readouterr().err


def test_floor_holds_in_every_panel(folder):
    lines = ["id,points\n", *(f"{k},{(2, 3.5, 5)[k % 3]}\n" for k in range(30))]
    (folder / "people.csv").write_text("".join(lines), encoding="utf-8")
    (folder / "features.csv").write_text("feature,value,min,max\npoints,2,0,9\npoints,3.5,0,9\npoints,5,0,9\n")
    assert commit("--floor", "points:4.5", seats=6) == 0
    assert main(["draw", "run", "--out", "draw", "--seed", "1"]) == 0
    assert main(["draw", "verify", "draw"]) == 0
    points = [float((2, 3.5, 5)[int(row["id"]) % 3]) for row in rows(folder / "draw" / "drawn.csv")]
    assert sum(points) >= 6 * 4.5


def test_golden_files_give_the_very_same_bytes_on_any_machine():
    """Made once, never to be made again: a change here changes draws that were committed to."""
    committed = {name: (GOLDEN / name).read_bytes() for name in ("report.json", "panels.csv", "pool.csv")}
    for name, data in run_files(committed, "Lotto 7 12 19 23 30 31 35").items():
        assert data == (GOLDEN / name).read_bytes(), name
    lines = []
    assert verify_draw.verify(GOLDEN, lines.append) == 0
    assert lines[-1] == "Everything agrees."


def start(folder, *more):
    """The command in a process of its own, at work on a pool that takes it some seconds."""
    arguments = ["--pool", "people.csv", "--features", "features.csv", "--seats", "50", "--out", "draw", *more]
    return subprocess.Popen(
        [sys.executable, "-m", "samkraft.config.command", "draw", "commit", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


@pytest.fixture
def large(tmp_path):
    with (tmp_path / "people.csv").open("w", encoding="utf-8") as stream:
        stream.write("id,a,b,c,d\n")
        stream.writelines(f"{k},{k % 5},{k % 7},{k % 9},{k * k % 11}\n" for k in range(200_000))
    sizes = {"a": 5, "b": 7, "c": 9, "d": 11}
    lines = [f"{name},{value},0,50\n" for name, size in sizes.items() for value in range(size)]
    (tmp_path / "features.csv").write_text("feature,value,min,max\n" + "".join(lines), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "number", "code"),
    [
        ("Reading the people", signal.SIGINT, 130),
        ("Finding panels", signal.SIGINT, 130),
        ("Finding panels", signal.SIGTERM, 143),
    ],
)
def test_command_that_is_stopped_leaves_nothing(large, words, number, code):
    process = start(large)
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith(words):
            break
    process.send_signal(number)
    stopped_at = time.monotonic()
    _, rest = process.communicate(timeout=60)
    assert (process.returncode, rest.splitlines()[-1:]) == (code, ["Stopped. Nothing was written."]), said
    assert time.monotonic() - stopped_at < 10
    assert sorted(path.name for path in large.iterdir()) == ["features.csv", "people.csv"]


def test_command_that_is_stopped_while_it_writes_leaves_nothing(large):
    # Few types, so that the lottery is soon found.
    (large / "features.csv").write_text("feature,value,min,max\n" + "".join(f"a,{k},0,50\n" for k in range(5)))
    process = start(large)
    while process.poll() is None and not list(large.glob(".draw.*/pool.csv")):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert (process.returncode, rest.splitlines()[-1]) == (130, "Stopped. Nothing was written.")
    assert sorted(path.name for path in large.iterdir()) == ["features.csv", "people.csv"]


def test_full_disk_leaves_nothing(folder, capsys, monkeypatch):
    def full(self, *arguments, **options):
        raise OSError(28, "No space left on device", "report.json")

    monkeypatch.setattr(Path, "write_text", full)  # timing.json, the last of the files
    assert commit() == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "report.json: the file cannot be read or written (No space left on device)."
    )
    assert sorted(path.name for path in folder.iterdir()) == ["features.csv", "people.csv"]


def _all_of(terminal):
    """Everything that was written to a terminal that is closed since; it comes in pieces, and then as an error."""
    pieces = []
    while True:
        try:
            piece = terminal.read1()
        except OSError:
            piece = b""
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def test_progress_is_a_line_now_and_then_in_a_file_and_one_line_in_a_terminal():
    plain = io.StringIO()
    progress = ProgressLine(plain)
    for words, share in [("Finding panels", 0.0), ("Finding panels", 0.5), ("Writing", float("nan"))]:
        progress(words, share)
    progress.end()
    assert plain.getvalue() == "Finding panels: 0%\nWriting …\n"

    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        progress = ProgressLine(terminal)
        progress("Finding panels", 0.0)
        progress("Writing", float("nan"))
        progress.end()
    with os.fdopen(ours, "rb") as stream:
        assert _all_of(stream).decode() == "\r\x1b[KFinding panels: 0%\r\x1b[KWriting …\r\x1b[K"
