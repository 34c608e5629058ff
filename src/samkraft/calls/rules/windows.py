"""A call's time in words, by the organiser's clock, and how long such words stay true. No database."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LAST_HOUR = timedelta(hours=1)


def moment_in_words(at: datetime, zone: str) -> str:
    """A moment with its weekday: Monday 21 June 2021 at 23:59. Never changes, however long a page is kept."""
    local = at.astimezone(ZoneInfo(zone))
    return _("%(weekday)s %(date)s at %(time)s") % {
        "weekday": date_format(local, "l"),
        "date": date_format(local, "DATE_FORMAT"),
        "time": time_format(local, "H:i"),
    }


def day_in_words(at: datetime, zone: str) -> str:
    """The day of a moment by the organiser's clock: 21 June 2021."""
    return date_format(at.astimezone(ZoneInfo(zone)), "DATE_FORMAT")


def days_between(now: datetime, then: datetime, zone: str) -> int:
    """How many nights lie between, by the calendar of the zone: of two moments on one day, none."""
    kept = ZoneInfo(zone)
    return (then.astimezone(kept).date() - now.astimezone(kept).date()).days


def left_in_words(closes_at: datetime, now: datetime, zone: str) -> str:
    """How long there is left, as a neighbour would say it."""
    if closes_at <= now:
        return _("The time to apply is over")
    if closes_at - now <= LAST_HOUR:
        return _("Less than an hour left")
    days = days_between(now, closes_at, zone)
    if days == 0:
        return _("Closes today")
    if days == 1:
        return _("Closes tomorrow")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def until_in_words(closes_at: datetime, now: datetime, zone: str) -> str:
    """What is left with the moment itself: "3 days left, until Monday 21 June 2021 at 23:59"."""
    words = {"left": left_in_words(closes_at, now, zone), "moment": moment_in_words(closes_at, zone)}
    return _("%(left)s, until %(moment)s") % words if closes_at > now else str(words["left"])


def opens_in_words(opens_at: datetime, now: datetime, zone: str) -> str:
    """How long one has to wait."""
    days = days_between(now, opens_at, zone)
    if days == 0:
        return _("Opens today")
    if days == 1:
        return _("Opens tomorrow")
    return ngettext("Opens in %(days)d day", "Opens in %(days)d days", days) % {"days": days}


def window_in_words(opens_at: datetime, closes_at: datetime, zone: str) -> str:
    """From when until when, in words that are true before, meanwhile and afterwards."""
    return capfirst(
        _("from %(opens)s until %(closes)s")
        % {"opens": moment_in_words(opens_at, zone), "closes": moment_in_words(closes_at, zone)}
    )


def holds_until(opens_at: datetime | None, closes_at: datetime | None, now: datetime, zone: str) -> datetime:
    """The next moment at which the words of this module about a call become others: an edge of it, or midnight."""
    local = now.astimezone(ZoneInfo(zone))
    edges = [datetime.combine(local.date() + timedelta(days=1), time(), ZoneInfo(zone))]
    if opens_at is not None:
        edges.append(opens_at)
    if closes_at is not None:
        edges += [closes_at - LAST_HOUR, closes_at]
    return min(edge for edge in edges if edge > now)
