"""The script that a stranger runs, as a stranger runs it: Python's standard library and nothing else."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from samkraft.engines.selection import verify_draw
from samkraft.engines.selection.draw import COMMITTED, commit_files, run_files

from .made import POOL, RULES, SALTS, VERSIONS, lottery

SCRIPT = Path(verify_draw.__file__)


@pytest.fixture
def files():
    committed = commit_files(lottery(), POOL, RULES, SALTS, VERSIONS)
    return {**committed, **run_files({name: committed[name] for name in COMMITTED}, "4711")}


@pytest.fixture
def folder(files, tmp_path):
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def verify(*arguments):
    """Exit code and lines of the script, isolated from everything that is installed."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *map(str, arguments)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
    )
    assert ran.stderr == ""
    return ran.returncode, ran.stdout.splitlines()


def wrong(lines):
    return [line.removeprefix("WRONG  ") for line in lines if line.startswith("WRONG")]


def change(path, before, after):
    data = path.read_bytes()
    assert before in data
    path.write_bytes(data.replace(before, after, 1))


def test_script_says_each_check_in_a_sentence_and_that_all_agrees(folder):
    code, lines = verify(folder)
    assert code == 0
    assert lines[-1] == "Everything agrees."
    assert [line for line in lines[:-2] if not re.fullmatch(r"right  [A-Zpdwt].*\.", line)] == []
    assert "right  The seed is “4711”: compare it with the public number." in lines
    digest = verify_draw.sha256((folder / "report.json").read_bytes())
    assert lines[-2] == f"The SHA-256 of report.json is {digest}: compare it with the one that was published."


def test_script_needs_the_public_files_only(folder):
    for name in ("types.csv", "salts.csv", "probabilities.csv"):
        (folder / name).unlink()
    code, lines = verify(folder)
    assert (code, len(lines)) == (0, 15)


def test_script_checks_a_commitment_before_it_is_drawn(folder):
    for name in ("draw.json", "drawn.csv", "waitlist.csv"):
        (folder / name).unlink()
    code, lines = verify(folder)
    assert code == 0
    assert "The draw has not been made yet: only the commitment was checked." in lines


def rewrite(path, pattern, text):
    path.write_bytes(re.sub(pattern, text, path.read_bytes()))


def test_script_shows_nothing_that_could_wipe_out_what_it_said(folder):
    change(folder / "draw.json", b'"4711"', rb'"4711\r\u001b[2A"')
    code, lines = verify(folder)
    assert (code, wrong(lines)[0]) == (1, "The seed is “4711??[2A”: compare it with the public number.")


def swap_lines(path, first, second):
    lines = path.read_bytes().splitlines(keepends=True)
    lines[first], lines[second] = lines[second], lines[first]
    path.write_bytes(b"".join(lines))


TAMPERED = {
    "a seat given to somebody else": (
        lambda folder: change(folder / "drawn.csv", b",", b"x,"),
        "drawn.csv names the 4 people whom the key draws for this panel, and no others.",
    ),
    "somebody added to those drawn": (
        lambda folder: (folder / "drawn.csv").write_bytes((folder / "drawn.csv").read_bytes() + b"d3,8\n"),
        "drawn.csv names the 4 people whom the key draws for this panel, and no others.",
    ),
    "two who wait change places": (
        lambda folder: swap_lines(folder / "waitlist.csv", 1, 2),
        "waitlist.csv names the 6 others in the order that the key gives.",
    ),
    "a panel changed": (
        lambda folder: change(folder / "panels.csv", b"3:1", b"0:1"),
        "panels.csv is the file that was committed to, by SHA-256.",
    ),
    "two panels change places": (
        lambda folder: swap_lines(folder / "panels.csv", 1, 2),
        "panels.csv is the file that was committed to, by SHA-256.",
    ),
    "somebody put into another type": (
        lambda folder: change(folder / "pool.csv", b"a1,3", b"a1,2"),
        "pool.csv is the file that was committed to, by SHA-256.",
    ),
    "two ids change places": (
        lambda folder: [change(folder / "pool.csv", old, new) for old, new in [(b"a1", b"zz"), (b"a2", b"a1")]],
        "pool.csv is the file that was committed to, by SHA-256.",
    ),
    "another seed written down": (
        lambda folder: change(folder / "draw.json", b'"4711"', b'"4712"'),
        "The key of the draw follows from panels.csv, pool.csv and the seed.",
    ),
    "a seed with space around": (
        lambda folder: change(folder / "draw.json", b'"4711"', b'"4711 "'),
        "The seed is “4711 ”: compare it with the public number.",
    ),
    "another panel written down": (
        lambda folder: change(folder / "draw.json", b'"panel": ', b'"panel": 7'),
        "The key draws panel",
    ),
    "the rules changed after the draw": (
        lambda folder: change(folder / "report.json", b'"maximum": 3', b'"maximum": 2'),
        "The draw was made from the commitment in report.json, by SHA-256.",
    ),
    "another number of seats": (
        lambda folder: change(folder / "report.json", b'"seats": 4,\n    "quotas"', b'"seats": 5,\n    "quotas"'),
        "Every panel seats 5 people.",
    ),
    "another number of people": (
        lambda folder: change(folder / "report.json", b'"people": 10', b'"people": 11'),
        "There are 6 panels, 10 people and 9 types, as the commitment says.",
    ),
    "another arithmetic": (
        lambda folder: change(folder / "report.json", b"samkraft draw 1", b"samkraft draw 0"),
        "The commitment names the arithmetic of this script, “samkraft draw 1”.",
    ),
    "a type called otherwise": (
        lambda folder: change(folder / "types.csv", b"2,1,energy,elected", b"2,1,energy,retired"),
        "The leaves of 4 people are those of their salt, id and features.",
    ),
    "a type of another size": (
        lambda folder: change(folder / "types.csv", b"2,1,", b"2,9,"),
        "types.csv counts the people of each type rightly.",
    ),
    "a cap that panels break": (
        lambda folder: change(folder / "report.json", b'"at_most": 2', b'"at_most": 1'),
        "Every panel keeps all limits.",
    ),
    "another salt": (
        lambda folder: change(folder / "salts.csv", SALTS[0].encode(), SALTS[9].encode()),
        "The leaves of 4 people are those of their salt, id and features.",
    ),
    "another chance": (
        lambda folder: rewrite(folder / "probabilities.csv", rb"(?m)^(a1,.*,).*$", rb"\g<1>0.9"),
        "Each probability `drawn` is the share of the panels' seats that it should be.",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_script_finds_what_was_tampered_with(folder, name):
    tamper, sentence = TAMPERED[name]
    tamper(folder)
    code, lines = verify(folder)
    assert code == 1
    assert any(line.startswith(sentence) for line in wrong(lines)), lines
    assert lines[-1] != "Everything agrees."


@pytest.mark.parametrize("name", ["report.json", "panels.csv", "pool.csv", "draw.json", "drawn.csv", "waitlist.csv"])
def test_script_tells_which_file_is_missing(folder, name):
    (folder / name).unlink()
    code, lines = verify(folder)
    assert (code, lines[-1]) == (2, f"WRONG  Something is missing: '{name}'.")


@pytest.mark.parametrize("name", ["report.json", "draw.json", "types.csv", "salts.csv", "probabilities.csv"])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"{}", b"[[", b'{"seed": 5}', b"[" * 100_000])
def test_script_tells_of_a_file_that_cannot_be_read(folder, name, data):
    (folder / name).write_bytes(data)
    code, lines = verify(folder)
    assert code in {1, 2}
    assert lines[-1].startswith("WRONG  ")


@pytest.mark.parametrize("data", [b"", b"\xff", b"panel,types\n", b"panel,types\n0,1:x\n", b'id,type,leaf\na,"1', b"x"])
@pytest.mark.parametrize("name", ["panels.csv", "pool.csv"])
def test_script_tells_of_a_committed_file_that_cannot_be_read(folder, name, data):
    """With a report that names it, so that only the reading can fail."""
    digests = {"panels.csv": "panels_sha256", "pool.csv": "pool_digest"}
    report = json.loads((folder / "report.json").read_bytes())
    report[digests[name]] = verify_draw.sha256(data)
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    (folder / name).write_bytes(data)
    code, lines = verify(folder)
    assert code in {1, 2}
    assert wrong(lines)


def test_somebody_who_has_their_salt_checks_their_own_line(folder):
    features = ["sector=energy", "role=elected", "town=Umeå"]
    code, lines = verify(folder, "--leaf", "a1", SALTS[0], *features)
    assert (code, lines) == (0, ["right  The leaf of a1 in pool.csv is made of this salt and these features."])
    for arguments in [("a1", SALTS[1], *features), ("a2", SALTS[0], *features), ("a1", SALTS[0], *features[:2])]:
        code, lines = verify(folder, "--leaf", *arguments)
        assert (code, len(wrong(lines))) == (1, 1)
    (folder / "pool.csv").unlink()
    assert verify(folder, "--leaf", "a1", SALTS[0], *features)[0] == 2


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), ([], 2), (["a", "b"], 2), (["--what"], 2)])
def test_script_shows_how_it_is_used(arguments, code):
    found, lines = verify(*arguments)
    assert found == code
    assert lines[0].endswith("python3 verify_draw.py DIR")
