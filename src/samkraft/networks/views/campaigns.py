"""Campaigns: a network's board, the page that everyone may read, and the page of those who work on it."""

from typing import Any, cast

import rules
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.people.models import User
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from samkraft.ui.access import public_page, signed_in
from samkraft.ui.context import viewer
from samkraft.ui.spreadsheets import csv_text

from ..forms.campaigns import CampaignEditForm, CampaignForm, PartForm, ReasonForm, ResultForm, part_of
from ..models import CAMPAIGN, Actor, Campaign, CampaignState, Network
from ..operations import campaigns as operations
from ..queries import campaigns as queries
from .conditions import network_or_404, network_tags

A_PAGE = 24


def campaign_tags(pk: int) -> tuple[str, ...]:
    return (queries.campaign_tag(pk), "networks")


def crumbs_of(network: Network, *way: tuple[str, str]) -> list[dict[str, str]]:
    found = [
        {"title": _("Networks"), "url": reverse("networks:index")},
        {"title": network.name, "url": network.get_absolute_url()},
        {"title": _("Campaigns"), "url": reverse("networks:campaigns", args=[network.slug])},
    ]
    return found + [{"title": title, "url": url} for title, url in way]


def campaign_crumbs(campaign: Campaign, last: str = "") -> list[dict[str, str]]:
    way = [(campaign.title, reverse("networks:campaign_work", args=[campaign.pk]))]
    return crumbs_of(campaign.network, *way, *([(last, "")] if last else []))


def worked_on(request: HttpRequest, pk: int) -> Campaign:
    """The campaign, for those who take part in its network; to everybody else its working pages do not exist."""
    campaign = queries.campaign(pk)
    if campaign is None or not queries.takes_part(request.user, campaign.network):
        raise Http404("The reader takes no part in this network.")
    return campaign


def led(request: HttpRequest, pk: int) -> Campaign:
    """The campaign, for those who lead it."""
    campaign = worked_on(request, pk)
    if not rules.test_rule("networks.leads_campaign", request.user, campaign):
        raise Http404("The reader does not lead this campaign.")
    return campaign


def to_work(campaign: Campaign) -> HttpResponse:
    return redirect("networks:campaign_work", pk=campaign.pk)


def _network_of_reader(request: HttpRequest, slug: str) -> Network:
    network = network_or_404(slug)
    if not queries.takes_part(request.user, network):
        raise Http404("The reader takes no part in this network.")
    return network


@public_page(network_tags)
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """All campaigns by state; ideas and dropped ones, tasks and buttons only for those who take part."""
    network = network_or_404(slug)
    reader = viewer(request)
    whole = reader is not None and queries.takes_part(reader, network)
    context = {"network": network, "takes_part": whole, "crumbs": crumbs_of(network)}
    state = request.GET.get("state", "")
    if state in (queries.COLUMNS if whole else queries.TOLD):
        page = Paginator(queries.of_state(network, state), A_PAGE).get_page(request.GET.get("page"))
        leading = queries.led_by(reader, network) if whole else None
        cards = [queries.Card(row, leading is not None and leading.leads(row)) for row in page.object_list]
        context |= {"state": CampaignState(state), "page": page, "cards": cards}
        return render(request, "networks/campaigns_of_state.html", context)
    columns = queries.board(network, reader, whole=whole)
    context |= {"columns": columns, "is_empty": not any(column.cards for column in columns)}
    return render(request, "networks/campaigns.html", context)


@signed_in
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole board as a table to save."""
    network = _network_of_reader(request, slug)
    rows = queries.with_all().in_network(network).order_by("state", "starts_on", "pk")
    answer = HttpResponse(csv_text(*queries.sheet(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{network.slug}-campaigns.csv"'
    return answer


@signed_in
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    network = _network_of_reader(request, slug)
    form = CampaignForm(request.POST or None, actors=queries.member_actors(network))
    if request.method == "POST" and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        try:
            campaign = operations.propose(network=network, fields=form.told, by=by, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The idea is on the board. Those who convene the network have been told."))
            return to_work(campaign)
    context = {"network": network, "form": form, "crumbs": crumbs_of(network, (_("Propose a campaign"), ""))}
    return render(request, "networks/campaign_propose.html", context)


@public_page(campaign_tags)
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """What anyone may read of a campaign. Those who take part and look for an idea are led to their own page."""
    found = queries.campaign(pk)
    reader = viewer(request)
    inside = found is not None and reader is not None and queries.takes_part(reader, found.network)
    if found is None or (found.state not in queries.TOLD and not inside):
        raise Http404("No such campaign.")
    if found.state not in queries.TOLD:
        return to_work(found)
    shown = queries.with_all().get(pk=pk)
    context = {
        "campaign": found,
        "card": queries.Card(shown, leads=False),
        "takes_part": inside,
        "crumbs": crumbs_of(found.network, (found.title, "")),
    }
    return render(request, "networks/campaign.html", context)


@signed_in
@require_safe
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a campaign, for those who take part in the network: who does what, the text, the way to the result."""
    found = worked_on(request, pk)
    leads = rules.test_rule("networks.leads_campaign", request.user, found)
    card = queries.Card(queries.with_all().get(pk=pk), leads)
    own = queries.own_members(request.user, found.network)
    answered = {part.actor_id: part for part in card.campaign.parts.all()}
    tasks = list(card.campaign.tasks.all())
    context = {
        "campaign": found,
        "card": card,
        "leads": leads,
        "is_told": found.state in queries.TOLD,
        "is_over": found.state in operations.OVER,
        "own": [(actor, answered.get(actor.pk)) for actor in own],
        "tasks": [(task, leads or request.user.pk in {task.owner_id, task.created_by_id}) for task in tasks],
        "moves": TransitionLog.objects.of(found).select_related("by"),
        "today": timezone.localdate(),
        "states": CampaignState,
        "crumbs": crumbs_of(found.network, (found.title, "")),
    }
    return render(request, "networks/campaign_work.html", context)


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = led(request, pk)
    actors = queries.member_actors(found.network)
    seen = {"seen": found.changed_at.isoformat()}
    # A form writes into its instance before anybody has decided about it.
    form = CampaignEditForm(request.POST or None, instance=queries.campaign(pk), actors=actors, initial=seen)
    if request.method == "POST" and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        try:
            operations.edit(campaign=found, fields=form.told, seen=form.cleaned_data["seen"], by=by, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The campaign is changed."))
            return to_work(found)
    context = {"campaign": found, "form": form, "crumbs": campaign_crumbs(found, _("Change"))}
    return render(request, "networks/campaign_edit.html", context)


@signed_in
def move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """Take the campaign to another state. Dropping it, and a link instead of a button, ask before they do."""
    found = led(request, pk)
    if to not in CAMPAIGN.ways_out(found.state) and request.method != "POST":
        raise Http404("There is no such step from here.")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        try:
            operations.move(campaign=found, to=to, by=by, now=now, why=form.cleaned_data["why"])
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _moved(found))
        if request.POST.get("back") == "board":
            return redirect("networks:campaigns", slug=found.network.slug)
        return to_work(found)
    context = {"campaign": found, "to": to, "form": form, "crumbs": campaign_crumbs(found, _("Move on"))}
    return render(request, "networks/campaign_move.html", context)


def _moved(campaign: Campaign) -> str:
    told = {
        CampaignState.IDEA: _("%(title)s is an idea again. Only the network sees it now."),
        CampaignState.PLANNED: _("%(title)s is planned. Everyone can read about it now."),
        CampaignState.RUNNING: _("%(title)s is running."),
        CampaignState.DONE: _("%(title)s is done. Tell what came of it, if you have not."),
        CampaignState.DROPPED: _("%(title)s is dropped. Only the network sees it, and you can take it up again."),
    }
    return told[CampaignState(campaign.state)] % {"title": campaign.title}


@signed_in
def part(request: HttpRequest, pk: int, actor_pk: int) -> HttpResponse:
    """Say whether an actor that the reader writes for takes part, and with what."""
    found = worked_on(request, pk)
    actor = next((one for one in queries.own_members(request.user, found.network) if one.pk == actor_pk), None)
    if actor is None or found.state in operations.OVER:
        raise Http404("The reader writes for no such member.")
    form = PartForm(request.POST or None, initial=part_of(actor, found.parts.all()))
    if request.method == "POST" and form.is_valid():
        return _answered(request, found, actor, form)
    context = {"campaign": found, "actor": actor, "form": form, "crumbs": campaign_crumbs(found, _("Take part"))}
    return render(request, "networks/campaign_part.html", context)


def _answered(request: HttpRequest, found: Campaign, actor: Actor, form: PartForm) -> HttpResponse:
    fields: dict[str, Any] = form.cleaned_data
    try:
        operations.answer(campaign=found, actor=actor, **fields, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("We have kept the answer of %(actor)s.") % {"actor": actor.name})
    return to_work(found)


@signed_in
def result(request: HttpRequest, pk: int) -> HttpResponse:
    found = led(request, pk)
    if found.state not in {CampaignState.RUNNING, CampaignState.DONE}:
        raise Http404("There is no result to tell yet.")
    form = ResultForm(request.POST or None, initial={"result": found.result, "seen": found.changed_at.isoformat()})
    if request.method == "POST" and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        try:
            operations.write_result(campaign=found, **form.cleaned_data, by=by, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The result is on the campaign's page, for everyone to read."))
            return to_work(found)
    context = {"campaign": found, "form": form, "crumbs": campaign_crumbs(found, _("Result"))}
    return render(request, "networks/campaign_result.html", context)


@signed_in
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin another campaign like this one."""
    found = worked_on(request, pk)
    if request.method == "POST":
        try:
            made = operations.copy(campaign=found, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
            return to_work(found)
        messages.success(request, _("The copy is an idea on the board. Give it a title and dates of its own."))
        return redirect("networks:campaign_edit", pk=made.pk)
    context = {"campaign": found, "crumbs": campaign_crumbs(found, _("Copy"))}
    return render(request, "networks/campaign_copy.html", context)
