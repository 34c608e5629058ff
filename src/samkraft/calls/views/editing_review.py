"""How applications are reviewed: what reviewers see, and the scales on which they judge."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.ui.access import signed_in

from ..forms.criteria import ReviewForm, ScaleForm
from ..models import Call, CallPart, Scale
from ..operations import criteria as operations
from .editing import edited, freedom_shown, part_context, removed, saved
from .fetching import organised

PART = CallPart.REVIEW


@signed_in
def review(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    initial = {name: getattr(call, name) for name in ReviewForm.base_fields}
    form = ReviewForm(request.POST or None, initial=initial, freedom=freedom_shown(call, PART))
    scales = list(call.scales.all())
    return edited(request, call, PART, form, _("How are applications reviewed?"), scales=scales, is_review=True)


def _saved(request: HttpRequest, call: Call, scale: Scale | None, title: str) -> HttpResponse:
    form = ScaleForm(request.POST or None, scale=scale, freedom=freedom_shown(call, PART))
    context = {**part_context(call, PART, title), "form": form, "scale": scale}
    if request.method == "POST" and not context["why_not"] and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        told = {"call": call, "scale": scale, "fields": form.told, "why": form.why, "by": by, "now": now}
        if saved(form, lambda: operations.save_scale(**told)):
            messages.success(request, _("The scale is saved."))
            return redirect("calls:edit_review", slug=call.slug)
    return render(request, "calls/scale.html", context)


@signed_in
def add_scale(request: HttpRequest, slug: str) -> HttpResponse:
    return _saved(request, organised(request, slug), None, _("Add a scale"))


@signed_in
def change_scale(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    return _saved(request, call, get_object_or_404(Scale, call=call, pk=pk), _("Change the scale"))


@signed_in
def remove_scale(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    scale = get_object_or_404(Scale.objects.select_related("call"), call=call, pk=pk)
    return removed(
        request,
        call,
        PART,
        lambda **fields: operations.remove_scale(scale=scale, **fields),
        title=_("Take the scale away?"),
        what=scale.label,
        back="calls:edit_review",
    )
