"""A meeting's own page: all of it for those who may attend, title, time and place for others."""

from typing import Any

import rules as access
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from samkraft.ui.access import public

from .. import calendars, queries, rules
from ..models import Meeting, MeetingState
from .fetching import about, the_meeting

CALENDAR = "text/calendar; charset=utf-8"


@public
@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Not kept in the page cache: whether strangers may see it hangs on the host, whose changes it cannot name."""
    found = the_meeting(pk)
    if not _attends(request, found):
        if not queries.is_public(found):
            raise Http404("The reader may not know of this meeting.")
        return render(request, "meetings/announced.html", about(found))
    organises = access.test_rule("meetings.may_organise", request.user, found)
    return render(request, "meetings/meeting.html", {**about(found), **_shown(request, found, organises)})


def _attends(request: HttpRequest, found: Meeting) -> bool:
    return request.user.is_authenticated and access.test_rule("meetings.may_attend", request.user, found)


def _shown(request: HttpRequest, found: Meeting, organises: bool) -> dict[str, Any]:
    now = timezone.now()
    rows = queries.attendance_of(found)
    mine = [row for row in rows if row.user_id == request.user.pk]
    decisions = queries.decisions_of(found)
    can_be_called = found.state == MeetingState.PLANNED and found.starts_at > now
    open_for_answers = found.state == MeetingState.CALLED and found.ends_at > now
    return {
        "organises": organises,
        "agenda": queries.agenda_of(found),
        "can_propose": organises or found.ends_at > now,
        "agenda_open": found.state != MeetingState.CANCELLED and found.minutes_approved_at is None,
        "parties": queries.parties_of([row for row in rows if row.was_present or row.answer in {"yes", "maybe"}]),
        "coming": rules.presence([row for row in rows if row.answer == "yes"]),
        "were_there": rules.presence([row for row in rows if row.was_present]),
        "unanswered": sum(row.answer == "none" for row in rows),
        "my_rows": mine,
        "answered": any(row.answer != "none" for row in mine),
        "decisions": decisions,
        "late": queries.late_decisions(decisions, now),
        "files": queries.files_of(found),
        "can_be_called": can_be_called,
        "open_for_answers": open_for_answers,
        "can_be_cancelled": found.state in {MeetingState.PLANNED, MeetingState.CALLED},
        "can_be_held": found.state == MeetingState.CALLED and found.starts_at <= now,
        "minutes_begun": found.state == MeetingState.HELD or found.starts_at <= now or found.minutes_version > 0,
        "uninvited": queries.uninvited_count(found) if organises and open_for_answers else 0,
    }


def calendar_response(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-cache"}
    return HttpResponse(content, content_type=CALENDAR, headers=headers)


@public
@require_safe
def calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    found = the_meeting(pk)
    private = _attends(request, found)
    if not private and not queries.is_public(found):
        raise Http404("The reader may not know of this meeting.")
    return calendar_response(calendars.one_meeting(found, private=private), f"meeting-{found.pk}.ics")
