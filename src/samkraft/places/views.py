"""The pages of places. What they show comes from panels of the apps above."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from samkraft.ui.access import public_page

from . import queries, rules
from .models import Area, AreaKind


def area_tags(country: str, slug: str = "") -> tuple[str, ...]:
    """The page cache's tags of an area's page."""
    return (rules.area_tag(country, slug), rules.happening_tag(country), f"statistics:{country.upper()}")


@public_page("places")
def index(request: HttpRequest) -> HttpResponse:
    """The countries, and how many municipalities each has."""
    countries = Area.objects.filter(kind=AreaKind.COUNTRY).order_by("-key")
    counties = Area.objects.counties().defer("outline").select_related("parent").order_by("name")
    return render(
        request,
        "places/index.html",
        {"countries": [(land, [county for county in counties if county.parent_id == land.pk]) for land in countries]},
    )


@public_page(area_tags)
def country(request: HttpRequest, country: str) -> HttpResponse:
    place = queries.country(country)
    if place is None:
        raise Http404("No such country.")
    return render(
        request,
        "places/country.html",
        {"area": place, "children": queries.children(place), "crumbs": _crumbs(place)},
    )


@public_page(area_tags)
def area(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """A county's or a municipality's page; where two share a name, the page that tells them apart."""
    place = queries.area(country, slug)
    if place is None:
        same = queries.same_name(country, slug)
        if len(same) < 2:
            raise Http404("No such place.")
        return render(request, "places/which.html", {"areas": same, "name": same[0].name})
    return render(
        request,
        f"places/{place.kind}.html",
        {
            "area": place,
            "children": queries.children(place) if place.kind == AreaKind.COUNTY else (),
            "links": queries.links(place),
            "crumbs": _crumbs(place),
        },
    )


def _crumbs(place: Area) -> list[dict[str, str]]:
    way = [(area.display_name, area.get_absolute_url()) for area in (*queries.ancestors(place), place)]
    return [{"title": title, "url": url} for title, url in ((_("Places"), reverse("places:index")), *way)]
