"""What pages about meetings read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from . import rules
from .hosts import hosting_for, hosting_of
from .models import (
    AgendaItem,
    Answer,
    Attendance,
    CalendarKey,
    ItemState,
    Meeting,
    MeetingDecision,
)

MY_CALENDAR_REACHES_BACK = timedelta(days=180)
MOST_OWN, MOST_COMING = 30, 10


@dataclass(frozen=True)
class Agenda:
    """The points in order with their clock times, the proposals, and how the sum fits the meeting's length."""

    points: list[rules.Timed]
    proposals: list[AgendaItem]
    minutes: int
    minutes_over: int


def agenda_of(meeting: Meeting) -> Agenda:
    items = list(meeting.items.exclude(state=ItemState.DECLINED).select_related("proposed_by"))
    accepted = [item for item in items if item.state == ItemState.ACCEPTED]
    minutes = sum(item.minutes_long for item in accepted)
    return Agenda(
        points=rules.running_times(accepted, meeting.starts_at, meeting.ends_at),
        proposals=[item for item in items if item.state == ItemState.PROPOSED],
        minutes=minutes,
        minutes_over=max(0, minutes - rules.minutes_between(meeting.starts_at, meeting.ends_at)),
    )


@dataclass(frozen=True)
class Party:
    """The people who come for one actor; for those who come for nobody `name` is empty."""

    name: str
    rows: list[Attendance]


def attendance_of(meeting: Meeting) -> list[Attendance]:
    rows = Attendance.objects.filter(meeting=meeting).select_related("user", "instead_of__user")
    return sorted(rows, key=lambda row: (row.party_name == "", row.party_name.lower(), row.shown_name.lower(), row.pk))


def parties_of(rows: Iterable[Attendance]) -> list[Party]:
    """The rows, already in order, by the party that they come for."""
    parties: list[Party] = []
    for row in rows:
        if not parties or parties[-1].name != row.party_name:
            parties.append(Party(row.party_name, []))
        parties[-1].rows.append(row)
    return parties


def files_of(meeting: Meeting) -> list[Any]:
    return list(meeting.files.select_related("file"))


def decisions_of(meeting: Meeting) -> list[MeetingDecision]:
    return list(meeting.decisions.select_related("responsible", "item", "done_by"))


def _attended(meetings: Iterable[Meeting], user: Any) -> list[Meeting]:
    """Those whose host still lets the person in, with their hosts. One query for all hosts of a kind."""
    meetings = list(meetings)
    ids: dict[int, set[int]] = {}
    for meeting in meetings:
        ids.setdefault(meeting.host_type_id, set()).add(meeting.host_id)
    open_to = {
        host_type: hosting_for(ContentType.objects.get_for_id(host_type).model_class()).let_in(hosts, user)
        for host_type, hosts in ids.items()
    }
    kept = [meeting for meeting in meetings if meeting.host_id in open_to[meeting.host_type_id]]
    for meeting in kept:
        meeting.host = open_to[meeting.host_type_id][meeting.host_id]
    return kept


def _invited(user: Any) -> models.QuerySet[Meeting]:
    mine = Attendance.objects.filter(user=user, invited_at__isnull=False)
    return Meeting.objects.filter(pk__in=mine.values("meeting"))


@dataclass(frozen=True)
class OwnMeetings:
    """A person's meetings ahead: those that await an answer, and those that they have not declined."""

    awaiting: list[Meeting]
    coming: list[Meeting]


def own_meetings(user: Any, now: datetime) -> OwnMeetings:
    """The next meetings that the person is invited to, in two queries, for a page that shows both kinds."""
    mine = Attendance.objects.filter(user=user, meeting=models.OuterRef("pk"))
    rows = _invited(user).called().coming(now)
    rows = rows.annotate(
        awaits=models.Exists(mine.filter(answer=Answer.NONE, invited_at__isnull=False)),
        is_declined=models.Exists(mine.filter(answer=Answer.NO)),
    )
    found = _attended(rows.filter(models.Q(awaits=True) | models.Q(is_declined=False))[:MOST_OWN], user)
    return OwnMeetings(
        awaiting=[meeting for meeting in found if meeting.awaits and meeting.starts_at > now],
        coming=[meeting for meeting in found if not meeting.is_declined][:MOST_COMING],
    )


def decisions_due(user: Any) -> models.QuerySet[MeetingDecision]:
    """What the person has promised at meetings and not yet done, the most urgent first."""
    rows = MeetingDecision.objects.filter(responsible=user, done_at=None)
    return rows.select_related("meeting").order_by(models.F("due_on").asc(nulls_last=True), "pk")


def late_decisions(decisions: Sequence[MeetingDecision], now: datetime) -> set[int]:
    today = timezone.localdate(now)
    return {row.pk for row in decisions if row.done_at is None and row.due_on is not None and row.due_on < today}


def calendar_of(user: Any, now: datetime) -> list[tuple[Meeting, str]]:
    """All meetings that the person was invited to, from half a year back, each with what they answered."""
    answers = dict(Attendance.objects.filter(user=user).order_by("pk").values_list("meeting", "answer"))
    rows = _invited(user).once_called().filter(ends_at__gt=now - MY_CALENDAR_REACHES_BACK)
    return [(meeting, answers[meeting.pk]) for meeting in _attended(rows, user)]


def public_meetings_of(host: models.Model) -> models.QuerySet[Meeting]:
    """What strangers may know of: meetings once called, of a host that is public; else none."""
    rows = Meeting.objects.of(host).once_called()
    return rows if hosting_of(host).is_public(host) else rows.none()


def next_public_meeting(host: models.Model, now: datetime) -> Meeting | None:
    return public_meetings_of(host).called().coming(now).first()


def is_public(meeting: Meeting) -> bool:
    return meeting.called_at is not None and hosting_of(meeting.host).is_public(meeting.host)


def uninvited_count(meeting: Meeting) -> int:
    """How many whom the host names now have no invitation yet."""
    types = ContentType.objects
    known = set(Attendance.objects.filter(meeting=meeting).values_list("user_id", "email", "party_type_id", "party_id"))
    missing = set()
    for one in hosting_of(meeting.host).invitees(meeting.host):
        party = (types.get_for_model(one.party).pk, one.party.pk) if one.party is not None else (None, None)
        key = (one.user.pk if one.user else None, "" if one.user else one.email.strip().lower(), *party)
        if key not in known:
            missing.add(key[:2])
    return len(missing)


def key_of(user: Any) -> CalendarKey | None:
    return CalendarKey.objects.filter(user=user).first()
