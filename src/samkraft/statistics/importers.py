"""Imports of the publishers' own files: read, matched to places, compared with the release before, stored whole.

Each kind reads its format, finds every area, and stores one release, or raises `FormatError`, one sentence
that says what is wrong and where, with the database as it was.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from samkraft.places.models import Area, AreaKind

from . import rules
from .formats import (
    Candidate,
    DeductionTable,
    EmissionRow,
    EmissionTable,
    FormatError,
    NameNotMatched,
    PopulationTable,
    match_municipality,
    read_deductions,
    read_energistyrelsen,
    read_ghg_json,
    read_miljodirektoratet,
    read_scb_codes,
    read_scb_population,
    read_smhi_xlsx,
)
from .models import Deduction, Emission, Population, Release, ReleaseKind
from .operations import (
    ReleaseFacts,
    add_codes,
    add_deductions,
    add_emissions,
    add_population,
    codes_digest,
    published_name,
)
from .pathways import compute_pathways

SHOWN_EXAMPLES = 5


@dataclass(frozen=True)
class Stated:
    """What the person who imports says of the file, where the file itself does not say it."""

    version: str = ""
    licence: str = ""
    source_url: str = ""
    partial: bool = False


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do. `already` names the release when the file's figures are in the database."""

    facts: ReleaseFacts
    figures: int
    already: str = ""
    compared_with: str = ""
    difference: rules.Difference = field(default_factory=lambda: rules.Difference([], [], []))

    def sentences(self, *, dry_run: bool) -> list[str]:
        """The report for a person, a sentence a line."""
        if self.already:
            return [f"This release is already here as {self.already}. Nothing was changed."]
        would = "would be" if dry_run else "was"
        lines = [f"The release {self.facts.slug} {would} added, with {self.figures} figures."]
        if self.compared_with:
            new, changed, gone = (len(cells) for cells in self.difference)
            lines.append(f"Beside {self.compared_with}: {new} new, {changed} changed, {gone} gone.")
            for word, cells in zip(("new", "changed", "gone"), self.difference, strict=True):
                lines += [f"  {word}: {_cell_text(cell)}" for cell in cells[:SHOWN_EXAMPLES]]
                if len(cells) > SHOWN_EXAMPLES:
                    lines.append(f"  {word}: and {len(cells) - SHOWN_EXAMPLES} more")
        return lines


def _cell_text(cell: rules.Cell) -> str:
    parts = (cell.area, str(cell.year), cell.sector or "all sectors", cell.subsector)
    return ", ".join(part for part in parts if part)


class _Places:
    """Finds the areas of a country that a publisher's rows speak of; each spelling is looked for once."""

    def __init__(self, country: str) -> None:
        areas = list(Area.objects.in_country(country).defer("outline").select_related("parent"))
        self.keys = {area.key: area for area in areas}
        self.country = country
        self._candidates = {
            AreaKind.MUNICIPALITY: [
                Candidate(a.key, a.name, a.parent.full_name if a.parent else "", (a.full_name,))
                for a in areas
                if a.kind == AreaKind.MUNICIPALITY
            ],
            AreaKind.COUNTY: [Candidate(a.key, a.name, "", (a.full_name,)) for a in areas if a.kind == AreaKind.COUNTY],
        }
        self._found: dict[tuple[str, str, str | None], str] = {}

    @property
    def municipalities(self) -> set[str]:
        return {candidate.key for candidate in self._candidates[AreaKind.MUNICIPALITY]}

    def key_of(self, row: EmissionRow) -> str:
        """The area's key; NameNotMatched when there is none."""
        if row.level == "country":
            return self.country
        if row.area_code is not None:
            return self.key_of_code(row.area_code)
        return self.key_of_name(row.area_name, row.level, row.county_name)

    def key_of_code(self, code: str) -> str:
        key = f"{self.country}-{code}"
        if key not in self.keys:
            raise NameNotMatched(code)
        return key

    def key_of_name(self, name: str, level: str, county: str | None) -> str:
        spelling = (name, level, county)
        if spelling not in self._found:
            known = match_municipality(name, county, self._candidates[AreaKind(level)])
            self._found[spelling] = known.key
        return self._found[spelling]


def import_emissions(
    read: Callable[[Path, str | None], EmissionTable],
    facts_of: Callable[[EmissionTable, Stated], ReleaseFacts],
    path: Path,
    *,
    name: str | None,
    stated: Stated,
    dry_run: bool,
    today: date,
) -> ImportReport:
    """Read, match, compare and (unless `dry_run`) store a file of emissions and its pathways."""
    table = read(path, name)
    places = _Places(table.country)
    figures = _figures(table, places)
    facts = _unique_slug(replace(facts_of(table, stated), retrieved_on=today))
    there = {cell.area for cell in figures} & places.municipalities
    if not there:
        raise FormatError("expected figures of municipalities, found none", file=table.source.file)
    _check_complete(table, places, there, stated)

    def add() -> None:
        release = add_emissions(facts=facts, figures=figures)
        if release is not None:
            compute_pathways(release=release, year=today.year)

    areas = {cell.area for cell in figures}
    return _store(facts, figures, places.municipalities, lambda before: _stored_figures(before, areas), add, dry_run)


def _store(
    facts: ReleaseFacts,
    figures: rules.Figures,
    counted: set[str],
    stored: Callable[[Release], rules.Figures],
    add: Callable[[], object],
    dry_run: bool,
) -> ImportReport:
    """Compare with the release before and, unless it is there already or only asked for, add; all or nothing.

    `counted` are the areas by which a release is known again; `stored` gives the figures of an older one.
    """
    series = Release.objects.of_series(facts.kind, facts.country, facts.gas_set)
    same = series.filter(digest=rules.digest_of(figures, counted)).first()
    if same is not None:
        return ImportReport(facts, len(figures), already=same.slug)
    before, report = series.first(), ImportReport(facts, len(figures))
    if before is not None:
        difference = rules.difference(stored(before), figures)
        report = replace(report, compared_with=before.slug, difference=difference)
    if not dry_run:
        with transaction.atomic():
            add()
    return report


def _figures(table: EmissionTable, places: _Places) -> dict[rules.Cell, float]:
    figures: dict[rules.Cell, float] = {}
    for row in table.rows:
        try:
            key = places.key_of(row)
        except NameNotMatched as unknown:
            raise table.error(str(unknown), row) from unknown
        for year, value in zip(table.years, row.values, strict=True):
            if value is not None:
                cell = rules.Cell(key, year, row.sector, row.subsector)
                if cell in figures:
                    raise table.error(f"expected each area once, found {row.area_name} again", row)
                figures[cell] = value
    return figures


def _check_complete(table: EmissionTable, places: _Places, there: set[str], stated: Stated) -> None:
    """A national publisher's file has every municipality; a part of it is taken only when that is said."""
    if stated.partial or table.country == "NO" or there == places.municipalities:
        return
    missing = sorted(places.municipalities - there)
    names = ", ".join(places.keys[key].name for key in missing[:3])
    raise FormatError(
        f"expected all {len(places.municipalities)} municipalities, found {len(there)}; missing are {names}"
        f"{' and others' if len(missing) > 3 else ''} (add --partial to take the file as it is)",
        file=table.source.file,
    )


def _stored_figures(release: Release, areas: Iterable[str]) -> dict[rules.Cell, float]:
    rows = Emission.objects.filter(release=release, area__key__in=list(areas)).values_list(
        "area__key", "year", "sector", "subsector", "tonnes"
    )
    return {rules.Cell(*row[:4]): row[4] for row in rows.iterator(10_000)}


def _unique_slug(facts: ReleaseFacts) -> ReleaseFacts:
    slug, number = facts.slug, 1
    while Release.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{facts.slug}-{number}"
    return replace(facts, slug=slug)


def smhi_facts(table: EmissionTable, stated: Stated) -> ReleaseFacts:
    """SMHI's county report, or the sectors of the same database as JSON."""
    span = f"{table.years[0]}–{table.years[-1]}"
    version = stated.version or (table.report_date.isoformat() if table.report_date else span)
    gases = "koldioxid (CO2)" if table.gas_set == "co2" else "växthusgaser"
    return ReleaseFacts(
        slug=slugify(f"se-smhi-{table.gas_set}-{version.replace('–', '-')}"),
        kind=ReleaseKind.EMISSIONS,
        country="SE",
        gas_set=table.gas_set,
        title=f"Emissioner av {gases} {span}",
        publisher="SMHI och Naturvårdsverket, Nationella emissionsdatabasen",
        version=version,
        published_on=table.report_date,
        licence=stated.licence,
        source_url=stated.source_url or "https://nationellaemissionsdatabasen.smhi.se/",
    )


def energistyrelsen_facts(table: EmissionTable, stated: Stated) -> ReleaseFacts:
    span = f"{table.years[0]}–{table.years[-1]}"
    version = stated.version or span
    return ReleaseFacts(
        slug=slugify(f"dk-energistyrelsen-{version.replace('–', '-')}"),
        kind=ReleaseKind.EMISSIONS,
        country="DK",
        gas_set=table.gas_set,
        title=f"Energi- og CO₂-regnskabet {span}",
        publisher="Energistyrelsen",
        version=version,
        licence=stated.licence,
        source_url=stated.source_url or "https://klimaregnskabet.dk",
    )


def miljodirektoratet_facts(table: EmissionTable, stated: Stated) -> ReleaseFacts:
    span = f"{table.years[0]}–{table.years[-1]}"
    version = stated.version or span
    return ReleaseFacts(
        slug=slugify(f"no-miljodirektoratet-{version.replace('–', '-')}"),
        kind=ReleaseKind.EMISSIONS,
        country="NO",
        gas_set=table.gas_set,
        title=f"Utslipp av klimagasser i kommuner {span}",
        publisher="Miljødirektoratet",
        version=version,
        licence=stated.licence,
        source_url=stated.source_url,
    )


def import_population(path: Path, *, name: str | None, stated: Stated, dry_run: bool, today: date) -> ImportReport:
    """Statistics Sweden's population by municipality."""
    table = read_scb_population(path, name)
    places = _Places(table.country)
    figures = _population_figures(table, places)
    version = stated.version or f"{table.year}M{table.month:02}" if table.month else str(table.year)
    facts = _unique_slug(
        ReleaseFacts(
            slug=slugify(f"se-scb-population-{version}"),
            kind=ReleaseKind.POPULATION,
            country="SE",
            gas_set="",
            title="Folkmängden efter region",
            publisher="Statistiska centralbyrån (SCB)",
            version=version,
            retrieved_on=today,
            licence=stated.licence or "CC0-1.0",
            source_url=stated.source_url or "https://www.statistikdatabasen.scb.se/",
        )
    )

    def stored(before: Release) -> rules.Figures:
        rows = Population.objects.filter(release=before, area__kind=AreaKind.MUNICIPALITY)
        return {
            rules.Cell(key, year, "", ""): float(persons)
            for key, year, persons in rows.values_list("area__key", "year", "persons")
        }

    persons = {(cell.area, cell.year): round(value) for cell, value in figures.items()}
    return _store(
        facts, figures, places.municipalities, stored, lambda: add_population(facts=facts, persons=persons), dry_run
    )


def _population_figures(table: PopulationTable, places: _Places) -> dict[rules.Cell, float]:
    figures: dict[rules.Cell, float] = {}
    for row in table.rows:
        try:
            key = places.key_of_code(row.code)
        except NameNotMatched as unknown:
            raise table.error(f"expected a known municipality, found {row.code} {row.name}", row) from unknown
        if row.persons is not None and places.keys[key].kind == AreaKind.MUNICIPALITY:
            figures[rules.Cell(key, table.year, "", "")] = float(row.persons)
    if not figures:
        raise FormatError("expected the population of municipalities, found none", file=table.source.file)
    return figures


def import_deductions(path: Path, *, name: str | None, stated: Stated, dry_run: bool, today: date) -> ImportReport:
    """Process emissions that the carbon budget subtracts; pathways of carbon dioxide are computed anew."""
    table = read_deductions(path, name)
    figures = _deduction_figures(table, _Places("SE"))
    version = stated.version or today.isoformat()
    facts = _unique_slug(
        ReleaseFacts(
            slug=slugify(f"se-deductions-{version}"),
            kind=ReleaseKind.DEDUCTIONS,
            country="SE",
            gas_set="co2",
            title="Processutsläpp från cementtillverkning",
            publisher="Naturvårdsverket",
            version=version,
            retrieved_on=today,
            licence=stated.licence,
            source_url=stated.source_url,
        )
    )

    def stored(before: Release) -> rules.Figures:
        rows = Deduction.objects.filter(release=before)
        return {
            rules.Cell(key, year, "", ""): tonnes
            for key, year, tonnes in rows.values_list("area__key", "year", "tonnes")
        }

    def add() -> None:
        add_deductions(facts=facts, figures=figures, year=today.year)

    return _store(facts, figures, {cell.area for cell in figures}, stored, add, dry_run)


def _deduction_figures(table: DeductionTable, places: _Places) -> dict[rules.Cell, float]:
    figures: dict[rules.Cell, float] = {}
    for row in table.rows:
        try:
            key = places.key_of_name(row.municipality, AreaKind.MUNICIPALITY, None)
        except NameNotMatched as unknown:
            raise table.error(str(unknown), row) from unknown
        figures[rules.Cell(key, row.year, "", "")] = row.tonnes
    return figures


EMISSION_KINDS: dict[
    str, tuple[Callable[[Path, str | None], EmissionTable], Callable[[EmissionTable, Stated], ReleaseFacts]]
] = {
    "smhi": (read_smhi_xlsx, smhi_facts),
    "ghg-json": (read_ghg_json, smhi_facts),
    "energistyrelsen": (read_energistyrelsen, energistyrelsen_facts),
    "miljodirektoratet": (read_miljodirektoratet, miljodirektoratet_facts),
}


@dataclass(frozen=True)
class CodesReport:
    """What an import of codes did, or would do: area keys with names that are new, changed or gone."""

    version: str
    already: str = ""
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def sentences(self, *, dry_run: bool) -> list[str]:
        if self.already:
            return [f"This release is already here as {self.already}. Nothing was changed."]
        would = "would be" if dry_run else "were"
        lines = [f"Codes of {self.version}: {len(self.new)} new, {len(self.changed)} changed, {len(self.gone)} gone."]
        lines += [f"  new: {text} {would} added" for text in self.new]
        lines += [f"  changed: {text} {would} renamed" for text in self.changed]
        return lines + [f"  gone: {text} is kept, since older figures speak of it" for text in self.gone]


def import_codes(path: Path, *, name: str | None, stated: Stated, dry_run: bool, today: date) -> CodesReport:
    """Statistics Sweden's codes and names of counties and municipalities."""
    table = read_scb_codes(path, name)
    known = {area.code: area for area in Area.objects.in_country("SE").exclude(kind=AreaKind.COUNTRY)}
    listed = {row.code: row for row in table.rows}
    for row in table.rows:
        if row.level == "municipality" and row.code[:2] not in listed:
            raise table.error(f"expected the county {row.code[:2]} of {row.code} {row.name} in the list", row)
    version = stated.version or Path(name or path.name).stem
    digest = codes_digest((row.code, row.name) for row in table.rows)
    same = Release.objects.filter(kind=ReleaseKind.CODES, country="SE", digest=digest).first()
    if same is not None:
        return CodesReport(version, already=same.slug)
    new = [row for row in table.rows if row.code not in known]
    renamed = [row for row in table.rows if row.code in known and row.name != published_name(known[row.code])]
    gone = sorted(set(known) - set(listed))
    facts = _unique_slug(
        ReleaseFacts(
            slug=slugify(f"se-scb-codes-{version}"),
            kind=ReleaseKind.CODES,
            country="SE",
            gas_set="",
            title="Län och kommuner",
            publisher="Statistiska centralbyrån (SCB)",
            version=version,
            retrieved_on=today,
            licence=stated.licence or "CC0-1.0",
            source_url=stated.source_url,
        )
    )
    if not dry_run:
        add_codes(
            facts=facts, digest=digest, new=[(r.code, r.name) for r in new], renamed=[(r.code, r.name) for r in renamed]
        )
    return CodesReport(
        version,
        new=tuple(f"SE-{row.code} {row.name}" for row in new),
        changed=tuple(f"SE-{row.code} {known[row.code].name} to {row.name}" for row in renamed),
        gone=tuple(f"SE-{code} {known[code].name}" for code in gone),
    )


KINDS = (*EMISSION_KINDS, "scb-codes", "scb-population", "deductions")


def run(
    kind: str, path: Path, *, name: str | None, stated: Stated, dry_run: bool, today: date
) -> ImportReport | CodesReport:
    """Import a file of a kind; raises FormatError, with the database as it was."""
    if kind in EMISSION_KINDS:
        read, facts_of = EMISSION_KINDS[kind]
        return import_emissions(read, facts_of, path, name=name, stated=stated, dry_run=dry_run, today=today)
    others = {"scb-codes": import_codes, "scb-population": import_population, "deductions": import_deductions}
    return others[kind](path, name=name, stated=stated, dry_run=dry_run, today=today)
