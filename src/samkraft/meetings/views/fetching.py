"""Fetching with access: what is not the reader's is answered exactly as what does not exist."""

from typing import Any

import rules as access
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from .. import rules
from ..hosts import hosting_of
from ..models import AgendaItem, Meeting, MeetingDecision, MeetingFile
from ..telling import country_of


def the_meeting(pk: int) -> Meeting:
    meeting = get_object_or_404(Meeting.objects.select_related("series"), pk=pk)
    if meeting.host is None:
        raise Http404("The host of this meeting is gone.")
    return meeting


def attended(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, for those who may attend it or organise it."""
    return _checked(request, "meetings.may_attend", the_meeting(pk))


def organised(request: HttpRequest, pk: int) -> Meeting:
    return _checked(request, "meetings.may_organise", the_meeting(pk))


def _checked(request: HttpRequest, rule: str, meeting: Meeting) -> Meeting:
    if not access.test_rule(rule, request.user, meeting):
        raise Http404("The reader has no part in this meeting.")
    return meeting


def the_item(request: HttpRequest, pk: int, rule: str = "meetings.may_organise") -> AgendaItem:
    """A point of the agenda, for those for whom the rule of meetings, or of points, holds."""
    item = get_object_or_404(AgendaItem.objects.select_related("meeting", "proposed_by"), pk=pk)
    subject = item if rule == "meetings.may_change_item" else item.meeting
    if item.meeting.host is None or not access.test_rule(rule, request.user, subject):
        raise Http404("The reader has no say in this point.")
    return item


def the_decision(request: HttpRequest, pk: int, rule: str) -> MeetingDecision:
    decision = get_object_or_404(MeetingDecision.objects.select_related("meeting"), pk=pk)
    subject = decision if rule == "meetings.may_finish" else decision.meeting
    if not access.test_rule(rule, request.user, subject):
        raise Http404("The reader has no say in this decision.")
    return decision


def the_file(request: HttpRequest, pk: int) -> MeetingFile:
    kept = get_object_or_404(MeetingFile.objects.select_related("meeting", "file"), pk=pk)
    if not access.test_rule("meetings.may_organise", request.user, kept.meeting):
        raise Http404("The reader has no say in this file.")
    return kept


def about(meeting: Meeting, title: Any = None) -> dict[str, Any]:
    """What every page about a meeting shows: where one is, and times in the host's zone."""
    crumbs = [*hosting_of(meeting.host).crumbs(meeting.host)]
    if title is None:
        crumbs.append({"title": meeting.title, "url": ""})
    else:
        crumbs += [{"title": meeting.title, "url": meeting.get_absolute_url()}, {"title": title, "url": ""}]
    return {
        "meeting": meeting,
        "host": meeting.host,
        "zone": str(rules.zone_of(country_of(meeting))),
        "crumbs": crumbs,
    }
