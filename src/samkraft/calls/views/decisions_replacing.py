"""A free place that nobody can take with all limits kept: which limit would have to move for whom, and the choice."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.decisions import ALL_EMPTY, EMPTY, ReplaceForm
from ..models import CallState, Decision
from ..operations import replacements as operations
from ..queries import decisions as queries
from ..queries import decisions_words as words
from ..queries.decisions_limits import Standing, standing
from ..queries.features import features_of
from .decisions import name_of, place_of
from .fetching import organised, working_crumbs


@signed_in
def replace(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    vacancy = get_object_or_404(queries.of_call(call), pk=pk)
    found = standing(call)
    if call.state != CallState.ANNOUNCED or found is None:
        raise Http404("Places are given again only once the decisions are announced.")
    if vacancy.pk not in [row.pk for row in found.free]:
        messages.info(request, _("This place is not free any more."))
        return redirect("calls:decisions", slug=call.slug)
    next_one, choices = _choices(found)
    all_empty = len(found.free) if len(found.free) > 1 and not found.waiting else 0
    form = ReplaceForm(request.POST or None, choices=choices, all_empty=all_empty)
    if request.method == "POST" and form.is_valid():
        try:
            said = _carried_out(vacancy, form.cleaned_data["chosen"], cast(User, request.user))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect("calls:decisions", slug=call.slug)
    context = {
        "call": call,
        "vacancy": vacancy,
        "name": name_of(vacancy.application),
        "form": form,
        "next_one": next_one,
        "n_waiting": len(found.waiting),
        "n_holding": len(found.holding),
        "crumbs": working_crumbs(call, _("A free place")),
    }
    return render(request, "calls/decision_replace.html", context)


def _choices(found: Standing) -> tuple[str, list[tuple[str, str]]]:
    """Who can enter without any limit moved ("" for nobody), and what would let others in, in the list's order."""
    if not found.waiting:
        return "", []
    answer = found.next_entry()
    if answer.entry is not None:
        decision = found.waiter(answer.entry)
        name = name_of(decision.application)
        return name, [(str(decision.pk), _("%(name)s: all limits hold.") % {"name": name})]
    known = words.by_key(features_of(found.call))
    floor = found.rules.floor.mean if found.rules.floor else None
    choices = []
    for entry in sorted(answer.relaxations, key=lambda entry: entry.place):
        decision = found.waiter(entry)
        told: dict[str, Any] = {
            "name": name_of(decision.application),
            "place": place_of(decision.application),
            "moves": words.steps(entry.steps, entry.mean, known, floor),
        }
        choices.append((str(decision.pk), _("%(name)s from %(place)s would come in if %(moves)s.") % told))
    return "", choices


def _carried_out(vacancy: Decision, chosen: str, by: User) -> str:
    """What was chosen, done; returns the receipt. Raises Refused."""
    now = timezone.now()
    if chosen == EMPTY:
        operations.leave_empty(vacancy=vacancy, by=by, now=now)
        return _("The place stays empty. It stands in the report.")
    if chosen == ALL_EMPTY:
        operations.leave_all_empty(vacancy=vacancy, by=by, now=now)
        return _("All free places stay empty. It stands in the report.")
    waiter = get_object_or_404(Decision, pk=chosen, call=vacancy.call_id)
    entered = operations.give(vacancy=vacancy, chosen=waiter, by=by, now=now)
    receiver = {"name": name_of(entered.application)}
    return _("%(name)s is offered the place and gets a letter now.") % receiver
