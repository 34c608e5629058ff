"""Calendars to save or to follow, as iCalendar files (RFC 5545). Times are UTC, so that no program needs our zones."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import get_language
from icalendar import Calendar, Event, vText

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
READ_AGAIN_AFTER = timedelta(hours=4)


def line(text: object) -> str:
    """A text of one line, whatever was written as a title: a calendar with a broken line is no calendar."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())


def _calendar(name: str, method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Samkraft//{get_language() or 'sv'}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar["x-wr-calname"] = vText(line(name))
    return calendar


def one(name: str, event: Event, *, cancelled: bool) -> bytes:
    """A file to put into a calendar; of what is cancelled, one that takes it away again."""
    calendar = _calendar(name, CANCEL if cancelled else PUBLISH)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def subscription(name: str, events: Iterable[Event]) -> bytes:
    """A calendar that programs read again and again. What is cancelled stays in it, as cancelled."""
    calendar = _calendar(name, PUBLISH)
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
