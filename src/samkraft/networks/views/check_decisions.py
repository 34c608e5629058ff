"""What a convener decides about one actor: confirm by one click; ask, decline and end with a reason."""

from collections.abc import Callable
from typing import Any, cast

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.memberships import ReasonForm
from ..models import MEMBER_STATES, Fulfilment, MembershipState, Network, NetworkMembership
from ..operations import fulfilments
from ..operations import memberships as operations
from ..rules import memberships as dates

Operation = Callable[..., NetworkMembership]


def _decided(request: HttpRequest, pk: int) -> NetworkMembership:
    """The membership, if the reader decides in its network; to everybody else it does not exist."""
    rows = NetworkMembership.objects.filter(network__in=Network.objects.open().values("pk"))
    membership = get_object_or_404(rows.select_related("network", "actor", "fulfilment"), pk=pk)
    if not rules.test_rule("networks.convenes_for_member", request.user, membership):
        raise Http404("The reader does not convene this network.")
    return membership


def _back(request: HttpRequest, network: Network) -> HttpResponse:
    """Back to the list as the reader had it: its filter, search and page, and nothing else."""
    address = reverse("networks:check", args=[network.slug])
    wanted = request.GET.urlencode()
    return redirect(f"{address}?{wanted}" if wanted else address)


@signed_in
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the evidence that the reader has looked at."""
    fulfilment = get_object_or_404(Fulfilment, pk=pk)
    membership = _decided(request, fulfilment.membership_id)
    try:
        done = fulfilments.confirm(fulfilment=fulfilment, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        text = _("Confirmed: %(actor)s is a member until %(until)s. We have told them by mail.")
        until = date_format(done.due_on, "DATE_FORMAT") if done.due_on else ""
        messages.success(request, text % {"actor": membership.actor.name, "until": until})
    return _back(request, membership.network)


@signed_in
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask an applicant to complete, or a member for new evidence."""
    membership = _decided(request, pk)
    if membership.state != MembershipState.APPLIED and membership.state not in MEMBER_STATES:
        raise Http404("There is nothing to ask about.")
    by_when = None
    if membership.due_on is not None and membership.state in MEMBER_STATES:
        by_when = dates.asked_until(membership.due_on, timezone.localdate())
    said = _("We have sent your question to %(actor)s. The evidence comes back to this list when they have answered.")
    return _with_reason(request, membership, operations.ask, said, "networks/check_ask.html", by_when=by_when)


@signed_in
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _decided(request, pk)
    if membership.state not in {MembershipState.APPLIED, MembershipState.ASKED}:
        raise Http404("There is no application to decline.")
    said = _("The application of %(actor)s is declined. They have your reason by mail, and can apply anew.")
    return _with_reason(request, membership, operations.decline, said, "networks/check_decline.html")


@signed_in
def lapse(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _decided(request, pk)
    if membership.state not in MEMBER_STATES:
        raise Http404("There is no membership to end.")
    said = _("%(actor)s is no longer a member. They have your reason by mail, and can apply anew.")
    return _with_reason(request, membership, operations.lapse, said, "networks/check_lapse.html")


def _with_reason(
    request: HttpRequest, membership: NetworkMembership, operation: Operation, said: str, template: str, **more: Any
) -> HttpResponse:
    """A page that asks for the reason, and then decides."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operation(membership=membership, **form.cleaned_data, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said % {"actor": membership.actor.name})
            return _back(request, membership.network)
    network = membership.network
    context = {
        "membership": membership,
        "network": network,
        "actor": membership.actor,
        "form": form,
        "back": reverse("networks:check", args=[network.slug]),
        "crumbs": [
            {"title": network.name, "url": network.get_absolute_url()},
            {"title": _("Members and evidence"), "url": reverse("networks:check", args=[network.slug])},
            {"title": membership.actor.name, "url": ""},
        ],
        **more,
    }
    return render(request, template, context)
