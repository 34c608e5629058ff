"""When meetings are: time zones, the dates of a series, the clock of an agenda. Pure functions of what they get."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONES = {"SE": "Europe/Stockholm", "NO": "Europe/Oslo", "DK": "Europe/Copenhagen"}
MOST_IN_SERIES = 60
LONGEST_SERIES = timedelta(days=3 * 366)
WEEKS = {"weekly": 1, "fortnightly": 2}
MONTHS = {"monthly": 1, "quarterly": 3}


class NoSuchTime(ValueError):
    """The clock is put forward past this time, so that it does not occur."""


def zone_of(country: str) -> ZoneInfo:
    """The time zone in which meetings of a country are held."""
    return ZoneInfo(ZONES.get(country.upper(), ZONES["SE"]))


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment at which clocks in the zone show that time. The first of two when the clock is put back.

    Raises NoSuchTime in the hour that is left out when the clock is put forward.
    """
    local = datetime.combine(day, clock, zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(local.isoformat())
    return local.astimezone(UTC)


def _same_weekday(first: date, months_on: int) -> date:
    """The same weekday of a later month: the second Tuesday stays the second; a fifth becomes the last."""
    month = first.month - 1 + months_on
    year, month = first.year + month // 12, month % 12 + 1
    opens = date(year, month, 1)
    day = 1 + (first.weekday() - opens.weekday()) % 7 + (first.day - 1) // 7 * 7
    return opens.replace(day=day if day <= monthrange(year, month)[1] else day - 7)


def dates_of_series(first: date, rhythm: str, *, how_many: int | None = None, until: date | None = None) -> list[date]:
    """The days of a series from its first on: so many, or until a day, whichever is given; never endless."""
    last = min(until or date.max, first + LONGEST_SERIES)
    dates: list[date] = []
    for number in range(min(how_many or MOST_IN_SERIES, MOST_IN_SERIES)):
        if rhythm in WEEKS:
            day = first + timedelta(weeks=number * WEEKS[rhythm])
        else:
            day = _same_weekday(first, number * MONTHS[rhythm])
        if day > last:
            break
        dates.append(day)
    return dates


@dataclass(frozen=True)
class Timed:
    """A point of an agenda with the moments at which it begins and ends, if all before it keep their time."""

    item: Any
    begins_at: datetime
    ends_at: datetime
    is_over_time: bool


def running_times(items: Iterable[Any], starts_at: datetime, ends_at: datetime) -> list[Timed]:
    """Clock times to the minute of items with `minutes_long`, one after the other from the meeting's beginning."""
    timed: list[Timed] = []
    begins = starts_at
    for item in items:
        ends = begins + timedelta(minutes=item.minutes_long)
        timed.append(Timed(item, begins, ends, ends > ends_at))
        begins = ends
    return timed


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)


@dataclass(frozen=True)
class Presence:
    """How many parties and people were there (or are coming), and how many could decide."""

    people: int
    parties: int
    deciding_parties: int


def presence(rows: Sequence[Any]) -> Presence:
    """Count of rows with `user_id`, `email`, `name`, `party_name` and `is_decision_maker`."""
    people = {row.user_id or (row.email, row.name, row.pk) for row in rows}
    parties = {row.party_name for row in rows if row.party_name}
    deciding = {row.party_name for row in rows if row.party_name and row.is_decision_maker}
    return Presence(len(people), len(parties), len(deciding))
