"""The three acts of a draw that anyone can check, as pure functions from files to files.

*Commit* writes the lottery down before the seed is known; *run* draws from it with the seed; *verify* redoes it. The
arithmetic itself is in `verify_draw`, which a stranger can run without Samkraft; docs/selection.md tells it byte by
byte.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .model import Lottery, Pool, Rules
from .verify_draw import (
    COMMITTED,
    DRAWN,
    PRIVATE,
    RULE,
    Check,
    checks,
    csv_line,
    draw,
    draw_key,
    drawn_csv,
    framed,
    leaf_of,
    quoted,
    read_panels,
    read_pool,
    sha256,
    waitlist_csv,
)

__all__ = [
    "COMMITTED",
    "DRAWN",
    "PRIVATE",
    "RULE",
    "SALT_BYTES",
    "Check",
    "DrawError",
    "FilesError",
    "SeedError",
    "checks",
    "commit_files",
    "commit_parts",
    "leaf_of",
    "normal_seed",
    "recorded_seed",
    "run_files",
]

SALT_BYTES = 16
LONGEST_SEED = 1000
CHUNK = 20_000  # lines put together before they are handed on: a million people do not stand in memory as text
# What cannot be seen, or is not the same in every version of Unicode: control, format, private, surrogate, unassigned,
# and marks of lines and paragraphs.
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


class DrawError(ValueError):
    """The files of a commitment do not agree, or are drawn with another seed already. The text is a sentence."""


class FilesError(DrawError):
    """Files of a commitment are missing, or cannot be read. The text is a sentence."""


class SeedError(ValueError):
    """A text cannot be a seed. The text is a sentence."""


def normal_seed(text: str) -> str:
    """The seed as it enters the draw: composed (Unicode NFC), without space around it, each space within a plain one.

    Raises SeedError when nothing is left, or where two seeds could look the same and be different.
    """
    composed = unicodedata.normalize("NFC", text).strip()
    # Pages write "1 234" with spaces of other kinds, which look the same and which the script refuses.
    seed = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in composed)
    if not seed:
        raise SeedError("A seed may not be empty.")
    if len(seed) > LONGEST_SEED:
        raise SeedError(f"A seed has at most {LONGEST_SEED} characters; this one has {len(seed)}.")
    unseen = next((sign for sign in seed if unicodedata.category(sign) in UNSEEN), None)
    if unseen is not None:
        raise SeedError(f"A seed may only hold characters that can be seen; this one holds U+{ord(unseen):04X}.")
    return seed


def commit_files(
    lottery: Lottery,
    pool: Pool,
    rules: Rules,
    salts: Sequence[str],
    versions: Mapping[str, str],
    *,
    seed_source: str = "",
) -> dict[str, bytes]:
    """The files of a commitment by name; see `commit_parts`."""
    parts = commit_parts(lottery, pool, rules, salts, versions, seed_source=seed_source)
    return {name: b"".join(data) for name, data in parts}


def commit_parts(
    lottery: Lottery,
    pool: Pool,
    rules: Rules,
    salts: Sequence[str],
    versions: Mapping[str, str],
    *,
    seed_source: str = "",
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of a commitment, each as its name and pieces; take all pieces of one before asking for the next.

    `salts` (n,) are secret random texts, one for each person in the order of the pool, of at least 128 bits (32
    hexadecimal digits). `seed_source` says in words which public number will be the seed. Raises ValueError when
    the lottery does not fit the pool and the rules.
    """
    _check_fit(lottery, pool, rules, salts)
    leaves = _leaves(pool, rules, salts)
    pool_digest = hashlib.sha256()
    panels = _panels_csv(lottery)
    yield "types.csv", iter([_types_csv(lottery)])
    yield (
        "salts.csv",
        _lines(
            "id,salt\n",
            (f"{quoted(identity)},{quoted(salt)}\n" for identity, salt in zip(pool.ids, salts, strict=True)),
        ),
    )
    yield "probabilities.csv", _lines("id,optimal,drawn\n", _probability_lines(lottery, pool))
    yield "panels.csv", iter([panels])
    yield "pool.csv", _counted(pool_digest, _lines("id,type,leaf\n", _pool_lines(lottery, pool, leaves)))
    report = _report(lottery, rules, seed_source, sha256(panels), pool_digest.hexdigest(), versions)
    yield "report.json", iter([_json(report)])


def run_files(files: Mapping[str, bytes], seed: str) -> dict[str, bytes]:
    """`draw.json`, `drawn.csv` and `waitlist.csv` from the committed files (`COMMITTED`) and the seed.

    The same bytes on any machine. Where `draw.json` is already among the files, the seed has to be the same. Raises
    SeedError for a text that cannot be a seed, FilesError for files that are missing or cannot be read, and DrawError
    when they do not agree or are drawn with another seed already.
    """
    seed = normal_seed(seed)
    missing = [name for name in COMMITTED if name not in files]
    if missing:
        raise FilesError(f"There is no commitment to draw from: {missing[0]} is missing.")
    if "draw.json" in files and (first := recorded_seed(files["draw.json"])) != seed:
        raise DrawError(f"It is already drawn with the seed “{first}”, and no other seed can draw it again.")
    digests = _committed_digests(files)
    try:
        panels, pool = read_panels(files["panels.csv"]), read_pool(files["pool.csv"])
    except ValueError as error:
        raise FilesError(f"{error}.") from error
    key = draw_key(*digests, seed)
    outcome = draw(panels, pool, key)
    record = {
        "draw": RULE,
        "seed": seed,
        "panels_sha256": digests[0],
        "pool_digest": digests[1],
        "report_sha256": sha256(files["report.json"]),
        "key": key,
        "panel": outcome.panel,
    }
    return {
        "draw.json": _json(record),
        "drawn.csv": drawn_csv(outcome.drawn),
        "waitlist.csv": waitlist_csv(outcome.waitlist),
    }


def recorded_seed(record: bytes) -> str:
    """The seed that a `draw.json` holds. Raises FilesError."""
    try:
        return str(json.loads(record)["seed"])
    except (ValueError, KeyError, TypeError) as error:
        raise FilesError("draw.json cannot be read.") from error


def _committed_digests(files: Mapping[str, bytes]) -> tuple[str, str]:
    """The SHA-256 of panels.csv and of pool.csv, which have to be those in report.json."""
    try:
        report = json.loads(files["report.json"])
        named, rule = (report["panels_sha256"], report["pool_digest"]), report["draw"]
    except (ValueError, KeyError, TypeError) as error:
        raise FilesError("report.json cannot be read.") from error
    if rule != RULE:
        raise DrawError(f"report.json asks for the arithmetic “{rule}”; this version of Samkraft knows “{RULE}”.")
    found = sha256(files["panels.csv"]), sha256(files["pool.csv"])
    for name, a, b in zip(("panels.csv", "pool.csv"), named, found, strict=True):
        if a != b:
            raise DrawError(f"{name} is not the file that was committed to; its SHA-256 is {b} and not {a}.")
    return found


def _check_fit(lottery: Lottery, pool: Pool, rules: Rules, salts: Sequence[str]) -> None:
    """A commitment cannot be taken back: refuse one that could not be drawn or would not verify."""
    panels, table = lottery.panels, lottery.table
    if not len(pool) == len(salts) == len(table.type_of) == int(table.counts.sum()):
        raise ValueError("Each person needs one type and one salt.")
    if table.columns != rules.columns:
        raise ValueError("The types are those of other rules.")
    if panels.ndim != 2 or not len(panels) or (panels.sum(axis=1) != rules.seats).any():
        raise ValueError("Each panel needs as many people as there are seats.")
    if (panels < 0).any() or (panels > table.counts).any():
        raise ValueError("No panel can have more people of a type than there are.")


def _leaves(pool: Pool, rules: Rules, salts: Sequence[str]) -> bytes:
    """The leaves of n people, 32 bytes each, as `leaf_of` makes them; a value is framed once for all who have it."""
    head = framed("samkraft leaf 1")
    columns = [pool.columns[name] for name in rules.columns]
    tails = [
        [framed(name) + framed(value) for value in column.values]
        for name, column in zip(rules.columns, columns, strict=True)
    ]
    digests = bytearray()
    for first in range(0, len(pool), CHUNK):
        span = slice(first, first + CHUNK)
        codes = [column.codes[span].tolist() for column in columns]
        for identity, salt, *own in zip(pool.ids[span], salts[span], *codes, strict=True):
            tail = b"".join([texts[code] for texts, code in zip(tails, own, strict=True)])
            digests += hashlib.sha256(head + framed(salt) + framed(identity) + tail).digest()
    return bytes(digests)


def _pool_lines(lottery: Lottery, pool: Pool, leaves: bytes) -> Iterator[str]:
    """People in the order of their leaves, which tells nothing of them as it depends on secret salts."""
    order = np.frombuffer(leaves, dtype="S32").argsort(kind="stable")
    type_of = lottery.table.type_of
    for first in range(0, len(order), CHUNK):
        places = order[first : first + CHUNK]
        for place, kind in zip(places.tolist(), type_of[places].tolist(), strict=True):
            yield f"{quoted(pool.ids[place])},{kind},{leaves[32 * place : 32 * place + 32].hex()}\n"


def _probability_lines(lottery: Lottery, pool: Pool) -> Iterator[str]:
    """People in the order of the pool's file. A type's chances are written once for all."""
    chances = [
        f"{optimal!r},{drawn!r}"
        for optimal, drawn in zip(lottery.optimal.tolist(), lottery.drawn.tolist(), strict=True)
    ]
    type_of = lottery.table.type_of
    for first in range(0, len(pool), CHUNK):
        span = slice(first, first + CHUNK)
        for identity, kind in zip(pool.ids[span], type_of[span].tolist(), strict=True):
            yield f"{quoted(identity)},{chances[kind]}\n"


def _types_csv(lottery: Lottery) -> bytes:
    table = lottery.table
    lines = [csv_line("type", "people", *table.columns)]
    lines += [
        csv_line(kind, count, *key)
        for kind, (count, key) in enumerate(zip(table.counts.tolist(), table.keys, strict=True))
    ]
    return "".join(lines).encode()


def _panels_csv(lottery: Lottery) -> bytes:
    """Each panel as its types and how many people of each: as long as the seats, however many types there are."""
    lines = ["panel,types\n"]
    for number, panel in enumerate(lottery.panels):
        kinds = np.flatnonzero(panel)
        parts = " ".join(f"{kind}:{count}" for kind, count in zip(kinds.tolist(), panel[kinds].tolist(), strict=True))
        lines.append(f"{number},{parts}\n")
    return "".join(lines).encode()


def _report(
    lottery: Lottery, rules: Rules, seed_source: str, panels_sha256: str, pool_digest: str, versions: Mapping[str, str]
) -> dict[str, Any]:
    """What is published before the seed is known. It says nothing of single people."""
    told = lottery.report
    return {
        "draw": RULE,
        "panels_sha256": panels_sha256,
        "pool_digest": pool_digest,
        "seed_source": seed_source,
        "method": told.method,
        "people": told.people,
        "seats": told.seats,
        "panels": len(lottery.panels),
        "types": told.types,
        "min_probability": told.min_probability,
        "lp_bound": told.lp_bound,
        "bound": told.bound,
        "gap": told.gap,
        "proven": told.proven,
        "geometric_mean": told.geometric_mean,
        "rounding_loss": told.rounding_loss,
        "leaf_columns": list(rules.columns),
        "rules": _rules(rules),
        "versions": dict(versions),
    }


def _rules(rules: Rules) -> dict[str, Any]:
    """The rules as data; fractions are texts such as "7/2"."""
    floor = rules.floor and {
        "feature": rules.floor.feature,
        "mean": str(rules.floor.mean),
        "points": {value: str(points) for value, points in rules.floor.points.items()},
    }
    return {
        "seats": rules.seats,
        "quotas": [
            {"feature": quota.feature, "value": quota.value, "minimum": quota.minimum, "maximum": quota.maximum}
            for quota in rules.quotas
        ],
        "caps": [{"feature": cap.feature, "at_most": cap.at_most} for cap in rules.caps],
        "floor": floor,
    }


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


def _lines(header: str, lines: Iterable[str]) -> Iterator[bytes]:
    """Lines under a header, some thousands at a time."""
    waiting = [header]
    for line in lines:
        waiting.append(line)
        if len(waiting) >= CHUNK:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()


def _counted(digest: Any, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces, each of which the digest has seen."""
    for piece in pieces:
        digest.update(piece)
        yield piece
