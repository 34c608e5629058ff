"""Planning meetings, one or a series, and moving them on: called, held, cancelled."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import rules as access
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused

from .. import rules, telling
from ..hosts import hosting_of
from ..models import MEETING, Attendance, Meeting, MeetingSeries, MeetingState
from .invitations import invite_all

# What people who are invited have to hear of when it changes.
TOLD_FIELDS = ("starts_at", "ends_at", "place", "video_url")
FIELDS = ("title", "description", *TOLD_FIELDS)


def _changed(meeting: Meeting) -> None:
    hosting_of(meeting.host).changed(meeting.host)


def _new_uid() -> str:
    return f"{uuid.uuid4()}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def _created(host: models.Model, by: Any, now: datetime, series: MeetingSeries | None, **fields: Any) -> Meeting:
    try:
        with transaction.atomic():
            return Meeting.objects.create(
                host_type=ContentType.objects.get_for_model(host),
                host_id=host.pk,
                series=series,
                uid=_new_uid(),
                created_by=by,
                created_at=now,
                changed_at=now,
                **fields,
            )
    except IntegrityError as error:
        raise Refused(_("A meeting has to end after it begins.")) from error


def _check_organiser(host: models.Model, by: Any) -> None:
    if not hosting_of(host).may_organise(host, by):
        raise Refused(_("Only the organisers can plan meetings."))


@transaction.atomic
def plan(*, host: models.Model, by: Any, now: datetime, **fields: Any) -> Meeting:
    """Plan one meeting. `fields` are title, starts_at, ends_at and, if known, place, video_url, description."""
    _check_organiser(host, by)
    meeting = _created(host, by, now, None, **fields)
    _changed(meeting)
    return meeting


@transaction.atomic
def plan_series(
    *,
    host: models.Model,
    rhythm: str,
    by: Any,
    now: datetime,
    how_many: int | None = None,
    until: date | None = None,
    **fields: Any,
) -> list[Meeting]:
    """Plan meetings that come back at the same time of the day. Each can be changed or cancelled alone.

    `fields` are those of the first. Raises Refused when the series would hold one meeting only.
    """
    _check_organiser(host, by)
    zone = rules.zone_of(hosting_of(host).country(host))
    starts, ends = fields.pop("starts_at").astimezone(zone), fields.pop("ends_at")
    days = rules.dates_of_series(starts.date(), rhythm, how_many=how_many, until=until)
    if len(days) < 2:
        raise Refused(_("That would be one meeting only. Choose a later last day, more meetings or no series."))
    series = MeetingSeries.objects.create(
        host_type=ContentType.objects.get_for_model(host),
        host_id=host.pk,
        title=fields["title"],
        rhythm=rhythm,
        created_by=by,
        created_at=now,
    )
    meetings = []
    for day in days:
        try:
            begins = rules.moment(day, starts.time(), zone)
        except rules.NoSuchTime as error:
            raise Refused(_("The clock is put forward in that hour on one of the days. Choose another.")) from error
        times = {"starts_at": begins, "ends_at": begins + (ends - starts)}
        meetings.append(_created(host, by, now, series, **fields, **times))
    _changed(meetings[0])
    return meetings


@transaction.atomic
def change(*, meeting: Meeting, by: Any, now: datetime, seen: datetime, **fields: Any) -> bool:
    """Change a meeting that is planned or called. Returns whether those invited were told.

    `seen` is `changed_at` of what the person had before them. All who have not said no are told of a new time,
    place or video link. Raises Refused when somebody has changed the meeting since.
    """
    _check_organiser(meeting.host, by)
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if current.state not in {MeetingState.PLANNED, MeetingState.CALLED}:
        raise Refused(_("A meeting that was held or cancelled is not changed any more."))
    if current.changed_at != seen:
        raise Refused(_("Somebody else has changed the meeting meanwhile. Look at it and change it again."))
    before = {name: getattr(current, name) for name in FIELDS}
    for name in FIELDS:
        setattr(current, name, fields.get(name, before[name]))
    if all(getattr(current, name) == before[name] for name in FIELDS):
        return False
    _check_can_be_found(current)
    to_tell = current.state == MeetingState.CALLED and any(getattr(current, n) != before[n] for n in TOLD_FIELDS)
    current.sequence += 1
    current.changed_at = now
    try:
        with transaction.atomic():
            current.save()
    except IntegrityError as error:
        raise Refused(_("A meeting has to end after it begins.")) from error
    if to_tell:
        _tell_of_change(current, before, now)
    _changed(current)
    return to_tell


def _check_can_be_found(meeting: Meeting) -> None:
    if meeting.state == MeetingState.CALLED and not (meeting.place or meeting.video_url):
        raise Refused(_("Say where the meeting is: a place, a video link, or both."))


def _tell_of_change(meeting: Meeting, before: dict[str, Any], now: datetime) -> None:
    rows = Attendance.objects.filter(meeting=meeting).not_refused().select_related("user")
    telling.tell_all(
        rows,
        meeting=meeting,
        kind="meetings.invitation",
        subject=_("Changed: {meeting}, {host}"),
        template="meetings/mail/changed.txt",
        now=now,
        key=f"meeting changed {meeting.sequence}",
        before=before,
    )
    # A new time is a new matter to be reminded of.
    moved = {"reminded_days": None} if before["starts_at"] != meeting.starts_at else {}
    rows.update(told_at=now, **moved)


@transaction.atomic
def call(*, meeting: Meeting, by: Any, now: datetime) -> int:
    """Call a planned meeting and invite everybody. Returns how many people were invited.

    Raises Refused when it lies in the past or nobody could find it, and IllegalMove when somebody was quicker.
    """
    if meeting.starts_at <= now:
        raise Refused(_("This meeting lies in the past. Give it a new time first."))
    if not (meeting.place or meeting.video_url):
        raise Refused(_("Say where the meeting is: a place, a video link, or both."))
    log_transition(subject=meeting, machine=MEETING, to=MeetingState.CALLED, by=by, now=now)
    Meeting.objects.filter(pk=meeting.pk).update(called_at=now, changed_at=now)
    meeting.called_at = meeting.changed_at = now
    invited = invite_all(meeting=meeting, now=now)
    _changed(meeting)
    return invited


@transaction.atomic
def invite_newcomers(*, meeting: Meeting, by: Any, now: datetime) -> int:
    """Invite those who have come to the host since the meeting was called. Returns how many people."""
    if not access.test_rule("meetings.may_organise", by, meeting):
        raise Refused(_("Only the organisers can invite to a meeting."))
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if current.state != MeetingState.CALLED or current.ends_at <= now:
        raise Refused(_("Only to a meeting that is called and lies ahead can people be invited."))
    return invite_all(meeting=current, now=now)


@transaction.atomic
def cancel(*, meeting: Meeting, by: Any, now: datetime, why: str) -> None:
    """Cancel a meeting. If it was called, all who have not said no are told, with the reason."""
    log_transition(subject=meeting, machine=MEETING, to=MeetingState.CANCELLED, by=by, now=now, why=why)
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_why=why, changed_at=now, sequence=models.F("sequence") + 1)
    meeting.refresh_from_db()
    if meeting.called_at is not None:
        telling.tell_all(
            Attendance.objects.filter(meeting=meeting).not_refused().select_related("user"),
            meeting=meeting,
            kind="meetings.invitation",
            subject=_("Cancelled: {meeting}, {host}"),
            template="meetings/mail/cancelled.txt",
            now=now,
            key="meeting cancelled",
        )
    _changed(meeting)


@transaction.atomic
def cancel_rest(*, series: MeetingSeries, meetings: Sequence[Meeting], by: Any, now: datetime, why: str) -> int:
    """Cancel all meetings of a series that lie ahead. Returns how many."""
    ahead = [
        meeting
        for meeting in meetings
        if meeting.starts_at > now and meeting.state in {MeetingState.PLANNED, MeetingState.CALLED}
    ]
    for meeting in ahead:
        cancel(meeting=meeting, by=by, now=now, why=why)
    MeetingSeries.objects.filter(pk=series.pk, ended_at=None).update(ended_at=now)
    return len(ahead)


@transaction.atomic
def hold(*, meeting: Meeting, by: Any, now: datetime) -> None:
    """Say that a called meeting was held. Raises Refused before it has begun."""
    if meeting.starts_at > now:
        raise Refused(_("This meeting has not begun yet."))
    log_transition(subject=meeting, machine=MEETING, to=MeetingState.HELD, by=by, now=now)
    Meeting.objects.filter(pk=meeting.pk).update(changed_at=now)
    _changed(meeting)
