"""The public pages of networks: the list of them, each one's own page, and writing to its contacts."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any

import rules
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.places import queries as places
from samkraft.places.models import Area, AreaKind
from samkraft.records.addresses import client_address
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui import rich_text
from samkraft.ui.access import public, public_page
from samkraft.ui.context import viewer
from samkraft.ui.spreadsheets import csv_text

from ..forms.networks import ContactForm
from ..models import NETWORK, Network, NetworkState
from ..operations import networks as operations
from ..queries import conditions as condition_queries
from ..queries import networks as queries
from ..queries import networks_checklists
from .conditions import describe, network_or_404, network_tags

A_PAGE = 60
HOMES = {"sv": "SE", "nb": "NO", "da": "DK"}


def _typed(request: HttpRequest) -> str:
    """What was searched for, on one line and without control characters, which a database may refuse."""
    return " ".join("".join(sign for sign in request.GET.get("q", "") if sign.isprintable()).split())[:200]


def _country(request: HttpRequest) -> str:
    wanted = request.GET.get("country", "").upper()
    return wanted if wanted in HOMES.values() else HOMES.get(get_language() or "", "SE")


@public_page("networks")
def index(request: HttpRequest) -> HttpResponse:
    """Networks by country and county, or those of a place that was searched for."""
    country, typed = _country(request), _typed(request)
    found = [hit.area for hit in places.find(typed, limit=6, home=country)] if typed else []
    answers = [_answer(area) for area in found if area.kind != AreaKind.COUNTRY]
    page = Paginator(queries.listed(country=country), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "country": country,
        "countries": places.countries(),
        "typed": typed,
        "answers": answers,
        "groups": [] if typed else _by_county(page.object_list),
        "page": page,
        "areas_without": queries.areas_without(country=country).count(),
        "crumbs": [{"title": _("Networks"), "url": ""}],
    }
    return render(request, "networks/index.html", context)


def _answer(area: Area) -> dict[str, Any]:
    """The networks of a place that was searched for; where there are none, whether one can begin."""
    in_it = {"county": area} if area.kind == AreaKind.COUNTY else {"area": area}
    return {"area": area, "networks": list(queries.listed(**in_it)[:20])}


def _by_county(networks: Iterable[Network]) -> list[tuple[Area, list[Network]]]:
    return [(county, list(group)) for county, group in groupby(networks, key=lambda network: network.county)]


@public_page("networks")
def areas_without(request: HttpRequest) -> HttpResponse:
    """Newspaper areas where a network could begin."""
    country = _country(request)
    page = Paginator(queries.areas_without(country=country), A_PAGE).get_page(request.GET.get("page"))
    held = queries.municipalities_by_area(area.pk for area in page.object_list)
    context = {
        "country": country,
        "countries": places.countries(),
        "areas": [(area, held.get(area.pk, [])) for area in page.object_list],
        "page": page,
        "crumbs": [
            {"title": _("Networks"), "url": reverse("networks:index")},
            {"title": _("Areas without a network"), "url": ""},
        ],
    }
    return render(request, "networks/network_areas_without.html", context)


@public_page("networks")
def export(request: HttpRequest) -> HttpResponse:
    """Every open network as CSV."""
    networks = list(queries.listed().order_by("newspaper_area__country", "name", "pk"))
    held = queries.municipalities_by_area(network.newspaper_area_id for network in networks)
    headings = ["name", "country", "county", "newspaper area", "municipalities", "state", "variant", "convening actor"]
    headings += ["members", "begun", "address"]
    rows = [
        [
            network.name,
            network.newspaper_area.country,
            network.county.full_name,
            network.newspaper_area.name,
            ", ".join(place.name for place in held.get(network.newspaper_area_id, [])),
            network.state,
            network.variant,
            network.convener.name,
            network.member_count,
            timezone.localdate(network.begun_at).isoformat() if network.begun_at else "",
            settings.SITE_URL + network.get_absolute_url(),
        ]
        for network in networks
    ]
    response = HttpResponse(csv_text(headings, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="networks.csv"'
    return response


@public_page(network_tags)
def network(request: HttpRequest, slug: str) -> HttpResponse:
    """Who they are, what it takes to join, who has joined, what happens, how to reach them."""
    found = network_or_404(slug)
    municipalities = queries.municipalities_of(found)
    version = condition_queries.condition_for(found)
    context = {
        "network": found,
        "municipalities": municipalities,
        "is_local": queries.is_local(municipalities),
        "condition": describe(version, None) if version else None,
        "contacts": queries.public_contacts(found),
        "share_text": rich_text.to_plain(rich_text.clean(found.description))[:200],
        "may_join": found.state != NetworkState.RESTING,
        "crumbs": [{"title": _("Networks"), "url": reverse("networks:index")}, {"title": found.name, "url": ""}],
        **_own_part(request, found),
    }
    return render(request, "networks/network.html", context)


def _own_part(request: HttpRequest, network: Network) -> dict[str, Any]:
    """What only the network's people see of its page; nothing for everybody else."""
    reader = viewer(request)
    if reader is None or not rules.test_rule("networks.takes_part", reader, network):
        return {}
    own: dict[str, Any] = {"takes_part": True}
    if rules.test_rule("networks.convenes", reader, network):
        points = networks_checklists.shown(networks_checklists.NETWORK, network)
        own |= {
            "convenes": True,
            "checklist": points,
            "left_to_do": sum(not point["state"].is_done for point in points),
            "ways": NETWORK.ways_out(network.state),
        }
    return own


@public
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to the network's contacts. Their addresses are not shown, and the writer's is in the mail only."""
    found = network_or_404(slug)
    form = ContactForm(request.POST or None)
    context = {"network": found, "form": form, "contacts": queries.public_contacts(found), "crumbs": _crumbs(found)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "networks/network_contact.html", context)
    answers = dict(form.cleaned_data)
    # People do not see this field: what fills it in is a program, which is told nothing.
    if answers.pop("website"):
        return redirect("networks:network_contacted", slug=slug)
    now = timezone.now()
    address = client_address(request)
    if not allow(action="networks.contact", address=address, limit=5, period=timedelta(hours=1), now=now):
        form.add_error(None, _("You have sent many messages in a short time. Wait an hour and send this again."))
        return render(request, "networks/network_contact.html", context, status=429)
    try:
        operations.write_to_contacts(network=found, **answers, language=get_language() or "sv", now=now)
    except Refused as refused:
        form.add_error(None, str(refused))
        return render(request, "networks/network_contact.html", context)
    return redirect("networks:network_contacted", slug=slug)


def _crumbs(network: Network) -> list[dict[str, str]]:
    return [
        {"title": _("Networks"), "url": reverse("networks:index")},
        {"title": network.name, "url": network.get_absolute_url()},
        {"title": _("Write to the network"), "url": ""},
    ]


@public
@require_safe
def contacted(request: HttpRequest, slug: str) -> HttpResponse:
    """The receipt: what happens next."""
    return render(request, "networks/network_contacted.html", {"network": network_or_404(slug)})
