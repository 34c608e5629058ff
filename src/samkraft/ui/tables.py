"""Tables of figures: sorted by a click on a column's name, and a card for each row on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Column:
    """A column's name, and whether it holds numbers."""

    label: str
    number: bool = True


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and the number it is sorted by; None is a missing figure, sorted last."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Row:
    """A row's heading, where it leads (empty: nowhere), its cells, and whether it is the page's own subject."""

    heading: str
    cells: Sequence[Cell]
    url: str = ""
    here: bool = False


def sortable_table(*, caption: str, columns: Sequence[Column], rows: Sequence[Row]) -> SafeString:
    """The table. The first column is the rows' heading; `columns` names it and then one for each cell."""
    head = format_html_join(
        "",
        '<th scope="col"{}>{}</th>',
        ((SafeString(' class="is-number"') if column.number else "", column.label) for column in columns),
    )
    labels = [column.label for column in columns[1:]]
    body = format_html_join("\n", "<tr{}>{}{}</tr>", (_row(row, labels) for row in rows))
    return format_html(
        '<div class="table-wrap"><table class="ds-table is-cards" data-sortable>'
        '<caption class="ds-sr-only">{}</caption><thead><tr>{}</tr></thead><tbody>\n{}\n</tbody></table></div>',
        caption,
        head,
        body,
    )


def _row(row: Row, labels: Sequence[str]) -> tuple[SafeString | str, SafeString, SafeString]:
    heading = '<th scope="row" data-value="{0}"><a class="ds-link" href="{1}">{0}</a></th>'
    if not row.url:
        heading = '<th scope="row" data-value="{0}">{0}</th>'
    cells = format_html_join(
        "",
        '<td class="is-number" data-label="{}" data-value="{}">{}</td>',
        (
            (label, "" if cell.value is None else repr(float(cell.value)), cell.text)
            for label, cell in zip(labels, row.cells, strict=True)
        ),
    )
    return SafeString(' class="is-here"') if row.here else "", format_html(heading, row.heading, row.url), cells
