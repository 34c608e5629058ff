"""Starting a network: each step is a page of its own and is kept in the draft, so that one can come back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.people.models import User
from samkraft.places import queries as places
from samkraft.places.models import Area, AreaKind, NewspaperArea
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import public_page, signed_in

from ..forms.conditions import ConditionForm, initial_of
from ..forms.networks import TextsForm
from ..forms.start import ActorForm, PeopleForm, ProposalForm
from ..models import Network, NetworkState
from ..operations import start as operations
from ..queries import conditions as condition_queries
from ..queries import networks as network_queries
from ..queries import start as queries
from .conditions import describe, save_wording

TITLES = {
    "area": gettext_lazy("Where"),
    "actor": gettext_lazy("Who convenes"),
    "people": gettext_lazy("Contacts and editors"),
    "about": gettext_lazy("Who you are"),
    "condition": gettext_lazy("The condition"),
    "begin": gettext_lazy("Look through and begin"),
}


@public_page("networks")
def start(request: HttpRequest) -> HttpResponse:
    """What it takes to start a network, for everybody to read."""
    context = {
        "place": request.GET.get("place", "")[:80],
        "crumbs": [
            {"title": _("Networks"), "url": reverse("networks:index")},
            {"title": _("Start a network"), "url": ""},
        ],
    }
    return render(request, "networks/start.html", context)


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft, or go on with one."""
    user = cast(User, request.user)
    drafts = network_queries.drafts_of(user)
    place = (request.POST.get("place") or request.GET.get("place", ""))[:80]
    if request.method == "POST":
        now = timezone.now()
        if not allow(action="networks.start", account=user, limit=20, period=timedelta(days=1), now=now):
            return render(request, "429.html", status=429)
        try:
            draft = operations.begin_draft(by=user, now=now)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("networks:start_new")
        url = reverse("networks:start_area", args=[draft.pk])
        return redirect(f"{url}?{urlencode({'q': place})}" if place else url)
    return render(request, "networks/start_new.html", {"drafts": drafts, "place": place})


def _draft(request: HttpRequest, pk: int) -> Network:
    """The reader's own draft; to everybody else, and when it has begun, it does not exist."""
    rows = Network.objects.select_related("newspaper_area", "county", "convener").defer("county__outline")
    return get_object_or_404(rows, pk=pk, state=NetworkState.DRAFT, created_by=request.user)


def _context(draft: Network, step: str, **more: Any) -> dict[str, Any]:
    done = queries.done_steps(draft)
    steps = [
        {
            "key": key,
            "title": TITLES[key],
            "url": reverse(f"networks:start_{key}", args=[draft.pk]),
            "is_done": key in done,
            "is_now": key == step,
        }
        for key in queries.STEPS
    ]
    place = queries.STEPS.index(step)
    return {
        "draft": draft,
        "steps": steps,
        "title": TITLES[step],
        "number": place + 1,
        "count": len(steps),
        "before": steps[place - 1]["url"] if place else None,
        "crumbs": [
            {"title": _("Networks"), "url": reverse("networks:index")},
            {"title": _("Start a network"), "url": reverse("networks:start")},
            {"title": TITLES[step], "url": ""},
        ],
        **more,
    }


def _on(draft: Network, step: str) -> HttpResponse:
    """To the step after this one."""
    after = queries.STEPS[queries.STEPS.index(step) + 1]
    return redirect(f"networks:start_{after}", pk=draft.pk)


def _done(form: forms.Form | None, operation: Callable[..., Any], request: HttpRequest, **arguments: Any) -> bool:
    """Whether the operation was carried out; why not stands in the form, or on the page."""
    try:
        operation(**arguments, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        if form is not None:
            form.add_error(None, str(refused))
        else:
            messages.error(request, str(refused))
        return False
    return True


@signed_in
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """To where one left off."""
    step = _draft(request, pk).draft_step
    return redirect(f"networks:start_{step if step in queries.STEPS else queries.STEPS[0]}", pk=pk)


@signed_in
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the newspaper area, by one of its municipalities."""
    draft = _draft(request, pk)
    if request.method == "POST":
        chosen = get_object_or_404(NewspaperArea.objects.in_use(), pk=_number(request, "area"))
        county = get_object_or_404(Area.objects.counties(), pk=_number(request, "county"))
        if _done(None, operations.choose_area, request, network=draft, area=chosen, county=county):
            return _on(draft, "area")
    typed = " ".join("".join(sign for sign in request.GET.get("q", "") if sign.isprintable()).split())[:200]
    found, choices = queries.area_choices(typed) if typed else ([], [])
    context = _context(draft, "area", typed=typed, found=found, choices=choices)
    return render(request, "networks/start_area.html", context)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404("Not a number.")
    return int(text)


@signed_in
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a newspaper area is missing."""
    draft = _draft(request, pk)
    form = ProposalForm(request.POST or None, initial={"places": request.GET.get("q", "")[:200]})
    if request.method == "POST" and form.is_valid():
        user, now = cast(User, request.user), timezone.now()
        if not allow(action="networks.proposal", account=user, limit=5, period=timedelta(days=1), now=now):
            return render(request, "429.html", status=429)
        county = _county_of(form.cleaned_data["places"])
        if _done(form, operations.propose_area, request, **form.cleaned_data, county=county):
            messages.success(request, _("Thank you. Those who draw newspaper areas look at it and write to you."))
            return redirect("networks:start_area", pk=draft.pk)
    return render(request, "networks/start_propose.html", _context(draft, "area", form=form))


def _county_of(typed: str) -> Area | None:
    """The county of the first municipality that was named."""
    found = places.find(typed.partition(",")[0], limit=3)
    return next((hit.area.parent for hit in found if hit.area.kind == AreaKind.MUNICIPALITY), None)


@signed_in
def actor(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the convening actor among one's own."""
    draft = _draft(request, pk)
    actors = queries.actors_of(request.user)
    form = ActorForm(request.POST or None, actors=actors, initial={"actor": draft.convener_id})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["actor"]
        if _done(form, operations.choose_convener, request, network=draft, actor=chosen):
            return _on(draft, "actor")
    context = _context(draft, "actor", form=form, has_actors=actors.exists())
    return render(request, "networks/start_actor.html", context)


@signed_in
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the contact and the editors."""
    draft = _draft(request, pk)
    kept = draft.draft_people
    editors = [*kept.get("editors", []), "", ""]
    initial = {"shown": kept.get("shown", False), "edits": kept.get("edits", True)}
    initial |= {"editor_1": editors[0], "editor_2": editors[1], "contact_email": draft.contact_email}
    form = PeopleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = {"people": form.people(), "contact_email": form.cleaned_data["contact_email"]}
        if _done(form, operations.choose_people, request, network=draft, **chosen):
            return _on(draft, "people")
    return render(request, "networks/start_people.html", _context(draft, "people", form=form))


@signed_in
def about(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who they are and how they work together."""
    draft = _draft(request, pk)
    initial = {name: getattr(draft, name) for name in operations.TEXTS}
    if not draft.name:
        initial["name"] = queries.suggested_name(draft)
    form = TextsForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(form, operations.describe, request, network=draft, fields=form.cleaned_data)
    ):
        return _on(draft, "about")
    return render(request, "networks/start_about.html", _context(draft, "about", form=form))


@signed_in
def condition(request: HttpRequest, pk: int) -> HttpResponse:
    """See the county's condition, or write the network's own where there is none."""
    draft = _draft(request, pk)
    county_version = condition_queries.condition_of(county_id=draft.county_id)
    if draft.county is None or county_version is not None:
        shown = describe(county_version, None) if county_version else None
        return render(request, "networks/start_condition.html", _context(draft, "condition", shown=shown))
    own = condition_queries.of_network(draft)
    form = ConditionForm(request.POST or None, initial=initial_of(condition_queries.draft_of(own), draft=True))
    if request.method == "POST" and form.is_valid() and save_wording(request, own, form) is not None:
        return _on(draft, "condition")
    return render(request, "networks/start_condition.html", _context(draft, "condition", form=form))


@signed_in
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Look all of it through, and begin."""
    draft = _draft(request, pk)
    if request.method == "POST":
        try:
            begun = operations.begin(network=draft, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("networks:start_begin", pk=draft.pk)
        messages.success(request, _("Your network has begun. Here is what to do first."))
        return redirect(f"{begun.get_absolute_url()}#checklist")
    county_version = condition_queries.condition_of(county_id=draft.county_id)
    version = county_version or condition_queries.draft_of(condition_queries.of_network(draft))
    done = queries.done_steps(draft)
    context = _context(
        draft,
        "begin",
        missing=[{"title": TITLES[key], "key": key} for key in queries.STEPS[:-1] if key not in done],
        municipalities=network_queries.municipalities_of(draft),
        condition=describe(version, None) if version else None,
        is_own_condition=county_version is None,
    )
    return render(request, "networks/start_begin.html", context)


@signed_in
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away. Asks before it does."""
    draft = _draft(request, pk)
    if request.method == "POST":
        if _done(None, operations.discard, request, network=draft):
            messages.success(request, _("The draft is thrown away."))
        return redirect("portal:my")
    return render(request, "networks/start_discard.html", {"draft": draft})
