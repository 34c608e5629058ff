"""Calendar files that programs read: whole, right over summer time, telling strangers only what they may know."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from samkraft.meetings import calendars
from samkraft.meetings.models import Answer, Attendance, CalendarKey
from samkraft.meetings.operations import calendar_keys, planning
from samkraft.networks.models import ActorPerson
from tests import factories_meetings
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def forum():
    return factories_meetings.forum()


def event_in(content):
    return next(iter(Calendar.from_ical(content).walk("VEVENT")))


def test_file_of_a_meeting_has_all_that_programs_ask_for(forum):
    meeting = factories_meetings.called(forum, starts_at=datetime(2026, 3, 31, 16, tzinfo=UTC))
    content = calendars.one_meeting(meeting, private=False)
    calendar, event = Calendar.from_ical(content), event_in(content)
    assert (calendar["METHOD"], calendar["VERSION"], event["STATUS"], event["SEQUENCE"]) == (
        "PUBLISH",
        "2.0",
        "CONFIRMED",
        0,
    )
    assert (event["UID"], event.decoded("dtstart")) == (meeting.uid, datetime(2026, 3, 31, 16, tzinfo=UTC))
    assert (b"DTSTART:20260331T160000Z\r\n" in content, b"DTEND:20260331T180000Z\r\n" in content) == (True, True)


def test_times_are_right_on_both_sides_of_summer_time(forum):
    fields = {"title": "T", "description": "", "place": "P", "video_url": ""}
    fields |= {"starts_at": datetime(2026, 3, 24, 17, tzinfo=UTC), "ends_at": datetime(2026, 3, 24, 18, tzinfo=UTC)}
    meetings = planning.plan_series(
        host=forum.network, rhythm="weekly", how_many=2, by=forum.convener, now=NOW, **fields
    )
    starts = [event_in(calendars.one_meeting(m, private=False)).decoded("dtstart") for m in meetings]
    assert [start.strftime("%d %H:%M") for start in starts] == ["24 17:00", "31 16:00"]


def test_long_and_odd_text_is_folded_and_escaped(forum):
    title = "Möte; om, allt \\ " + "å" * 120
    meeting = factories_meetings.called(forum, title=title, description="One\nTwo; three, four")
    content = calendars.one_meeting(meeting, private=True)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content.count(b"\n") == content.count(b"\r\n")
    event = event_in(content)
    assert (str(event["SUMMARY"]).startswith(title), "One\nTwo; three, four" in str(event["DESCRIPTION"])) == (
        True,
        True,
    )


def test_text_cannot_bring_in_lines_of_its_own(forum):
    forum.network.name = 'A "network";\r\nSTATUS:X'
    forum.network.save()
    meeting = factories_meetings.called(forum, place="Here\r\nATTENDEE:mailto:x@example.org", title="A\nSTATUS:X")
    content = calendars.one_meeting(meeting, private=False)
    assert [line for line in content.split(b"\r\n") if line.startswith((b"ATTENDEE", b"STATUS:X"))] == []
    assert Client().get(reverse("networks:meetings_calendar", args=[forum.network.slug])).status_code == 200


def test_change_raises_the_sequence_and_cancelling_takes_the_meeting_away(forum):
    meeting = factories_meetings.called(forum)
    fields = {name: getattr(meeting, name) for name in planning.FIELDS} | {"place": "The school"}
    planning.change(meeting=meeting, by=forum.convener, now=NOW, seen=meeting.changed_at, **fields)
    meeting.refresh_from_db()
    assert event_in(calendars.one_meeting(meeting, private=False))["SEQUENCE"] == 1
    planning.cancel(meeting=meeting, by=forum.convener, now=NOW, why="Snow.")
    content = calendars.one_meeting(meeting, private=False)
    event = event_in(content)
    assert (Calendar.from_ical(content)["METHOD"], event["STATUS"], event["SEQUENCE"], event["UID"]) == (
        "CANCEL",
        "CANCELLED",
        2,
        meeting.uid,
    )


def test_strangers_file_has_no_video_link_and_no_description(forum, cast):
    meeting = factories_meetings.called(forum)
    url = reverse("meetings:calendar_file", args=[meeting.pk])
    public = Client().get(url)
    private = cast.client("steward").get(url)
    assert public["Content-Type"] == "text/calendar; charset=utf-8"
    for word in (b"secret-room", b"We plan the autumn."):
        assert (word in public.content, word in private.content) == (False, True)


def test_subscription_holds_what_was_once_called_and_nothing_private(forum):
    called = factories_meetings.called(forum)
    planned = factories_meetings.meeting(forum.network)
    cancelled = factories_meetings.called(forum)
    planning.cancel(meeting=cancelled, by=forum.convener, now=NOW, why="A private reason.")
    never_called = factories_meetings.meeting(forum.network)
    planning.cancel(meeting=never_called, by=forum.convener, now=NOW, why="No.")
    response = Client().get(reverse("networks:meetings_calendar", args=[forum.network.slug]))
    events = {str(e["UID"]): str(e["STATUS"]) for e in Calendar.from_ical(response.content).walk("VEVENT")}
    assert events == {called.uid: "CONFIRMED", cancelled.uid: "CANCELLED"}
    assert planned.uid not in events
    hidden = (b"secret-room", b"We plan the autumn", b"A private reason", b"example.org:mailto")
    assert [word in response.content for word in hidden] == [False] * 4


def test_subscription_is_new_as_soon_as_a_meeting_is_called(forum):
    url = reverse("networks:meetings_calendar", args=[forum.network.slug])
    meeting = factories_meetings.meeting(forum.network)
    assert b"VEVENT" not in Client().get(url).content
    planning.call(meeting=meeting, by=forum.convener, now=NOW)
    assert b"VEVENT" in Client().get(url).content


def key_url(client):
    page = client.post(reverse("meetings:make_calendar_address"), follow=True).content.decode()
    return page.partition('value="http://127.0.0.1:8000')[2].partition('"')[0]


def test_personal_address_is_shown_once_renewed_and_ended(forum, cast):
    client = cast.client("outsider")
    first = key_url(client)
    assert Client().get(first).status_code == 200
    again = client.get(reverse("meetings:calendar_address")).content.decode()
    assert (first in again, CalendarKey.objects.get().key_hash in first) == (False, False)
    second = key_url(client)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    client.post(reverse("meetings:end_calendar_address"))
    assert Client().get(second).status_code == 404


def test_personal_calendar_holds_ones_own_meetings_with_their_answers(forum):
    mine = factories_meetings.called(forum)
    declined = factories_meetings.called(forum)
    Attendance.objects.filter(meeting=declined, user=forum.singer).update(answer=Answer.NO)
    other = factories_meetings.called(factories_meetings.forum())
    url = reverse("meetings:personal_calendar", args=[calendar_keys.make_key(user=forum.singer, now=NOW)])
    response = Client().get(url)
    events = {str(e["UID"]): str(e.get("TRANSP", "")) for e in Calendar.from_ical(response.content).walk("VEVENT")}
    assert events == {mine.uid: "", declined.uid: "TRANSPARENT"}
    assert (other.uid in events, b"secret-room" in response.content) == (False, True)
    assert response["Cache-Control"] == "private, no-cache"


def test_personal_calendar_of_one_who_has_left_is_empty(forum):
    factories_meetings.called(forum)
    url = reverse("meetings:personal_calendar", args=[calendar_keys.make_key(user=forum.singer, now=NOW)])
    ActorPerson.objects.filter(user=forum.singer).update(ended_on=NOW.date())
    assert b"VEVENT" not in Client().get(url).content
    forum.singer.is_active = False
    forum.singer.save()
    assert Client().get(url).status_code == 404


def test_guessed_keys_do_not_exist(forum):
    kept = CalendarKey.objects.create(user=forum.singer, key_hash=calendar_keys.hash_of("real"), made_at=NOW)
    for key in ("", "x", kept.key_hash, "real ", "REAL"):
        path = f"/en/meetings/calendar/{key}.ics"
        assert Client().get(path).status_code == 404


def test_personal_calendar_costs_the_same_for_one_meeting_and_three(forum, django_assert_max_num_queries):
    url = reverse("meetings:personal_calendar", args=[calendar_keys.make_key(user=forum.singer, now=NOW)])
    for _ in range(3):
        factories_meetings.called(forum, starts_at=NOW + timedelta(days=3))
        with django_assert_max_num_queries(12):
            Client().get(url)
