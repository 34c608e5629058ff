"""The pages where a network's people look after it, and where a county's coordinators look after theirs."""

from typing import Any, cast

import rules
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.people.models import User
from samkraft.places.models import Area, AreaKind, AreaLink, LinkKind
from samkraft.records import checklists
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.networks import FacebookForm, NetworkForm, ReasonForm
from ..models import NETWORK, Network, NetworkState
from ..operations import networks as operations
from ..queries import conditions as condition_queries
from ..queries import networks as queries
from ..queries import networks_checklists
from .conditions import county_or_404, network_or_404

A_PAGE = 50


def _convened(request: HttpRequest, slug: str) -> Network:
    """The network, if the reader decides in it; to everybody else its working pages do not exist."""
    network = network_or_404(slug)
    if not rules.test_rule("networks.convenes", request.user, network):
        raise Http404("The reader does not convene this network.")
    return network


def _crumbs(network: Network, last: str) -> list[dict[str, str]]:
    return [
        {"title": _("Networks"), "url": reverse("networks:index")},
        {"title": network.name, "url": network.get_absolute_url()},
        {"title": last, "url": ""},
    ]


@signed_in
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what the network says about itself."""
    network = _convened(request, slug)
    initial: dict[str, Any] = {name: getattr(network, name) for name in operations.EDITED}
    initial["seen"] = operations.seen_version(network)
    form = NetworkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        seen = fields.pop("seen")
        by, now = cast(User, request.user), timezone.now()
        try:
            operations.edit_network(network=network, fields=fields, seen=seen, by=by, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The page is changed. Everybody sees it as it is now."))
            return redirect(network)
    context = {"network": network, "form": form, "crumbs": _crumbs(network, _("Change the page"))}
    return render(request, "networks/network_edit.html", context)


@signed_in
def state(request: HttpRequest, slug: str, to: str) -> HttpResponse:
    """Make the network active, let it rest, or end it. Asks for the reason first."""
    network = _convened(request, slug)
    if to not in NETWORK.ways_out(network.state):
        raise Http404("There is no such step from here.")
    form = ReasonForm(request.POST or None)
    # Beginning to work needs no reason; stopping does.
    if to == NetworkState.ACTIVE:
        form.fields["why"].required = False
    if request.method == "POST" and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        try:
            operations.move_network(network=network, to=to, why=form.cleaned_data["why"], by=by, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Done. Your conveners and the contacts of your members get a mail about it."))
            return redirect("networks:index") if to == NetworkState.WITHDRAWN else redirect(network)
    context = {"network": network, "form": form, "to": to, "crumbs": _crumbs(network, _("Change the state"))}
    return render(request, "networks/network_state.html", context)


@signed_in
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """What happened to the network, for its people: its states with reasons, and who changed its page."""
    network = queries.begun_network(slug)
    if network is None or not rules.test_rule("networks.takes_part", request.user, network):
        raise Http404("The reader takes no part in this network.")
    moves = [
        {"at": move.at, "by": move.by, "why": move.why, "to": NetworkState(move.to_state).label}
        for move in TransitionLog.objects.of(network).select_related("by")
    ]
    edits = network.history.exclude(state=NetworkState.DRAFT).select_related("history_user")
    page = Paginator(edits.order_by("-history_date", "-history_id"), A_PAGE).get_page(request.GET.get("page"))
    context = {"network": network, "moves": moves[::-1], "page": page, "crumbs": _crumbs(network, _("History"))}
    return render(request, "networks/network_history.html", context)


@signed_in
@require_POST
def tick(request: HttpRequest, slug: str) -> HttpResponse:
    """Tick a point of the network's checklist that only a person can tell, or take the tick away."""
    network = _convened(request, slug)
    _ticked(request, networks_checklists.NETWORK, network)
    return redirect(f"{network.get_absolute_url()}#checklist")


@signed_in
@require_POST
def county_tick(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """As above, for the county's."""
    county = _coordinated(request, country, slug)
    _ticked(request, networks_checklists.COUNTY, county)
    return redirect("networks:county", country=country, slug=slug)


def _ticked(request: HttpRequest, name: str, subject: Network | Area) -> None:
    checklist = networks_checklists.checklist(name)
    key = request.POST.get("point", "")
    if key not in {point.key for point in checklist.points if point.done is None}:
        raise Http404("No such point to tick.")
    by, now = cast(User, request.user), timezone.now()
    act = checklists.tick if request.POST.get("done") == "1" else checklists.untick
    try:
        act(checklist=checklist, subject=subject, point=key, by=by, now=now)
    except Refused as refused:
        messages.error(request, str(refused))


def _coordinated(request: HttpRequest, country: str, slug: str) -> Area:
    county = county_or_404(country, slug)
    if not rules.test_rule("networks.draws_in", request.user, county):
        raise Http404("The reader does not coordinate this county.")
    return county


@signed_in
def county(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """The coordinators' page of a county: what is left to do, its condition, networks and Facebook pages."""
    found = _coordinated(request, country, slug)
    form = FacebookForm(request.POST or None, county=found)
    if request.method == "POST" and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        try:
            operations.add_facebook_link(**form.cleaned_data, by=by, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The page is in the list."))
            return redirect("networks:county", country=country, slug=slug)
    condition = condition_queries.of_county(found)
    context = {
        "county": found,
        "form": form,
        "checklist": networks_checklists.shown(networks_checklists.COUNTY, found),
        "current": condition_queries.condition_of(county_id=found.pk),
        "draft": condition_queries.draft_of(condition),
        "networks": list(queries.listed(county=found)[:A_PAGE]),
        "facebook": queries.facebook_links(found),
        "crumbs": [
            {"title": _("Networks"), "url": reverse("networks:index")},
            {"title": found.full_name, "url": ""},
        ],
    }
    return render(request, "networks/county.html", context)


@signed_in
def facebook_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a Facebook page of a place away. Asks before it does."""
    rows = AreaLink.objects.filter(kind=LinkKind.FACEBOOK).select_related("area__parent__parent")
    link = get_object_or_404(rows, pk=pk)
    if not rules.test_rule("networks.draws_in", request.user, link.area):
        raise Http404("The reader does not coordinate this place.")
    county = link.area if link.area.kind == AreaKind.COUNTY else link.area.parent
    if request.method == "POST":
        try:
            operations.remove_facebook_link(link=link, by=cast(User, request.user), now=timezone.now())
            messages.success(request, _("The page is no longer in the list."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("networks:county", country=county.country.lower(), slug=county.slug)
    return render(request, "networks/county_facebook_remove.html", {"link": link, "county": county})
