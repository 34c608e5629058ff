"""Who was there, ticked by the organisers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import rules as access
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samkraft.records.refusals import Refused

from ..models import Attendance, Meeting, MeetingState


def _check(meeting: Meeting, by: Any, now: datetime) -> None:
    if not access.test_rule("meetings.may_organise", by, meeting):
        raise Refused(_("Only the organisers note who was there."))
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if current.state not in {MeetingState.CALLED, MeetingState.HELD}:
        raise Refused(_("Only at a meeting that is called can it be noted who was there."))
    if current.minutes_approved_at is not None:
        raise Refused(_("The minutes are approved, so who was there is not changed any more."))


@transaction.atomic
def note_presence(*, meeting: Meeting, present: Collection[int], was: Collection[int], by: Any, now: datetime) -> int:
    """Keep who was there. Returns how many rows changed.

    `was` are those who were ticked when the page was shown: only what the person changed is kept, so that two
    who tick different people at once do not undo each other.
    """
    _check(meeting, by, now)
    rows = Attendance.objects.filter(meeting=meeting)
    came = rows.filter(pk__in=set(present) - set(was), was_present=False).update(was_present=True)
    left = rows.filter(pk__in=set(was) - set(present), was_present=True).update(was_present=False)
    return came + left


@transaction.atomic
def add_present(
    *, meeting: Meeting, name: str, party_name: str, is_decision_maker: bool, by: Any, now: datetime
) -> Attendance:
    """Note somebody who came without having been invited. The party is one that is known here, or a new name."""
    _check(meeting, by, now)
    known = Attendance.objects.filter(meeting=meeting, party_name__iexact=party_name).exclude(party_id=None).first()
    return Attendance.objects.create(
        meeting=meeting,
        name=name,
        party_type_id=known.party_type_id if known else None,
        party_id=known.party_id if known else None,
        party_name=known.party_name if known else party_name,
        is_decision_maker=is_decision_maker,
        was_present=True,
    )


@transaction.atomic
def forget_addresses(*, now: datetime, before: datetime) -> int:
    """Erase the addresses of people without an account from meetings that ended before. Returns how many."""
    return Attendance.objects.filter(meeting__ends_at__lt=before).exclude(email="").update(email="")
