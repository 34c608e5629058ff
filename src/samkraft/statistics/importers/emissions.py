"""Emissions by municipality and sector, from each publisher that has its own form of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .. import rules
from ..formats import (
    EmissionTable,
    read_energistyrelsen,
    read_ghg_json,
    read_miljodirektoratet,
    read_smhi_xlsx,
)
from ..formats.errors import shown
from ..models import Emission, Release, ReleaseKind
from ..operations import ReleaseFacts, add_emissions
from ..pathways import compute_pathways
from .areas import KnownAreas, placed
from .releases import Asked, FiguresReport, store

LONGEST_SUBSECTOR = 100
_READ_AT_ONCE = 10_000
_GASES = {"co2": "koldioxid (CO2)", "ghg": "växthusgaser"}


@dataclass(frozen=True)
class Publication:
    """What is known of a publisher's file before it is read. `slug` and `title` are filled in from the table."""

    read: Callable[[Path, str | None], EmissionTable]
    slug: str
    title: str
    publisher: str
    source_url: str = ""
    dated: bool = False  # the date in the file is that of the release

    def facts(self, table: EmissionTable, asked: Asked) -> ReleaseFacts:
        span = f"{table.years[0]}–{table.years[-1]}"
        published_on = table.report_date if self.dated else None
        return asked.facts(
            slug=self.slug.format(gas_set=table.gas_set),
            version=published_on.isoformat() if published_on else span,
            source_url=self.source_url,
            kind=ReleaseKind.EMISSIONS,
            country=table.country,
            gas_set=table.gas_set,
            title=self.title.format(gases=_GASES[table.gas_set], span=span),
            publisher=self.publisher,
            published_on=published_on,
        )


def _smhi(read: Callable[[Path, str | None], EmissionTable]) -> Publication:
    return Publication(
        read,
        "se-smhi-{gas_set}",
        "Emissioner av {gases} {span}",
        "SMHI och Naturvårdsverket, Nationella emissionsdatabasen",
        "https://nationellaemissionsdatabasen.smhi.se/",
        dated=True,
    )


PUBLICATIONS = {
    "smhi": _smhi(read_smhi_xlsx),
    "ghg-json": _smhi(read_ghg_json),
    "energistyrelsen": Publication(
        read_energistyrelsen,
        "dk-energistyrelsen",
        "Energi- og CO₂-regnskabet {span}",
        "Energistyrelsen",
        "https://klimaregnskabet.dk",
    ),
    "miljodirektoratet": Publication(
        read_miljodirektoratet,
        "no-miljodirektoratet",
        "Utslipp av klimagasser i kommuner {span}",
        "Miljødirektoratet",
    ),
}


def import_emissions(publication: Publication, asked: Asked) -> FiguresReport:
    """Read, match, compare and (unless only asked about) store a file of emissions and its pathways."""
    table = publication.read(asked.path, asked.name)
    known = KnownAreas(table.country)
    figures = _figures(table, known)
    areas = {cell.area for cell in figures}
    # The Norwegian publisher's figures are also handed out county by county.
    known.check_complete(areas, file=asked.file, partial=asked.stated.partial or table.country == "NO")
    facts = publication.facts(table, asked)

    def stored(release: Release) -> rules.Figures:
        columns = ("area__key", "year", "sector", "subsector", "tonnes")
        rows = Emission.objects.filter(release=release, area__key__in=areas).values_list(*columns)
        return {rules.Cell(*cell): tonnes for *cell, tonnes in rows.iterator(_READ_AT_ONCE)}

    def add() -> None:
        release = add_emissions(facts=facts, figures=figures)
        if release is not None:
            compute_pathways(release=release, year=asked.today.year)

    return store(asked, facts, figures, stored=stored, add=add)


def _figures(table: EmissionTable, known: KnownAreas) -> dict[rules.Cell, float]:
    figures: dict[rules.Cell, float] = {}
    for row in table.rows:
        with placed(table.error, row):
            key = known.key_of(row)
        if len(row.subsector) > LONGEST_SUBSECTOR:
            wanted = f"expected a subsector's name of at most {LONGEST_SUBSECTOR} characters"
            raise table.error(f"{wanted}, found {shown(row.subsector)}", row)
        for year, value in zip(table.years, row.values, strict=True):
            if value is not None:
                cell = rules.Cell(key, year, row.sector, row.subsector)
                if cell in figures:
                    raise table.error(f"expected each area once, found {row.area_name} again", row)
                figures[cell] = value
    return figures
