"""An actor: registered, shown, changed, closed, and its history."""

from datetime import timedelta
from typing import Any, cast

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.people.models import User
from samkraft.places.models import COUNTRY_NAMES
from samkraft.records.files import address_of
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import public_page, signed_in
from samkraft.ui.context import viewer

from ..forms.actors import ActorForm, CloseForm
from ..models import Actor
from ..operations import actors as operations
from ..queries import actors as queries
from ..queries import actors_history
from ..queries import networks as network_queries

HOMES = {"sv": "SE", "nb": "NO", "da": "DK"}


def actor_tags(slug: str) -> tuple[str, ...]:
    return (queries.tag_of(slug), "networks")


def crumbs(*rest: tuple[Any, str]) -> list[dict[str, Any]]:
    way = [(_("Actors"), reverse("networks:actors")), *rest]
    return [{"title": title, "url": url} for title, url in way]


@public_page(actor_tags)
@require_safe
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """Who the actor is and what it does. A closed one is found by stewards only, who can reopen it."""
    reader = viewer(request)
    found = queries.actor_for_page(slug, closed=rules.test_rule("people.is_steward", reader))
    if found is None:
        raise Http404("No such actor.")
    context = {
        "actor": found,
        "municipalities": sorted(found.municipalities.all(), key=lambda area: area.name),
        "people": queries.public_people(found),
        "picture": address_of(found.logo) if found.logo else "",
        "manages": reader is not None and rules.test_rule("networks.manages_actor", reader, found),
        "writes": reader is not None and rules.test_rule("networks.writes_for_actor", reader, found),
        "crumbs": crumbs((found.name, "")),
    }
    return render(request, "networks/actor.html", context)


@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """Register an actor of one country, the reader's own unless another is chosen."""
    user = cast(User, request.user)
    country = request.GET.get("country", "").upper()
    if country not in COUNTRY_NAMES:
        country = HOMES.get(get_language() or "", "SE")
    form = ActorForm(request.POST or None, request.FILES or None, country=country)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if not allow(action="networks.register_actor", account=user, limit=10, period=timedelta(days=1), now=now):
            return render(request, "429.html", status=429)
        try:
            made = operations.register_actor(**form.given(), by=user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("networks:actor_registered", slug=made.slug)
    context = {
        "form": form,
        "country": country,
        "countries": COUNTRY_NAMES.items(),
        "crumbs": crumbs((_("Register an actor"), "")),
    }
    return render(request, "networks/actor_register.html", context)


@signed_in
@require_safe
def registered(request: HttpRequest, slug: str) -> HttpResponse:
    """The receipt: what happens now, and what comes next."""
    found = _managed(request, slug)
    # Who came from a network's page of joining goes back there; who is starting a network goes on with that.
    joining = request.session.get("joining")
    drafts = [] if joining else network_queries.drafts_of(request.user)
    return render(request, "networks/actor_registered.html", {"actor": found, "joining": joining, "drafts": drafts})


@signed_in
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    found = _managed(request, slug)
    form = ActorForm(request.POST or None, request.FILES or None, country=found.country, actor=found)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_actor(**form.given(), actor=found, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your changes are saved and shown on the page."))
            return redirect(found)
    context = {"actor": found, "form": form, "crumbs": _below(found, _("Change"))}
    return render(request, "networks/actor_edit.html", context)


@signed_in
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first, and wants to know why."""
    found = _managed(request, slug)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.close_actor(
                actor=found, why=form.cleaned_data["why"], by=cast(User, request.user), now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s is closed and no longer shown.") % {"name": found.name})
            return redirect("portal:my")
    context = {
        "actor": found,
        "form": form,
        "networks": queries.networks_held(found),
        "crumbs": _below(found, _("Close")),
    }
    return render(request, "networks/actor_close.html", context)


@signed_in
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first. Then the steward invites somebody who speaks for the actor."""
    if not rules.test_rule("people.is_steward", request.user):
        raise Http404("The reader is no steward.")
    found = get_object_or_404(Actor.objects.exclude(closed_at=None), slug=slug)
    if request.method == "POST":
        try:
            operations.reopen_actor(actor=found, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(found)
        messages.success(request, _("%(name)s is open again. Invite its contact.") % {"name": found.name})
        return redirect("networks:actor_people", slug=found.slug)
    context = {"actor": found, "crumbs": _below(found, _("Reopen"))}
    return render(request, "networks/actor_reopen.html", context)


@signed_in
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Who changed what and when, for the actor's own people and the stewards, who also see closed actors."""
    found = get_object_or_404(Actor, slug=slug)
    if not may_see_people(request.user, found):
        raise Http404("The reader is not of this actor.")
    context = {
        "actor": found,
        "changes": actors_history.changes_of(found),
        "crumbs": _below(found, _("What was changed")),
    }
    return render(request, "networks/actor_history.html", context)


def may_see_people(user: Any, found: Actor) -> bool:
    """Whether the reader is of the actor, or a steward."""
    return any(rules.test_rule(rule, user, found) for rule in ("networks.writes_for_actor", "networks.manages_actor"))


def _managed(request: HttpRequest, slug: str) -> Actor:
    """The open actor, if the reader may manage it; to everybody else this page does not exist."""
    found = get_object_or_404(queries.with_what_is_shown(Actor.objects.open()), slug=slug)
    if not rules.test_rule("networks.manages_actor", request.user, found):
        raise Http404("The reader does not answer for this actor.")
    return found


def _below(found: Actor, title: str) -> list[dict[str, Any]]:
    return crumbs((found.name, found.get_absolute_url()), (title, ""))
