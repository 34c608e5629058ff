"""Writes of figures: a release and all that belongs to it, or nothing."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from samkraft.places.bulk import insert_rows
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
    release = _begun(facts, figures)
    if release is None:
        return None
    areas = _areas(facts.country)
    ids = {key: area.pk for key, area in areas.items()}
    release.base_year, release.compared_year = rules.compared_years(figures)
    release.save(update_fields=["base_year", "compared_year"])
    insert_rows(
        Emission,
        ("release", "area", "year", "sector", "subsector", "tonnes"),
        (
            (release.pk, ids[area], year, sector, subsector, tonnes)
            for (area, year, sector, subsector), tonnes in with_sums(figures, areas).items()
        ),
    )
    changed(release.tag, SITE)
    return release


def _begun(facts: ReleaseFacts, figures: rules.Figures) -> Release | None:
    """The release, still without figures; None when one with the same figures is there already."""
    found = rules.digest_of(figures)
    same = Release.objects.filter(kind=facts.kind, country=facts.country, gas_set=facts.gas_set, digest=found)
    if same.exists():
        return None
    # An import chooses a slug that is free. A table that comes with the platform takes its own earlier place.
    Release.objects.filter(slug=facts.slug).delete()
    first, last = rules.years_of(figures)
    return Release.objects.create(digest=found, first_year=first, last_year=last, **vars(facts))


def _areas(country: str) -> dict[str, Area]:
    return {area.key: area for area in Area.objects.in_country(country).defer("outline")}


def with_sums(figures: rules.Figures, areas: Mapping[str, Area]) -> dict[rules.Cell, float]:
    """The figures and, where all parts are there, their sums by county and for the country."""
    by_pk = {area.pk: area.key for area in areas.values()}
    complete = dict(figures)
    for level in (AreaKind.MUNICIPALITY, AreaKind.COUNTY):
        parents = {key: by_pk[area.parent_id] for key, area in areas.items() if area.kind == level and area.parent_id}
        complete.update(rules.summed(complete, parents))
    return complete


@transaction.atomic
def add_population(*, facts: ReleaseFacts, figures: rules.Figures) -> Release | None:
    """Store a release of inhabitants, with sums above; None when it is there already."""
    release = _begun(facts, figures)
    if release is None:
        return None
    areas = _areas(facts.country)
    Population.objects.bulk_create(
        Population(release=release, area=areas[cell.area], year=cell.year, persons=round(count))
        for cell, count in with_sums(figures, areas).items()
    )
    changed(release.tag, SITE)
    return release


@transaction.atomic
def add_deductions(*, facts: ReleaseFacts, figures: rules.Figures, year: int) -> Release | None:
    """Store a release of deductions and compute the carbon budget's pathways anew; None when it is there already."""
    release = _begun(facts, figures)
    if release is None:
        return None
    areas = _areas(facts.country)
    Deduction.objects.bulk_create(
        Deduction(release=release, area=areas[cell.area], year=cell.year, tonnes=tonnes)
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


def published_name(kind: str, name: str, full_name: str) -> str:
    """The name under which an official list of codes has an area: counties by their full name."""
    return full_name if kind == AreaKind.COUNTY else name


def codes_digest(pairs: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over codes and names, to know a list of codes again."""
    text = "\n".join(f"{code} {rules.plain_name(name)}" for code, name in sorted(pairs))
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
    listed = [row for row in rows("releases.csv") if row["table"]]
    tables = sorted({*TABLES, "releases.csv", *(row["table"] for row in listed)})
    found = digest(*tables)
    if ReferenceLoad.objects.filter(digest=found).exists():
        return False
    with transaction.atomic():
        load_places(progress=progress)
        for row in listed:
            progress(row["title"])
            _load_table(facts_of(row), row, now.year)
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


def _load_table(facts: ReleaseFacts, row: Mapping[str, str], year: int) -> None:
    table = row["table"]
    if facts.kind == ReleaseKind.EMISSIONS:
        add_emissions(facts=facts, figures=_figures(table))
    elif facts.kind == ReleaseKind.POPULATION:
        add_population(facts=facts, figures=_column(facts.country, table, "population"))
    elif facts.kind == ReleaseKind.DEDUCTIONS:
        add_deductions(facts=facts, figures=_column(facts.country, table, "tonnes"), year=year)
    else:
        _load_list(facts, row)
    # What is known of a release may have been mended where its figures are the same.
    Release.objects.filter(slug=facts.slug).update(**vars(facts))


def _figures(table: str) -> dict[rules.Cell, float]:
    """A table of emissions, with a column for each year; an empty cell is missing."""
    figures = {}
    for row in rows(table):
        for column, text in row.items():
            if column.isdigit() and text:
                figures[rules.Cell(row["key"], int(column), row["sector"], row["subsector"])] = float(text)
    return figures


def _column(country: str, table: str, column: str) -> dict[rules.Cell, float]:
    """A table with one figure a row, of the areas of a country."""
    return {
        rules.Cell(row["key"], int(row["year"]), "", ""): float(row[column])
        for row in rows(table)
        if row["key"].startswith(f"{country}-")
    }


def _load_list(facts: ReleaseFacts, row: Mapping[str, str]) -> None:
    """A release whose table holds no figures; the areas' own tables are loaded with the places."""
    release, _ = Release.objects.update_or_create(
        slug=facts.slug,
        defaults={
            **vars(facts),
            "digest": _list_digest(facts, row["table"]),
            "first_year": row["first_year"] or None,
            "last_year": row["last_year"] or None,
        },
    )
    if facts.kind == ReleaseKind.CLIMATE_PLANS:
        ids = dict(Area.objects.in_country(facts.country).values_list("key", "pk"))
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


def _list_digest(facts: ReleaseFacts, table: str) -> str:
    if facts.kind != ReleaseKind.CODES:
        return digest(table)
    listed = [row for row in rows(table) if row["country"] == facts.country and row["kind"] != AreaKind.COUNTRY]
    return codes_digest((row["code"], published_name(row["kind"], row["name"], row["full_name"])) for row in listed)
