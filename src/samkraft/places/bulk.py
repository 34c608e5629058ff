"""Writing very many rows at once, by the shortest way that each database has."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values, in the order of `columns` (names of fields, foreign keys by number).

    For tables of hundreds of thousands of rows, where making an object of each takes most of the time.
    Defaults of the model are not filled in; the database's constraints hold as always.
    """
    quote = connection.ops.quote_name
    names = ", ".join(quote(model._meta.get_field(column).column) for column in columns)
    target = f"{quote(model._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(" ".join(("INSERT INTO", target, "VALUES", f"({marks})")), rows)
