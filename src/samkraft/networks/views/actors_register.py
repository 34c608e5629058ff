"""The register of actors: a list, a map, and files of it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import public_page
from samkraft.ui.spreadsheets import csv_text, workbook

from ..forms.actors import RegisterForm
from ..queries import actors as queries
from ..queries import actors_export, actors_map

PAGE_SIZE = 24


@public_page("networks")
@require_safe
def actors(request: HttpRequest) -> HttpResponse:
    """The actors that the filters leave, by name."""
    form = RegisterForm(request.GET)
    rows = queries.register(form.wanted())
    page = queries.page(rows, size=PAGE_SIZE, after=_id(request, "after"), before=_id(request, "before"))
    context = {
        **_shared(form),
        "actors": page.actors,
        "networks": queries.networks_of(page.actors),
        "count": rows.count(),
        "previous_url": _query(form, before=page.before) if page.before else None,
        "next_url": _query(form, after=page.after) if page.after else None,
    }
    return render(request, "networks/actors.html", context)


@public_page("networks")
@require_safe
def actors_on_map(request: HttpRequest) -> HttpResponse:
    """How many of the actors there are in each municipality, of a country or a county."""
    form = RegisterForm(request.GET)
    drawn = actors_map.map_of(form.wanted(), lambda **filters: reverse("networks:actors") + _query(form, **filters))
    return render(request, "networks/actors_map.html", {**_shared(form), **drawn})


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


def _shared(form: RegisterForm) -> dict[str, Any]:
    return {
        "form": form,
        "narrowed": form.narrowed(),
        "query": _query(form),
        "crumbs": [{"title": _("Actors"), "url": ""}],
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
