"""Writing rows with numbers of our own choosing, so that rows can refer to each other before they are written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

from samkraft.places.bulk import insert_rows

FILLED = ("people", "places", "networks", "feeds", "meetings")


def first_free(model: type[models.Model]) -> int:
    """The first number that no row of the model has yet, nor any after it."""
    return int(model._default_manager.aggregate(most=Max("pk"))["most"] or 0) + 1


def write(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows given by field name; every row has the same fields in the same order."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    columns = list(first)
    blank = _columns_left_out(model, columns)
    insert_rows(model, [*columns, *blank], _values(first, rows, list(blank.values())))


def _values(first: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], rest: Sequence[Any]) -> Iterable[list[Any]]:
    adapted = _adapted if connection.vendor == "sqlite" else list
    yield adapted([*first.values(), *rest])
    for row in rows:
        yield adapted([*row.values(), *rest])


def _adapted(values: Sequence[Any]) -> list[Any]:
    """SQLite keeps times as text, in the form in which Django reads them again."""
    return [
        connection.ops.adapt_datetimefield_value(value)
        if isinstance(value, datetime)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for value in values
    ]


def _columns_left_out(model: type[models.Model], given: Sequence[str]) -> dict[str, Any]:
    """Fields that the rows do not name, with the model's own defaults."""
    return {
        field.name: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.name not in given and not field.null
    }


def reset_sequences() -> None:
    """Tell the database which numbers are taken; without this PostgreSQL would give them out again."""
    mine = [model for label in FILLED for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), mine):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            # As the database does by itself some time later; what is measured at once needs it now.
            cursor.execute("ANALYZE")
