"""Statistics Sweden's inhabitants by municipality."""

from samkraft.places.models import AreaKind

from .. import rules
from ..formats import PopulationTable, read_scb_population
from ..models import Population, Release, ReleaseKind
from ..operations import add_population
from .areas import KnownAreas, placed
from .releases import Asked, FiguresReport, store


def import_population(asked: Asked) -> FiguresReport:
    """Inhabitants of the municipalities; those of counties and the country are their sums."""
    table = read_scb_population(asked.path, asked.name)
    known = KnownAreas(table.country)
    figures = _figures(table, known)
    known.check_complete({cell.area for cell in figures}, file=asked.file, partial=asked.stated.partial)
    facts = asked.facts(
        slug="se-scb-population",
        version=f"{table.year}M{table.month:02}" if table.month else str(table.year),
        licence="CC0-1.0",
        source_url="https://www.statistikdatabasen.scb.se/",
        kind=ReleaseKind.POPULATION,
        country=table.country,
        gas_set="",
        title="Folkmängden efter region",
        publisher="Statistiska centralbyrån (SCB)",
    )

    def stored(release: Release) -> rules.Figures:
        rows = Population.objects.filter(release=release, area__kind=AreaKind.MUNICIPALITY)
        listed = rows.values_list("area__key", "year", "persons")
        return {rules.Cell(key, year, "", ""): float(persons) for key, year, persons in listed}

    def add() -> None:
        add_population(facts=facts, figures=figures)

    return store(asked, facts, figures, stored=stored, add=add)


def _figures(table: PopulationTable, known: KnownAreas) -> dict[rules.Cell, float]:
    figures: dict[rules.Cell, float] = {}
    for row in table.rows:
        with placed(table.error, row):
            key = known.key_of_code(row.code, row.name)
        if row.persons is not None and key in known.municipalities:
            figures[rules.Cell(key, table.year, "", "")] = float(row.persons)
    return figures
