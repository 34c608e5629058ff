"""Pools and limits from plain files, and what is told of files that cannot be used."""

import contextlib
import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkraft.engines.selection.model import Cap, Floor, Quota
from samkraft.engines.selection.reading import TableError, read_features, read_people, read_selection

FEATURES = "feature,value,min,max\nsector,energi,0,2\nsector,trafik,0,2\nåldersgrupp,yngre,1,2\nåldersgrupp,äldre,0,2\n"
PEOPLE = "id,namn,sector,åldersgrupp,kommun\n1,Å,energi,yngre,Umeå\n2,B,trafik,äldre,Laxå\n3,C,energi,yngre,Laxå\n"


def selection(tmp_path, people=PEOPLE, features=FEATURES, **options):
    """What is read of two files, given as text or bytes."""
    for name, data in (("people.csv", people), ("features.csv", features)):
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_selection(tmp_path / "people.csv", tmp_path / "features.csv", **{"seats": 2, **options})


def table(pool):
    """The pool as plain texts."""
    columns = {
        name: [column.values[code] for code in column.codes.tolist()] for name, column in sorted(pool.columns.items())
    }
    return list(pool.ids), columns


def sentence(tmp_path, **files):
    with pytest.raises(TableError) as raised:
        selection(tmp_path, **files)
    assert str(raised.value).endswith(".")
    return str(raised.value)


def test_both_files_are_read_and_other_columns_passed_over(tmp_path):
    found = selection(tmp_path, caps=[Cap("kommun", 1)])
    assert found.rules.quotas == (
        Quota("sector", "energi", 0, 2),
        Quota("sector", "trafik", 0, 2),
        Quota("åldersgrupp", "yngre", 1, 2),
        Quota("åldersgrupp", "äldre", 0, 2),
    )
    assert (found.rules.seats, found.rules.caps) == (2, (Cap("kommun", 1),))
    assert table(found.pool) == (
        ["1", "2", "3"],
        {
            "kommun": ["Umeå", "Laxå", "Laxå"],
            "sector": ["energi", "trafik", "energi"],
            "åldersgrupp": ["yngre", "äldre", "yngre"],
        },
    )
    assert found.rows[("åldersgrupp", "yngre")] == 4


@pytest.mark.parametrize(
    "write",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace(",", ";").replace("\n", "\r\n").encode("cp1252"),
        lambda text: text.replace(",", "\t").encode("utf-8-sig"),
        lambda text: text.replace(",", " , ").encode(),
        lambda text: text.replace("ä", "a\u0308").replace("å", "a\u030a").encode(),
        lambda text: "\n".join(",".join(f'"{f}"' for f in line.split(",")) for line in text.splitlines()).encode(),
        lambda text: text.replace("\n", ",,\n").encode(),
        lambda text: (text + "\n\n,,,,\n , \n").encode(),
        lambda text: text.rstrip("\n").encode(),
    ],
)
def test_files_are_read_however_programs_write_them(tmp_path, write):
    expected = selection(tmp_path)
    found = selection(tmp_path, people=write(PEOPLE), features=write(FEATURES))
    assert table(found.pool) == table(expected.pool)
    assert found.rules == expected.rules


def test_older_names_of_the_columns_and_further_ones_are_taken():
    text = "Name,Category,Max,min_flex,MIN\nmale,gender,6,0,4\n"
    quotas, rows = read_features(io.BytesIO(text.encode()), "categories.csv")
    assert quotas == (Quota("gender", "male", 4, 6),)
    assert rows == {("gender", "male"): 2}


def test_fields_in_quotes_hold_separators_line_breaks_and_quotes(tmp_path):
    people = 'id,sector\n"a,1","x, ""y"""\n"b\n2",z\n3,z\n'
    features = 'feature,value,min,max\nsector,"x, ""y""",0,2\nsector,z,0,2\n'
    found = selection(tmp_path, people, features)
    assert table(found.pool) == (["a,1", "b\n2", "3"], {"sector": ['x, "y"', "z", "z"]})


def test_ids_are_in_the_column_id_or_the_named_or_the_first(tmp_path):
    features = "feature,value,min,max\nf,x,0,2\n"
    assert list(selection(tmp_path, "f,id,nr\nx,a,1\nx,b,2\n", features).pool.ids) == ["a", "b"]
    assert list(selection(tmp_path, "f,id,nr\nx,a,1\nx,b,2\n", features, id_column="nr").pool.ids) == ["1", "2"]
    assert list(selection(tmp_path, "nr,f\n1,x\n2,x\n", features).pool.ids) == ["1", "2"]


def test_floor_reads_points_from_a_column_of_numbers(tmp_path):
    people = "id,sector,points\n1,x,3\n2,x,3.50\n3,x,3\n"
    found = selection(tmp_path, people, "feature,value,min,max\nsector,x,0,2\n", floor=("points", Fraction(3)))
    assert found.rules.floor == Floor("points", {"3": Fraction(3), "3.50": Fraction(7, 2)}, Fraction(3))


def test_files_that_cannot_be_searched_are_read_all_the_same():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise io.UnsupportedOperation

    pool = read_people(Pipe("id,a\n1,ä\n".encode("cp1252")), "people.csv", {"a": lambda value: ""})
    assert table(pool) == (["1"], {"a": ["ä"]})


BAD_PEOPLE = {
    "empty": (b"", "people.csv: the file is empty."),
    "a mark only": (b"\xef\xbb\xbf", "people.csv: the file is empty."),
    "empty first row": (b"\n1,2\n", "people.csv: the first row is empty."),
    "header only": (PEOPLE.splitlines()[0], "people.csv: there is no row under the header."),
    "missing column": (
        PEOPLE.replace("sector", "sektor"),
        "people.csv, row 1: expected a column “sector”, found “id,namn,sektor,åldersgrupp,kommun”.".replace(",n", ", n")
        .replace(",s", ", s")
        .replace(",å", ", å")
        .replace(",k", ", k"),
    ),
    "column twice": (
        PEOPLE.replace("namn", "sector"),
        "people.csv, row 1, column sector: expected one column “sector”, found 2.",
    ),
    "duplicate id": (
        PEOPLE + "2,D,energi,yngre,X\n",
        "people.csv, row 5, column id: the id “2” already stands in row 3.",
    ),
    "duplicate id with space": (
        PEOPLE + "\n 1 ,D,energi,yngre,X\n",
        "people.csv, row 6, column id: the id “1” already stands in row 2.",
    ),
    "no id": (PEOPLE + ",D,energi,yngre,X\n", "people.csv, row 5, column id: expected an id, found nothing."),
    "unknown value": (
        PEOPLE.replace("2,B,trafik", "2,B,Trafik"),
        "people.csv, row 3, column sector: expected one of “energi”, “trafik”, found “Trafik”.",
    ),
    "no value": (
        PEOPLE.replace("3,C,energi,yngre", "3,C,energi, "),
        "people.csv, row 4, column åldersgrupp: expected one of “yngre”, “äldre”, found nothing.",
    ),
    "too few fields": (PEOPLE + "4,D,energi\n", "people.csv, row 5: expected 5 fields, found 3."),
    "too many fields": (PEOPLE + "4,D,energi,yngre,X,Y\n", "people.csv, row 5: expected 5 fields, found 6."),
    "quote that does not end": (
        PEOPLE + '4,"D,energi,yngre,X\n',
        "people.csv, row 5: the quotation marks do not fit (unexpected end of data).",
    ),
    "text after a quote": (
        PEOPLE.replace("2,B", '2,"B"b'),
        "people.csv, row 3: the quotation marks do not fit (',' expected after '\"').",
    ),
    "byte of zero": (PEOPLE.replace("2,B", "2,\0"), "people.csv, row 3: expected text, found a byte of zero."),
    "utf-16 without a mark": (PEOPLE.encode("utf-16-le"), "people.csv, row 1: expected text, found a byte of zero."),
    "utf-16 cut": (PEOPLE.encode("utf-16")[:-1], "people.csv: the mark says UTF-16, and the bytes are not."),
    "over-long line": (
        PEOPLE + "4," + "D" * 100_000 + ",energi,yngre,X\n",
        "people.csv, row 5: the line has more than 100000 characters.",
    ),
    "neither encoding": (
        PEOPLE.encode().replace(b"2,B", b"2,\x81"),
        "people.csv, row 3: expected UTF-8 or Windows-1252, found bytes that are neither.",
    ),
    "a mark that lies": (
        PEOPLE.encode("utf-8-sig").replace(b"3,C", b"3,\xe5"),
        "people.csv, row 4: expected UTF-8 or Windows-1252, found bytes that are neither.",
    ),
}


@pytest.mark.parametrize("name", BAD_PEOPLE)
def test_bad_people_are_told_in_a_sentence_with_row_and_column(tmp_path, name):
    data, expected = BAD_PEOPLE[name]
    assert sentence(tmp_path, people=data) == expected


BAD_FEATURES = {
    "empty": (b"", "features.csv: the file is empty."),
    "header only": (b"feature,value,min,max\n", "features.csv: there is no row under the header."),
    "missing column": (
        b"feature,value,min\nf,x,1\n",
        "features.csv, row 1: expected the columns feature, value, min, max, found “feature, value, min”.",
    ),
    "min above max": (
        FEATURES.replace("trafik,0,2", "trafik,3,2"),
        "features.csv, row 3, column min: the minimum 3 is above the maximum 2.",
    ),
    "repeated": (
        FEATURES + "sector,energi,0,1\n",
        "features.csv, row 6, column value: “energi” of “sector” already stands in row 2.",
    ),
    "no feature": (FEATURES + ",energi,0,1\n", "features.csv, row 6, column feature: expected a text, found nothing."),
    "no value": (FEATURES + "sector,,0,1\n", "features.csv, row 6, column value: expected a text, found nothing."),
    "too few fields": (FEATURES + "sector,x,1\n", "features.csv, row 6: expected 4 fields, found 3."),
}
NO_NUMBERS = {"two": "“two”", "-1": "“-1”", "1.5": "“1.5”", "": "nothing", "1e3": "“1e3”", "٣": "“٣”"}
for _text, _shown in {**NO_NUMBERS, "9" * 10: "“9999999999”"}.items():
    BAD_FEATURES[f"minimum {_text}"] = (
        f"{FEATURES}sector,x,{_text},1\n",
        f"features.csv, row 6, column min: expected a whole number of people, found {_shown}.",
    )
    BAD_FEATURES[f"maximum {_text}"] = (
        f"{FEATURES}sector,x,0,{_text}\n",
        f"features.csv, row 6, column max: expected a whole number of people, found {_shown}.",
    )


@pytest.mark.parametrize("name", BAD_FEATURES)
def test_bad_features_are_told_in_a_sentence_with_row_and_column(tmp_path, name):
    data, expected = BAD_FEATURES[name]
    assert sentence(tmp_path, features=data) == expected


@given(st.binary(max_size=200) | st.text(alphabet='id,sector;\t\n\r"\0é1', max_size=60).map(str.encode))
def test_any_bytes_at_all_are_read_or_told_in_a_sentence(data):
    for prefix in (b"", b"id,sector\n", b"feature,value,min,max\n", b"\xff\xfe"):
        for read in (read_features, lambda stream, name: read_people(stream, name, {"sector": lambda value: ""})):
            with contextlib.suppress(TableError):
                read(io.BytesIO(prefix + data), "any.csv")


def test_columns_of_caps_floors_and_ids_need_to_be_there_and_filled(tmp_path):
    people = PEOPLE.replace("Laxå", "")
    assert sentence(tmp_path, people=people, caps=[Cap("kommun", 1)]) == (
        "people.csv, row 3, column kommun: expected a value, found nothing."
    )
    assert sentence(tmp_path, caps=[Cap("town", 1)]).startswith(
        "people.csv, row 1: expected a column “town”, found “id,"
    )
    assert sentence(tmp_path, id_column="nr").startswith("people.csv, row 1: expected a column “nr”, found “id,")
    assert sentence(tmp_path, floor=("kommun", Fraction(1))) == (
        "people.csv, row 2, column kommun: expected a number, found “Umeå”."
    )


def test_long_found_texts_are_cut_in_sentences(tmp_path):
    found = sentence(tmp_path, people=PEOPLE.replace("2,B,trafik", f"2,B,{'x' * 500}"))
    assert found == f"people.csv, row 3, column sector: expected one of “energi”, “trafik”, found “{'x' * 60}…”."


def test_many_people_are_read_and_a_repeated_id_is_still_found(tmp_path):
    features = "feature,value,min,max\nf,0,0,2\nf,1,0,2\nf,2,0,2\n"
    lines = [f"person-{k},{k % 3}\n" for k in range(50_000)]
    pool = selection(tmp_path, "id,f\n" + "".join(lines), features).pool
    assert (len(pool), pool.ids[49_999]) == (50_000, "person-49999")
    column = pool.columns["f"]
    assert [column.values[code] for code in column.codes[:4].tolist()] == ["0", "1", "2", "0"]
    assert sentence(tmp_path, people="id,f\n" + "".join([*lines, "person-17,0\n"]), features=features) == (
        "people.csv, row 50002, column id: the id “person-17” already stands in row 19."
    )
