"""From the draw to the announcement: changing an outcome, everything right, and telling all."""

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_POST

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.decisions import ChangeForm
from ..models import DRAWN_STATES, Call, CallState, Decision, Outcome, Reply
from ..operations import decisions as operations
from ..queries import decisions as queries
from ..queries import decisions_words as words
from ..queries.decisions_letters import LANGUAGES, values_for, wordings
from ..queries.decisions_limits import standing
from ..queries.features import features_of
from ..rules.decisions import answer_by, broken, held
from .decisions import name_of, place_of
from .fetching import organised, working_crumbs


@signed_in
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change one outcome, with what would break told beforehand."""
    call = organised(request, slug)
    decision = get_object_or_404(queries.of_call(call), pk=pk)
    waiting = _who_waits(call) if decision.outcome == Outcome.PLACE else []
    form = ChangeForm(request.POST or None, now=decision.outcome, waiting=waiting)
    if request.method == "POST" and form.is_valid():
        by = cast(User, request.user)
        try:
            operations.change_outcome(decision=decision, **form.cleaned_data, by=by, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The outcome is changed. Nobody is told before you announce; your reason is in the report.")
            )
            return redirect("calls:decisions", slug=call.slug)
    context = {
        "call": call,
        "decision": decision,
        "name": name_of(decision.application),
        "place": place_of(decision.application),
        "form": form,
        "can_change": call.state == CallState.DRAWN and decision.application.erased_at is None,
        "broken": _broken_by_change(call, decision),
        "changes": list(decision.changes.select_related("by")),
        "crumbs": working_crumbs(call, _("Change an outcome")),
    }
    return render(request, "calls/decision_change.html", context)


def _broken_by_change(call: Call, decision: Decision) -> list[str]:
    """What no longer holds if the place is taken away, or given: every other change leaves all as it is."""
    found = standing(call)
    if found is None:
        return []
    before = found.holding
    after = [row for row in before if row.pk != decision.pk]
    if decision.outcome != Outcome.PLACE:
        after = [*after, decision]
    known, seats = words.by_key(features_of(found.call)), found.drawn_by.seats
    said = [
        words.broken(limit, known)
        for limit in broken(held(found.drawn_by, found.people(before)), held(found.drawn_by, found.people(after)))
    ]
    empty = seats - len(after)
    if empty > 0 and len(after) < len(before):
        said.append(ngettext("%(count)d place is empty.", "%(count)d places are empty.", empty) % {"count": empty})
    if empty < 0 and len(after) > len(before):
        said.append(_("%(count)s would have a place, and there are %(seats)s.") % {"count": len(after), "seats": seats})
    return said


def _who_waits(call: Call) -> list[tuple[int, str]]:
    """The waiting list, to choose who gets a place instead."""
    rows = [row for row in queries.listed(call, wanted="waitlist") if row.reply == Reply.NONE]
    present = [row for row in rows if row.application.erased_at is None]
    named = [
        (row.pk, ", ".join(filter(None, [name_of(row.application), place_of(row.application)]))) for row in present
    ]
    return [(pk, f"{number}. {name}") for number, (pk, name) in enumerate(named, 1)]


@signed_in
@require_POST
def right(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything is right: the next step is to announce."""
    call = organised(request, slug)
    try:
        operations.decide(call=call, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("calls:decisions", slug=call.slug)
    return redirect("calls:announce", slug=call.slug)


@signed_in
@require_POST
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    try:
        operations.reopen(call=call, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You can change the decisions again. Nobody has been told."))
    return redirect("calls:decisions", slug=call.slug)


@signed_in
def announce(request: HttpRequest, slug: str) -> HttpResponse:
    """What will be sent to how many, with one letter of each kind; and then: send."""
    call = organised(request, slug)
    if call.state not in DRAWN_STATES:
        raise Http404("There is nothing to announce before the draw.")
    now = timezone.now()
    if request.method == "POST":
        try:
            sent = operations.announce(call=call, by=cast(User, request.user), now=now)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            said = ngettext(
                "The decisions are announced. %(count)s letter is on its way.",
                "The decisions are announced. %(count)s letters are on their way.",
                sent,
            )
            messages.success(request, said % {"count": sent})
        return redirect("calls:decisions", slug=call.slug)
    if call.state != CallState.DECIDED:
        return redirect("calls:decisions", slug=call.slug)
    letters = _previews(call, now)
    context = {
        "call": call,
        "letters": letters,
        "total": sum(letter["count"] for letter in letters),
        "answer_by": answer_by(now, call.answer_days, call.time_zone),
        "crumbs": working_crumbs(call, _("Announce")),
    }
    return render(request, "calls/decisions_announce.html", context)


def _previews(call: Call, now: datetime) -> list[dict[str, Any]]:
    """Each kind of letter in each language that somebody gets: how many get it, and the first of them filled in."""
    letters, ranks, in_draw = wordings(call), queries.ranks(call), queries.took_part(call)
    until = answer_by(now, call.answer_days, call.time_zone)
    by_kind: dict[tuple[str, str], list[Decision]] = {}
    for row in queries.listed(call):
        if row.reply == Reply.NONE and row.application.erased_at is None:
            by_kind.setdefault((row.outcome, row.application.language), []).append(row)
    found = []
    for (outcome, language), rows in sorted(by_kind.items(), key=lambda item: _order(*item[0])):
        with override(language):
            due = until if outcome == Outcome.PLACE else None
            first = rows[0]
            values = values_for(
                call,
                first.application,
                answer_by=due,
                position=ranks.get(first.pk),
                took_part=first.application_id in in_draw,
            )
        letter = letters[outcome, language]
        found.append(
            {
                "outcome": Outcome(outcome).label,
                "key": f"{outcome}-{language}",
                "language": LANGUAGES[language],
                "code": language,
                "count": len(rows),
                "letter": letter.filled(values),
                "name": name_of(first.application),
            }
        )
    return found


def _order(outcome: str, language: str) -> tuple[int, int]:
    return list(Outcome.values).index(outcome), list(LANGUAGES).index(language)
