"""Minutes, decisions and files."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from .. import queries
from ..forms import DecisionForm, FileForm, TextForm
from ..minutes_pdf import minutes_pdf
from ..models import ItemState, Meeting
from ..operations import minutes
from .fetching import about, attended, organised, the_decision, the_file, the_item


def _to_minutes(meeting: Meeting) -> HttpResponse:
    return redirect(f"{meeting.get_absolute_url()}#minutes")


def _saved(form: TextForm, save: Callable[..., None], **what: Any) -> str | None:
    """Save by the operation. Returns the other's text when somebody else has saved meanwhile, else None.

    The form then carries the other's version, so that what is saved next counts.
    """
    try:
        save(html=form.cleaned_data["text"], version=form.cleaned_data["version"], now=timezone.now(), **what)
    except minutes.ChangedMeanwhile as changed:
        form.add_error(None, str(changed))
        form.data = form.data.copy()
        form.data["version"] = str(changed.version)
        return changed.theirs
    except Refused as refused:
        form.add_error(None, str(refused))
    return None


@signed_in
def write(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    form = TextForm(request.POST or None, initial={"text": meeting.minutes, "version": meeting.minutes_version})
    form.fields["text"].label = _("The meeting as a whole")
    theirs = None
    if request.method == "POST" and form.is_valid():
        theirs = _saved(form, minutes.write_minutes, meeting=meeting, by=request.user)
        if form.is_valid():
            messages.success(request, _("The minutes are saved."))
            return _to_minutes(meeting)
    context = {**about(meeting, _("Minutes")), "form": form, "theirs": theirs, "heading": _("Minutes")}
    return render(request, "meetings/write.html", context)


@signed_in
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    item = the_item(request, pk)
    form = TextForm(request.POST or None, initial={"text": item.notes, "version": item.notes_version})
    form.fields["text"].label = _("What was said")
    theirs = None
    if request.method == "POST" and form.is_valid():
        theirs = _saved(form, minutes.write_notes, item=item, by=request.user)
        if form.is_valid():
            messages.success(request, _("The minutes are saved."))
            return _to_minutes(item.meeting)
    context = {**about(item.meeting, item.title), "form": form, "theirs": theirs, "heading": item.title}
    return render(request, "meetings/write.html", context)


@signed_in
def add_decision(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    items = meeting.items.filter(state=ItemState.ACCEPTED)
    form = DecisionForm(request.POST or None, items=items, people=queries.attendance_of(meeting))
    if request.method == "POST" and form.is_valid():
        try:
            minutes.add_decision(meeting=meeting, by=request.user, now=timezone.now(), **form.decision_fields())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The decision is written down. Whoever sees to it finds it on their page."))
            return _to_minutes(meeting)
    return render(request, "meetings/decision.html", {**about(meeting, _("A decision")), "form": form})


@signed_in
@require_POST
def remove_decision(request: HttpRequest, pk: int) -> HttpResponse:
    decision = the_decision(request, pk, "meetings.may_organise")
    try:
        minutes.remove_decision(decision=decision, by=request.user, now=timezone.now())
        messages.success(request, _("The decision is taken out of the minutes."))
    except Refused as refused:
        messages.error(request, str(refused))
    return _to_minutes(decision.meeting)


@signed_in
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, or not done after all: the same button takes it back."""
    decision = the_decision(request, pk, "meetings.may_finish")
    done = request.POST.get("done") != "no"
    try:
        minutes.finish_decision(decision=decision, done=done, by=request.user, now=timezone.now())
        messages.success(request, _("Marked as done. Thank you!") if done else _("Marked as not done."))
    except Refused as refused:
        messages.error(request, str(refused))
    return _to_minutes(decision.meeting)


@signed_in
def add_file(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            minutes.add_file(meeting=meeting, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The file is there for all who may attend."))
            return redirect(f"{meeting.get_absolute_url()}#files")
    return render(request, "meetings/file.html", {**about(meeting, _("Add a file")), "form": form})


@signed_in
def remove_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks before it removes."""
    kept = the_file(request, pk)
    if request.method == "POST":
        try:
            minutes.take_file_away(kept=kept, by=request.user, now=timezone.now())
            messages.success(request, _("The file is removed."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(f"{kept.meeting.get_absolute_url()}#files")
    return render(request, "meetings/remove_file.html", {**about(kept.meeting, kept.title), "kept": kept})


@signed_in
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the whole minutes, and asks before everybody is told."""
    meeting = organised(request, pk)
    if meeting.minutes_approved_at is not None:
        return _to_minutes(meeting)
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            minutes.approve_minutes(
                meeting=meeting,
                version=int(version) if version.isascii() and version.isdigit() else -1,
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("The minutes are approved. All who were invited are told."))
        except Refused as refused:
            messages.error(request, str(refused))
        return _to_minutes(meeting)
    context = {
        **about(meeting, _("Approve the minutes")),
        "agenda": queries.agenda_of(meeting),
        "decisions": queries.decisions_of(meeting),
    }
    return render(request, "meetings/approve.html", context)


@signed_in
@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return pdf_response(attended(request, pk))


def pdf_response(meeting: Meeting) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="minutes-{meeting.pk}.pdf"'}
    return HttpResponse(minutes_pdf(meeting), content_type="application/pdf", headers=headers)
