"""Newspaper areas: the list, one with its map and its network, and drawing them."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.places import queries as places
from samkraft.places.models import Area, NewspaperArea
from samkraft.places.rules import COUNTRIES, newspaper_area_tag
from samkraft.records.refusals import Refused
from samkraft.ui.access import public_page, signed_in
from samkraft.ui.context import viewer

from ..forms.newspaper_areas import NewspaperAreaForm, SeenForm
from ..operations import newspaper_areas as operations
from ..queries import newspaper_areas as queries

A_PAGE = 60
HOMES = {"sv": "SE", "nb": "NO", "da": "DK"}


def area_tags(country: str, slug: str) -> tuple[str, ...]:
    return (newspaper_area_tag(country, slug), "networks")


def _area_or_404(country: str, slug: str) -> NewspaperArea:
    area = places.newspaper_area(country, slug)
    if area is None:
        raise Http404("No such newspaper area.")
    return area


def _drawn(request: HttpRequest, country: str, slug: str) -> tuple[NewspaperArea, list[Area]]:
    """The area and its municipalities, for one who may draw it; to everybody else this page does not exist."""
    area = _area_or_404(country, slug)
    municipalities = places.municipalities_of(area)
    if not queries.may_draw(request.user, queries.counties_of(municipalities)):
        raise Http404("The reader draws in none of its counties.")
    return area, municipalities


def _to(area: NewspaperArea) -> HttpResponse:
    return redirect("networks:newspaper_area", country=area.country.lower(), slug=area.slug)


def _crumbs(area: NewspaperArea | None = None, last: str = "") -> list[dict[str, str]]:
    way = [
        {"title": _("Networks"), "url": reverse("networks:index")},
        {"title": _("Newspaper areas"), "url": reverse("networks:newspaper_areas")},
    ]
    if area is not None:
        address = reverse("networks:newspaper_area", args=[area.country.lower(), area.slug])
        way.append({"title": area.name, "url": address})
    return [*way, {"title": last, "url": ""}] if last else way


def _country(text: str) -> str:
    wanted = text.upper()
    return wanted if wanted in COUNTRIES else HOMES.get(get_language() or "", "SE")


@public_page(lambda **_address: (operations.LIST_TAG, "networks"))
def index(request: HttpRequest) -> HttpResponse:
    """The newspaper areas of a country, or those that reach into one of its counties."""
    country = _country(request.GET.get("country", ""))
    counties = list(queries.counties(country))
    county = next((one for one in counties if one.slug == request.GET.get("county")), None)
    page = Paginator(queries.listed(country, county), A_PAGE).get_page(request.GET.get("page"))
    networks = queries.networks_by_area(page.object_list)
    return render(
        request,
        "networks/newspaper_areas.html",
        {
            "country": country,
            "countries": places.countries(),
            "counties": counties,
            "county": county,
            "page": page,
            "areas": [(area, networks.get(area.pk)) for area in page.object_list],
            "may_draw": queries.draws_somewhere(viewer(request), country),
            "crumbs": _crumbs(),
        },
    )


@public_page(area_tags)
def newspaper_area(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """One area: whether somebody has confirmed it, its municipalities on a map and in a list, its network."""
    area = _area_or_404(country, slug)
    municipalities = places.municipalities_of(area, outlines=True)
    reader = viewer(request)
    return render(
        request,
        "networks/newspaper_area.html",
        {
            "area": area,
            "municipalities": municipalities,
            "map": queries.drawing(area, municipalities),
            "network": queries.networks_by_area([area]).get(area.pk),
            "may_draw": reader is not None and queries.may_draw(reader, queries.counties_of(municipalities)),
            "crumbs": _crumbs(area),
        },
    )


@signed_in
def draw(request: HttpRequest, country: str) -> HttpResponse:
    """Draw an area that is missing."""
    if country.upper() not in COUNTRIES or not queries.draws_somewhere(request.user, country):
        raise Http404("The reader draws in no county of this country.")
    form = NewspaperAreaForm(request.POST or None, country=country.upper())
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        by = cast(User, request.user)
        try:
            area = operations.draw(**fields, country=country.upper(), by=by, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The area is drawn. A network can be started in it now."))
            return _to(area)
    context = {"form": form, "country": places.country(country), "crumbs": _crumbs(None, _("Draw an area"))}
    return render(request, "networks/newspaper_area_draw.html", context)


@signed_in
def change(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """Change an area: its name, its newspaper, its municipalities, or whether it counts as confirmed."""
    area, municipalities = _drawn(request, country, slug)
    initial: dict[str, Any] = {name: getattr(area, name) for name in ("name", "newspaper", "url")}
    initial |= {"municipalities": municipalities, "is_confirmed": area.confirmed_on is not None, "seen": _seen(area)}
    form = NewspaperAreaForm(request.POST or None, country=area.country, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change(area=area, **form.cleaned_data, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The area is changed. Its history tells what you did."))
            return _to(area)
    area = _area_or_404(country, slug)
    context = {"form": form, "area": area, "crumbs": _crumbs(area, _("Change the area"))}
    return render(request, "networks/newspaper_area_change.html", context)


def _seen(area: NewspaperArea) -> str:
    return area.changed_at.isoformat() if area.changed_at else ""


@signed_in
def confirm(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """Confirm that a guess is right, after a look at what is confirmed."""
    area, municipalities = _drawn(request, country, slug)
    if area.confirmed_on is not None or area.ended_on is not None:
        raise Http404("There is nothing to confirm.")
    form = SeenForm(request.POST or None, initial={"seen": _seen(area)})
    if request.method == "POST" and form.is_valid():
        try:
            operations.confirm(area=area, **form.cleaned_data, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Thank you. The area is confirmed, and its page says so."))
        return _to(area)
    context = {
        "form": form,
        "area": area,
        "municipalities": municipalities,
        "crumbs": _crumbs(area, _("Confirm the area")),
    }
    return render(request, "networks/newspaper_area_confirm.html", context)


@signed_in
def use(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """Take an area out of use, or into use again. Asks before it does."""
    area, _municipalities = _drawn(request, country, slug)
    form = SeenForm(request.POST or None, initial={"seen": _seen(area)})
    if request.method == "POST" and form.is_valid():
        by, in_use = cast(User, request.user), area.ended_on is not None
        try:
            operations.set_use(area=area, in_use=in_use, **form.cleaned_data, by=by, now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            done = _("The area is in use again.") if in_use else _("The area is out of use. Lists leave it out now.")
            messages.success(request, done)
        return _to(area)
    context = {"form": form, "area": area, "crumbs": _crumbs(area, _("Use of the area"))}
    return render(request, "networks/newspaper_area_use.html", context)


@signed_in
def history(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """Who confirmed and changed what. Names of people are for readers with an account."""
    area = _area_or_404(country, slug)
    context = {"area": area, "changes": queries.changes_of(area), "crumbs": _crumbs(area, _("History"))}
    return render(request, "networks/newspaper_area_history.html", context)
