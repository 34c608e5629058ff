"""Minutes: what was said and decided, who sees to it, files; approved once, and told to all who were invited."""

from datetime import date, datetime
from typing import Any

import rules as access
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from samkraft.records.files import remove_file, store_document
from samkraft.records.refusals import Refused

from .. import telling
from ..models import AgendaItem, Attendance, Meeting, MeetingDecision, MeetingFile, MeetingState

MOST_FILES = 30


class ChangedMeanwhile(Refused):
    """Somebody else has written since. `theirs` is what now stands there, and `version` its number."""

    def __init__(self, theirs: str, version: int) -> None:
        super().__init__(
            _("Somebody else has saved a text while you wrote. Yours is kept below: bring the two together and save.")
        )
        self.theirs = theirs
        self.version = version


def _writable(meeting: Meeting, by: Any) -> Meeting:
    """The meeting, locked, if this person may write its minutes now. Raises Refused."""
    if not access.test_rule("meetings.may_organise", by, meeting):
        raise Refused(_("Only the organisers write the minutes."))
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if current.minutes_approved_at is not None:
        raise Refused(_("The minutes are approved and are not changed any more."))
    if current.state == MeetingState.CANCELLED:
        raise Refused(_("A cancelled meeting has no minutes."))
    return current


@transaction.atomic
def write_minutes(*, meeting: Meeting, html: str, version: int, by: Any, now: datetime) -> None:
    """Keep what is written about the meeting as a whole. `version` is that of the text which the person changed.

    Raises ChangedMeanwhile with the other's text when somebody has saved another since.
    """
    current = _writable(meeting, by)
    if current.minutes_version != version and current.minutes != html:
        raise ChangedMeanwhile(current.minutes, current.minutes_version)
    current.minutes = html
    current.minutes_by = by
    current.minutes_version += 1
    current.save(update_fields=["minutes", "minutes_by", "minutes_version"])


@transaction.atomic
def write_notes(*, item: AgendaItem, html: str, version: int, by: Any, now: datetime) -> None:
    """Keep what was said about one point. As with the whole, raises ChangedMeanwhile."""
    meeting = _writable(item.meeting, by)
    won = AgendaItem.objects.filter(pk=item.pk, notes_version=version).update(notes=html, notes_version=version + 1)
    if not won:
        item.refresh_from_db()
        if item.notes != html:
            raise ChangedMeanwhile(item.notes, item.notes_version)
    # Approving compares this number: nobody approves what they have not read.
    Meeting.objects.filter(pk=meeting.pk).update(minutes_version=models.F("minutes_version") + 1, minutes_by=by)


@transaction.atomic
def add_decision(
    *,
    meeting: Meeting,
    item: AgendaItem | None,
    text: str,
    responsible: Any,
    responsible_name: str,
    due_on: date | None,
    by: Any,
    now: datetime,
) -> MeetingDecision:
    """Write down a decision with who sees to it. One with an account finds it on "my page" until it is done."""
    current = _writable(meeting, by)
    decision = MeetingDecision.objects.create(
        meeting=current,
        item=item,
        text=text,
        responsible=responsible,
        responsible_name="" if responsible else responsible_name,
        due_on=due_on,
    )
    Meeting.objects.filter(pk=current.pk).update(minutes_version=models.F("minutes_version") + 1)
    return decision


@transaction.atomic
def remove_decision(*, decision: MeetingDecision, by: Any, now: datetime) -> None:
    current = _writable(decision.meeting, by)
    decision.delete()
    Meeting.objects.filter(pk=current.pk).update(minutes_version=models.F("minutes_version") + 1)


@transaction.atomic
def finish_decision(*, decision: MeetingDecision, done: bool, by: Any, now: datetime) -> None:
    """Say that a decision is carried out, or that it is not after all. Of two at once the second is told."""
    if not access.test_rule("meetings.may_finish", by, decision):
        raise Refused(_("Only who sees to it, or the organisers, can say that this is done."))
    rows = MeetingDecision.objects.filter(pk=decision.pk, done_at__isnull=done)
    if not rows.update(done_at=now if done else None, done_by=by if done else None):
        raise Refused(_("Somebody else has just said so."))


@transaction.atomic
def add_file(*, meeting: Meeting, upload: Any, title: str, by: Any, now: datetime) -> MeetingFile:
    """Keep a file for those who may attend."""
    if not access.test_rule("meetings.may_organise", by, meeting):
        raise Refused(_("Only the organisers add files."))
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if current.files.count() >= MOST_FILES:
        raise Refused(_("There are already very many files here. Remove one first."))
    file = store_document(upload=upload, purpose="meetings.file", by=by, now=now)
    return MeetingFile.objects.create(meeting=current, file=file, title=title or file.name)


@transaction.atomic
def take_file_away(*, kept: MeetingFile, by: Any, now: datetime) -> None:
    if not access.test_rule("meetings.may_organise", by, kept.meeting):
        raise Refused(_("Only the organisers remove files."))
    file = kept.file
    kept.delete()
    remove_file(file=file)


@transaction.atomic
def approve_minutes(*, meeting: Meeting, version: int, by: Any, now: datetime) -> None:
    """Approve the minutes of a meeting that was held, and tell everybody who was invited.

    `version` is that of the minutes which the person has read. Raises Refused when somebody has written since,
    or approved them already.
    """
    current = _writable(meeting, by)
    if current.state != MeetingState.HELD:
        raise Refused(_("Say first that the meeting was held."))
    if current.minutes_version != version:
        raise Refused(_("Somebody has written in the minutes meanwhile. Read them again before you approve them."))
    current.minutes_approved_at = now
    current.minutes_approved_by = by
    current.save(update_fields=["minutes_approved_at", "minutes_approved_by"])
    rows = Attendance.objects.filter(meeting=current).exclude(invited_at=None).select_related("user")
    telling.tell_all(
        rows,
        meeting=current,
        kind="meetings.minutes",
        subject=_("Minutes: {meeting}, {host}"),
        template="meetings/mail/minutes.txt",
        now=now,
        key="meeting minutes",
        decisions=list(current.decisions.select_related("responsible")),
    )
