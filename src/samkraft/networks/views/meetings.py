"""A network's umbrella meetings: the list, a new one, the calendar that others subscribe to."""

from collections.abc import Iterable
from typing import Any

import rules as access
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from samkraft.meetings import calendars, rules
from samkraft.meetings import queries as meeting_queries
from samkraft.meetings.forms import PlanForm
from samkraft.meetings.operations import planning
from samkraft.meetings.views.pages import calendar_response
from samkraft.records.refusals import Refused
from samkraft.ui.access import public_page, signed_in

from .. import hosting
from ..models import Network
from ..queries import meetings
from ..queries.networks import country_of

PAST_ON_A_PAGE = 20
MOST_COMING = 60


def _tags(slug: str) -> Iterable[str]:
    """The network's own tag: it changes with each of its meetings, and with who may see it."""
    return [f"network:{pk}" for pk in Network.objects.filter(slug=slug).values_list("pk", flat=True)]


def _network(slug: str) -> Network:
    return get_object_or_404(Network.objects.select_related("county"), slug=slug)


def _about(network: Network) -> dict[str, Any]:
    return {"network": network, "zone": str(rules.zone_of(country_of(network)))}


@public_page(_tags)
@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    network = _network(slug)
    takes_part = request.user.is_authenticated and hosting.may_attend(network, request.user)
    if not takes_part and not hosting.is_public(network):
        raise Http404("The reader may not know of this network.")
    now = timezone.now()
    shown = meetings.shown_meetings(network, takes_part=takes_part)
    past = Paginator(shown.past(now), PAST_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **_about(network),
        "crumbs": [*hosting.crumbs(network)],
        "takes_part": takes_part,
        "organises": takes_part and hosting.may_organise(network, request.user),
        "coming": shown.coming(now)[:MOST_COMING],
        "series": meetings.running_series(network, now) if takes_part else [],
        "past": past,
        "is_public": hosting.is_public(network),
    }
    return render(request, "networks/meetings.html", context)


@signed_in
def new(request: HttpRequest, slug: str) -> HttpResponse:
    network = _network(slug)
    if not access.test_rule("networks.convenes", request.user, network):
        raise Http404("The reader does not convene this network.")
    zone = rules.zone_of(country_of(network))
    form = PlanForm(request.POST or None, zone=zone, initial={"title": _("Umbrella meeting")})
    if request.method == "POST" and form.is_valid():
        try:
            return _planned(request, network, form)
        except Refused as refused:
            form.add_error(None, str(refused))
    crumbs = [*hosting.crumbs(network), {"title": _("New meeting"), "url": ""}]
    return render(request, "networks/meetings_new.html", {**_about(network), "form": form, "crumbs": crumbs})


def _planned(request: HttpRequest, network: Network, form: PlanForm) -> HttpResponse:
    now, by = timezone.now(), request.user
    if not form.is_series:
        meeting = planning.plan(host=network, by=by, now=now, **form.meeting_fields())
        messages.success(request, _("The meeting is planned. Nobody is invited until you call it."))
        return redirect(meeting)
    cleaned = form.cleaned_data
    planned = planning.plan_series(
        host=network,
        rhythm=cleaned["rhythm"],
        how_many=cleaned["how_many"],
        until=cleaned["until"],
        by=by,
        now=now,
        **form.meeting_fields(),
    )
    said = ngettext("%(count)d meeting is planned.", "%(count)d meetings are planned.", len(planned))
    messages.success(
        request, said % {"count": len(planned)} + " " + _("Call each when its time comes: then people are invited.")
    )
    return redirect("networks:meetings", slug=network.slug)


@public_page(_tags)
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The public part, the same for everybody: a program that subscribes is not signed in."""
    network = _network(slug)
    if not hosting.is_public(network):
        raise Http404("The network is not public.")
    rows = meeting_queries.public_meetings_of(network).prefetch_related("host")
    return calendar_response(calendars.of_host(network, rows), f"{network.slug}.ics")
