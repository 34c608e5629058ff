"""Tables of figures: sorted by a click on a column's name, and a card for each row on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

NUMBER_CLASS = ' class="is-number"'


@dataclass(frozen=True)
class Column:
    """A column's name, and whether it holds numbers."""

    label: str
    number: bool = True


class Cell(NamedTuple):
    """What a cell shows, and the number it is sorted by; None is a missing figure, sorted last."""

    text: str
    value: float | None = None


class Row(NamedTuple):
    """A row's heading, where it leads (empty: nowhere), its cells, and whether it is the page's own subject."""

    heading: str
    cells: Sequence[Cell]
    url: str = ""
    here: bool = False


def sortable_table(*, caption: str, columns: Sequence[Column], rows: Sequence[Row]) -> SafeString:
    """The table. The first column is the rows' heading; `columns` names it and then one for each cell.

    A column in which no row has a value is left out.
    """
    kept = [n for n in range(len(columns) - 1) if any(row.cells[n].value is not None for row in rows)]
    shown = [columns[0], *(columns[n + 1] for n in kept)]
    head = "".join(
        f'<th scope="col"{NUMBER_CLASS if column.number else ""}>{escape(column.label)}</th>' for column in shown
    )
    labels = [(n, escape(columns[n + 1].label)) for n in kept]
    body = "\n".join(_row(row, labels) for row in rows)
    return mark_safe(  # noqa: S308  (every text in it is escaped, here and in _row)
        '<div class="table-wrap"><table class="ds-table is-cards" data-sortable>'
        f'<caption class="ds-sr-only">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def _row(row: Row, labels: Sequence[tuple[int, str]]) -> str:
    name = escape(row.heading)
    shown = f'<a class="ds-link" href="{escape(row.url)}">{name}</a>' if row.url else name
    cells = "".join(_cell(label, row.cells[n]) for n, label in labels)
    here = ' class="is-here"' if row.here else ""
    return f'<tr{here}><th scope="row" data-value="{name}">{shown}</th>{cells}</tr>'


def _cell(label: str, cell: Cell) -> str:
    value = "" if cell.value is None else repr(float(cell.value))
    return f'<td{NUMBER_CLASS} data-label="{label}" data-value="{value}">{escape(cell.text)}</td>'


def plain_table(
    *, caption: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], label: str
) -> SafeString:
    """A table of figures as they are, such as a chart's: (heading, texts) a row; `label` names its scrolling frame."""
    head = f'<th scope="col">{escape(columns[0])}</th>' + "".join(
        f'<th scope="col"{NUMBER_CLASS}>{escape(column)}</th>' for column in columns[1:]
    )
    body = "\n".join(
        f'<tr><th scope="row">{escape(heading)}</th>'
        + "".join(f"<td{NUMBER_CLASS}>{escape(text)}</td>" for text in texts)
        + "</tr>"
        for heading, texts in rows
    )
    return mark_safe(  # noqa: S308  (every text in it is escaped)
        f'<div class="table-wrap" tabindex="0" role="region" aria-label="{escape(label)}"><table class="ds-table">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )
