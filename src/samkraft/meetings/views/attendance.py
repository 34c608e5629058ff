"""Who comes and who was there, for organisers."""

from datetime import UTC

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.records.refusals import Refused
from samkraft.ui import spreadsheets
from samkraft.ui.access import signed_in

from .. import queries, rules
from ..forms import PresentForm
from ..models import Meeting
from ..operations import attendance
from .fetching import about, organised

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _numbers(values: list[str]) -> set[int]:
    return {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19}


@signed_in
def people(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    if request.method == "POST":
        present, was = (_numbers(request.POST.getlist(name)) for name in ("present", "was"))
        try:
            attendance.note_presence(meeting=meeting, present=present, was=was, by=request.user, now=timezone.now())
            messages.success(request, _("We have noted who was there."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("meetings:people", pk=meeting.pk)
    rows = queries.attendance_of(meeting)
    context = {
        **about(meeting, _("Who comes and who was there")),
        "parties": queries.parties_of(rows),
        "coming": rules.presence([row for row in rows if row.answer == "yes"]),
        "were_there": rules.presence([row for row in rows if row.was_present]),
        "can_tick": meeting.state in {"called", "held"} and meeting.minutes_approved_at is None,
    }
    return render(request, "meetings/people.html", context)


@signed_in
def add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    form = PresentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            attendance.add_present(meeting=meeting, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s is noted as present.") % {"name": form.cleaned_data["name"]})
            return redirect("meetings:people", pk=meeting.pk)
    return render(request, "meetings/add_present.html", {**about(meeting, _("Add somebody who came")), "form": form})


def _table(meeting: Meeting) -> tuple[list[str], list[list[str]]]:
    headings = [_("For"), _("Name"), _("Can decide"), _("Answer"), _("Answered"), _("Was there")]
    words = {True: _("yes"), False: _("no")}
    rows = [
        [
            row.party_name,
            row.shown_name,
            words[row.is_decision_maker],
            row.get_answer_display(),
            row.answered_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if row.answered_at else "",
            words[row.was_present],
        ]
        for row in queries.attendance_of(meeting)
    ]
    return headings, rows


@signed_in
@require_safe
def as_csv(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    # The mark at the beginning tells spreadsheet programs that it is UTF-8.
    text = spreadsheets.csv_text(*_table(meeting))
    text = text if text.startswith("\ufeff") else "\ufeff" + text
    return _download(text.encode(), "text/csv; charset=utf-8", f"attendance-{meeting.pk}.csv")


@signed_in
@require_safe
def as_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    content = spreadsheets.workbook(meeting.title, *_table(meeting))
    return _download(content, XLSX, f"attendance-{meeting.pk}.xlsx")


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
