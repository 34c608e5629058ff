"""The three acts of a draw, on files."""

import csv
import hashlib
import io
import json
import tracemalloc
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkraft.engines.selection.draw import (
    COMMITTED,
    DrawError,
    FilesError,
    SeedError,
    checks,
    commit_files,
    leaf_of,
    normal_seed,
    run_files,
)
from samkraft.engines.selection.texts import Texts
from samkraft.engines.selection.verify_draw import csv_line, read_panels, read_pool

from .made import IDS, PEOPLE, POOL, RULES, SALTS, VERSIONS, lottery

SEED = "Veckans tal 4711"


@pytest.fixture
def committed():
    return commit_files(lottery(), POOL, RULES, SALTS, VERSIONS, seed_source="the number of 21 June")


@pytest.fixture
def public(committed):
    return {name: committed[name] for name in COMMITTED}


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_commit_writes_the_lottery_down(committed):
    made = lottery()
    assert list(committed) == ["types.csv", "salts.csv", "probabilities.csv", "panels.csv", "pool.csv", "report.json"]
    assert [row["id"] for row in rows(committed["salts.csv"])] == IDS
    assert [row["salt"] for row in rows(committed["salts.csv"])] == SALTS
    types = rows(committed["types.csv"])
    assert [tuple(row.values())[2:] for row in types] == list(made.table.keys)
    assert [int(row["people"]) for row in types] == made.table.counts.tolist()
    chances = rows(committed["probabilities.csv"])
    assert [row["id"] for row in chances] == IDS
    assert [float(row["drawn"]) for row in chances] == made.drawn[made.table.type_of].tolist()
    panels = read_panels(committed["panels.csv"])
    assert [[panel.get(kind, 0) for kind in range(len(types))] for panel in panels] == made.panels.tolist()


def test_report_names_the_files_and_the_rules_and_nobody(committed):
    report = json.loads(committed["report.json"])
    assert report["panels_sha256"] == hashlib.sha256(committed["panels.csv"]).hexdigest()
    assert report["pool_digest"] == hashlib.sha256(committed["pool.csv"]).hexdigest()
    assert report["rules"]["quotas"][0] == {"feature": "sector", "value": "energy", "minimum": 1, "maximum": 3}
    assert report["rules"]["caps"] == [{"feature": "town", "at_most": 2}]
    assert report["rules"]["floor"] is None
    assert [report[name] for name in ("seats", "people", "panels", "types")] == [4, 10, 6, 9]
    assert report["seed_source"] == "the number of 21 June"
    assert report["versions"] == VERSIONS
    assert not any(salt in committed["report.json"].decode() for salt in SALTS)
    assert not any(json.dumps(identity) in committed["report.json"].decode() for identity in IDS)


def test_pool_stands_in_the_order_of_leaves_that_each_person_can_make_again(committed):
    pool = read_pool(committed["pool.csv"])
    assert [person.leaf for person in pool] == sorted(person.leaf for person in pool)
    leaves = {person.id: person.leaf for person in pool}
    for k, identity in enumerate(IDS):
        features = [(name, PEOPLE[name][k]) for name in ("sector", "role", "town")]
        assert leaves[identity] == leaf_of(SALTS[k], identity, features)


def test_leaf_is_made_of_texts_with_their_length_in_front():
    expected = "15:samkraft leaf 1,4:salt,2:a1,6:sector,6:energy,4:town,5:Umeå,"
    assert leaf_of("salt", "a1", [("sector", "energy"), ("town", "Umeå")]) == sha256(expected)
    assert leaf_of("s", "a", [("b", "c,1:d")]) != leaf_of("s", "a", [("b", "c"), ("d", "")])


def test_order_of_bytes_that_end_in_zeros_is_that_of_their_digits():
    digests = [bytes([k, 255 - k] + [0] * 30) for k in (200, 3, 127, 128, 0)]
    order = np.frombuffer(b"".join(digests), dtype="S32").argsort(kind="stable").tolist()
    assert [digests[k].hex() for k in order] == sorted(digest.hex() for digest in digests)


def test_run_follows_from_the_files_and_the_seed_by_plain_arithmetic(public):
    files = run_files(public, SEED)
    digests = [hashlib.sha256(public[name]).hexdigest() for name in ("panels.csv", "pool.csv")]
    key = sha256("\n".join(["samkraft draw 1", *digests, SEED]))
    panels, pool = read_panels(public["panels.csv"]), rows(public["pool.csv"])
    number = int(sha256(f"{key}\npanel"), 16) % len(panels)
    chosen = set()
    for kind, count in panels[number].items():
        people = [row for row in pool if int(row["type"]) == kind]
        people.sort(key=lambda row: sha256(f"{key}\nperson\n{row['leaf']}"))
        chosen |= {row["id"] for row in people[:count]}
    assert [row["id"] for row in rows(files["drawn.csv"])] == [row["id"] for row in pool if row["id"] in chosen]
    others = [row for row in pool if row["id"] not in chosen]
    others.sort(key=lambda row: sha256(f"{key}\nwaitlist\n{row['leaf']}"))
    assert [(row["order"], row["id"]) for row in rows(files["waitlist.csv"])] == [
        (str(place), row["id"]) for place, row in enumerate(others, 1)
    ]
    assert json.loads(files["draw.json"]) == {
        "draw": "samkraft draw 1",
        "seed": SEED,
        "panels_sha256": digests[0],
        "pool_digest": digests[1],
        "report_sha256": hashlib.sha256(public["report.json"]).hexdigest(),
        "key": key,
        "panel": number,
    }


def test_run_and_checks_agree_and_nothing_needs_the_private_files(committed, public):
    drawn = run_files(public, SEED)
    for files in ({**public, **drawn}, {**committed, **drawn}, public, committed):
        found = list(checks(files))
        assert [check.sentence for check in found if not check.agrees] == []
        assert len(found) >= 7


def test_erasing_a_person_from_the_private_files_leaves_the_draw_verifiable(committed, public):
    files = {**committed, **run_files(public, SEED)}
    for name in ("salts.csv", "probabilities.csv"):
        files[name] = b"".join(line for line in files[name].splitlines(keepends=True) if not line.startswith(b"a1,"))
    sentences = [check.sentence for check in checks(files) if check.agrees]
    assert len(sentences) == len(list(checks(files)))
    # Four people have a type that tells all of their features; of a1 the salt is gone.
    assert "The leaves of 3 people are those of their salt, id and features." in sentences


def test_same_seed_gives_the_same_bytes_and_another_is_refused_once_drawn(public):
    first = run_files(public, SEED)
    assert run_files({**public, **first}, f"  {SEED}\n") == first
    with pytest.raises(DrawError, match="It is already drawn with the seed “Veckans tal 4711”, and no other seed"):
        run_files({**public, **first}, "4712")


def test_panels_depend_on_no_salt_and_no_seed(committed):
    again = commit_files(lottery(), POOL, RULES, [f"{k:032x}" for k in range(50, 60)], VERSIONS)
    assert again["panels.csv"] == committed["panels.csv"]
    assert again["pool.csv"] != committed["pool.csv"]


@pytest.mark.parametrize("name", ["panels.csv", "pool.csv"])
def test_run_refuses_files_other_than_the_committed_ones(public, name):
    with pytest.raises(DrawError, match=f"{name} is not the file that was committed to"):
        run_files({**public, name: public[name] + b"\n"}, SEED)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"report.json": None}, "There is no commitment to draw from: report.json is missing."),
        ({"pool.csv": None}, "There is no commitment to draw from: pool.csv is missing."),
        ({"report.json": b"{"}, "report.json cannot be read."),
        ({"report.json": b"[]"}, "report.json cannot be read."),
        ({"draw.json": b"{}"}, "draw.json cannot be read."),
    ],
)
def test_run_tells_which_file_cannot_be_read(public, change, sentence):
    files = {name: data for name, data in {**public, **change}.items() if data is not None}
    with pytest.raises(FilesError, match=sentence):
        run_files(files, SEED)


def test_run_refuses_an_arithmetic_that_it_does_not_know(public):
    report = public["report.json"].replace(b"samkraft draw 1", b"samkraft draw 2")
    with pytest.raises(DrawError, match="asks for the arithmetic “samkraft draw 2”"):
        run_files({**public, "report.json": report}, SEED)


def test_seed_is_composed_and_without_space_around():
    assert normal_seed("  A\u030angstro\u0308m 7 \n") == "Ångström 7"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "A seed may not be empty."),
        (" \n\u00a0", "A seed may not be empty."),
        ("47\u200b11", r"this one holds U\+200B"),
        ("47\n11", r"this one holds U\+000A"),
        ("\udcff", r"this one holds U\+DCFF"),
        ("1" * 1001, "at most 1000 characters; this one has 1001"),
    ],
)
def test_seed_that_is_empty_or_holds_what_cannot_be_seen_is_refused(text, sentence):
    with pytest.raises(SeedError, match=sentence):
        normal_seed(text)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: (made, POOL, RULES, SALTS[:-1]),
        lambda made: (replace(made, panels=made.panels[:0]), POOL, RULES, SALTS),
        lambda made: (replace(made, panels=made.panels * 2), POOL, RULES, SALTS),
        lambda made: (replace(made, panels=np.array([[4, *[0] * (len(made.drawn) - 1)]])), POOL, RULES, SALTS),
        lambda made: (made, POOL, replace(RULES, caps=()), SALTS),
    ],
)
def test_commit_refuses_a_lottery_that_could_not_be_drawn(spoil):
    with pytest.raises(ValueError, match=r"person needs|Each panel|No panel|other rules"):
        commit_files(*spoil(lottery()), VERSIONS)


def test_each_panel_and_each_person_of_a_type_comes_up_about_equally_often(public):
    """Over 3,000 seeds each share is within five standard deviations of what it should be."""
    runs = 3000
    panels, seated, first = Counter(), Counter(), Counter()
    for seed in range(runs):
        files = run_files(public, str(seed))
        panels[json.loads(files["draw.json"])["panel"]] += 1
        seated.update(row["id"] for row in rows(files["drawn.csv"]))
        first[rows(files["waitlist.csv"])[0]["id"]] += 1
    made = lottery()
    chances = dict(zip(IDS, made.drawn[made.table.type_of].tolist(), strict=True))
    assert len(panels) == 6
    for count, chance in [
        *((panels[number], 1 / 6) for number in panels),
        *((seated[identity], chances[identity]) for identity in IDS),
        # Whoever waits is as likely as any other to be the first: one of six.
        *((first[identity], (1 - chances[identity]) / 6) for identity in IDS),
    ]:
        assert abs(count - runs * chance) <= 5 * (runs * chance * (1 - chance)) ** 0.5


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_csv_line_is_read_back_as_it_was(fields):
    line = csv_line(*fields)
    assert list(csv.reader(io.StringIO(line, newline=""), strict=True)) == [fields]
    assert line.endswith("\n")


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_texts_in_one_piece_are_the_same_sequence(texts):
    data, ends = bytearray(), []
    for text in texts:
        data += text.encode()
        ends.append(len(data))
    kept = Texts(data, np.array(ends, dtype=np.int64))
    assert list(kept) == texts
    assert [kept[k] for k in range(-len(texts), len(texts))] == texts + texts
    assert [kept[1:], kept[:-2], kept[::-2], kept[5:2]] == [
        tuple(part) for part in (texts[1:], texts[:-2], texts[::-2], texts[5:2])
    ]
    with pytest.raises(IndexError):
        kept[len(texts)]


def test_texts_of_one_width_take_little_more_than_their_letters():
    tracemalloc.start()
    kept = Texts.of_width(b"0123456789abcdef" * 10_000, 16)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(kept), kept[9_999]) == (10_000, "0123456789abcdef")
    assert size < 10_000 * 26
