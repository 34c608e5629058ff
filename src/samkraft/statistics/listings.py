"""Tables of areas with their figures."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from samkraft.places.models import Area
from samkraft.ui import numbers
from samkraft.ui.tables import Cell, Column, Row, sortable_table

from .queries import Compared


def columns(last_year: int | None, base_year: int) -> list[Column]:
    """The columns that every table of areas has."""
    return [
        Column(_("Municipality"), number=False),
        Column(_("Tonnes %(year)s") % {"year": last_year}),
        Column(_("Tonnes per person")),
        Column(_("Change since %(year)s") % {"year": base_year}),
    ]


def cells(tonnes: float | None, per_person: float | None, change: float | None) -> list[Cell]:
    """The cells under those columns."""
    return [
        Cell(numbers.tonnes(tonnes), tonnes),
        Cell(numbers.number(per_person, 1), per_person),
        Cell(numbers.percent(change, 0), change),
    ]


def comparison_table(
    area: Area, found: Sequence[Compared], caption: str, last_year: int | None, base: int
) -> SafeString:
    """The area among others; each other leads to the page that shows the two side by side."""
    address = reverse("statistics:compare", args=[area.country.lower(), area.slug])
    rows = [
        Row(
            row.area.name,
            cells(row.tonnes, row.per_person.tonnes if row.per_person else None, row.change),
            url="" if row.area.pk == area.pk else f"{address}?with={row.area.slug}",
            here=row.area.pk == area.pk,
        )
        for row in found
    ]
    return sortable_table(caption=caption, columns=columns(last_year, base), rows=rows)
