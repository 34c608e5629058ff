"""Comparison pages and open data beside the pages of places."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from samkraft.places import queries as places
from samkraft.places.models import Area, AreaKind
from samkraft.places.views import area_tags
from samkraft.ui import numbers
from samkraft.ui.access import public_page

from . import drawings, open_data, queries


@public_page(area_tags)
def country_csv(request: HttpRequest, country: str) -> HttpResponse:
    """All sectors of the country, its counties and municipalities in the current releases."""
    place = places.country(country)
    if place is None:
        raise Http404("No such country.")
    rows = queries.country_totals(place.country, AreaKind.values)
    return _csv(open_data.emissions_csv(rows), f"emissions-{place.country.lower()}.csv")


@public_page(area_tags)
def area_csv(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """Everything that is known of one area's emissions, in all releases."""
    place = _area(country, slug)
    return _csv(open_data.emissions_csv(queries.emission_rows(place)), f"emissions-{place.slug}.csv")


@public_page(area_tags)
def compare(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """Two municipalities side by side."""
    area = _area(country, slug)
    if area.kind != AreaKind.MUNICIPALITY:
        raise Http404("Only municipalities are compared.")
    everyone = Area.objects.municipalities().in_country(area.country).exclude(pk=area.pk).defer("outline")
    by_slug = {place.slug: place for place in everyone}
    other = by_slug.get(request.GET.get("with", ""))
    context: dict[str, object] = {
        "area": area,
        "other": other,
        "choices": _choices(area, list(by_slug.values())),
    }
    release = queries.main_release(area.country)
    if other is not None and release is not None:
        context |= _side_by_side(area, other, release)
    return render(request, "statistics/compare.html", context)


def _choices(area: Area, everyone: list[Area]) -> list[tuple[str, list[Area]]]:
    groups = [
        (_("Similar municipalities"), places.similar(area)),
        (_("Neighbours"), list(places.neighbours(area))),
        (_("All municipalities"), everyone),
    ]
    return [(name, members) for name, members in groups if members]


def _side_by_side(area: Area, other: Area, release: queries.Release) -> dict[str, object]:
    one, two = queries.area_figures(area, release), queries.area_figures(other, release)
    if one is None or two is None:
        return {"rows": [], "release": release}
    year, base = release.compared_year or 0, release.base_year or 0

    def each(figures: queries.AreaFigures) -> str:
        found = queries.per_person(figures.totals[year], year, figures.persons) if year in figures.totals else None
        return numbers.number(found.tonnes if found else None, 1)

    def change(figures: queries.AreaFigures) -> str:
        return numbers.percent(queries.change_percent(figures.totals.get(base), figures.totals.get(year)), 0)

    rows = [
        (
            _("Emissions in %(year)s, tonnes") % {"year": year},
            *_both(one, two, lambda f: numbers.tonnes(f.totals.get(year))),
        ),
        (_("Tonnes per person"), *_both(one, two, each)),
        (_("Change since %(year)s") % {"year": base}, *_both(one, two, change)),
        (_("Largest sector"), *_both(one, two, drawings.largest_sector)),
    ]
    rows = [row for row in rows if row[1:] != (numbers.MISSING, numbers.MISSING)]
    return {"rows": rows, "release": release, "chart": drawings.comparison_chart(one, two)}


def _both(one: queries.AreaFigures, two: queries.AreaFigures, text: "drawings.Words") -> tuple[str, str]:
    return text(one), text(two)


def _area(country: str, slug: str) -> Area:
    place = places.area(country, slug)
    if place is None:
        raise Http404("No such place.")
    return place


def _csv(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
