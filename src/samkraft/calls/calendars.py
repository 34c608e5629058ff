"""Deadlines of calls as iCalendar files."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Event, vUri

from samkraft.ui import calendars
from samkraft.ui.calendars import line

from .models import Call, CallState

# A deadline is a moment; as an event it is the hour that ends with it, so that calendars show it on its day.
LAST_HOUR = timedelta(hours=1)


def event_of(call: Call) -> Event:
    """The deadline as an event. It keeps its id when it is moved, so that calendars move it too."""
    event = Event()
    event.add("uid", f"call-{call.pk}@{settings.SITE_URL.partition('://')[2]}")
    event.add("sequence", int(call.changed_at.timestamp() // 60))
    event.add("dtstamp", call.changed_at.astimezone(UTC))
    if call.closes_at is not None:
        event.add("dtstart", (call.closes_at - LAST_HOUR).astimezone(UTC))
        event.add("dtend", call.closes_at.astimezone(UTC))
    event.add("summary", line(_("Last day to apply: %(call)s") % {"call": call.title}))
    event.add("description", line(call.summary))
    event.add("status", "CANCELLED" if call.state == CallState.CANCELLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event["url"] = vUri(settings.SITE_URL + call.get_absolute_url())
    return event


def one_call(call: Call) -> bytes:
    """A file to put into a calendar; of a cancelled call, one that takes the deadline away again."""
    return calendars.one(call.title, event_of(call), cancelled=call.state == CallState.CANCELLED)


def open_calls(calls: Iterable[Call]) -> bytes:
    """A calendar that programs read again and again."""
    return calendars.subscription(_("Calls on Samkraft"), map(event_of, calls))
