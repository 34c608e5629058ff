"""Process emissions that the carbon budget subtracts."""

from .. import rules
from ..formats import DeductionTable, read_deductions
from ..models import Deduction, GasSet, Release, ReleaseKind
from ..operations import add_deductions
from .areas import KnownAreas, placed
from .releases import Asked, FiguresReport, store


def import_deductions(asked: Asked) -> FiguresReport:
    """Tonnes to subtract by municipality and year; pathways of carbon dioxide are computed anew."""
    figures = _figures(read_deductions(asked.path, asked.name), KnownAreas("SE"))
    facts = asked.facts(
        slug="se-deductions",
        version=asked.today.isoformat(),
        kind=ReleaseKind.DEDUCTIONS,
        country="SE",
        gas_set=GasSet.CO2,
        title="Processutsläpp från cementtillverkning",
        publisher="Naturvårdsverket",
    )

    def stored(release: Release) -> rules.Figures:
        listed = Deduction.objects.filter(release=release).values_list("area__key", "year", "tonnes")
        return {rules.Cell(key, year, "", ""): tonnes for key, year, tonnes in listed}

    def add() -> None:
        add_deductions(facts=facts, figures=figures, year=asked.today.year)

    return store(asked, facts, figures, stored=stored, add=add)


def _figures(table: DeductionTable, known: KnownAreas) -> dict[rules.Cell, float]:
    figures: dict[rules.Cell, float] = {}
    for row in table.rows:
        with placed(table.error, row):
            cell = rules.Cell(known.key_of_name(row.municipality), row.year, "", "")
        if cell in figures:
            raise table.error(f"expected each area once a year, found {row.municipality} again", row)
        figures[cell] = row.tonnes
    return figures
