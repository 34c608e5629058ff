"""Meetings are planned alone or in a series, called, changed and cancelled; those invited are told what they need."""

from datetime import UTC, date, datetime, timedelta

import pytest

from samkraft.meetings.models import Answer, Attendance, Meeting, MeetingState
from samkraft.meetings.operations import planning
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from tests import factories, factories_meetings, factories_networks
from tests.factories import NOW

pytestmark = pytest.mark.django_db
FIELDS = {
    "title": "Umbrella meeting",
    "description": "",
    "place": "The library",
    "video_url": "",
    "starts_at": datetime(2026, 3, 10, 17, tzinfo=UTC),
    "ends_at": datetime(2026, 3, 10, 19, tzinfo=UTC),
}


@pytest.fixture
def forum():
    return factories_meetings.forum()


def changed(meeting, forum, **fields):
    meeting.refresh_from_db()
    before = {name: getattr(meeting, name) for name in planning.FIELDS}
    return planning.change(meeting=meeting, by=forum.convener, now=NOW, seen=meeting.changed_at, **{**before, **fields})


def test_series_keeps_the_clock_over_summer_time(forum):
    meetings = planning.plan_series(
        host=forum.network, rhythm="weekly", how_many=4, by=forum.convener, now=NOW, **FIELDS
    )
    assert [m.starts_at.hour for m in meetings] == [17, 17, 17, 16]
    assert [m.ends_at - m.starts_at for m in meetings] == [timedelta(hours=2)] * 4
    assert len({m.uid for m in meetings}) == 4
    assert {m.series.rhythm for m in meetings} == {"weekly"}


def test_series_of_one_meeting_is_refused(forum):
    with pytest.raises(Refused):
        planning.plan_series(
            host=forum.network, rhythm="monthly", until=date(2026, 3, 20), by=forum.convener, now=NOW, **FIELDS
        )
    assert Meeting.objects.count() == 0


def test_only_who_organises_plans(forum):
    for person in (forum.decider, forum.outsider):
        with pytest.raises(Refused):
            planning.plan(host=forum.network, by=person, now=NOW, **FIELDS)


def test_meeting_that_ends_before_it_begins_is_refused(forum):
    with pytest.raises(Refused):
        planning.plan(host=forum.network, by=forum.convener, now=NOW, **{**FIELDS, "ends_at": FIELDS["starts_at"]})


def test_calling_invites_contacts_editors_and_the_networks_own_people_once_each(forum):
    factories_networks.convener(forum.network, person=forum.decider)
    factories_networks.speaker(factories_networks.actor(name="Not a member"))
    meeting = factories_meetings.called(forum)
    rows = {(row.user, row.party_name, row.is_decision_maker) for row in Attendance.objects.all()}
    assert rows == {
        (forum.decider, "The bakery", True),
        (forum.editor, "The bakery", False),
        (forum.singer, "The choir", False),
        (forum.convener, "", False),
    }
    assert (meeting.state, meeting.called_at) == (MeetingState.CALLED, NOW)
    mails = OutboxMessage.objects.filter(kind="meetings.invitation")
    assert {mail.to_user for mail in mails} == {forum.decider, forum.editor, forum.singer, forum.convener}
    assert [log.to_state for log in TransitionLog.objects.of(meeting)] == ["called"]


def test_person_for_two_actors_gets_one_mail_and_two_places(forum):
    factories_networks.speaker(forum.choir, person=forum.decider)
    factories_meetings.called(forum)
    assert Attendance.objects.filter(user=forum.decider).count() == 2
    mail = OutboxMessage.objects.get(to_user=forum.decider)
    assert ("for The bakery" in mail.text, "for The choir" in mail.text) == (True, True)


def test_invitation_says_when_and_where_in_the_readers_language(forum):
    forum.decider.language = "sv"
    forum.decider.save()
    factories_meetings.called(forum, starts_at=datetime(2026, 3, 10, 17, tzinfo=UTC))
    text = OutboxMessage.objects.get(to_user=forum.decider)
    assert text.language == "sv"
    assert "18:00–20:00" in text.text
    assert "https://video.example/secret-room" in text.text
    assert "/sv/meetings/answer/" in text.url


def test_meeting_is_called_only_ahead_and_where_one_can_find_it(forum):
    past = factories_meetings.meeting(forum.network, starts_at=NOW - timedelta(days=1))
    nowhere = factories_meetings.meeting(forum.network, place="", video_url="")
    for meeting in (past, nowhere):
        with pytest.raises(Refused):
            planning.call(meeting=meeting, by=forum.convener, now=NOW)
    assert OutboxMessage.objects.count() == 0


def test_second_who_calls_is_told(forum):
    meeting = factories_meetings.meeting(forum.network)
    seen_by_another = Meeting.objects.get(pk=meeting.pk)
    planning.call(meeting=meeting, by=forum.convener, now=NOW)
    with pytest.raises(Refused):
        planning.call(meeting=seen_by_another, by=forum.convener, now=NOW)
    assert OutboxMessage.objects.count() == 4


def test_change_of_place_is_told_to_all_who_have_not_said_no(forum):
    meeting = factories_meetings.called(forum)
    Attendance.objects.filter(user=forum.singer).update(answer=Answer.NO)
    OutboxMessage.objects.all().delete()
    assert changed(meeting, forum, place="The town hall") is True
    assert {mail.to_user for mail in OutboxMessage.objects.all()} == {forum.decider, forum.editor, forum.convener}
    assert "The town hall" in OutboxMessage.objects.first().text
    meeting.refresh_from_db()
    assert meeting.sequence == 1


def test_change_of_words_alone_is_told_to_nobody(forum):
    meeting = factories_meetings.called(forum)
    OutboxMessage.objects.all().delete()
    assert changed(meeting, forum, description="More words") is False
    assert OutboxMessage.objects.count() == 0


def test_change_of_a_planned_meeting_is_told_to_nobody(forum):
    meeting = factories_meetings.meeting(forum.network)
    assert changed(meeting, forum, starts_at=NOW + timedelta(days=9)) is False
    assert OutboxMessage.objects.count() == 0


def test_second_who_changes_is_told(forum):
    meeting = factories_meetings.meeting(forum.network)
    later = NOW + timedelta(minutes=1)
    fields = {name: getattr(meeting, name) for name in planning.FIELDS}
    planning.change(meeting=meeting, by=forum.convener, now=later, seen=NOW, **{**fields, "place": "The school"})
    with pytest.raises(Refused):
        planning.change(meeting=meeting, by=forum.convener, now=later, seen=NOW, **{**fields, "place": "The church"})
    meeting.refresh_from_db()
    assert meeting.place == "The school"


def test_called_meeting_keeps_a_place_where_one_finds_it(forum):
    meeting = factories_meetings.called(forum)
    with pytest.raises(Refused):
        changed(meeting, forum, place="", video_url="")


def test_cancelling_tells_those_who_were_invited_and_why(forum):
    meeting = factories_meetings.called(forum)
    OutboxMessage.objects.all().delete()
    planning.cancel(meeting=meeting, by=forum.convener, now=NOW, why="The hall burned down.")
    mails = OutboxMessage.objects.all()
    assert (mails.count(), "The hall burned down." in mails[0].text) == (4, True)
    assert (meeting.state, meeting.sequence, meeting.cancelled_why) == ("cancelled", 1, "The hall burned down.")


def test_cancelling_what_nobody_was_invited_to_is_told_to_nobody(forum):
    meeting = factories_meetings.meeting(forum.network)
    planning.cancel(meeting=meeting, by=forum.convener, now=NOW, why="No need.")
    assert OutboxMessage.objects.count() == 0


def test_meeting_of_a_series_is_cancelled_alone_and_the_rest_together(forum):
    meetings = planning.plan_series(
        host=forum.network, rhythm="weekly", how_many=4, by=forum.convener, now=NOW, **FIELDS
    )
    planning.cancel(meeting=meetings[1], by=forum.convener, now=NOW, why="Holiday.")
    rest = list(Meeting.objects.filter(series=meetings[0].series, starts_at__gte=meetings[2].starts_at))
    count = planning.cancel_rest(series=meetings[0].series, meetings=rest, by=forum.convener, now=NOW, why="Enough.")
    states = list(Meeting.objects.order_by("starts_at").values_list("state", flat=True))
    assert (count, states) == (2, ["planned", "cancelled", "cancelled", "cancelled"])


def test_meeting_is_held_once_it_has_begun(forum):
    meeting = factories_meetings.called(forum)
    with pytest.raises(Refused):
        planning.hold(meeting=meeting, by=forum.convener, now=NOW)
    planning.hold(meeting=meeting, by=forum.convener, now=meeting.ends_at)
    assert meeting.state == MeetingState.HELD


def test_those_who_come_later_are_invited_by_a_button(forum):
    meeting = factories_meetings.called(forum)
    OutboxMessage.objects.all().delete()
    late = factories_networks.speaker(forum.choir, person=factories.user())
    assert planning.invite_newcomers(meeting=meeting, by=forum.convener, now=NOW) == 1
    assert [mail.to_user for mail in OutboxMessage.objects.all()] == [late]
    with pytest.raises(Refused):
        planning.invite_newcomers(meeting=meeting, by=forum.singer, now=NOW)
