"""Reminders of meetings, sent by the worker: a week before and a day before, each once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import telling
from ..models import Attendance, Meeting

# Days before the meeting, and until how long before it that reminder still makes sense.
STEPS = ((7, timedelta(days=1)), (1, timedelta(0)))


def remind(*, now: datetime) -> int:
    """Remind all who have not said no of the meetings ahead. Returns how many people were reminded.

    Somebody who heard of time and place, by the invitation or a change, after the moment of a reminder is not
    reminded at once.
    """
    reminded = 0
    for days, until in STEPS:
        meetings = Meeting.objects.called().filter(starts_at__gt=now + until, starts_at__lte=now + timedelta(days=days))
        for meeting in meetings.order_by("starts_at", "pk"):
            reminded += _remind(meeting, days, now)
    return reminded


@transaction.atomic
def _remind(meeting: Meeting, days: int, now: datetime) -> int:
    rows = (
        Attendance.objects.select_for_update(of=("self",))
        .filter(meeting=meeting, told_at__lte=meeting.starts_at - timedelta(days=days))
        .filter(Q(reminded_days=None) | Q(reminded_days__gt=days))
        .not_refused()
        .select_related("user")
    )
    people = telling.by_person(rows)
    if not people:
        return 0
    Attendance.objects.filter(pk__in=[row.pk for person in people for row in person]).update(reminded_days=days)
    for person in people:
        telling.tell_person(
            person,
            meeting=meeting,
            kind="meetings.reminder",
            subject=_("Reminder: {meeting}, {host}"),
            template="meetings/mail/reminder.txt",
            now=now,
            key=f"meeting reminder {days} {meeting.starts_at:%Y%m%d%H%M}",
        )
    return len(people)
