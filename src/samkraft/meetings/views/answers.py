"""Answering an invitation: signed in, or by the signed link of the mail."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.records.addresses import client_address
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import public, signed_in

from .. import links, queries
from ..forms import AnswerForm
from ..models import Attendance, Meeting, MeetingState
from ..operations import invitations
from . import minutes
from .fetching import about, attended

ANSWERS_AN_HOUR = 60


def _by_token(token: str) -> Attendance:
    """The invitation of a link that we made. A guessed one, or one of an invitation that is gone, is not found."""
    rows = Attendance.objects.select_related("meeting", "user")
    row = get_object_or_404(rows, pk=links.attendance_of(token) or 0)
    if row.meeting.host is None or row.invited_at is None or (row.user is not None and not row.user.is_active):
        raise Http404("This invitation is gone.")
    return row


def _no_index(response: HttpResponse) -> HttpResponse:
    """A page that a secret address leads to is neither kept nor found, and does not tell its address on.

    That no other site learns the address is the whole site's policy. A stricter one would take the sender's name from
    this page's own form, which is then refused.
    """
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@public
def answer(request: HttpRequest, token: str) -> HttpResponse:
    row = _by_token(token)
    meeting, now = row.meeting, timezone.now()
    rows = invitations.rows_of(row)
    form = AnswerForm(request.POST or None, rows=rows)
    is_open = meeting.state == MeetingState.CALLED and meeting.ends_at > now
    if request.method == "POST" and is_open and form.is_valid():
        address, hour = client_address(request), timedelta(hours=1)
        if not allow(action="meetings.answer", address=address, limit=ANSWERS_AN_HOUR, period=hour, now=now):
            return render(request, "429.html", status=429)
        if _kept(meeting, rows, form):
            messages.success(request, _receipt(form))
            return redirect("meetings:answer", token=token)
    # No crumbs: this page is for somebody who may be signed in or not, and leads nowhere that asks for it.
    context = {
        **about(meeting),
        "crumbs": [],
        "form": form,
        "rows": rows,
        "is_open": is_open,
        "answered": rows[0].answered_at is not None,
        "agenda": queries.agenda_of(meeting),
        "token": token,
    }
    return _no_index(render(request, "meetings/answer.html", context))


def _kept(meeting: Meeting, rows: list[Attendance], form: AnswerForm) -> bool:
    try:
        invitations.answer(meeting=meeting, rows=rows, now=timezone.now(), **form.answer_fields())
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _receipt(form: AnswerForm) -> str:
    fields = form.answer_fields()
    if fields["instead_email"]:
        return _("Thank you. We have sent an invitation to %(name)s.") % {"name": fields["instead_name"]}
    if fields["answer"] == "no":
        return _("Thank you for telling us. You can change your answer until the meeting is over.")
    return _("Thank you. We remind you before the meeting. You can change your answer until it is over.")


@signed_in
def answer_signed_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for somebody who is signed in, also one who joined after the meeting was called."""
    meeting = attended(request, pk)
    now = timezone.now()
    if meeting.state != MeetingState.CALLED or meeting.ends_at <= now:
        return redirect(meeting)
    rows_of = invitations.rows_for if request.method == "POST" else invitations.possible_rows
    rows = rows_of(meeting=meeting, user=request.user, now=now)
    form = AnswerForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        hour = timedelta(hours=1)
        if not allow(action="meetings.answer", account=request.user, limit=ANSWERS_AN_HOUR, period=hour, now=now):
            return render(request, "429.html", status=429)
        if _kept(meeting, rows, form):
            messages.success(request, _receipt(form))
            return redirect(meeting)
    context = {**about(meeting, _("Your answer")), "form": form, "rows": rows, "is_open": True}
    return render(request, "meetings/answer_signed_in.html", context)


@public
@require_safe
def approved_minutes(request: HttpRequest, token: str) -> HttpResponse:
    """The approved minutes for somebody who was invited and has no account."""
    meeting = _by_token(token).meeting
    if meeting.minutes_approved_at is None:
        raise Http404("These minutes are not approved yet.")
    return _no_index(minutes.pdf_response(meeting))
