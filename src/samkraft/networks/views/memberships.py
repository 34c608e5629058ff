"""An actor's way into a network: choosing the actor, handing in evidence, what happens with it, and leaving."""

from datetime import timedelta
from typing import Any, cast

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.records.limits import allow
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.memberships import EvidenceForm, InterestForm, LeaveForm, evidence_to_begin_with
from ..models import MEMBER_STATES, MEMBERSHIP, Actor, MembershipState, Network, NetworkMembership
from ..operations import fulfilments
from ..operations import memberships as operations
from ..queries import memberships as queries
from ..queries.conditions import condition_for
from ..rules import memberships as dates
from .conditions import describe, network_or_404

SENDINGS_AN_HOUR = 20


def _crumbs(network: Network, title: str) -> list[dict[str, str]]:
    return [
        {"title": _("Networks"), "url": reverse("networks:index")},
        {"title": network.name, "url": network.get_absolute_url()},
        {"title": title, "url": ""},
    ]


def _actor_answered_for(request: HttpRequest, slug: str) -> Actor:
    people = queries.answered_for(request.user).filter(actor__slug=slug)
    return get_object_or_404(people).actor


@signed_in
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Which of my actors is to join? With one, straight on to its evidence."""
    network = network_or_404(slug)
    actors = [person.actor for person in queries.answered_for(request.user)]
    if len(actors) == 1 and "choose" not in request.GET:
        return redirect("networks:join_as", slug=network.slug, actor=actors[0].slug)
    # The receipt of registering an actor leads back here.
    request.session["joining"] = network.slug
    known = {
        membership.actor_id: membership
        for membership in NetworkMembership.objects.in_network(network).filter(actor__in=actors)
    }
    version = condition_for(network)
    context = {
        "network": network,
        "shown": describe(version, None) if version is not None else None,
        "choices": [(actor, known.get(actor.pk)) for actor in actors],
        "takes_in": network.state in queries.TAKES_PART,
        "crumbs": _crumbs(network, _("Join")),
    }
    return render(request, "networks/join.html", context)


@signed_in
def join_as(request: HttpRequest, slug: str, actor: str) -> HttpResponse:
    """Hand in evidence for an actor: to apply, to complete, to apply anew, or to renew."""
    network = network_or_404(slug)
    who = _actor_answered_for(request, actor)
    membership = NetworkMembership.objects.in_network(network).filter(actor=who).select_related("fulfilment").first()
    version = condition_for(network)
    renews = membership is not None and membership.state in MEMBER_STATES
    form = None
    if version is not None and network.state in queries.TAKES_PART:
        form = EvidenceForm(
            request.POST or None,
            request.FILES or None,
            version=version,
            with_message=not renews,
            today=timezone.localdate(),
            initial=evidence_to_begin_with(version, who, membership.fulfilment if membership else None),
        )
    if request.method == "POST" and form is not None and form.is_valid():
        user = cast(User, request.user)
        now = timezone.now()
        if not allow(
            action="networks.evidence", account=user, limit=SENDINGS_AN_HOUR, period=timedelta(hours=1), now=now
        ):
            return render(request, "429.html", status=429)
        message = form.cleaned_data.get("message", "")
        try:
            sent = fulfilments.submit(
                network=network, actor=who, evidence=form.evidence(), message=message, by=user, now=now
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            request.session.pop("joining", None)
            messages.success(request, _receipt(network, renews))
            return redirect("networks:our_membership", pk=sent.membership_id)
    context = {
        "network": network,
        "actor": who,
        "membership": membership,
        "renews": renews,
        "shown": describe(version, None) if version is not None else None,
        "takes_in": network.state in queries.TAKES_PART,
        "form": form,
        "crumbs": _crumbs(network, _("Renew") if renews else _("Join")),
    }
    return render(request, "networks/join_as.html", context)


def _receipt(network: Network, renews: bool) -> str:
    if renews:
        return _(
            "We have received your evidence. %(network)s checks it, and you get a mail when that is done. "
            "Until then you stay a member."
        ) % {"network": network.name}
    return _(
        "We have received your application. %(network)s checks your evidence, and you get a mail with the answer."
    ) % {"network": network.name}


@signed_in
def interest(request: HttpRequest, slug: str, actor: str) -> HttpResponse:
    """Tell the network that the actor is interested, without evidence."""
    network = network_or_404(slug)
    who = _actor_answered_for(request, actor)
    form = InterestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = cast(User, request.user)
        try:
            membership = operations.express_interest(
                network=network, actor=who, **form.cleaned_data, by=user, now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("We have told those who convene the network. You can apply whenever you are ready.")
            )
            return redirect("networks:our_membership", pk=membership.pk)
    context = {"network": network, "actor": who, "form": form, "crumbs": _crumbs(network, _("Tell your interest"))}
    return render(request, "networks/join_interest.html", context)


def _of_party(request: HttpRequest, pk: int) -> tuple[NetworkMembership, bool]:
    """The membership, for who answers for its actor (True) or convenes its network; to others it does not exist."""
    rows = queries.with_what_is_shown(NetworkMembership.objects.filter(network__in=Network.objects.open().values("pk")))
    membership = get_object_or_404(rows, pk=pk)
    if rules.test_rule("networks.speaks_for_member", request.user, membership):
        return membership, True
    if not rules.test_rule("networks.convenes_for_member", request.user, membership):
        raise Http404("The reader is no party of this membership.")
    return membership, False


@signed_in
def our_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an actor stands in a network, for the two parties: what waits, what was said, what comes next."""
    membership, speaks = _of_party(request, pk)
    current = condition_for(membership.network)
    fulfilment = membership.fulfilment
    is_older = fulfilment is not None and current is not None and fulfilment.version_id != current.pk
    evidence = membership.fulfilments.select_related("version", "evidence_file", "submitted_by", "decided_by")
    due = membership.due_on if membership.state == MembershipState.DUE else None
    context = {
        "membership": membership,
        "network": membership.network,
        "actor": membership.actor,
        "speaks": speaks,
        "convenes": not speaks or rules.test_rule("networks.convenes_for_member", request.user, membership),
        "is_member": membership.state in MEMBER_STATES,
        "is_overdue": due is not None and due < timezone.localdate(),
        "lapses_on": due + dates.LAPSES_AFTER if due is not None else None,
        "newer": current if is_older else None,
        "waiting": queries.waiting_of(membership),
        "evidence": list(evidence[:20]),
        "log": _log(membership),
        "may_send": membership.network.state in queries.TAKES_PART,
        "crumbs": _crumbs(membership.network, membership.actor.name),
    }
    return render(request, "networks/membership_ours.html", context)


def _log(membership: NetworkMembership) -> list[dict[str, Any]]:
    """The latest moves, the newest first, with the states in words."""
    words = dict(MembershipState.choices)
    rows = TransitionLog.objects.of(membership).filter(machine=MEMBERSHIP.name).select_related("by")
    return [
        {"row": row, "to": words[row.to_state], "is_change": row.from_state != row.to_state}
        for row in rows.order_by("-pk")[:40]
    ]


@signed_in
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an application, or leave the network. Asks before it does."""
    membership, speaks = _of_party(request, pk)
    if not speaks or MEMBERSHIP.move(membership.state, MembershipState.LEFT) is None:
        raise Http404("There is nothing for this reader to leave.")
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = cast(User, request.user)
        try:
            operations.leave(membership=membership, **form.cleaned_data, by=user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Done. You can apply anew whenever you like."))
            return redirect("networks:our_membership", pk=membership.pk)
    context = {
        "membership": membership,
        "network": membership.network,
        "actor": membership.actor,
        "is_member": membership.state in MEMBER_STATES,
        "form": form,
        "crumbs": _crumbs(membership.network, _("Leave")),
    }
    return render(request, "networks/membership_leave.html", context)
