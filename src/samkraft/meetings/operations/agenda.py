"""The agenda: anyone who may attend proposes, the organisers accept, decline and put in order."""

from datetime import datetime
from typing import Any

import rules as access
from django.db import transaction
from django.db.models import Max
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.records.refusals import Refused

from ..models import AgendaItem, ItemState, Meeting, MeetingState

MOST_ITEMS = 60
UP, DOWN = "up", "down"


def _open_meeting(meeting: Meeting) -> Meeting:
    """The meeting, locked, if its agenda can still change. Raises Refused."""
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if current.state == MeetingState.CANCELLED or current.minutes_approved_at is not None:
        raise Refused(_("The agenda of a meeting that is cancelled, or whose minutes are approved, does not change."))
    return current


def _check_organiser(meeting: Meeting, by: Any) -> None:
    if not access.test_rule("meetings.may_organise", by, meeting):
        raise Refused(_("Only the organisers put the agenda together."))


@transaction.atomic
def propose(*, meeting: Meeting, title: str, text: str, minutes_long: int, by: Any, now: datetime) -> AgendaItem:
    """Propose a point. An organiser's stands on the agenda at once; of others' the one who planned it is told."""
    if not access.test_rule("meetings.may_attend", by, meeting):
        raise Refused(_("Only those who may attend can propose something for the agenda."))
    current = _open_meeting(meeting)
    organises = access.test_rule("meetings.may_organise", by, meeting)
    if not organises and current.ends_at <= now:
        raise Refused(_("This meeting is over. Propose your point for the next one."))
    if current.items.count() >= MOST_ITEMS:
        raise Refused(_("There are already very many proposals for this meeting. Ask the organisers."))
    last = current.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=current,
        position=last + 1,
        title=title,
        text=text,
        minutes_long=minutes_long,
        state=ItemState.ACCEPTED if organises else ItemState.PROPOSED,
        proposed_by=by,
        proposed_at=now,
    )
    if not organises and current.created_by_id != by.pk:
        _tell(item, current.created_by, _("A point is proposed for {meeting}"), "proposed", now)
    return item


def _tell(item: AgendaItem, to: Any, subject: Any, template: str, now: datetime) -> None:
    if not to.is_active:
        return
    tell(
        to=to,
        kind="meetings.agenda",
        subject=format_lazy(subject, meeting=item.meeting.title),
        text=from_template(f"meetings/mail/item_{template}.txt", {"item": item, "meeting": item.meeting}),
        url=reverse_lazy("meetings:meeting", args=[item.meeting_id]),
        now=now,
        dedupe_key=f"agenda item {item.pk} {template}",
    )


@transaction.atomic
def settle(*, item: AgendaItem, accept: bool, by: Any, now: datetime, why: str = "") -> None:
    """Accept a proposal, or decline it with a word to the one who made it. Of two at once the second is told."""
    _check_organiser(item.meeting, by)
    current = _open_meeting(item.meeting)
    last = current.items.filter(state=ItemState.ACCEPTED).aggregate(last=Max("position"))["last"] or 0
    changes = {"state": ItemState.ACCEPTED, "position": last + 1} if accept else {"state": ItemState.DECLINED}
    proposals = AgendaItem.objects.filter(pk=item.pk, state=ItemState.PROPOSED)
    if not proposals.update(declined_why="" if accept else why, **changes):
        raise Refused(_("Somebody else has just answered this proposal."))
    item.refresh_from_db()
    if item.proposed_by_id != by.pk:
        subject = _("Your point is on the agenda of {meeting}") if accept else _("Your point for {meeting}")
        _tell(item, item.proposed_by, subject, "accepted" if accept else "declined", now)


@transaction.atomic
def change_item(*, item: AgendaItem, title: str, text: str, minutes_long: int, by: Any, now: datetime) -> None:
    """Change the words or the time of a point. Raises Refused for one who may not."""
    if not access.test_rule("meetings.may_change_item", by, item):
        raise Refused(_("You can no longer change this point. Ask the organisers."))
    _open_meeting(item.meeting)
    AgendaItem.objects.filter(pk=item.pk).update(title=title, text=text, minutes_long=minutes_long)


@transaction.atomic
def remove_item(*, item: AgendaItem, by: Any, now: datetime) -> None:
    """Take a point away. One that has notes or decisions stays, since the minutes speak of it."""
    if not access.test_rule("meetings.may_change_item", by, item):
        raise Refused(_("You can no longer take this point away. Ask the organisers."))
    meeting = _open_meeting(item.meeting)
    if item.notes or meeting.decisions.filter(item=item).exists():
        raise Refused(_("Something is already written about this point in the minutes, so it stays."))
    item.delete()


@transaction.atomic
def move_item(*, item: AgendaItem, direction: str, by: Any, now: datetime) -> int:
    """Move a point of the agenda one step up or down. Returns its place from 1; at the end it stays where it is."""
    _check_organiser(item.meeting, by)
    meeting = _open_meeting(item.meeting)
    items = list(meeting.items.filter(state=ItemState.ACCEPTED).order_by("position", "pk"))
    place = next((at for at, other in enumerate(items) if other.pk == item.pk), None)
    if place is None:
        raise Refused(_("This point is not on the agenda any more."))
    to = max(0, min(len(items) - 1, place + (-1 if direction == UP else 1)))
    items.insert(to, items.pop(place))
    for position, other in enumerate(items, start=1):
        if other.position != position:
            AgendaItem.objects.filter(pk=other.pk).update(position=position)
    return to + 1
