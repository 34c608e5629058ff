"""What meetings hold about a person, for the export, and what ends when the person leaves."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q

from samkraft.people import exports, leaving
from samkraft.people.queries import verified_addresses

from .models import AgendaItem, Attendance, CalendarKey, MeetingDecision


def meetings(user: Any) -> dict[str, list[dict[str, Any]]]:
    mine = Attendance.objects.filter(Q(user=user) | Q(email__in=verified_addresses(user))).order_by("pk")
    return {
        "attendance": list(
            mine.values(
                "meeting__title",
                "meeting__starts_at",
                "name",
                "party_name",
                "is_decision_maker",
                "answer",
                "was_present",
            )
        ),
        "agenda_items": list(
            AgendaItem.objects.filter(proposed_by=user).order_by("pk").values("meeting__title", "title", "text")
        ),
        "decisions": list(
            MeetingDecision.objects.filter(responsible=user).order_by("pk").values("text", "due_on", "done_at")
        ),
    }


@leaving.register("meetings")
def leave(*, user: Any, addresses: Collection[str], pseudonym: str, now: datetime) -> None:
    """The calendar address stops, and the person is no longer expected anywhere.

    Where they were stays in the minutes as it was written: those are the records of the others too.
    """
    CalendarKey.objects.filter(user=user).delete()
    expected = Attendance.objects.filter(Q(user=user) | Q(email__in=addresses))
    expected.filter(meeting__starts_at__gt=now).delete()
    expected.update(email="")


exports.register("meetings", meetings)
