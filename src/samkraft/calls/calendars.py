"""Deadlines of calls as iCalendar files. Times are UTC, so that no calendar program has to know our time zones."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText, vUri

from .models import Call, CallState

READ_AGAIN_AFTER = timedelta(hours=4)
# A deadline is a moment; as an event it is the hour that ends with it, so that calendars show it on its day.
LAST_HOUR = timedelta(hours=1)


def _line(text: object) -> str:
    """A text of one line, whatever was written as a title."""
    return "".join(sign if sign.isprintable() else " " for sign in str(text))


def event_of(call: Call) -> Event:
    """The deadline as an event. It keeps its id when it is moved, so that calendars move it too."""
    event = Event()
    event.add("uid", f"call-{call.pk}@{settings.SITE_URL.partition('://')[2]}")
    event.add("sequence", int(call.changed_at.timestamp() // 60))
    event.add("dtstamp", call.changed_at.astimezone(UTC))
    if call.closes_at is not None:
        event.add("dtstart", (call.closes_at - LAST_HOUR).astimezone(UTC))
        event.add("dtend", call.closes_at.astimezone(UTC))
    event.add("summary", _line(_("Last day to apply: %(call)s") % {"call": call.title}))
    event.add("description", _line(call.summary))
    event.add("status", "CANCELLED" if call.state == CallState.CANCELLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event["url"] = vUri(settings.SITE_URL + call.get_absolute_url())
    return event


def _calendar(name: str, method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Samkraft//{get_language() or 'sv'}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar["x-wr-calname"] = vText(_line(name))
    return calendar


def one_call(call: Call) -> bytes:
    """A file to put into a calendar; of a cancelled call, one that takes the deadline away again."""
    calendar = _calendar(call.title, "CANCEL" if call.state == CallState.CANCELLED else "PUBLISH")
    calendar.add_component(event_of(call))
    return bytes(calendar.to_ical())


def open_calls(calls: Iterable[Call]) -> bytes:
    """A calendar that programs read again and again."""
    calendar = _calendar(_("Calls on Samkraft"), "PUBLISH")
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for call in calls:
        calendar.add_component(event_of(call))
    return bytes(calendar.to_ical())
