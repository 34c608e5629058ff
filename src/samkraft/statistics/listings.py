"""Tables of areas with their figures."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from samkraft.places.models import Area
from samkraft.ui import numbers
from samkraft.ui.tables import Cell, Column, Row, plain_table, sortable_table

from . import sectors
from .models import Method, Pathway
from .queries import AreaFigures, Compared


def columns(last_year: int | None, base_year: int) -> list[Column]:
    """The columns that every table of areas has."""
    return [
        Column(_("Municipality"), number=False),
        Column(_("Tonnes %(year)s") % {"year": last_year}),
        Column(_("Tonnes per person")),
        Column(_("Change since %(year)s") % {"year": base_year}),
    ]


def cells(write: numbers.Writer, tonnes: float | None, per_person: float | None, change: float | None) -> list[Cell]:
    """The cells under those columns."""
    return [
        Cell(write.tonnes(tonnes), tonnes),
        Cell(write.number(per_person, 1), per_person),
        Cell(write.percent(change, 0), change),
    ]


def comparison_table(
    area: Area, found: Sequence[Compared], caption: str, last_year: int | None, base: int
) -> SafeString:
    """The area among others; each other leads to the page that shows the two side by side."""
    write = numbers.writer()
    address = reverse("statistics:compare", args=[area.country.lower(), area.slug])
    rows = [
        Row(
            row.area.name,
            cells(write, row.tonnes, row.per_person.tonnes if row.per_person else None, row.change),
            url="" if row.area.pk == area.pk else f"{address}?with={row.area.slug}",
            here=row.area.pk == area.pk,
        )
        for row in found
    ]
    return sortable_table(caption=caption, columns=columns(last_year, base), rows=rows)


def sectors_table(figures: AreaFigures, codes: Sequence[str]) -> SafeString:
    """An area's figures by sector and year, all sectors last; a gap is a dash."""
    write = numbers.writer()
    years = sorted(figures.totals)
    rows = [
        (sectors.name(code, figures.area.country), [write.number(figures.sectors[code].get(year)) for year in years])
        for code in codes
    ]
    rows.append((_("All sectors"), [write.number(figures.totals[year]) for year in years]))
    return plain_table(
        caption=_("Emissions of %(place)s by sector and year, tonnes") % {"place": figures.area.display_name},
        label=_("Emissions by sector and year"),
        columns=[_("Sector"), *(str(year) for year in years)],
        rows=rows,
    )


def pathway_table(pathway: Pathway, history: Mapping[int, float], place: str) -> SafeString:
    """What was emitted, then the trend and the needed path, year by year."""
    write = numbers.writer()
    past = [(str(year), [write.number(tonnes), "", ""]) for year, tonnes in sorted(history.items())]
    years, trend, required = (pathway.course[part] for part in ("years", "trend", "required"))
    future = [
        (str(year), ["", write.number(one), write.number(other)])
        for year, one, other in zip(years, trend, required, strict=True)
    ]
    law = pathway.method == Method.CARBON_LAW
    return plain_table(
        caption=_("%(place)s, tonnes a year") % {"place": place},
        label=_("Emissions and the carbon law by year") if law else _("Emissions and the carbon budget by year"),
        columns=[_("Year"), _("Emissions"), _("At today's pace"), _("Needed path")],
        rows=past + future,
    )
