"""A call's draws, for those who run it: tried, prepared, stopped, taken back, and made with the number."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samkraft.people.models import User
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.selection import OwnNumberForm, PublicNumberForm, ReasonForm
from ..models import Call, Draw, DrawState, SeedEntry, SeedKind
from ..operations import draws as operations
from ..queries import people
from ..queries import selection as queries
from ..queries.draws import limits_in_words
from ..queries.pool import candidates_of, targets_of
from ..queries.report import public_files, told_features
from ..queries.selection_words import in_hundred
from .fetching import organised, working_crumbs

TRIALS_A_DAY = 60


def draw_page(request: HttpRequest, call: Call, draw: Draw) -> HttpResponse:
    """The selection once a draw is begun: how far it is, what is committed to, what comes next."""
    is_two_people = call.seed_kind == SeedKind.TWO_PEOPLE
    entries = list(SeedEntry.objects.filter(draw=draw).select_related("by"))
    entered = {entry.by_id for entry in entries}
    others = [person for person in people.who_run(call) if person.pk not in entered] if is_two_people else []
    context = {
        "call": call,
        "draw": draw,
        **_of_draw(draw),
        "entries": entries,
        "has_entered": request.user.pk in entered,
        "others": [person.name for person in others if person.pk != request.user.pk],
        "is_two_people": is_two_people,
        "files": public_files(call, draw),
        "limits": limits_in_words(draw),
        "events": list(draw.events.select_related("by")),
        "earlier": queries.earlier_draws(call),
        "crumbs": working_crumbs(call, _("Selection")),
    }
    return render(request, "calls/selection_draw.html", context)


def _of_draw(draw: Draw) -> dict[str, Any]:
    least, most = draw.results.get("least"), draw.results.get("most")
    return {
        "features": told_features(draw, is_internal=True) if draw.state == DrawState.DRAWN else [],
        "is_running": draw.state in {DrawState.WAITING, DrawState.COMPUTING},
        "step": queries.STEPS.get(draw.step, ""),
        "least": in_hundred(least) if least is not None else "",
        "most": in_hundred(most) if most is not None else "",
        "is_same_for_all": least is not None and most is not None and most - least < queries.WORTH_NAMING,
    }


def _done(request: HttpRequest, work: Any, **arguments: Any) -> Any:
    """What the operation returns; None with a message on the page when it is refused."""
    try:
        return work(**arguments, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return None


@signed_in
@require_POST
def try_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a test draw with the saved limits."""
    call = organised(request, slug)
    now = timezone.now()
    if not allow(action="calls.trial", account=request.user, limit=TRIALS_A_DAY, period=timedelta(days=1), now=now):
        return render(request, "429.html", status=429)
    draw = _done(request, operations.begin, call=call, is_test=True)
    if draw is None:
        return redirect("calls:selection", slug=call.slug)
    return redirect("calls:draw", slug=call.slug, pk=draw.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Prepare the draw. Says what becomes public and what can no longer be changed before it does."""
    call = organised(request, slug)
    if request.method == "POST":
        _done(request, operations.begin, call=call)
        return redirect("calls:selection", slug=call.slug)
    if queries.standing_draw(call) is not None or call.state not in operations.READY_STATES:
        return redirect("calls:selection", slug=call.slug)
    candidates = candidates_of(call)
    outlook = queries.outlook(candidates, targets_of(call, candidates.features))
    context = {
        "call": call,
        "outlook": outlook,
        "is_ready": outlook.possible and not outlook.missing,
        "lacks_second": people.lacks_second(call, request.user),
        "is_two_people": call.seed_kind == SeedKind.TWO_PEOPLE,
        "crumbs": working_crumbs(call, _("Prepare the draw")),
    }
    return render(request, "calls/selection_begin.html", context)


def _draw_or_404(request: HttpRequest, slug: str, pk: int) -> tuple[Call, Draw]:
    call = organised(request, slug)
    return call, get_object_or_404(call.draws.select_related("begun_by", "call"), pk=pk)


@signed_in
@require_safe
def draw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One draw: a test with what came of it, or how far it is."""
    call, found = _draw_or_404(request, slug, pk)
    context = {"call": call, "draw": found, **_of_draw(found)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "calls/_draw_progress.html", context)
    if not found.is_test and found.state in {DrawState.COMMITTED, DrawState.DRAWN}:
        return redirect("calls:selection", slug=call.slug)
    title = _("Test draw") if found.is_test else _("Draw")
    context["crumbs"] = working_crumbs(call, title)
    return render(request, "calls/selection_trial.html", context)


@signed_in
@require_POST
def stop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call, found = _draw_or_404(request, slug, pk)
    stopped = _done(request, operations.stop, draw=found)
    if stopped is not None:
        if stopped.state == DrawState.CANCELLED:
            messages.success(request, _("The draw is stopped. Nothing was changed."))
        else:
            messages.success(request, _("The draw stops within a few seconds. Nothing is changed by it."))
    return redirect("calls:selection", slug=call.slug)


def _waiting_draw(request: HttpRequest, slug: str) -> tuple[Call, Draw]:
    """The draw that waits for its number, or that is drawn; without one there is no such page."""
    call = organised(request, slug)
    found = queries.standing_draw(call)
    if found is None or found.state not in {DrawState.COMMITTED, DrawState.DRAWN}:
        raise Http404("There is no commitment.")
    return call, found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the commitment back. Asks for the reason, which everybody can read."""
    call, found = _waiting_draw(request, slug)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _done(request, operations.take_back, draw=found, why=form.cleaned_data["why"]) is not None:
            messages.success(
                request, _("The commitment is taken back. You can change the limits and prepare the draw again.")
            )
        return redirect("calls:selection", slug=call.slug)
    crumbs = working_crumbs(call, _("Take the commitment back"))
    return render(request, "calls/selection_take_back.html", {"call": call, "form": form, "crumbs": crumbs})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter the number, with which the draw is made at once."""
    call, found = _waiting_draw(request, slug)
    is_two_people = call.seed_kind == SeedKind.TWO_PEOPLE
    if request.method != "POST" and SeedEntry.objects.filter(draw=found, by=cast(User, request.user)).exists():
        return redirect("calls:selection", slug=call.slug)
    form = (OwnNumberForm if is_two_people else PublicNumberForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        work = operations.enter_own_number if is_two_people else operations.enter_public_number
        made = _done(request, work, draw=found, **form.cleaned_data)
        if made is not None:
            messages.success(request, _receipt(made))
        return redirect("calls:selection", slug=call.slug)
    context = {
        "call": call,
        "draw": found,
        "form": form,
        "is_two_people": is_two_people,
        "crumbs": working_crumbs(call, _("The draw's number")),
    }
    return render(request, "calls/selection_number.html", context)


def _receipt(made: Draw) -> str:
    if made.state == DrawState.DRAWN:
        return _("The draw is made. Look at the decisions before you announce them.")
    return _("Your number is kept. The draw is made as soon as somebody else has entered the other one.")
