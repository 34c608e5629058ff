#!/usr/bin/env python3
"""Redo a draw and check it, with nothing but Python's standard library: python3 verify_draw.py DIR

DIR holds the files that the organiser published:

  report.json   published before the seed was known: the rules, and the SHA-256 of the next two files
  panels.csv    the panels, all equally likely, each told as "type:people type:people …"
  pool.csv      everybody who can be drawn: an id, a type, and a leaf (see `leaf_of`)
  draw.json     the seed, and which panel it drew
  drawn.csv     who was drawn
  waitlist.csv  everybody else, in the order in which they are asked when somebody declines

Somebody who knows their salt can check their own line: python3 verify_draw.py DIR --leaf ID SALT "sector=transport" …
with the columns in the order of `leaf_columns` in report.json.

The exit code is 0 when everything agrees, 1 when something does not, and 2 when the files cannot be read.

This file is the one description of the arithmetic: Samkraft itself draws with the functions below.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

RULE = "samkraft draw 1"  # a change of any function from here to `draw` needs another name
COMMITTED = ("report.json", "panels.csv", "pool.csv")
DRAWN = ("draw.json", "drawn.csv", "waitlist.csv")
PRIVATE = ("types.csv", "salts.csv", "probabilities.csv")  # checked too, for an auditor who is shown them


class Person(NamedTuple):
    """One line of pool.csv."""

    id: str
    type: int
    leaf: str


class Outcome(NamedTuple):
    """Which panel was drawn (counted from 0), who sits in it, and the waitlist."""

    panel: int
    drawn: list[Person]
    waitlist: list[Person]


# --- The arithmetic of the draw -------------------------------------------------------------------------------------


def sha256(data: bytes) -> str:
    """SHA-256 as 64 small hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def draw_key(panels_sha256: str, pool_digest: str, seed: str) -> str:
    """What the whole draw follows from: one number made of both files and the seed."""
    return sha256("\n".join((RULE, panels_sha256, pool_digest, seed)).encode())


def panel_of(key: str, panels: int) -> int:
    """Which of the panels is drawn, counted from 0.

    The remainder of a number of 256 bits makes some of 1,000 panels likelier than others by less than one in 10^73.
    """
    return int(sha256(f"{key}\npanel".encode()), 16) % panels


def rank_of(key: str, purpose: str, leaf: str) -> bytes:
    """People stand in the order of these: within their type (purpose "person"), and on the waitlist ("waitlist")."""
    return hashlib.sha256(f"{key}\n{purpose}\n{leaf}".encode()).digest()


def draw(panels: Sequence[Mapping[int, int]], pool: Sequence[Person], key: str) -> Outcome:
    """Of each type, as many people as the drawn panel wants: those who come first. The others wait in another order."""
    number = panel_of(key, len(panels))
    people: defaultdict[int, list[Person]] = defaultdict(list)
    for person in pool:
        people[person.type].append(person)
    leaves: set[str] = set()
    for kind, count in panels[number].items():
        ranked = sorted(people[kind], key=lambda person: rank_of(key, "person", person.leaf))
        leaves.update(person.leaf for person in ranked[:count])
    drawn = [person for person in pool if person.leaf in leaves]
    waiting = [person for person in pool if person.leaf not in leaves]
    waiting.sort(key=lambda person: rank_of(key, "waitlist", person.leaf))
    return Outcome(number, drawn, waiting)


def leaf_of(salt: str, identity: str, features: Iterable[tuple[str, str]]) -> str:
    """What commits to a person's features without telling them; only who knows the salt can make it again.

    Each text is preceded by its length in bytes of UTF-8 and a colon, and followed by a comma, so that no other texts
    give the same bytes.
    """
    texts = ["samkraft leaf 1", salt, identity]
    for name, value in features:
        texts += (name, value)
    return sha256(b"".join(framed(text) for text in texts))


def framed(text: str) -> bytes:
    """A text as it stands in what a leaf is made of."""
    data = text.encode()
    return b"%d:%s," % (len(data), data)


# --- The files ------------------------------------------------------------------------------------------------------


def csv_line(*fields: object) -> str:
    """Fields with commas between and a line feed after; one with a comma, quote or line break stands in quotes."""
    return ",".join([quoted(str(field)) for field in fields]) + "\n"


def quoted(field: str) -> str:
    """A field as it stands in a file: as it is, unless it has a sign that would break the line into pieces."""
    if "," in field or '"' in field or "\n" in field or "\r" in field:
        return '"' + field.replace('"', '""') + '"'
    return field


def drawn_csv(drawn: Iterable[Person]) -> bytes:
    """Who was drawn, in the order of pool.csv."""
    return "".join(["id,type\n", *(csv_line(person.id, person.type) for person in drawn)]).encode()


def waitlist_csv(waitlist: Iterable[Person]) -> bytes:
    """Who waits, the first to be asked first."""
    lines = (csv_line(number, person.id) for number, person in enumerate(waitlist, 1))
    return "".join(["order,id\n", *lines]).encode()


def read_panels(data: bytes) -> list[dict[int, int]]:
    """The panels, each of them as the number of people of each type. Raises ValueError with a sentence."""
    header, *lines = data.decode().split("\n")
    if header != "panel,types" or not lines or lines.pop() != "":
        raise ValueError("panels.csv: expected lines under the header panel,types")
    return [_panel(number, line) for number, line in enumerate(lines)]


def _panel(number: int, line: str) -> dict[int, int]:
    name, _, types = line.partition(",")
    try:
        panel = {int(kind): int(count) for kind, count in (part.split(":") for part in types.split(" "))}
    except ValueError:
        panel = {}
    if name != str(number) or not panel:
        raise ValueError(f"panels.csv, line {number + 2}: expected {number},type:people type:people …")
    return panel


def read_pool(data: bytes) -> list[Person]:
    """The people in the order of the file. Raises ValueError with a sentence."""
    numbers: dict[str, int] = {}  # one number object for each type, which saves memory where there are many people
    people = []
    for identity, kind, leaf in _rows("pool.csv", data, ["id", "type", "leaf"]):
        if kind not in numbers:
            if not kind.isdecimal():
                raise ValueError(f"pool.csv: expected a number as the type of {identity}, found “{kind}”")
            numbers[kind] = int(kind)
        people.append(Person(identity, numbers[kind], leaf))
    return people


def _rows(name: str, data: bytes, columns: Sequence[str]) -> Iterator[list[str]]:
    """The rows under a header that begins with these columns."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=""), strict=True)
    try:
        header = next(reader, [])
        if header[: len(columns)] != list(columns):
            raise ValueError(f"{name}: the first line does not begin with the columns {', '.join(columns)}")
        for row in reader:
            if len(row) != len(header):
                raise ValueError(f"{name}, line {reader.line_num}: expected {len(header)} fields, found {len(row)}")
            yield row
    except (csv.Error, UnicodeDecodeError) as error:
        raise ValueError(f"{name}, line {reader.line_num + 1}: not UTF-8 with commas between ({error})") from error


# --- The checks -----------------------------------------------------------------------------------------------------


class Check(NamedTuple):
    """One thing that has to agree, and whether it does."""

    agrees: bool
    sentence: str


def checks(files: Mapping[str, bytes]) -> Iterator[Check]:
    """Everything that can be checked of the files that are there, by name.

    Raises ValueError where a file cannot be read, and KeyError where one, or a name in it, is not there.
    """
    report = _json("report.json", files["report.json"])
    panels_sha256, pool_digest = sha256(files["panels.csv"]), sha256(files["pool.csv"])
    yield Check(report["draw"] == RULE, f"The commitment names the arithmetic of this script, “{RULE}”.")
    yield Check(report["panels_sha256"] == panels_sha256, "panels.csv is the file that was committed to, by SHA-256.")
    yield Check(report["pool_digest"] == pool_digest, "pool.csv is the file that was committed to, by SHA-256.")
    panels, pool = read_panels(files["panels.csv"]), read_pool(files["pool.csv"])
    yield from _checks_of_commitment(report, panels, pool)
    if any(name in files for name in DRAWN):
        yield from _checks_of_draw(files, panels, pool, (panels_sha256, pool_digest))
    if "types.csv" in files:
        yield from _checks_of_types(files, report, panels, pool)
    if "probabilities.csv" in files:
        yield _check_of_probabilities(files["probabilities.csv"], panels, pool)


def _checks_of_commitment(report: Any, panels: list[dict[int, int]], pool: list[Person]) -> Iterator[Check]:
    sizes = Counter(person.type for person in pool)
    seats = report["rules"]["seats"]
    yield Check(
        (len(panels), len(pool), len(sizes)) == (report["panels"], report["people"], report["types"]),
        f"There are {len(panels)} panels, {len(pool)} people and {len(sizes)} types, as the commitment says.",
    )
    yield Check(
        all(sum(panel.values()) == seats and min(panel.values()) > 0 for panel in panels),
        f"Every panel seats {seats} people.",
    )
    yield Check(
        all(count <= sizes[kind] for panel in panels for kind, count in panel.items()),
        "No panel wants more people of a type than there are.",
    )
    leaves = [person.leaf for person in pool]
    yield Check(
        leaves == sorted(set(leaves)) and len({person.id for person in pool}) == len(pool),
        "Each id and each leaf stands in pool.csv once, in the order of the leaves.",
    )


def _checks_of_draw(
    files: Mapping[str, bytes], panels: list[dict[int, int]], pool: list[Person], digests: tuple[str, str]
) -> Iterator[Check]:
    record = _json("draw.json", files["draw.json"])
    drawn_file, waitlist_file, seed = files["drawn.csv"], files["waitlist.csv"], record["seed"]
    key = draw_key(*digests, seed)
    outcome = draw(panels, pool, key)
    yield Check(
        record["report_sha256"] == sha256(files["report.json"]),
        "The draw was made from the commitment in report.json, by SHA-256.",
    )
    yield Check(
        seed == seed.strip() != "" and seed.isprintable(), f"The seed is “{seed}”: compare it with the public number."
    )
    yield Check(
        (record["draw"], record["panels_sha256"], record["pool_digest"], record["key"]) == (RULE, *digests, key),
        "The key of the draw follows from panels.csv, pool.csv and the seed.",
    )
    yield Check(record["panel"] == outcome.panel, f"The key draws panel {outcome.panel}, as draw.json says.")
    yield Check(
        drawn_file == drawn_csv(outcome.drawn),
        f"drawn.csv names the {len(outcome.drawn)} people whom the key draws for this panel, and no others.",
    )
    yield Check(
        waitlist_file == waitlist_csv(outcome.waitlist),
        f"waitlist.csv names the {len(outcome.waitlist)} others in the order that the key gives.",
    )


def _checks_of_types(
    files: Mapping[str, bytes], report: Any, panels: list[dict[int, int]], pool: list[Person]
) -> Iterator[Check]:
    """With types.csv, which is not public, the limits can be checked; with salts.csv as well, the leaves."""
    names: list[str] = report["leaf_columns"]
    rows = list(_rows("types.csv", files["types.csv"], ["type", "people", *names]))
    keys = {int(row[0]): {name: row[k] for k, name in enumerate(names, 2)} for row in rows}
    sizes = Counter(person.type for person in pool)
    yield Check(
        {int(row[0]): int(row[1]) for row in rows} == dict(sizes), "types.csv counts the people of each type rightly."
    )
    yield Check(all(_keeps(report["rules"], panel, keys) for panel in panels), "Every panel keeps all limits.")
    if "salts.csv" in files:
        salts = dict(_rows("salts.csv", files["salts.csv"], ["id", "salt"]))
        # A type may hold several values of a capped column, told as an empty one; an erased salt is no longer there.
        told = [person for person in pool if person.id in salts and "" not in keys[person.type].values()]
        yield Check(
            all(person.leaf == leaf_of(salts[person.id], person.id, keys[person.type].items()) for person in told),
            f"The leaves of {len(told)} people are those of their salt, id and features.",
        )


def _keeps(rules: Any, panel: Mapping[int, int], keys: Mapping[int, Mapping[str, str]]) -> bool:
    """Whether a panel keeps all limits: those on values, the caps, and the floor of a mean."""
    sums: Counter[tuple[str, str]] = Counter()
    for kind, count in panel.items():
        for column, value in keys[kind].items():
            sums[column, value] += count
    floor = rules["floor"] or {"feature": None, "mean": 0}
    points = [Fraction(floor["points"][value]) * n for (column, value), n in sums.items() if column == floor["feature"]]
    return (
        all(quota["minimum"] <= sums[quota["feature"], quota["value"]] <= quota["maximum"] for quota in rules["quotas"])
        and all(
            count <= cap["at_most"]
            for cap in rules["caps"]
            for (column, value), count in sums.items()
            if column == cap["feature"] and value != ""
        )
        and sum(points) >= Fraction(floor["mean"]) * rules["seats"]
    )


def _check_of_probabilities(data: bytes, panels: list[dict[int, int]], pool: list[Person]) -> Check:
    """probabilities.csv is not public: everybody may see their own line."""
    sizes = Counter(person.type for person in pool)
    seats: Counter[int] = Counter()
    for panel in panels:
        seats.update(panel)
    types = {person.id: person.type for person in pool}
    rows = _rows("probabilities.csv", data, ["id", "optimal", "drawn"])
    agrees = all(
        abs(float(drawn) - seats[types[identity]] / (sizes[types[identity]] * len(panels))) < 1e-9
        for identity, _, drawn in rows
    )
    return Check(agrees, "Each probability `drawn` is the share of the panels' seats that it should be.")


def _json(name: str, data: bytes) -> Any:
    """The object in a file of JSON. Raises ValueError with a sentence."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise ValueError(f"{name}: not JSON ({error})") from error
    if not isinstance(found, dict):
        raise ValueError(f"{name}: expected an object of JSON")
    return found


# --- The command ----------------------------------------------------------------------------------------------------


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a draw that are in a folder."""
    paths = [folder / name for name in (*COMMITTED, *DRAWN, *PRIVATE)]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def visible(text: str) -> str:
    """A text that cannot move the cursor of a terminal, and so not wipe out what was said before."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def verify(folder: Path, say: Callable[[str], object] = print) -> int:
    """Say each check in a sentence, and then whether all agree; returns the exit code."""
    wrong = 0
    try:
        files = files_of(folder)
        for check in checks(files):
            wrong += not check.agrees
            say(f"{'right' if check.agrees else 'WRONG'}  {visible(check.sentence)}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        missing = isinstance(error, KeyError)
        say(f"WRONG  {'Something is missing: ' if missing else ''}{visible(str(error))}.")
        # A file that was changed may not be readable any more; that it was changed is what matters.
        return 1 if wrong else 2
    if not any(name in files for name in DRAWN):
        say("The draw has not been made yet: only the commitment was checked.")
    say(f"The SHA-256 of report.json is {sha256(files['report.json'])}: compare it with the one that was published.")
    say(f"{wrong} of the checks above failed." if wrong else "Everything agrees.")
    return 1 if wrong else 0


def verify_leaf(folder: Path, identity: str, salt: str, features: Sequence[str], say: Callable[[str], object]) -> int:
    """Check one's own line of pool.csv; returns the exit code."""
    try:
        own = leaf_of(salt, identity, [(name, value) for name, _, value in (text.partition("=") for text in features)])
        people = [person for person in read_pool((folder / "pool.csv").read_bytes()) if person.id == identity]
    except (OSError, ValueError) as error:
        say(f"WRONG  {visible(str(error))}.")
        return 2
    agrees = [person.leaf for person in people] == [own]
    word = "right" if agrees else "WRONG"
    say(f"{word}  The leaf of {identity} in pool.csv is made of this salt and these features.")
    return 0 if agrees else 1


def main(arguments: Sequence[str]) -> int:
    """Read the command line; returns the exit code."""
    if len(arguments) == 1 and not arguments[0].startswith("-"):
        return verify(Path(arguments[0]))
    if len(arguments) > 3 and arguments[1] == "--leaf":
        return verify_leaf(Path(arguments[0]), arguments[2], arguments[3], arguments[4:], print)
    print(__doc__)
    return 0 if arguments in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
