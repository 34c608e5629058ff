"""Meetings as iCalendar files. Times are UTC, so that no calendar program has to know our time zones."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText, vUri

from .hosts import hosting_of
from .models import Answer, Meeting, MeetingState

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
READ_AGAIN_AFTER = timedelta(hours=4)
STATUS = {
    MeetingState.PLANNED: "TENTATIVE",
    MeetingState.CALLED: "CONFIRMED",
    MeetingState.HELD: "CONFIRMED",
    MeetingState.CANCELLED: "CANCELLED",
}


def _line(text: object) -> str:
    """A text of one line, whatever was sent as a title."""
    return "".join(sign if sign.isprintable() else " " for sign in str(text))


def _organiser(meeting: Meeting) -> vCalAddress:
    """The site in the host's name: addresses of people do not go into calendars that others read."""
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["cn"] = vText(_line(meeting.host).replace('"', "”"))
    return organiser


def event_of(meeting: Meeting, *, private: bool, answer: str = Answer.NONE) -> Event:
    """The meeting as an event. `private`: with video link and description, for those who may attend."""
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at.astimezone(UTC))
    event.add("created", meeting.created_at.astimezone(UTC))
    event.add("last-modified", meeting.changed_at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("summary", _line(f"{meeting.title} ({meeting.host})"))
    event.add("status", STATUS[MeetingState(meeting.state)])
    event["organizer"] = _organiser(meeting)
    place = meeting.place or (meeting.video_url if private else "") or (_("On line") if meeting.video_url else "")
    if place:
        event.add("location", _line(place))
    if private:
        text = "\n\n".join(part for part in (meeting.video_url, meeting.description, meeting.cancelled_why) if part)
        if text:
            event.add("description", text)
    if answer == Answer.NO:
        event.add("transp", "TRANSPARENT")
    event["url"] = vUri(settings.SITE_URL + meeting.get_absolute_url())
    return event


def _calendar(name: str, method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Samkraft//{get_language() or 'sv'}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar["x-wr-calname"] = vText(_line(name))
    return calendar


def one_meeting(meeting: Meeting, *, private: bool) -> bytes:
    """A file to put into a calendar; of a cancelled meeting, one that takes it away again."""
    method = CANCEL if meeting.state == MeetingState.CANCELLED else PUBLISH
    calendar = _calendar(meeting.title, method)
    calendar.add_component(event_of(meeting, private=private))
    return bytes(calendar.to_ical())


def subscription(name: str, events: Iterable[Event]) -> bytes:
    """A calendar that programs read again and again. Cancelled meetings stay in it, as cancelled."""
    calendar = _calendar(name, PUBLISH)
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def of_host(host: Any, meetings: Iterable[Meeting]) -> bytes:
    """The public part of a host's meetings. Raises ValueError for a host that strangers may not see."""
    if not hosting_of(host).is_public(host):
        raise ValueError("The host is not public.")
    name = _("Meetings of %(host)s") % {"host": host}
    return subscription(name, (event_of(meeting, private=False) for meeting in meetings))


def of_person(meetings: Iterable[tuple[Meeting, str]]) -> bytes:
    events = (event_of(meeting, private=True, answer=answer) for meeting, answer in meetings)
    return subscription(_("My meetings on Samkraft"), events)
