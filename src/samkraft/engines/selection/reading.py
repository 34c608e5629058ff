"""Reads a pool and its limits from plain files.

`people.csv` has one row for each person and a column for each feature; `features.csv` one row for each value of each
feature: `feature,value,min,max`, or `category,name,min,max` as older tools write it. Further columns are passed over
in both. Commas, semicolons or tabs; UTF-8, UTF-16 with a mark, or else Windows-1252. Space around a field plays no
part, and letters composed in another way are the same (Unicode NFC).
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import numpy as np

from .model import Cap, Column, Floor, Pool, Quota, Rules
from .texts import Texts

LONGEST_LINE = 100_000  # characters; a file with a longer one is no table of people
LONGEST_NUMBER = 9  # digits, so that every limit fits where it is computed with
SEPARATORS = ",;\t"
FEATURE_COLUMNS = (("feature", "value", "min", "max"), ("category", "name", "min", "max"))

# Tells what is wrong with a value that a column has, or nothing where it can be used.
Objection = Callable[[str], str]


class TableError(ValueError):
    """A file cannot be used. `str(error)` is one sentence with file, row and column, as far as they apply.

    `row` is a line of the file and counts from 1, so that the header is in row 1.
    """

    def __init__(self, problem: str, *, file: str, row: int | None = None, column: str = "") -> None:
        self.problem, self.file, self.row, self.column = problem, file, row, column
        super().__init__(problem)

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row is not None else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: {self.problem}."


@dataclass(frozen=True, slots=True)
class Selection:
    """A pool and its rules, and where they were read: the files' names, and each quota's row."""

    pool: Pool
    rules: Rules
    people_file: str
    features_file: str
    rows: Mapping[tuple[str, str], int]


def read_selection(
    people: Path,
    features: Path,
    *,
    seats: int,
    caps: Sequence[Cap] = (),
    floor: tuple[str, Fraction] | None = None,
    id_column: str | None = None,
) -> Selection:
    """Both files. `floor` is a column of numbers and the least mean. Raises TableError, or OSError."""
    with features.open("rb") as stream:
        quotas, rows = read_features(stream, features.name)
    rules = Rules(seats, quotas, tuple(caps))
    columns: dict[str, Objection] = {cap.feature: _objection_to_nothing for cap in caps}
    for name in rules.features:
        columns[name] = _objection_to_others([quota.value for quota in quotas if quota.feature == name])
    if floor:
        columns[floor[0]] = _objection_to_words
    with people.open("rb") as stream:
        pool = read_people(stream, people.name, columns, id_column=id_column)
    if floor:
        # A column of numbers may have limits on its values as well; such a value is met by `problems`.
        points = {value: _number(value) for value in pool.columns[floor[0]].values}
        rules = Rules(seats, quotas, tuple(caps), Floor(floor[0], points, floor[1]))
    return Selection(pool, rules, people.name, features.name, rows)


def read_features(stream: BinaryIO, name: str) -> tuple[tuple[Quota, ...], dict[tuple[str, str], int]]:
    """The quotas in the order of the file, and the row of each. Raises TableError."""
    table = _Table(stream, name)
    known = {title.casefold(): place for place, title in reversed(list(enumerate(table.header)))}
    titles = next((titles for titles in FEATURE_COLUMNS if known.keys() >= set(titles)), None)
    if titles is None:
        wanted, found = ", ".join(FEATURE_COLUMNS[0]), ", ".join(table.header)
        raise TableError(f"expected the columns {wanted}, found {shown(found)}", file=name, row=1)
    quotas: list[Quota] = []
    rows: dict[tuple[str, str], int] = {}
    for number, row in table.rows():
        feature, value = (_text(table, number, row, known, title) for title in titles[:2])
        minimum, maximum = (_limit(table, number, row, known, title) for title in titles[2:])
        if (feature, value) in rows:
            where = rows[feature, value]
            raise table.error(f"{shown(value)} of {shown(feature)} already stands in row {where}", number, titles[1])
        if minimum > maximum:
            raise table.error(f"the minimum {minimum} is above the maximum {maximum}", number, "min")
        rows[feature, value] = number
        quotas.append(Quota(feature, value, minimum, maximum))
    if not quotas:
        raise TableError("there is no row under the header", file=name)
    return tuple(quotas), rows


def read_people(stream: BinaryIO, name: str, columns: Mapping[str, Objection], *, id_column: str | None = None) -> Pool:
    """The people with these columns. Raises TableError.

    Their ids are in the column `id_column`; without it in the column `id`, or else in the first one. A million
    people take about 30 bytes each and 4 more for each column.
    """
    table = _Table(stream, name)
    id_at = _id_place(table, id_column)
    readers = [_ColumnReader(table, title, objection) for title, objection in columns.items()]
    data, ends, hashes, lines = bytearray(), array("q"), array("q"), array("q")
    for number, row in table.rows():
        identity = row[id_at].strip()
        if not identity:
            raise table.error("expected an id, found nothing", number, table.header[id_at])
        data += identity.encode()
        ends.append(len(data))
        hashes.append(hash(identity))
        lines.append(number)
        for reader in readers:
            code = reader.codes.get(row[reader.place])
            reader.of_people.append(reader.new_code(number, row[reader.place]) if code is None else code)
    if not lines:
        raise TableError("there is no row under the header", file=name)
    ids = Texts(data, np.frombuffer(ends, dtype=np.int64))
    _check_each_once(table, id_at, ids, hashes, lines)
    return Pool(ids, {reader.title: reader.column() for reader in readers})


class _ColumnReader:
    """Numbers the values of a column as they come."""

    def __init__(self, table: _Table, title: str, objection: Objection) -> None:
        self.table, self.title, self.objection = table, title, objection
        self.place = table.place(title)
        self.codes: dict[str, int] = {}  # of fields as they stand in the file
        self.values: dict[str, int] = {}  # of what they mean
        self.of_people = array("i")

    def new_code(self, row: int, field: str) -> int:
        """The number of a field that was not met before. Raises TableError when it cannot be used."""
        value = clean(field)
        if value not in self.values and (objection := self.objection(value)):
            raise self.table.error(objection, row, self.title)
        self.codes[field] = self.values.setdefault(value, len(self.values))
        return self.codes[field]

    def column(self) -> Column:
        return Column(tuple(self.values), np.frombuffer(self.of_people, dtype=np.int32))


class _Table:
    """A file with a header: its rows, which have as many fields as the header, and errors that say where."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        if not stream.seekable():
            stream = io.BytesIO(stream.read())
        self._lines = _lines(stream, _encoding(stream, name), name)
        first = next(self._lines, "")
        if not first.strip():
            raise TableError("the file is empty" if not first else "the first row is empty", file=name)
        bare = re.sub('"[^"]*"', "", first)
        separator = max(SEPARATORS, key=bare.count)
        self._reader = csv.reader(itertools.chain([first], self._lines), delimiter=separator, strict=True)
        try:
            self.header = [clean(title) for title in next(self._reader)]
        except csv.Error as error:
            raise self._quotes_wrong(error, 1) from error

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not empty, with the line where it begins."""
        reader, width = self._reader, len(self.header)
        number = reader.line_num + 1
        try:
            for row in reader:
                fitted = row if len(row) == width and row[0].strip() else self._fitted(row, number)
                if fitted:
                    yield number, fitted
                number = reader.line_num + 1
        except csv.Error as error:
            raise self._quotes_wrong(error, number) from error

    def _quotes_wrong(self, error: csv.Error, row: int) -> TableError:
        return self.error(f"the quotation marks do not fit ({error})", row)

    def _fitted(self, row: list[str], number: int) -> list[str]:
        """Spreadsheet programs leave empty rows, and empty fields at the end of others; nothing else is passed over."""
        width = len(self.header)
        if not any(field.strip() for field in row):
            return []
        if len(row) >= width and not any(field.strip() for field in row[width:]):
            return row[:width]
        raise self.error(f"expected {width} fields, found {len(row)}", number)

    def place(self, title: str) -> int:
        """Where a column is. Raises TableError when it is not there, or twice."""
        places = [place for place, found in enumerate(self.header) if found == title]
        if not places:
            raise self.error(f"expected a column {shown(title)}, found {shown(', '.join(self.header))}", 1)
        if len(places) > 1:
            raise self.error(f"expected one column {shown(title)}, found {len(places)}", 1, title)
        return places[0]

    def error(self, problem: str, row: int | None, column: str = "") -> TableError:
        return TableError(problem, file=self.name, row=row, column=column)


def clean(field: str) -> str:
    """A field as it is compared."""
    return unicodedata.normalize("NFC", field).strip()


def shown(text: str) -> str:
    """A found text as it stands in a sentence, short enough to read."""
    words = " ".join(text.split())
    if not words:
        return "nothing"
    return f"“{words[:60]}…”" if len(words) > 60 else f"“{words}”"


def _encoding(stream: BinaryIO, name: str) -> str:
    """UTF-8 when all of it is, or the mark says so; Windows-1252 writes nearly anything else."""
    start = stream.read(3)
    stream.seek(0)
    if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    if _stray(stream, "utf-8") is None:
        return "utf-8-sig"
    row = _stray(stream, "utf-8" if start == codecs.BOM_UTF8 else "cp1252")
    if row is not None:
        raise TableError("expected UTF-8 or Windows-1252, found bytes that are neither", file=name, row=row)
    return "cp1252"


def _stray(stream: BinaryIO, encoding: str) -> int | None:
    """The first row with bytes that are not of this encoding. Leaves the stream at its beginning."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row = 1
    try:
        while piece := stream.read(1 << 20):
            decoder.decode(piece)
            row += piece.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return row + error.object[: error.start].count(b"\n")
    finally:
        stream.seek(0)
    return None


def _lines(stream: BinaryIO, encoding: str, name: str) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    number = 0
    try:
        while line := text.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise TableError(f"the line has more than {LONGEST_LINE} characters", file=name, row=number)
            if "\0" in line:
                raise TableError("expected text, found a byte of zero", file=name, row=number)
            yield line
    except UnicodeError as error:  # the other encodings were looked through before
        raise TableError("the mark says UTF-16, and the bytes are not", file=name) from error
    finally:
        # The stream belongs to the caller, who may have closed it by now.
        with contextlib.suppress(ValueError):
            text.detach()


def _id_place(table: _Table, id_column: str | None) -> int:
    if id_column is not None:
        return table.place(clean(id_column))
    return table.place("id") if "id" in table.header else 0


def _check_each_once(table: _Table, id_at: int, ids: Texts, hashes: array[int], lines: array[int]) -> None:
    """Raises TableError at the first id that was there before. Only ids with the same hash are compared."""
    in_order = np.sort(np.frombuffer(hashes, dtype=np.int64))
    repeated = set(in_order[1:][in_order[1:] == in_order[:-1]].tolist())
    first: dict[str, int] = {}
    for person, number in enumerate(hashes if repeated else ()):
        if number in repeated:
            before = first.setdefault(ids[person], person)
            if before != person:
                problem = f"the id {shown(ids[person])} already stands in row {lines[before]}"
                raise table.error(problem, lines[person], table.header[id_at])


def _text(table: _Table, number: int, row: Sequence[str], known: Mapping[str, int], title: str) -> str:
    text = clean(row[known[title]])
    if not text:
        raise table.error("expected a text, found nothing", number, title)
    return text


def _limit(table: _Table, number: int, row: Sequence[str], known: Mapping[str, int], title: str) -> int:
    text = clean(row[known[title]])
    if not re.fullmatch("[0-9]+", text) or len(text) > LONGEST_NUMBER:
        raise table.error(f"expected a whole number of people, found {shown(text)}", number, title)
    return int(text)


def _number(text: str) -> Fraction:
    """A number such as 3, 3.5 or 3,5. Raises ValueError."""
    if not re.fullmatch("[0-9]+([.,][0-9]+)?", text) or len(text) > LONGEST_NUMBER:
        raise ValueError("not a number")
    return Fraction(text.replace(",", "."))


def _objection_to_nothing(value: str) -> str:
    return "" if value else "expected a value, found nothing"


def _objection_to_words(value: str) -> str:
    try:
        _number(value)
    except ValueError:
        return f"expected a number, found {shown(value)}"
    return ""


def _objection_to_others(values: Sequence[str]) -> Objection:
    """Objects to values that no quota names."""
    named = set(values)
    listed = ", ".join(f"“{value}”" for value in values[:10]) + (", …" if len(values) > 10 else "")

    def objection(value: str) -> str:
        return "" if value in named else f"expected one of {listed}, found {shown(value)}"

    return objection
