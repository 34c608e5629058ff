"""Meetings as iCalendar files."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Event, vCalAddress, vText, vUri

from samkraft.ui import calendars
from samkraft.ui.calendars import line

from .hosts import hosting_of
from .models import Answer, Meeting, MeetingState

STATUS = {
    MeetingState.PLANNED: "TENTATIVE",
    MeetingState.CALLED: "CONFIRMED",
    MeetingState.HELD: "CONFIRMED",
    MeetingState.CANCELLED: "CANCELLED",
}


def _organiser(meeting: Meeting) -> vCalAddress:
    """The site in the host's name: addresses of people do not go into calendars that others read."""
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["cn"] = vText(line(meeting.host).replace('"', "”"))
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
    event.add("summary", line(f"{meeting.title} ({meeting.host})"))
    event.add("status", STATUS[MeetingState(meeting.state)])
    event["organizer"] = _organiser(meeting)
    place = meeting.place or (meeting.video_url if private else "") or (_("On line") if meeting.video_url else "")
    if place:
        event.add("location", line(place))
    if private:
        text = "\n\n".join(part for part in (meeting.video_url, meeting.description, meeting.cancelled_why) if part)
        if text:
            event.add("description", text)
    if answer == Answer.NO:
        event.add("transp", "TRANSPARENT")
    event["url"] = vUri(settings.SITE_URL + meeting.get_absolute_url())
    return event


def one_meeting(meeting: Meeting, *, private: bool) -> bytes:
    """A file to put into a calendar; of a cancelled meeting, one that takes it away again."""
    event = event_of(meeting, private=private)
    return calendars.one(meeting.title, event, cancelled=meeting.state == MeetingState.CANCELLED)


def of_host(host: Any, meetings: Iterable[Meeting]) -> bytes:
    """The public part of a host's meetings. Raises ValueError for a host that strangers may not see."""
    if not hosting_of(host).is_public(host):
        raise ValueError("The host is not public.")
    name = _("Meetings of %(host)s") % {"host": host}
    return calendars.subscription(name, (event_of(meeting, private=False) for meeting in meetings))


def of_person(meetings: Iterable[tuple[Meeting, str]]) -> bytes:
    events = (event_of(meeting, private=True, answer=answer) for meeting, answer in meetings)
    return calendars.subscription(_("My meetings on Samkraft"), events)
