"""The register of actors: a list, a map, and files of it."""

from typing import Any
from urllib.parse import urlencode

import rules
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import public_page
from samkraft.ui.context import viewer
from samkraft.ui.spreadsheets import csv_text, workbook

from ..forms.actors import RegisterForm
from ..queries import actors as queries
from ..queries import actors_export, actors_map
from .actors import crumbs

PAGE_SIZE = 24


@public_page("networks")
@require_safe
def actors(request: HttpRequest) -> HttpResponse:
    """The actors that the filters leave, by name."""
    form, reader = RegisterForm(request.GET), viewer(request)
    rows = queries.register(form.wanted())
    page = queries.page(rows, size=PAGE_SIZE, after=_id(request, "after"), before=_id(request, "before"))
    context = {
        **_shared(form),
        "actors": page.actors,
        "networks": queries.networks_of(page.actors),
        "count": rows.count(),
        "previous_url": _query(form, before=page.before) if page.before else None,
        "next_url": _query(form, after=page.after) if page.after else None,
        "imports": reader is not None and rules.test_rule("networks.imports_actors", reader),
    }
    return render(request, "networks/actors.html", context)


@public_page("networks")
@require_safe
def actors_on_map(request: HttpRequest) -> HttpResponse:
    """How many of the actors there are in each municipality, of a country or a county."""
    form = RegisterForm(request.GET)
    list_url, map_url = reverse("networks:actors"), reverse("networks:actors_map")
    drawn = actors_map.map_of(
        form.wanted(),
        lambda county: map_url + _query(form, country=county.country, county=county.key),
        lambda area: list_url + _query(form, country=area.country, county=area.parent.key, municipality=area.key),
    )
    return render(request, "networks/actors_map.html", {**_shared(form, _("Map")), **drawn})


@public_page("networks")
@require_safe
def actors_csv(request: HttpRequest) -> HttpResponse:
    text = csv_text(actors_export.headings(), actors_export.rows(RegisterForm(request.GET).wanted()))
    return _file(text, "text/csv; charset=utf-8", "actors.csv")


@public_page("networks")
@require_safe
def actors_xlsx(request: HttpRequest) -> HttpResponse:
    rows = actors_export.rows(RegisterForm(request.GET).wanted())
    content = workbook(_("Actors"), actors_export.headings(), rows)
    return _file(content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "actors.xlsx")


def _shared(form: RegisterForm, *titles: str) -> dict[str, Any]:
    return {
        "form": form,
        "narrowed": form.narrowed(),
        "query": _query(form),
        "crumbs": crumbs(*((title, "") for title in titles)),
    }


def _query(form: RegisterForm, **more: Any) -> str:
    """The filters in use, and more, as the query of an address."""
    return f"?{urlencode({**form.narrowed(), **more})}"


def _id(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
