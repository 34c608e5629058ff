"""The page on which those who run a call set its limits and see at once what they cost."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.selection import LimitsForm, SuggestForm, names_of
from ..models import Call, CallState
from ..operations import draws_limits as operations
from ..operations import editing
from ..operations.draws import READY_STATES, TEST_STATES
from ..queries import people
from ..queries import selection as queries
from ..queries.limits_log import changes_of
from ..queries.pool import Candidates, Targets, candidates_of, targets_of
from ..rules.windows import until_in_words
from .fetching import organised, working_crumbs
from .selection_draws import draw_page


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def selection(request: HttpRequest, slug: str) -> HttpResponse:
    """Set limits, and see what they mean; once a draw is begun, how it stands."""
    call = organised(request, slug)
    draw = queries.standing_draw(call)
    if draw is not None:
        return draw_page(request, call, draw)
    candidates = candidates_of(call)
    saved = targets_of(call, candidates.features)
    form = LimitsForm(request.POST or None, candidates=candidates, targets=saved)
    if request.method == "POST" and form.is_valid() and _saved(request, call, form.targets(), form):
        return redirect("calls:selection", slug=call.slug)
    targets = form.targets() if form.can_be_read() else saved
    return _page(request, call, candidates, targets, form)


@signed_in
@require_POST
def what_if(request: HttpRequest, slug: str) -> HttpResponse:
    """What the limits in the form would mean, without saving them: the computed part of the page."""
    call = organised(request, slug)
    candidates = candidates_of(call)
    targets = targets_of(call, candidates.features)
    form = LimitsForm(request.POST, candidates=candidates, targets=targets, is_look=True)
    if not form.is_valid():
        return render(request, "calls/_selection_unread.html", {"errors": _errors(form)})
    outlook = queries.outlook(candidates, form.targets())
    context = {"outlook": outlook, "groups": _groups(form, outlook), "call": call, **_time(call), "is_live": True}
    return render(request, "calls/_selection_outlook.html", context)


def _errors(form: LimitsForm) -> list[str]:
    return [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]


@signed_in
@require_POST
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Fill suggested limits in, for the organiser to look at and save."""
    call = organised(request, slug)
    if queries.standing_draw(call) is not None:
        return redirect("calls:selection", slug=call.slug)
    candidates = candidates_of(call)
    saved = targets_of(call, candidates.features)
    form = LimitsForm(request.POST, candidates=candidates, targets=saved, is_look=True)
    how = SuggestForm(request.POST)
    if not (form.is_valid() and how.is_valid()):
        return _page(request, call, candidates, saved, form, how)
    suggested = how.suggested(candidates, form.targets())
    filled = LimitsForm(candidates=candidates, targets=suggested)
    return _page(request, call, candidates, suggested, filled, how, is_suggested=True)


@signed_in
@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one of the ways that make the limits possible, with what else stands in the form, and save."""
    call = organised(request, slug)
    candidates = candidates_of(call)
    saved = targets_of(call, candidates.features)
    form = LimitsForm(request.POST, candidates=candidates, targets=saved)
    if form.is_valid():
        try:
            targets = queries.apply_steps(form.targets(), request.POST.get("steps", ""), candidates.features)
        except ValueError as error:
            raise Http404("There is no such change.") from error
        if _saved(request, call, targets, form):
            return redirect("calls:selection", slug=call.slug)
    return _page(request, call, candidates, saved, form)


def _saved(request: HttpRequest, call: Call, targets: Targets, form: LimitsForm) -> bool:
    by, now = cast(User, request.user), timezone.now()
    try:
        changes = operations.set_targets(call=call, targets=targets, why=form.why, by=by, now=now)
    except editing.NeedsReason as needs:
        form.add_error("why" if "why" in form.fields else None, str(needs))
        return False
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    if changes:
        messages.success(request, _("The limits are saved. You can change them until you prepare the draw."))
    else:
        messages.info(request, _("Nothing was changed."))
    return True


def _page(
    request: HttpRequest,
    call: Call,
    candidates: Candidates,
    targets: Targets,
    form: LimitsForm,
    how: SuggestForm | None = None,
    *,
    is_suggested: bool = False,
) -> HttpResponse:
    outlook = queries.outlook(candidates, targets)
    context = {
        "call": call,
        "form": form,
        "how": how or SuggestForm(),
        "outlook": outlook,
        "groups": _groups(form, outlook),
        "is_suggested": is_suggested,
        **_time(call),
        "can_try": call.state in TEST_STATES and outlook.taking_part > 0,
        "can_begin": call.state in READY_STATES,
        "lacks_second": people.lacks_second(call, request.user),
        "trials": queries.trials_of(call),
        "earlier": queries.earlier_draws(call),
        "changes": changes_of(call, candidates.features),
        "crumbs": working_crumbs(call, _("Selection")),
    }
    return render(request, "calls/selection.html", context)


def _time(call: Call) -> dict[str, Any]:
    """Whether applications still come in, and for how long."""
    is_open = call.state == CallState.OPEN and call.closes_at is not None
    left = until_in_words(call.closes_at, timezone.now(), call.time_zone) if is_open and call.closes_at else ""
    return {"is_open": call.state == CallState.OPEN, "left": left}


def _groups(form: LimitsForm, outlook: queries.Outlook) -> list[dict[str, Any]]:
    """The features with their rows, each with its two fields where it can be limited."""
    found = []
    for group in outlook.groups:
        rows = []
        for row in group.rows:
            fields = [form[name] for name in names_of(group.feature, row.number)] if row.number is not None else []
            rows.append({"row": row, "fields": fields, "id": f"value-{group.feature.criterion.pk}-{row.number}"})
        found.append({"feature": group.feature, "rows": rows})
    return found
