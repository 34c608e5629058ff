"""Inviting, answering, and sending somebody else instead."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from samkraft.people.models import User
from samkraft.records.refusals import Refused

from .. import telling
from ..hosts import Invitee, hosting_of
from ..models import Answer, Attendance, Meeting, MeetingState

MOST_SENT_INSTEAD = 3


def _party_key(party: models.Model | None) -> tuple[int | None, int | None]:
    if party is None:
        return None, None
    return ContentType.objects.get_for_model(party).pk, party.pk


def _row(meeting: Meeting, invitee: Invitee, now: datetime) -> Attendance:
    type_id, party_id = _party_key(invitee.party)
    return Attendance(
        meeting=meeting,
        user=invitee.user,
        name="" if invitee.user else invitee.name,
        email="" if invitee.user else invitee.email.strip().lower(),
        party_type_id=type_id,
        party_id=party_id,
        party_name=invitee.party_name,
        is_decision_maker=invitee.is_decision_maker,
        invited_at=now,
        told_at=now,
    )


@transaction.atomic
def invite_all(*, meeting: Meeting, now: datetime) -> int:
    """Invite everybody whom the host names and who is not invited yet. Returns how many people were told."""
    known = {
        (row.user_id, row.email, row.party_type_id, row.party_id): row
        for row in Attendance.objects.select_for_update().filter(meeting=meeting)
    }
    new: list[Attendance] = []
    for invitee in hosting_of(meeting.host).invitees(meeting.host):
        row = _row(meeting, invitee, now)
        key = (row.user_id, row.email, row.party_type_id, row.party_id)
        if key not in known:
            known[key] = row
            new.append(row)
    Attendance.objects.bulk_create(new)
    told = telling.by_person(new)
    for rows in told:
        _invite(rows, meeting, now)
    return len(told)


def _invite(rows: Sequence[Attendance], meeting: Meeting, now: datetime) -> None:
    telling.tell_person(
        rows,
        meeting=meeting,
        kind="meetings.invitation",
        subject=_("Invitation: {meeting}, {host}"),
        template="meetings/mail/invitation.txt",
        now=now,
        key="meeting invitation",
    )


@transaction.atomic
def rows_for(*, meeting: Meeting, user: Any, now: datetime) -> list[Attendance]:
    """The invitations of a person with an account, made if they came to the host after the meeting was called."""
    rows = possible_rows(meeting=meeting, user=user, now=now)
    if rows[0].pk is not None:
        return rows
    try:
        with transaction.atomic():
            return Attendance.objects.bulk_create(rows)
    except IntegrityError:
        return possible_rows(meeting=meeting, user=user, now=now)


def possible_rows(*, meeting: Meeting, user: Any, now: datetime) -> list[Attendance]:
    """The invitations of a person, or, unsaved, those that they would get: reading a page invites nobody."""
    rows = list(Attendance.objects.filter(meeting=meeting, user=user).select_related("user"))
    if rows:
        return rows
    mine = [invitee for invitee in hosting_of(meeting.host).invitees(meeting.host) if invitee.user == user]
    return [_row(meeting, invitee, now) for invitee in mine or [Invitee(name=user.name, user=user)]]


def rows_of(attendance: Attendance) -> list[Attendance]:
    """All invitations of the same person to the same meeting."""
    rows = Attendance.objects.filter(meeting_id=attendance.meeting_id).select_related("user")
    if attendance.user_id is None:
        return list(rows.filter(pk=attendance.pk))
    return list(rows.filter(user_id=attendance.user_id))


@transaction.atomic
def answer(
    *,
    meeting: Meeting,
    rows: Sequence[Attendance],
    answer: str,
    decides_for: Collection[int],
    now: datetime,
    instead_name: str = "",
    instead_email: str = "",
) -> None:
    """Say whether one comes, for which of the parties one can decide, and who comes instead.

    `decides_for` holds the numbers of the rows. Somebody who comes instead gets an invitation of their own, and
    then the answer is no. Raises Refused when the meeting is over or cancelled.
    """
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if current.state != MeetingState.CALLED or current.ends_at <= now:
        raise Refused(_("This meeting can no longer be answered: it is over or cancelled."))
    for row in rows:
        row.answer = Answer.NO if instead_email else answer
        row.answered_at = now
        row.is_decision_maker = row.pk in decides_for
        row.save(update_fields=["answer", "answered_at", "is_decision_maker"])
    if instead_email:
        _send_instead(current, rows[0], instead_name, instead_email.strip().lower(), now)


def _send_instead(meeting: Meeting, row: Attendance, name: str, email: str, now: datetime) -> None:
    """Invite somebody in a person's place, a few times at most: each is a mail to one who has not asked for it."""
    account = User.objects.filter(email=email, is_active=True).first()
    there = Attendance.objects.filter(meeting=meeting)
    if there.filter(user=account).exists() if account else there.filter(email=email).exists():
        raise Refused(_("The one you want to send is already invited to this meeting."))
    if there.filter(instead_of=row).count() >= MOST_SENT_INSTEAD:
        raise Refused(_("You have already named several people. Ask the organisers to invite more."))
    try:
        with transaction.atomic():
            sent = Attendance.objects.create(
                meeting=meeting,
                user=account,
                name="" if account else name,
                email="" if account else email,
                language=get_language() or "",
                party_type_id=row.party_type_id,
                party_id=row.party_id,
                party_name=row.party_name,
                invited_at=now,
                told_at=now,
                instead_of=row,
            )
    except IntegrityError as error:
        raise Refused(_("The one you want to send is already invited to this meeting.")) from error
    telling.tell_person(
        [sent],
        meeting=meeting,
        kind="meetings.invitation",
        subject=_("Invitation: {meeting}, {host}"),
        template="meetings/mail/invitation.txt",
        now=now,
        key="meeting invitation",
        instead_of=row.shown_name,
    )
