"""Reads about places that a page or the API needs."""

from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from . import rules
from .models import Area, AreaKind, AreaLink, MapFrame, NameKind, Neighbour, NewspaperArea, PlaceName, SimilarArea


@dataclass(frozen=True)
class Found:
    """A place that answers to what was typed, and the name by which it was found."""

    area: Area
    matched: str
    kind: str


def country(code: str) -> Area | None:
    return Area.objects.filter(kind=AreaKind.COUNTRY, country=code.upper()).defer("outline").first()


def area(country_code: str, slug: str) -> Area | None:
    """A county or municipality by its address, with its parents."""
    return (
        Area.objects.exclude(kind=AreaKind.COUNTRY)
        .filter(country=country_code.upper(), slug=slug)
        .select_related("parent__parent")
        .defer("outline", "parent__outline", "parent__parent__outline")
        .first()
    )


def same_name(country_code: str, slug: str) -> list[Area]:
    """Municipalities whose name alone has this slug, such as the two Herøy, for a page that tells them apart."""
    begin = Area.objects.municipalities().in_country(country_code).filter(slug__startswith=f"{slug}-")
    return [area for area in begin.select_related("parent").defer("outline") if rules.slug(area.name) == slug]


def ancestors(place: Area) -> list[Area]:
    """Country and county above an area fetched with `select_related("parent__parent")`, the country first."""
    chain = []
    above = place.parent
    while above is not None:
        chain.append(above)
        above = above.parent
    return chain[::-1]


def children(place: Area) -> QuerySet[Area]:
    return Area.objects.inside(place).defer("outline").order_by("name")


def neighbours(place: Area) -> QuerySet[Area]:
    ids = Neighbour.objects.filter(area=place).values("neighbour")
    return Area.objects.filter(pk__in=ids).defer("outline").order_by("name")


def similar(place: Area) -> list[Area]:
    rows = SimilarArea.objects.filter(area=place).select_related("similar").order_by("position")
    return [row.similar for row in rows]


def links(place: Area) -> QuerySet[AreaLink]:
    return AreaLink.objects.filter(area=place)


def newspaper_areas_of(place: Area) -> QuerySet[NewspaperArea]:
    """The newspaper areas that a municipality lies in, those that somebody has confirmed first."""
    return NewspaperArea.objects.covering(place).order_by(F("confirmed_on").asc(nulls_last=True), "name", "pk")


def newspaper_area(country_code: str, slug: str) -> NewspaperArea | None:
    """A newspaper area by its address, also one that is no longer used."""
    return NewspaperArea.objects.in_country(country_code).filter(slug=slug).first()


def municipalities_of(newspaper: NewspaperArea, *, outlines: bool = False) -> list[Area]:
    """A newspaper area's municipalities with their counties, those of one county after each other."""
    areas = newspaper.municipalities.select_related("parent").defer("parent__outline")
    return list((areas if outlines else areas.defer("outline", "parent__outline")).order_by("parent__name", "name"))


def map_frame(country_code: str) -> MapFrame | None:
    return MapFrame.objects.filter(country=country_code).first()


def find(text: str, *, limit: int = 8, home: str = "") -> list[Found]:
    """Areas whose name, locality or postcode begins with the text, the best first; each area once.

    Municipalities and counties by name come before localities; a whole match before a beginning; among
    equals, places of the country `home` come first.
    """
    folded = rules.fold(text)
    digits = rules.postcode(text)
    if digits:
        wanted = Q(kind=NameKind.POSTCODE, folded__startswith=digits)
    elif folded:
        wanted = Q(folded__startswith=folded) & ~Q(kind=NameKind.POSTCODE)
    else:
        return []
    rank = Case(
        When(folded=folded, kind=NameKind.NAME, then=Value(0)),
        When(kind=NameKind.NAME, then=Value(1)),
        When(folded=folded, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    names = (
        PlaceName.objects.filter(wanted)
        .select_related("area__parent")
        .defer("area__outline", "area__parent__outline")
        .annotate(rank=rank, away=Case(When(area__country=home, then=Value(0)), default=Value(1)))
        .order_by("rank", "away", "folded", "area__kind", "area__country", "pk")
    )
    found: dict[int, Found] = {}
    for name in names[: limit * 12]:
        found.setdefault(name.area_id, Found(name.area, name.text, name.kind))
    return list(found.values())[:limit]


def countries() -> QuerySet[Area]:
    return Area.objects.filter(kind=AreaKind.COUNTRY).defer("outline").order_by("-key")
