"""Open data about places and figures, for programs. Every list comes in pages, by cursor."""

from datetime import date
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic.json_schema import SkipJsonSchema

from samkraft.places import rules as place_rules
from samkraft.places.models import Area, AreaKind

from . import open_data, queries
from .models import Emission, Pathway, Release

router = Router()
MOST = 500
ROWS_IN_A_FILE = 100_000

# A control character is in no name or code, and PostgreSQL refuses one of them.
Text = Annotated[str, Field(pattern="^[^\\x00-\\x1f\\x7f]*$")]
Year = Annotated[int, Field(ge=1900, le=2100)]
Absent = SkipJsonSchema[None]


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


class OfArea(Schema):
    """What a figure is of: an area, by country and code, in a release."""

    country: str
    code: str
    name: str
    release: str

    @staticmethod
    def resolve_country(row: Emission | Pathway) -> str:
        return row.area.country

    @staticmethod
    def resolve_code(row: Emission | Pathway) -> str:
        return row.area.code

    @staticmethod
    def resolve_name(row: Emission | Pathway) -> str:
        return row.area.name

    @staticmethod
    def resolve_release(row: Emission | Pathway) -> str:
        return row.release.slug


class EmissionOut(OfArea):
    """Tonnes of an area, year and sector. An empty sector is all sectors, an empty subsector the whole sector."""

    year: int
    sector: str
    subsector: str
    gas_set: str
    tonnes: float

    @staticmethod
    def resolve_gas_set(row: Emission) -> str:
        return row.release.gas_set


class PathwayOut(OfArea):
    """Where an area is heading and what a method requires. A null date means never."""

    method: str
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


class Cursor(Schema):
    cursor: int = Field(0, ge=0, le=2**62, description="Where the page before ended; take it from `next`")


class Paging(Cursor):
    limit: int = Field(100, ge=1, le=MOST)


class AreaFilter(Schema):
    country: Text = Field("", max_length=2, description="SE, NO or DK")
    code: Text = Field("", max_length=8, description="Official code within the country")
    name: Text = Field("", max_length=80, description="Name, or the beginning of it")
    county: Text = Field("", max_length=12, description="Code of the county within the country, or its key")


class FigureFilter(Schema):
    country: Text = Field("", max_length=2, description="SE, NO or DK")
    code: Text = Field("", max_length=8, description="Official code within the country")
    release: Text = Field("", max_length=80, description="Slug of a release; without it, all")


class EmissionFilter(FigureFilter):
    sector: Annotated[Text, Field(max_length=24)] | Absent = Field(
        None, description="A sector's code, or empty for all sectors together"
    )
    year: Year | Absent = None


class PathwayFilter(FigureFilter):
    method: Text = Field("", max_length=16, description="budget-2024 or carbon-law; without it, both")


class ReleaseFilter(Schema):
    country: Text = Field("", max_length=2, description="SE, NO or DK")


class Problem(Schema):
    """What in the address cannot be used."""

    detail: list[dict[str, Any]]


def page(request: HttpRequest, rows: QuerySet[Any], paging: Paging) -> dict[str, Any]:
    """A page of rows after the cursor in the order of their ids, and the address of the next, or None."""
    found = list(rows.filter(pk__gt=paging.cursor).order_by("pk")[: paging.limit + 1])
    more = len(found) > paging.limit
    found = found[: paging.limit]
    return {"items": found, "next": _address_after(request, found[-1].pk) if more else None}


def _address_after(request: HttpRequest, pk: int) -> str:
    """The address of the page of the same list that begins after a row."""
    parameters = request.GET.copy()
    parameters["cursor"] = str(pk)
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


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
    """Areas of that name; none for a name without letters, which would be the beginning of every name."""
    folded = place_rules.fold(name)
    return queries.area_ids_named(folded) if folded else []


@router.get("/areas", response={200: AreaPage, 422: Problem}, summary="Countries, counties and municipalities")
def areas(request: HttpRequest, wanted: Query[AreaFilter], paging: Query[Paging]) -> dict[str, Any]:
    return page(request, chosen_areas(wanted), paging)


@router.get("/municipalities", response={200: AreaPage, 422: Problem}, summary="Municipalities")
def municipalities(request: HttpRequest, wanted: Query[AreaFilter], paging: Query[Paging]) -> dict[str, Any]:
    return page(request, chosen_areas(wanted).filter(kind=AreaKind.MUNICIPALITY), paging)


@router.get(
    "/releases", response={200: ReleasePage, 422: Problem}, summary="Releases of official figures, with licences"
)
def releases(request: HttpRequest, wanted: Query[ReleaseFilter], paging: Query[Paging]) -> dict[str, Any]:
    rows = Release.objects.all()
    return page(request, rows.filter(country=wanted.country.upper()) if wanted.country else rows, paging)


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


@router.get("/emissions", response={200: EmissionPage, 422: Problem}, summary="Emissions in tonnes")
def emissions(request: HttpRequest, wanted: Query[EmissionFilter], paging: Query[Paging]) -> dict[str, Any]:
    return page(request, chosen_emissions(wanted), paging)


@router.get(
    "/emissions.csv",
    response={422: Problem},
    summary="Emissions as a file",
    description="At most 100,000 rows. Where there are more, the header Link names the address of the next file.",
    openapi_extra={"responses": {200: {"description": "Rows as CSV", "content": {"text/csv": {}}}}},
)
def emissions_csv(request: HttpRequest, wanted: Query[EmissionFilter], cursor: Query[Cursor]) -> HttpResponse:
    rows = chosen_emissions(wanted).filter(pk__gt=cursor.cursor).order_by("pk")
    text = open_data.emissions_csv(rows[:ROWS_IN_A_FILE])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    last_and_next = list(rows.values_list("pk", flat=True)[ROWS_IN_A_FILE - 1 : ROWS_IN_A_FILE + 1])
    if len(last_and_next) == 2:
        response["Link"] = f'<{_address_after(request, last_and_next[0])}>; rel="next"'
    return response


@router.get("/pathways", response={200: PathwayPage, 422: Problem}, summary="Trends, and what the climate needs")
def pathways(request: HttpRequest, wanted: Query[PathwayFilter], paging: Query[Paging]) -> dict[str, Any]:
    rows = _of_area(Pathway.objects.select_related("area", "release").defer("area__outline"), wanted)
    return page(request, rows.filter(method=wanted.method) if wanted.method else rows, paging)
