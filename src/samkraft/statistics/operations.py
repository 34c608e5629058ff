"""Writes of figures: a release and all that belongs to it, or nothing."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from samkraft.places.models import Area, AreaKind
from samkraft.places.operations import TABLES, add_area, load_places, rename_area
from samkraft.places.reference_tables import digest, rows
from samkraft.ui.page_cache import SITE, changed

from . import rules
from .models import (
    ClimatePlan,
    Deduction,
    Emission,
    GasSet,
    Method,
    Pathway,
    Population,
    ReferenceLoad,
    Release,
    ReleaseKind,
)
from .pathways import compute_pathways

Progress = Callable[[str], None]
_BATCH = 10_000


@dataclass(frozen=True)
class ReleaseFacts:
    """What is known of a release besides its figures. `licence` is empty where none is stated."""

    slug: str
    kind: str
    country: str
    gas_set: str
    title: str
    publisher: str
    version: str
    published_on: date | None = None
    retrieved_on: date | None = None
    licence: str = ""
    source_url: str = ""


@transaction.atomic
def add_emissions(*, facts: ReleaseFacts, figures: rules.Figures) -> Release | None:
    """Store a release of emissions in tonnes; None when the same release is there already.

    Sums of counties and of the country are added where the publisher gives none and no part is missing.
    """
    areas = {area.key: area for area in Area.objects.in_country(facts.country).defer("outline")}
    municipalities = {key for key, area in areas.items() if area.kind == AreaKind.MUNICIPALITY}
    found = rules.digest_of(figures, municipalities)
    if Release.objects.filter(kind=facts.kind, country=facts.country, gas_set=facts.gas_set, digest=found).exists():
        return None
    complete = with_sums(figures, areas)
    first, last = rules.years_of(complete)
    release = Release.objects.create(digest=found, first_year=first, last_year=last, **vars(facts))
    Emission.objects.bulk_create(
        (
            Emission(
                release=release,
                area=areas[cell.area],
                year=cell.year,
                sector=cell.sector,
                subsector=cell.subsector,
                tonnes=tonnes,
            )
            for cell, tonnes in complete.items()
        ),
        batch_size=_BATCH,
    )
    changed(release.tag, SITE)
    return release


def with_sums(figures: rules.Figures, areas: Mapping[str, Area]) -> dict[rules.Cell, float]:
    """The figures and, where all parts are there, their sums by county and for the country."""
    by_pk = {area.pk: area.key for area in areas.values()}
    complete = dict(figures)
    for level in (AreaKind.MUNICIPALITY, AreaKind.COUNTY):
        parents = {key: by_pk[area.parent_id] for key, area in areas.items() if area.kind == level and area.parent_id}
        complete.update(rules.summed(complete, parents))
    return complete


@transaction.atomic
def add_population(*, facts: ReleaseFacts, persons: Mapping[tuple[str, int], int]) -> Release | None:
    """Store a release of population by (area key, year), with sums above; None when it is there already."""
    areas = {area.key: area for area in Area.objects.in_country(facts.country).defer("outline")}
    cells = {rules.Cell(key, year, "", ""): float(count) for (key, year), count in persons.items()}
    found = rules.digest_of(cells, set(areas))
    if Release.objects.filter(kind=ReleaseKind.POPULATION, country=facts.country, digest=found).exists():
        return None
    first, last = rules.years_of(cells)
    release = Release.objects.create(digest=found, first_year=first, last_year=last, **vars(facts))
    Population.objects.bulk_create(
        Population(release=release, area=areas[cell.area], year=cell.year, persons=round(count))
        for cell, count in with_sums(cells, areas).items()
    )
    changed(release.tag, SITE)
    return release


@transaction.atomic
def add_deductions(*, facts: ReleaseFacts, figures: rules.Figures, year: int) -> Release | None:
    """Store a release of deductions and compute the carbon budget's pathways anew; None when it is there already."""
    found = rules.digest_of(figures, {cell.area for cell in figures})
    if Release.objects.filter(kind=facts.kind, country=facts.country, digest=found).exists():
        return None
    first, last = rules.years_of(figures)
    release = Release.objects.create(digest=found, first_year=first, last_year=last, **vars(facts))
    ids = dict(Area.objects.in_country(facts.country).values_list("key", "pk"))
    Deduction.objects.bulk_create(
        Deduction(release=release, area_id=ids[cell.area], year=cell.year, tonnes=tonnes)
        for cell, tonnes in figures.items()
    )
    for emissions in Release.objects.emissions().filter(country=facts.country, gas_set=GasSet.CO2):
        compute_pathways(release=emissions, year=year)
    changed(release.tag)
    return release


def bring_pathways_to_year(*, year: int) -> int:
    """Compute the carbon law's pathways anew where they begin in an earlier year; returns how many releases."""
    stale = Release.objects.emissions().filter(
        pk__in=Pathway.objects.filter(method=Method.CARBON_LAW, start_year__lt=year).values("release")
    )
    releases = list(stale)
    for release in releases:
        compute_pathways(release=release, year=year)
    return len(releases)


def published_name(area: Area) -> str:
    """The name under which Statistics Sweden lists an area: counties by their full name."""
    return area.full_name if area.kind == AreaKind.COUNTY else area.name


def codes_digest(pairs: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over codes and names, to know a list of codes again."""
    text = "\n".join(f"{code} {name}" for code, name in sorted(pairs))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def add_codes(
    *, facts: ReleaseFacts, digest: str, new: list[tuple[str, str]], renamed: list[tuple[str, str]]
) -> Release:
    """Store a release of codes: add new areas, give others their new name; areas that are gone stay."""
    release = Release.objects.create(digest=digest, **vars(facts))
    for code, name in sorted(new, key=lambda pair: (len(pair[0]), pair[0])):
        add_area(country=facts.country, code=code, name=name)
    for code, name in renamed:
        rename_area(
            area=Area.objects.in_country(facts.country).exclude(kind=AreaKind.COUNTRY).get(code=code), name=name
        )
    changed(SITE)
    return release


def load_reference(*, now: datetime, progress: Progress) -> bool:
    """Load all tables that come with the platform, once; False when they were loaded before."""
    facts = [row for row in rows("releases.csv") if row["table"]]
    tables = sorted({*TABLES, "releases.csv", *(row["table"] for row in facts)})
    found = digest(*tables)
    if ReferenceLoad.objects.filter(digest=found).exists():
        return False
    with transaction.atomic():
        load_places(progress=progress)
        for row in facts:
            progress(row["title"])
            _load_table(row, now.year)
        progress("Pathways")
        for release in Release.objects.emissions():
            compute_pathways(release=release, year=now.year)
        ReferenceLoad.objects.create(digest=found, loaded_at=now)
    return True


def facts_of(row: Mapping[str, str]) -> ReleaseFacts:
    """A row of the table of releases."""
    texts = ("slug", "kind", "country", "gas_set", "title", "publisher", "version", "licence", "source_url")
    return ReleaseFacts(
        **{name: row[name] for name in texts},
        published_on=_date(row["published_on"]),
        retrieved_on=_date(row["retrieved_on"]),
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _load_table(row: Mapping[str, str], year: int) -> None:
    facts = facts_of(row)
    if facts.kind == ReleaseKind.EMISSIONS:
        add_emissions(facts=facts, figures=_figures(row["table"]))
    elif facts.kind == ReleaseKind.POPULATION:
        persons = {
            (line["key"], int(line["year"])): int(line["population"])
            for line in rows(row["table"])
            if line["key"].startswith(f"{facts.country}-") and line.get("release", facts.slug) == facts.slug
        }
        add_population(facts=facts, persons=persons)
    elif facts.kind == ReleaseKind.DEDUCTIONS:
        deductions = {
            rules.Cell(line["key"], int(line["year"]), "", ""): float(line["tonnes"]) for line in rows(row["table"])
        }
        add_deductions(facts=facts, figures=deductions, year=year)
    else:
        _load_other(facts, row)


def _figures(table: str) -> dict[rules.Cell, float]:
    figures = {}
    for row in rows(table):
        for column, text in row.items():
            if column.isdigit() and text:
                figures[rules.Cell(row["key"], int(column), row["sector"], row["subsector"])] = float(text)
    return figures


def _digest(facts: ReleaseFacts, table: str) -> str:
    if facts.kind != ReleaseKind.CODES:
        return digest(table)
    areas = Area.objects.in_country(facts.country).exclude(kind=AreaKind.COUNTRY).defer("outline")
    return codes_digest((area.code, published_name(area)) for area in areas)


def _load_other(facts: ReleaseFacts, row: Mapping[str, str]) -> None:
    release, _ = Release.objects.update_or_create(
        slug=facts.slug,
        defaults={
            **vars(facts),
            "digest": _digest(facts, row["table"]),
            "first_year": row["first_year"] or None,
            "last_year": row["last_year"] or None,
        },
    )
    ids = dict(Area.objects.in_country(facts.country).values_list("key", "pk"))
    if facts.kind == ReleaseKind.DEDUCTIONS:
        Deduction.objects.filter(release=release).delete()
        Deduction.objects.bulk_create(
            Deduction(
                release=release,
                area_id=ids[line["key"]],
                year=int(line["year"]),
                tonnes=float(line["tonnes"]),
            )
            for line in rows(row["table"])
        )
    elif facts.kind == ReleaseKind.CLIMATE_PLANS:
        ClimatePlan.objects.filter(release=release).delete()
        ClimatePlan.objects.bulk_create(
            ClimatePlan(
                release=release,
                area_id=ids[line["key"]],
                url=line["url"],
                adopted_year=int(line["adopted_year"]) if line["adopted_year"] else None,
                comment=line["comment"],
            )
            for line in rows(row["table"])
        )
