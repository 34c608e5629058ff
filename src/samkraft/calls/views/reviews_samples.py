"""Samples, for those who run the call: written or copied without names, and how differently they are judged."""

from typing import cast

import rules
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.reviews import SampleForm
from ..models import Application, Call
from ..operations import reviews_samples as operations
from ..queries import agreement, reviews_samples
from ..queries import reviews as queries
from .fetching import organised
from .reviews import below_reviews


@signed_in
@require_safe
def samples(request: HttpRequest, slug: str) -> HttpResponse:
    """Each sample with the points of all who have judged it beside each other."""
    call = organised(request, slug)
    compared = agreement.samples_compared(call)
    context = {
        "call": call,
        "samples": compared,
        "may_make": len(compared) < operations.MOST and queries.is_open(call, samples=True),
        "may_remove": queries.is_open(call, samples=True),
        "crumbs": below_reviews(call, _("Samples")),
    }
    return render(request, "calls/samples.html", context)


@signed_in
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a sample, or begin with an application from which names and places are taken out."""
    call = organised(request, slug)
    begun_with = _begun_with(request, call)
    questions = list(call.questions.all())
    form = SampleForm(request.POST or None, questions=questions, initial=SampleForm.begun_with(begun_with))
    if request.method == "POST" and form.is_valid():
        try:
            operations.make_sample(call=call, answers=form.answers(), by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The sample is saved. Each reviewer judges it before the applications."))
            return redirect("calls:samples", slug=slug)
    way = below_reviews(call, _("Samples"), _("Make a sample"))
    way[3]["url"] = reverse("calls:samples", args=[call.slug])
    context = {
        "call": call,
        "form": form,
        "is_copied": bool(begun_with),
        "can_be_copied": [] if request.method == "POST" else _to_copy(request, call),
        "crumbs": way,
    }
    return render(request, "calls/sample_new.html", context)


def _calls(request: HttpRequest, call: Call) -> list[Call]:
    """This call, and the one that it was copied from where the reader runs that too."""
    earlier = call.copied_from
    may = earlier is not None and rules.test_rule("calls.organises", request.user, earlier)
    return [call, earlier] if may and earlier is not None else [call]


def _to_copy(request: HttpRequest, call: Call) -> list[Application]:
    return reviews_samples.to_copy(_calls(request, call))


def _begun_with(request: HttpRequest, call: Call) -> dict[int, str]:
    """The answers of the application that is asked for in the address, without what tells who wrote it."""
    chosen = request.GET.get("from", "")
    if request.method == "POST" or not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 18):
        return {}
    rows = reviews_samples.copied_from(_calls(request, call))
    return reviews_samples.anonymised(get_object_or_404(rows, pk=int(chosen)), call)


@signed_in
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks first: what the reviewers have said of it goes too."""
    call = organised(request, slug)
    sample = get_object_or_404(Application.objects.in_call(call).filter(is_sample=True), pk=pk)
    if request.method == "POST":
        try:
            operations.remove_sample(sample=sample, by=cast(User, request.user))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The sample is removed."))
        return redirect("calls:samples", slug=slug)
    context = {"call": call, "sample": sample, "crumbs": below_reviews(call, _("Samples"))}
    return render(request, "calls/sample_remove.html", context)
