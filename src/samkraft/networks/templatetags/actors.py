"""What templates about actors need: an entry of a table by the row that it belongs to."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(table: Mapping[int, Sequence[Any]], row: Any) -> Sequence[Any]:
    """What the table holds for the row; nothing when it is not in it."""
    return table.get(row.pk, ())
