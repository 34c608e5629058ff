"""The agenda: proposing, answering proposals, putting in order."""

from datetime import timedelta

import rules as access
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms import AgendaItemForm, ReasonForm
from ..models import AgendaItem
from ..operations import agenda
from .fetching import about, attended, the_item

PROPOSALS_AN_HOUR = 40


def _to_agenda(item: AgendaItem) -> HttpResponse:
    return redirect(f"{item.meeting.get_absolute_url()}#agenda")


@signed_in
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = attended(request, pk)
    organises = access.test_rule("meetings.may_organise", request.user, meeting)
    form = AgendaItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, hour = timezone.now(), timedelta(hours=1)
        if not allow(action="meetings.propose", account=request.user, limit=PROPOSALS_AN_HOUR, period=hour, now=now):
            return render(request, "429.html", status=429)
        try:
            item = agenda.propose(meeting=meeting, by=request.user, now=now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            said = _("Your point is proposed. We tell you when the organisers have answered.")
            messages.success(request, _("The point is on the agenda.") if organises else said)
            return _to_agenda(item)
    context = {**about(meeting, _("A point for the agenda")), "form": form, "organises": organises}
    return render(request, "meetings/item.html", context)


@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    item = the_item(request, pk, "meetings.may_change_item")
    form = AgendaItemForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        try:
            if "remove" in request.POST:
                agenda.remove_item(item=item, by=request.user, now=timezone.now())
                messages.success(request, _("The point is taken away."))
            else:
                agenda.change_item(item=item, by=request.user, now=timezone.now(), **form.cleaned_data)
                messages.success(request, _("The point is changed."))
            return _to_agenda(item)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {**about(item.meeting, item.title), "form": form, "item": item}
    return render(request, "meetings/item.html", context)


@signed_in
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    item = the_item(request, pk)
    try:
        agenda.settle(item=item, accept=True, by=request.user, now=timezone.now())
        messages.success(request, _("The point is on the agenda. Whoever proposed it is told."))
    except Refused as refused:
        messages.error(request, str(refused))
    return _to_agenda(item)


@signed_in
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    item = the_item(request, pk)
    form = ReasonForm(request.POST or None)
    form.fields["why"].help_text = _("One sentence to the one who proposed it.")
    if request.method == "POST" and form.is_valid():
        try:
            agenda.settle(item=item, accept=False, by=request.user, now=timezone.now(), why=form.cleaned_data["why"])
            messages.success(request, _("The proposal is declined. Whoever made it is told why."))
        except Refused as refused:
            messages.error(request, str(refused))
        return _to_agenda(item)
    return render(request, "meetings/decline.html", {**about(item.meeting, item.title), "form": form, "item": item})


@signed_in
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step up or down; the page comes back at the point, so that the same button can be pressed again."""
    item = the_item(request, pk)
    direction = agenda.UP if request.POST.get("direction") == agenda.UP else agenda.DOWN
    try:
        place = agenda.move_item(item=item, direction=direction, by=request.user, now=timezone.now())
        messages.success(request, _("“%(title)s” is now point %(place)d.") % {"title": item.title, "place": place})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{item.meeting.get_absolute_url()}#item-{item.pk}")
