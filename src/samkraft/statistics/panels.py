"""What the statistics show on the pages of places."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from samkraft.places import queries as places
from samkraft.places.models import Area, AreaKind
from samkraft.ui.panels import register

from . import drawings, listings, maps, queries, sectors
from .models import Method, Pathway, Release, ReleaseKind

Context = Mapping[str, Any]
Known = TypeVar("Known")


def _releases(request: HttpRequest, area: Area) -> dict[str, Release]:
    """The country's current releases, asked for once a page."""
    return _once(request, f"releases {area.country}", lambda: queries.current_releases(area.country))


def _main_release(request: HttpRequest, area: Area) -> Release | None:
    return next(iter(_releases(request, area).values()), None)


def _pathways(request: HttpRequest, area: Area) -> dict[str, Pathway]:
    """The area's pathways, asked for once a page."""
    releases = _releases(request, area)
    return _once(request, f"pathways {area.key}", lambda: queries.pathways_of(area, releases.values()))


def _once(request: HttpRequest, name: str, ask: Callable[[], Known]) -> Known:
    known: dict[str, Any] = request.__dict__.setdefault("known_statistics", {})
    if name not in known:
        known[name] = ask()
    return cast(Known, known[name])


@register("municipality.state", order=10, template="statistics/_state.html")
@register("county.state", order=10, template="statistics/_state.html")
@register("country.state", order=10, template="statistics/_state.html")
def state(request: HttpRequest, area: Area) -> Context:
    """The area's state in words, its emissions by sector, and the same as a table."""
    release = _main_release(request, area)
    figures = queries.area_figures(area, release) if release else None
    if figures is None or release is None:
        return {"area": area, "figures": None}
    base = release.base_year
    codes = drawings.ordered_sectors(figures)
    last = figures.last_year
    parts = [
        {
            "code": code,
            "name": sectors.name(code, area.country),
            "tonnes": figures.sectors[code].get(last),
            "share": queries.share_percent(figures.sectors[code].get(last), figures.last_tonnes),
            "change": queries.change_percent(figures.sectors[code].get(base), figures.sectors[code].get(last)),
        }
        for code in codes
    ]
    return {
        "area": area,
        "figures": figures,
        "release": release,
        "per_person": figures.per_person(),
        "budget": _pathways(request, area).get(Method.BUDGET_2024),
        "today": timezone.localdate(),
        "change": figures.change_since(base),
        "base_year": base,
        "parts": parts,
        "chart": drawings.emissions_chart(figures),
        "table": listings.sectors_table(figures, codes),
    }


@register("municipality.pathway", order=10, template="statistics/_pathways.html")
@register("county.pathway", order=10, template="statistics/_pathways.html")
@register("country.pathway", order=10, template="statistics/_pathways.html")
def pathways(request: HttpRequest, area: Area) -> Context | None:
    """The area's trend against each method, side by side and never mixed."""
    releases = _releases(request, area)
    found = _pathways(request, area)
    if not found:
        return None
    history = queries.totals_by_year(area, releases.values())
    shown = [
        {
            "pathway": found[method],
            "chart": drawings.pathway_chart(found[method], history[found[method].release_id], area.display_name),
            "table": listings.pathway_table(found[method], history[found[method].release_id], area.display_name),
        }
        for method in (Method.CARBON_LAW, Method.BUDGET_2024)
        if method in found
    ]
    return {"area": area, "shown": shown, "today": timezone.localdate()}


@register("municipality.comparison", order=10, template="statistics/_comparison.html")
def comparison(request: HttpRequest, area: Area) -> Context | None:
    """The municipality beside those that are like it and those around it."""
    release = _main_release(request, area)
    if release is None:
        return None
    similar, around = places.similar(area), list(places.neighbours(area))
    if not similar and not around:
        return None
    unique = {place.pk: place for place in (area, *similar, *around)}
    rows = {row.area.pk: row for row in queries.compared(list(unique.values()), release)}
    if rows[area.pk].tonnes is None:
        return None
    base = release.base_year

    def table(others: Sequence[Area], caption: str) -> str:
        shown = [rows[place.pk] for place in (area, *others)]
        return listings.comparison_table(area, shown, caption, release.compared_year, base) if others else ""

    return {
        "area": area,
        "release": release,
        "similar": table(similar, _("Similar municipalities")),
        "around": table(around, _("Neighbours")),
    }


@register("municipality.strategy", order=10, template="statistics/_climate_plan.html")
def climate_plan(request: HttpRequest, area: Area) -> Context | None:
    """The municipality's own climate plan; in Sweden also that we know of none."""
    plans = list(queries.climate_plans(area))
    return {"area": area, "plans": plans} if plans or area.country == "SE" else None


@register("county.map", order=10, template="statistics/_map.html")
@register("country.map", order=10, template="statistics/_map.html")
@register("front.map", order=10, template="statistics/_map.html")
def area_map(request: HttpRequest, area: Area) -> Context | None:
    """The area's map by the chosen measure, and the same as a table that can be sorted."""
    return maps.map_of(area, _releases(request, area), request.GET.get("measure", ""), timezone.localdate())


@register("municipality.sources", order=10, template="statistics/_sources.html")
@register("county.sources", order=10, template="statistics/_sources.html")
@register("country.sources", order=10, template="statistics/_sources.html")
def sources(request: HttpRequest, area: Area) -> Context:
    """Method, assumptions and sources, with release and licence of each."""
    used = {ReleaseKind.EMISSIONS, ReleaseKind.POPULATION}
    if area.country == "SE":
        used |= {ReleaseKind.DEDUCTIONS, ReleaseKind.CLIMATE_PLANS}
    if area.kind == AreaKind.MUNICIPALITY:
        used |= {ReleaseKind.SIMILAR, ReleaseKind.NEIGHBOURS}
    else:
        used |= {ReleaseKind.OUTLINES}
    return {"area": area, "releases": queries.releases_of(sorted(used), area.country)}
