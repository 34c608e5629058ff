"""Open data about places and figures, for programs. Every list comes in pages, by cursor."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from samkraft.places import rules as place_rules
from samkraft.places.models import Area, AreaKind

from . import open_data, queries
from .models import Emission, Pathway, Release

router = Router()
MOST = 500
ROWS_IN_A_FILE = 100_000


class AreaOut(Schema):
    """A country, county or municipality. `country` and `code` together are its key."""

    key: str
    country: str
    code: str
    kind: str
    name: str
    full_name: str
    county: str | None = Field(None, description="Key of the county, for municipalities")
    latitude: float | None
    longitude: float | None
    url: str

    @staticmethod
    def resolve_county(area: Area) -> str | None:
        return area.parent.key if area.parent and area.kind == AreaKind.MUNICIPALITY else None

    @staticmethod
    def resolve_url(area: Area) -> str:
        return area.get_absolute_url()


class ReleaseOut(Schema):
    """A publication of a source. `licence` is null where the publisher states none."""

    slug: str
    kind: str
    country: str
    gas_set: str
    title: str
    publisher: str
    version: str
    published_on: date | None
    retrieved_on: date | None
    licence: str | None
    source_url: str
    first_year: int | None
    last_year: int | None

    @staticmethod
    def resolve_licence(release: Release) -> str | None:
        return release.licence or None


class EmissionOut(Schema):
    """Tonnes of an area, year and sector. An empty sector is all sectors, an empty subsector the whole sector."""

    country: str
    code: str
    name: str
    year: int
    sector: str
    subsector: str
    gas_set: str
    tonnes: float
    release: str

    @staticmethod
    def resolve_country(row: Emission) -> str:
        return row.area.country

    @staticmethod
    def resolve_code(row: Emission) -> str:
        return row.area.code

    @staticmethod
    def resolve_name(row: Emission) -> str:
        return row.area.name

    @staticmethod
    def resolve_gas_set(row: Emission) -> str:
        return row.release.gas_set

    @staticmethod
    def resolve_release(row: Emission) -> str:
        return row.release.slug


class PathwayOut(Schema):
    """Where an area is heading and what a method requires. A null date means never."""

    country: str
    code: str
    name: str
    method: str
    release: str
    start_year: int
    start_tonnes: float | None
    trend_slope: float | None
    trend_total: float | None
    required_total: float | None
    needed_cut_percent: float | None
    historical_change_percent: float | None
    net_zero_on: date | None
    budget_runs_out_on: date | None
    enough: bool | None
    course: dict[str, list[float]]

    @staticmethod
    def resolve_country(row: Pathway) -> str:
        return row.area.country

    @staticmethod
    def resolve_code(row: Pathway) -> str:
        return row.area.code

    @staticmethod
    def resolve_name(row: Pathway) -> str:
        return row.area.name

    @staticmethod
    def resolve_release(row: Pathway) -> str:
        return row.release.slug


class AreaPage(Schema):
    items: list[AreaOut]
    next: str | None


class ReleasePage(Schema):
    items: list[ReleaseOut]
    next: str | None


class EmissionPage(Schema):
    items: list[EmissionOut]
    next: str | None


class PathwayPage(Schema):
    items: list[PathwayOut]
    next: str | None


class Paging(Schema):
    cursor: int = Field(0, ge=0, le=2**62, description="Where the page before ended; take it from `next`")
    limit: int = Field(100, ge=1, le=MOST)


class AreaFilter(Schema):
    country: str = Field("", max_length=2, description="SE, NO or DK")
    code: str = Field("", max_length=8, description="Official code within the country")
    name: str = Field("", max_length=80, description="Name, or the beginning of it")
    county: str = Field("", max_length=12, description="Code of the county within the country, or its key")


class FigureFilter(Schema):
    country: str = Field("", max_length=2)
    code: str = Field("", max_length=8)
    release: str = Field("", max_length=80, description="Slug of a release; without it, all")


class EmissionFilter(FigureFilter):
    sector: str | None = Field(None, max_length=24, description="A sector's code, or empty for all sectors together")
    year: int | None = Field(None, ge=1900, le=2100)


def page(request: HttpRequest, rows: QuerySet[Any], paging: Paging) -> dict[str, Any]:
    """A page of rows after the cursor in the order of their ids, and the address of the next, or None."""
    found = list(rows.filter(pk__gt=paging.cursor).order_by("pk")[: paging.limit + 1])
    more = len(found) > paging.limit
    found = found[: paging.limit]
    following = None
    if more:
        parameters = request.GET.copy()
        parameters["cursor"] = str(found[-1].pk)
        following = request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")
    return {"items": found, "next": following}


def chosen_areas(wanted: AreaFilter) -> QuerySet[Area]:
    areas = Area.objects.select_related("parent").defer("outline", "parent__outline")
    if wanted.country:
        areas = areas.in_country(wanted.country)
    if wanted.code:
        areas = areas.filter(code=wanted.code)
    if wanted.name:
        areas = areas.filter(pk__in=_named(wanted.name))
    if wanted.county:
        code = wanted.county.rpartition("-")[2]
        areas = areas.filter(kind=AreaKind.MUNICIPALITY, parent__code=code)
        if "-" in wanted.county:
            areas = areas.in_country(wanted.county.partition("-")[0])
    return areas


def _named(name: str) -> list[int]:
    return queries.area_ids_named(place_rules.fold(name))


@router.get("/areas", response=AreaPage, summary="Countries, counties and municipalities")
def areas(request: HttpRequest, wanted: Query[AreaFilter], paging: Query[Paging]) -> dict[str, Any]:
    return page(request, chosen_areas(wanted), paging)


@router.get("/municipalities", response=AreaPage, summary="Municipalities")
def municipalities(request: HttpRequest, wanted: Query[AreaFilter], paging: Query[Paging]) -> dict[str, Any]:
    return page(request, chosen_areas(wanted).filter(kind=AreaKind.MUNICIPALITY), paging)


@router.get("/releases", response=ReleasePage, summary="Releases of official figures, with licences")
def releases(request: HttpRequest, paging: Query[Paging], country: str = "") -> dict[str, Any]:
    rows = Release.objects.all()
    return page(request, rows.filter(country=country.upper()) if country else rows, paging)


def chosen_emissions(wanted: EmissionFilter) -> QuerySet[Emission]:
    rows = _of_area(Emission.objects.select_related("area", "release").defer("area__outline"), wanted)
    if wanted.sector is not None:
        rows = rows.filter(sector=wanted.sector)
    if wanted.year is not None:
        rows = rows.filter(year=wanted.year)
    return rows


def _of_area(rows: QuerySet[Any], wanted: FigureFilter) -> QuerySet[Any]:
    if wanted.country:
        rows = rows.filter(area__country=wanted.country.upper())
    if wanted.code:
        rows = rows.filter(area__code=wanted.code)
    if wanted.release:
        rows = rows.filter(release__slug=wanted.release)
    return rows


@router.get("/emissions", response=EmissionPage, summary="Emissions in tonnes")
def emissions(request: HttpRequest, wanted: Query[EmissionFilter], paging: Query[Paging]) -> dict[str, Any]:
    return page(request, chosen_emissions(wanted), paging)


@router.get(
    "/emissions.csv",
    summary="Emissions as a file",
    openapi_extra={"responses": {200: {"description": "Rows as CSV", "content": {"text/csv": {}}}}},
)
def emissions_csv(request: HttpRequest, wanted: Query[EmissionFilter]) -> HttpResponse:
    rows = chosen_emissions(wanted).order_by("pk")[:ROWS_IN_A_FILE]
    return HttpResponse(open_data.emissions_csv(rows), content_type="text/csv; charset=utf-8")


@router.get("/pathways", response=PathwayPage, summary="Trends, and what the climate needs")
def pathways(
    request: HttpRequest, wanted: Query[FigureFilter], paging: Query[Paging], method: str = ""
) -> dict[str, Any]:
    rows = _of_area(Pathway.objects.select_related("area", "release").defer("area__outline"), wanted)
    return page(request, rows.filter(method=method) if method else rows, paging)
