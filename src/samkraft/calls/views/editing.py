"""Editing a call part by part: what it tells, when it is, who may apply, where the draw's number comes from."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.people.models import User
from samkraft.places import facts
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.calls import AboutForm, NumberForm, WhenForm, WithReason
from ..forms.criteria import RuleForm, WhoForm
from ..models import Call, CallPart, CallState, Eligibility
from ..operations import criteria, editing
from ..queries import eligibility
from ..rules.changing import Freedom
from .fetching import organised, working_crumbs

# The steps in their order, each with the route of its page.
STEPS: tuple[tuple[CallPart, str, str | Promise], ...] = (
    (CallPart.ABOUT, "calls:edit_about", gettext_lazy("What")),
    (CallPart.WHEN, "calls:edit_when", gettext_lazy("Time to apply")),
    (CallPart.WHO, "calls:edit_who", gettext_lazy("Who may apply")),
    (CallPart.QUESTIONS, "calls:questions", gettext_lazy("Questions")),
    (CallPart.CRITERIA, "calls:criteria", gettext_lazy("Criteria")),
    (CallPart.REVIEW, "calls:edit_review", gettext_lazy("How they are reviewed")),
    (CallPart.NUMBER, "calls:edit_number", gettext_lazy("The draw's number")),
)
SAVED = gettext_lazy("Saved.")


def part_context(call: Call, part: CallPart, title: str | Promise) -> dict[str, Any]:
    """What every page of editing shows: the steps, where one is, and whether the part can be changed."""
    steps = [
        {"title": name, "url": reverse(route, args=[call.slug]), "is_now": one == part} for one, route, name in STEPS
    ]
    parts = [one for one, _route, _name in STEPS]
    after = parts.index(part) + 1
    return {
        "call": call,
        "title": title,
        "steps": steps,
        "next_url": steps[after]["url"] if after < len(steps) else reverse("calls:organise", args=[call.slug]),
        "why_not": editing.why_not(call, part),
        "is_draft": call.state == CallState.DRAFT,
        "crumbs": working_crumbs(call, str(title)),
    }


def freedom_shown(call: Call, part: CallPart) -> Freedom:
    return editing.freedom_of(call, part)


def saved(form: WithReason, act: Callable[[], object]) -> bool:
    """Whether the operation was carried out; if not, the form says why, beside the reason where that is missing."""
    try:
        act()
    except editing.NeedsReason as needs:
        form.add_error("why" if "why" in form.fields else None, str(needs))
    except Refused as refused:
        form.add_error(None, str(refused))
    return not form.errors


def edited(
    request: HttpRequest, call: Call, part: CallPart, form: WithReason, title: str | Promise, **context: Any
) -> HttpResponse:
    """A page whose form holds fields of the call."""
    shown = {**part_context(call, part, title), "form": form, **context}
    if request.method != "POST" or shown["why_not"] or not form.is_valid():
        return render(request, "calls/edit.html", shown)
    by, now = cast(User, request.user), timezone.now()
    if not saved(form, lambda: editing.change_fields(call=call, fields=form.told, why=form.why, by=by, now=now)):
        return render(request, "calls/edit.html", shown)
    messages.success(request, SAVED)
    return redirect(shown["next_url"])


def _fields(call: Call, form: type[WithReason]) -> Mapping[str, Any]:
    return {name: getattr(call, name) for name in form.base_fields}


@signed_in
def about(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    # The words are free; the number of places is a promise, and needs a reason.
    free = Freedom.FREE if call.state == CallState.DRAFT else Freedom.WORDING
    form = AboutForm(request.POST or None, kind=call.kind, initial=_fields(call, AboutForm), freedom=free)
    return edited(request, call, CallPart.ABOUT, form, _("What do you offer?"))


@signed_in
def when(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    form = WhenForm(
        request.POST or None,
        call=call,
        is_draft=call.state == CallState.DRAFT,
        freedom=freedom_shown(call, CallPart.WHEN),
    )
    can_prolong = call.state in {CallState.OPEN, CallState.CLOSED}
    return edited(request, call, CallPart.WHEN, form, _("When can one apply?"), is_when=True, can_prolong=can_prolong)


@signed_in
def number(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    free = freedom_shown(call, CallPart.NUMBER)
    form = NumberForm(request.POST or None, initial=_fields(call, NumberForm), freedom=free)
    return edited(request, call, CallPart.NUMBER, form, _("Which number decides the draw?"))


@signed_in
def who(request: HttpRequest, slug: str) -> HttpResponse:
    """Who applies, and the rules over what is known of their municipality."""
    call = organised(request, slug)
    form = WhoForm(
        request.POST or None, initial={"applicants": call.applicants}, freedom=freedom_shown(call, CallPart.WHO)
    )
    rules = [(rule, eligibility.in_words(rule, call)) for rule in call.eligibility.all()]
    offered = [(fact.key, fact.label) for fact in facts.registered()]
    return edited(request, call, CallPart.WHO, form, _("Who may apply?"), rules=rules, offered=offered, is_who=True)


@signed_in
def add_rule(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    call = organised(request, slug)
    try:
        fact = facts.named(key)
    except KeyError as error:
        raise Http404("Nobody knows such a fact.") from error
    free = freedom_shown(call, CallPart.WHO)
    form = RuleForm(request.POST or None, fact=fact, country=call.country, freedom=free)
    context = {**part_context(call, CallPart.WHO, _("Add a rule")), "form": form, "fact": fact}
    if request.method == "POST" and not context["why_not"] and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        add = {**form.told, "fact": key, "why": form.why, "by": by, "now": now}
        if saved(form, lambda: criteria.add_rule(call=call, **add)):
            messages.success(request, _("The rule is added. It is checked while somebody fills in the form."))
            return redirect("calls:edit_who", slug=slug)
    return render(request, "calls/edit_rule.html", context)


@signed_in
def remove_rule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    rule = get_object_or_404(Eligibility.objects.select_related("call"), call=call, pk=pk)
    what = eligibility.in_words(rule, call)
    return removed(
        request,
        call,
        CallPart.WHO,
        lambda **fields: criteria.remove_rule(rule=rule, **fields),
        title=_("Take the rule away?"),
        what=what,
        back="calls:edit_who",
    )


def removed(
    request: HttpRequest,
    call: Call,
    part: CallPart,
    act: Callable[..., object],
    *,
    title: str,
    what: str,
    back: str,
    button: str = "",
) -> HttpResponse:
    """Ask before something of a call is taken away (or, with other words, added), with a reason where one is needed."""
    form = WithReason(request.POST if request.method == "POST" else None, freedom=freedom_shown(call, part))
    context = {**part_context(call, part, title), "form": form, "what": what, "button": button}
    context["back_url"] = reverse(back, args=[call.slug])
    if request.method == "POST" and not context["why_not"] and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        if saved(form, lambda: act(why=form.why, by=by, now=now)):
            messages.success(request, SAVED)
            return redirect(context["back_url"])
    return render(request, "calls/edit_remove.html", context)
