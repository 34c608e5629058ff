"""The organisers' overview of a call: where it stands, what to do now, and the steps that they take."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.calls import DeadlineForm, ReasonForm
from ..models import ApplicationState, Call, CallState
from ..operations import publishing
from ..queries import calls as queries
from ..queries import checklist
from ..queries.checklist import is_coming
from ..queries.kind_words import places_in_words
from ..queries.story import story
from ..rules import windows
from .fetching import organised, working_crumbs

MOST_OF_STORY = 60
_COUNTED = (
    (ApplicationState.SUBMITTED, gettext_lazy("sent in")),
    (ApplicationState.DRAFT, gettext_lazy("begun and not sent in")),
    (ApplicationState.WITHDRAWN, pgettext_lazy("of an application", "withdrawn")),
    (ApplicationState.EXCLUDED, gettext_lazy("not taken up")),
)
# The steps of this page in each state; those that ask for something first have a page of their own.
_STEPS: dict[str, tuple[str, ...]] = {
    CallState.DRAFT: ("publish",),
    CallState.OPEN: ("prolong", "close", "take_back", "cancel"),
    CallState.CLOSED: ("prolong", "cancel"),
    CallState.IN_REVIEW: ("cancel",),
    CallState.ANNOUNCED: ("archive",),
}


@signed_in
@require_safe
def organise(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    now = timezone.now()
    counts = queries.counts_by_state(call)
    points = checklist.points_of(call)
    context = {
        "call": call,
        "organiser": queries.organiser_of(call),
        "state": _state(call, now),
        "is_coming": is_coming(call, now),
        "next": checklist.next_of(call, now),
        "points": points,
        "left_to_do": sum(point.needed and not point.is_done for point in points),
        "counts": [(counts[state], words) for state, words in _COUNTED if counts.get(state)],
        "time": _time(call, now),
        "steps": _steps(call, counts, now),
        "unfinished": counts.get(ApplicationState.DRAFT, 0),
        "places": places_in_words(call),
        "story": story(call)[:MOST_OF_STORY],
        "crumbs": working_crumbs(call, _("Overview")),
    }
    return render(request, "calls/organise.html", context)


def _time(call: Call, now: datetime) -> str:
    """Where the call's time stands, in words; empty without any."""
    if call.opens_at is None or call.closes_at is None:
        return ""
    if call.state == CallState.OPEN and call.opens_at > now:
        opens = windows.opens_in_words(call.opens_at, now, call.time_zone)
        return f"{opens}: {windows.window_in_words(call.opens_at, call.closes_at, call.time_zone)}"
    if call.state == CallState.OPEN:
        return windows.until_in_words(call.closes_at, now, call.time_zone)
    return windows.window_in_words(call.opens_at, call.closes_at, call.time_zone)


def _state(call: Call, now: datetime) -> str:
    if is_coming(call, now) and call.opens_at is not None:
        opens = windows.moment_in_words(call.opens_at, call.time_zone)
        return _("Published, opens %(moment)s") % {"moment": opens}
    return capfirst(call.get_state_display())


def _steps(call: Call, counts: dict[str, int], now: datetime) -> set[str]:
    """What can be done now: an open call is only closed early while nobody has an unfinished application."""
    steps = set(_STEPS.get(call.state, ()))
    if counts:
        steps -= {"take_back"}
    if counts.get(ApplicationState.DRAFT) or is_coming(call, now):
        steps -= {"close"}
    return steps


Step = Callable[..., Call]


def _post(request: HttpRequest, slug: str, step: Step, receipt: str | Promise) -> HttpResponse:
    """Take a step that asks for nothing, and say what happens next."""
    call = organised(request, slug)
    try:
        step(call=call, by=cast(User, request.user), now=timezone.now())
        messages.success(request, str(receipt))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("calls:organise", slug=slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks once, with what cannot be changed any more from then on."""
    if request.method != "POST":
        call = _in_step(request, slug, "publish")
        if checklist.missing(call, timezone.now()):
            return redirect("calls:organise", slug=slug)
        context = {"call": call, "places": places_in_words(call), "window": _time(call, timezone.now())}
        return render(request, "calls/publish.html", {**context, "crumbs": working_crumbs(call, _("Publish the call"))})
    said = gettext_lazy("The call is published. It takes applications from the time at which it opens.")
    return _post(request, slug, publishing.publish, said)


@signed_in
@require_POST
def take_back(request: HttpRequest, slug: str) -> HttpResponse:
    said = gettext_lazy("The call is a draft again. Nobody but you who organise it sees it.")
    return _post(request, slug, publishing.take_back, said)


@signed_in
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    return _post(request, slug, publishing.archive, gettext_lazy("The call is laid aside. Its page stays."))


def _asked(
    request: HttpRequest, call: Call, form: forms.Form, act: Callable[[], Call], receipt: str, template: str, title: str
) -> HttpResponse:
    """Take a step that asks for a reason first."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, receipt)
            return redirect("calls:organise", slug=call.slug)
    return render(request, template, {"call": call, "form": form, "crumbs": working_crumbs(call, title)})


def _in_step(request: HttpRequest, slug: str, step: str) -> Call:
    call = organised(request, slug)
    if step not in _STEPS.get(call.state, ()):
        raise Http404("There is no such step from here.")
    return call


@signed_in
def prolong(request: HttpRequest, slug: str) -> HttpResponse:
    call = _in_step(request, slug, "prolong")
    form = DeadlineForm(request.POST or None, call=call)
    by, now = cast(User, request.user), timezone.now()
    return _asked(
        request,
        call,
        form,
        lambda: publishing.prolong(call=call, closes_at=form.closes_at, why=form.cleaned_data["why"], by=by, now=now),
        _("The deadline is changed. Those who have begun an application get a mail about it."),
        "calls/prolong.html",
        _("Change the deadline"),
    )


@signed_in
def close(request: HttpRequest, slug: str) -> HttpResponse:
    call = _in_step(request, slug, "close")
    unfinished = queries.unfinished(call).count()
    if request.method != "POST" and unfinished:
        crumbs = working_crumbs(call, _("Close the call now"))
        return render(request, "calls/close.html", {"call": call, "unfinished": unfinished, "crumbs": crumbs})
    form = ReasonForm(request.POST or None)
    by, now = cast(User, request.user), timezone.now()
    return _asked(
        request,
        call,
        form,
        lambda: publishing.close_now(call=call, why=form.cleaned_data["why"], by=by, now=now),
        _("The call is closed. It takes no more applications."),
        "calls/close.html",
        _("Close the call now"),
    )


@signed_in
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    call = _in_step(request, slug, "cancel")
    form = ReasonForm(request.POST or None)
    by, now = cast(User, request.user), timezone.now()
    return _asked(
        request,
        call,
        form,
        lambda: publishing.cancel(call=call, why=form.cleaned_data["why"], by=by, now=now),
        _("The call is cancelled. All who have applied get a mail about it."),
        "calls/cancel.html",
        _("Cancel the call"),
    )
