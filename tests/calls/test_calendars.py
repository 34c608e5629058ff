"""Deadlines as calendars."""

from datetime import UTC, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from samkraft.calls import calendars
from samkraft.calls.models import CallState

from .. import factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def events(content: bytes):
    return Calendar.from_ical(content).walk("VEVENT")


def test_deadline_is_the_hour_that_ends_with_it() -> None:
    call = factories_calls.call(title="Work\nshop; 1")
    (event,) = events(calendars.one_call(call))

    assert event["dtend"].dt == call.closes_at.astimezone(UTC)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=1)
    assert str(event["summary"]) == "Last day to apply: Work shop; 1"
    assert str(event["url"]).endswith(f"/en/calls/{call.slug}/")


def test_moved_deadline_keeps_its_id_and_grows_in_sequence() -> None:
    call = factories_calls.call()
    (before,) = events(calendars.one_call(call))
    call.closes_at += timedelta(days=7)
    call.changed_at = NOW + timedelta(days=1)
    (after,) = events(calendars.one_call(call))

    assert before["uid"] == after["uid"]
    assert after["sequence"] > before["sequence"]


def test_cancelled_call_takes_its_deadline_away() -> None:
    content = calendars.one_call(factories_calls.call(state=CallState.CANCELLED))

    assert Calendar.from_ical(content)["method"] == "CANCEL"
    assert str(events(content)[0]["status"]) == "CANCELLED"


def test_calendar_of_all_has_those_that_one_can_apply_to() -> None:
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=3), "published_at": now}
    factories_calls.call(title="Open", **window)
    factories_calls.call(title="Coming", **{**window, "opens_at": now + timedelta(days=1)})
    factories_calls.call(title="Closed", state=CallState.CLOSED, **window)
    factories_calls.call(title="Over", **{**window, "closes_at": now - timedelta(hours=1)})
    response = Client().get(reverse("calls:calendar"))

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert {str(event["summary"]) for event in events(response.content)} == {
        "Last day to apply: Open",
        "Last day to apply: Coming",
    }


def test_calendar_of_one_call_is_a_file_of_its_own() -> None:
    call = factories_calls.call()
    response = Client().get(reverse("calls:call_calendar", args=[call.slug]))

    assert response.headers["Content-Disposition"] == f'attachment; filename="{call.slug}.ics"'
    assert len(events(response.content)) == 1
