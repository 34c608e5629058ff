"""Changing, calling and cancelling a meeting, for its organisers."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from .. import rules
from ..forms import MeetingForm, ReasonForm
from ..models import Meeting, MeetingState
from ..operations import planning
from ..telling import country_of
from .fetching import about, organised

CALLINGS_AN_HOUR = 30


def may_tell_all(user: Any, now: datetime) -> bool:
    """Whether the person may mail everybody once more this hour: each time is a mail to many."""
    return allow(action="meetings.tell_all", account=user, limit=CALLINGS_AN_HOUR, period=timedelta(hours=1), now=now)


def told_text(count: int) -> str:
    return ngettext("%(count)d person is invited by mail.", "%(count)d people are invited by mail.", count) % {
        "count": count
    }


@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    zone = rules.zone_of(country_of(meeting))
    form = MeetingForm(request.POST or None, instance=meeting, zone=zone)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if not may_tell_all(request.user, now):
            return render(request, "429.html", status=429)
        try:
            told = planning.change(
                meeting=meeting,
                by=request.user,
                now=now,
                seen=_moment(form.cleaned_data["seen"]) or meeting.changed_at,
                **form.meeting_fields(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            said = _("The meeting is changed.")
            if told:
                said = _("The meeting is changed. All who have not declined are told by mail.")
            messages.success(request, said)
            return redirect(meeting)
    return render(request, "meetings/change.html", {**about(meeting, _("Change the meeting")), "form": form})


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


@signed_in
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks before it mails everybody."""
    meeting = organised(request, pk)
    if request.method == "POST":
        now = timezone.now()
        if not may_tell_all(request.user, now):
            return render(request, "429.html", status=429)
        try:
            invited = planning.call(meeting=meeting, by=request.user, now=now)
            messages.success(request, _("The meeting is called.") + " " + told_text(invited))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(meeting)
    if meeting.state != MeetingState.PLANNED:
        return redirect(meeting)
    return render(request, "meetings/call.html", about(meeting, _("Call the meeting")))


@signed_in
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    now = timezone.now()
    if not may_tell_all(request.user, now):
        return render(request, "429.html", status=429)
    try:
        messages.success(request, told_text(planning.invite_newcomers(meeting=meeting, by=request.user, now=now)))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(meeting)


@signed_in
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    if meeting.state not in {MeetingState.PLANNED, MeetingState.CALLED}:
        return redirect(meeting)
    form = ReasonForm(request.POST or None)
    rest = _rest_of_series(meeting)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if not may_tell_all(request.user, now):
            return render(request, "429.html", status=429)
        try:
            _cancel(request, meeting, rest, form.cleaned_data["why"], now)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(meeting)
    return render(
        request, "meetings/cancel.html", {**about(meeting, _("Cancel the meeting")), "form": form, "rest": rest}
    )


def _rest_of_series(meeting: Meeting) -> list[Meeting]:
    """The meetings of the same series from this one on that can still be cancelled."""
    if meeting.series is None:
        return []
    rows = Meeting.objects.filter(series=meeting.series, starts_at__gte=meeting.starts_at)
    return list(rows.filter(state__in=[MeetingState.PLANNED, MeetingState.CALLED]))


def _cancel(request: HttpRequest, meeting: Meeting, rest: list[Meeting], why: str, now: datetime) -> None:
    if request.POST.get("what") == "rest" and meeting.series is not None and len(rest) > 1:
        count = planning.cancel_rest(series=meeting.series, meetings=rest, by=request.user, now=now, why=why)
        said = ngettext("%(count)d meeting is cancelled.", "%(count)d meetings are cancelled.", count)
        messages.success(request, said % {"count": count})
        return
    planning.cancel(meeting=meeting, by=request.user, now=now, why=why)
    if meeting.called_at is None:
        messages.success(request, _("The meeting is cancelled. Nobody had been invited."))
    else:
        messages.success(request, _("The meeting is cancelled. All who have not declined are told by mail."))


@signed_in
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    try:
        planning.hold(meeting=meeting, by=request.user, now=timezone.now())
        messages.success(request, _("The meeting was held. Now tick who was there, and write the minutes."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(meeting)
