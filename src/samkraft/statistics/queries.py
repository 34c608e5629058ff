"""Reads of figures for pages and the API."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q, QuerySet

from samkraft.places.models import Area, AreaKind, NameKind, PlaceName

from .models import ClimatePlan, Emission, Method, Pathway, Population, Release

# From so many areas on, it is cheaper to read all areas' figures than to name them one by one.
MANY = 100


class PerPerson(NamedTuple):
    """Tonnes per person, and the year whose population it was divided by."""

    tonnes: float
    population_year: int
    persons: int


@dataclass(frozen=True)
class AreaFigures:
    """An area's emissions in one release. `sectors` maps sector to year to tonnes; a gap has no entry."""

    area: Area
    release: Release
    totals: Mapping[int, float]
    sectors: Mapping[str, Mapping[int, float]]
    persons: Mapping[int, int] = field(default_factory=dict)

    @property
    def last_year(self) -> int:
        return max(self.totals)

    @property
    def last_tonnes(self) -> float:
        return self.totals[self.last_year]

    def per_person(self) -> PerPerson | None:
        return per_person(self.last_tonnes, self.last_year, self.persons)

    def change_since(self, year: int) -> float | None:
        """The change in per cent from a year to the last one; None when the first is missing or not positive."""
        return change_percent(self.totals.get(year), self.last_tonnes)


def per_person(tonnes: float, year: int, persons: Mapping[int, int]) -> PerPerson | None:
    """Tonnes divided by the population of that year, or else of a year beside it; None when neither is known."""
    for population_year in (year, year + 1, year - 1):
        if persons.get(population_year):
            return PerPerson(tonnes / persons[population_year], population_year, persons[population_year])
    return None


def change_percent(before: float | None, after: float | None) -> float | None:
    if before is None or after is None or before <= 0:
        return None
    return (after / before - 1) * 100


def share_percent(part: float | None, whole: float) -> float | None:
    """A part in per cent of a positive whole."""
    return part / whole * 100 if part is not None and whole > 0 else None


def current_releases(country: str) -> dict[str, Release]:
    """The newest release of emissions for each set of gases, all greenhouse gases first."""
    newest: dict[str, Release] = {}
    releases = Release.objects.emissions().filter(country=country).order_by("-gas_set", "-last_year", "-version", "-pk")
    for release in releases:
        newest.setdefault(release.gas_set, release)
    return newest


def main_release(country: str) -> Release | None:
    """The release that pages show first: all greenhouse gases where there are any."""
    return next(iter(current_releases(country).values()), None)


def area_figures(area: Area, release: Release) -> AreaFigures | None:
    """An area's whole and sectoral figures in a release; None when it has none. Two queries."""
    totals: dict[int, float] = {}
    by_sector: dict[str, dict[int, float]] = {}
    rows = Emission.objects.filter(release=release, area=area, subsector="").order_by("year")
    for sector, year, tonnes in rows.values_list("sector", "year", "tonnes"):
        if sector:
            by_sector.setdefault(sector, {})[year] = tonnes
        else:
            totals[year] = tonnes
    if not totals:
        return None
    return AreaFigures(area, release, totals, by_sector, persons_of([area.pk]).get(area.pk, {}))


def persons_of(areas: Sequence[int]) -> dict[int, dict[int, int]]:
    """People by area and year; the newest release's figure where several speak of a year."""
    found: dict[int, dict[int, int]] = {}
    rows = Population.objects.order_by("release__version", "pk")
    if len(areas) < MANY:
        rows = rows.filter(area__in=areas)
    for area, year, persons in rows.values_list("area_id", "year", "persons"):
        found.setdefault(area, {})[year] = persons
    return found


class Compared(NamedTuple):
    """An area beside others: its last whole figure, that per person, and its change since the base year."""

    area: Area
    tonnes: float | None
    per_person: PerPerson | None
    change: float | None


def compared(areas: Sequence[Area], release: Release) -> list[Compared]:
    """The areas with their figures of the release's compared year, in the order given. Two queries."""
    last, base = release.compared_year or 0, release.base_year or 0
    figures: dict[int, dict[int, float]] = {}
    rows = Emission.objects.filter(release=release, year__in=(base, last), sector="", subsector="")
    if len(areas) < MANY:
        rows = rows.filter(area__in=[area.pk for area in areas])
    for pk, year, tonnes in rows.values_list("area_id", "year", "tonnes"):
        figures.setdefault(pk, {})[year] = tonnes
    persons = persons_of([area.pk for area in areas])
    return [_compared(area, figures.get(area.pk, {}), persons.get(area.pk, {}), base, last) for area in areas]


def _compared(area: Area, figures: Mapping[int, float], persons: Mapping[int, int], base: int, last: int) -> Compared:
    tonnes = figures.get(last)
    return Compared(
        area,
        tonnes,
        None if tonnes is None else per_person(tonnes, last, persons),
        change_percent(figures.get(base), tonnes),
    )


def pathways_of(area: Area, releases: Iterable[Release]) -> dict[str, Pathway]:
    """An area's newest pathway by each method, in releases that are current."""
    rows = (
        Pathway.objects.filter(area=area, release__in=list(releases)).select_related("release").order_by("start_year")
    )
    return {pathway.method: pathway for pathway in rows}


def totals_by_year(area: Area, releases: Iterable[Release]) -> dict[int, dict[int, float]]:
    """An area's whole figures by release and year."""
    found: dict[int, dict[int, float]] = {}
    rows = Emission.objects.filter(release__in=list(releases), area=area, sector="", subsector="").order_by("year")
    for release, year, tonnes in rows.values_list("release_id", "year", "tonnes"):
        found.setdefault(release, {})[year] = tonnes
    return found


def climate_plans(area: Area) -> QuerySet[ClimatePlan]:
    return ClimatePlan.objects.filter(area=area).select_related("release").order_by("-adopted_year", "url")


def emission_rows(area: Area) -> QuerySet[Emission]:
    """All figures of an area in all releases, for open data."""
    return (
        Emission.objects.filter(area=area)
        .select_related("release", "area")
        .order_by("release__slug", "sector", "subsector", "year")
    )


def country_totals(country: str, kinds: Sequence[str] = (AreaKind.MUNICIPALITY,)) -> QuerySet[Emission]:
    """Whole and sectoral figures of all areas of a country in its current releases."""
    releases = list(current_releases(country).values())
    return (
        Emission.objects.filter(release__in=releases, area__kind__in=kinds, subsector="")
        .select_related("release", "area")
        .order_by("release__slug", "area__key", "sector", "year")
    )


class BudgetLine(NamedTuple):
    """What is needed to draw an area's carbon budget: where it starts, its trend and the needed yearly cut."""

    start_year: int
    start_tonnes: float | None
    trend_slope: float | None
    needed_cut_percent: float | None


def budget_lines(release: Release) -> dict[int, BudgetLine]:
    """Each area's carbon budget in a release of carbon dioxide, by the area's id."""
    rows = Pathway.objects.filter(release=release, method=Method.BUDGET_2024)
    return {row[0]: BudgetLine(*row[1:]) for row in rows.values_list("area_id", *BudgetLine._fields)}


def releases_of(kinds: Sequence[str], country: str) -> QuerySet[Release]:
    return Release.objects.filter(Q(kind__in=kinds), country=country)


def area_ids_named(folded: str) -> list[int]:
    """Areas with a name that begins with the folded text."""
    names = PlaceName.objects.filter(kind=NameKind.NAME, folded__startswith=folded)
    return list(names.values_list("area_id", flat=True))
