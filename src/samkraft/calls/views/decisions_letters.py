"""The letters of a call: ours or the organiser's, for each outcome and language, looked at with a real applicant."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.decisions import LetterForm
from ..models import TOLD_STATES, Application, Call, Outcome
from ..operations import letters as operations
from ..queries.decisions_letters import LANGUAGES, Wording, values_for, wordings
from ..rules.decisions import answer_by
from ..rules.letters import PLACEHOLDERS, filled
from .fetching import organised, working_crumbs


@signed_in
@require_safe
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    known = wordings(call)
    kinds = [
        {
            "outcome": outcome.label,
            "letters": [
                {
                    "key": f"{outcome.value}-{code}",
                    "code": code,
                    "language": name,
                    "wording": known[outcome.value, code],
                    "subject": filled(known[outcome.value, code].subject, {"call": call.title}),
                }
                for code, name in LANGUAGES.items()
            ],
        }
        for outcome in Outcome
    ]
    context = {
        "call": call,
        "kinds": kinds,
        "is_told": call.state in TOLD_STATES,
        "crumbs": working_crumbs(call, _("Letters")),
    }
    return render(request, "calls/letters.html", context)


@signed_in
def letter(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Write one letter, look at it, keep it, or go back to ours."""
    call = organised(request, slug)
    outcome, _dash, language = key.partition("-")
    if outcome not in Outcome.values or language not in LANGUAGES:
        raise Http404("There is no such letter.")
    if request.method == "POST" and "ours" in request.POST:
        operations.use_ours(call=call, outcome=outcome, language=language)
        messages.success(request, _("Our own wording is used for this letter now."))
        return redirect("calls:letters", slug=call.slug)
    now_used = wordings(call)[outcome, language]
    initial = {"subject": now_used.subject, "text": now_used.text}
    form = LetterForm(request.POST or None, initial=initial, outcome=outcome, can_fill_in=_can_fill_in(outcome))
    shown = now_used
    if request.method == "POST" and form.is_valid():
        shown = Wording(**form.cleaned_data)
        if "keep" in request.POST:
            try:
                operations.write(call=call, outcome=outcome, language=language, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Your letter is kept. It is sent when the decisions are announced."))
                return redirect("calls:letters", slug=call.slug)
    context = {
        "call": call,
        "form": form,
        "outcome": Outcome(outcome).label,
        "code": language,
        "language_name": LANGUAGES[language],
        "is_own": now_used.is_own,
        **_preview(call, outcome, language, shown),
        "crumbs": working_crumbs(call, _("Letters")),
    }
    return render(request, "calls/letter.html", context)


def _can_fill_in(outcome: str) -> str:
    words = {
        "name": _("{name}: the applicant's name"),
        "call": _("{call}: the call's title"),
        "organiser": _("{organiser}: who organises it"),
        "answer_by": _("{answer_by}: the last time to answer"),
        "position": _("{position}: the number on the waiting list"),
        "reason": _("{reason}: a sentence that says whether the draw or the points decided"),
    }
    known = "; ".join(words[name] for name in PLACEHOLDERS[Outcome(outcome)])
    return _("What stands in braces is filled in for each reader. %(known)s. The link to answer by is added below.") % {
        "known": known
    }


def _preview(call: Call, outcome: str, language: str, wording: Wording) -> dict[str, Any]:
    """The letter as an applicant of the call would read it, if possible one who gets just this letter."""
    reader = _reader(call, outcome, language)
    due = answer_by(timezone.now(), call.answer_days, call.time_zone) if outcome == Outcome.PLACE else None
    with override(language):
        values = values_for(call, reader, answer_by=due, position=1 if outcome == Outcome.WAITLIST else None)
    return {"preview": wording.filled(values), "reader": reader.name}


def _reader(call: Call, outcome: str, language: str) -> Application:
    rows = Application.objects.real().in_call(call).submitted().filter(erased_at=None).exclude(name="")
    exact = rows.filter(decision__outcome=outcome, language=language).first()
    return exact or rows.filter(language=language).first() or rows.first() or Application(name=_("Kim Andersson"))
