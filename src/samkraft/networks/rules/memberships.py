"""When a membership is to be renewed, which evidence fits, which reminder comes next. Plain dates, no database."""

import calendar
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Days left until the date at which an actor is reminded; below zero: days after it has passed.
REMINDERS = (60, 30, 7, -1, -14)
LAST_REMINDER = REMINDERS[-1]
RENEWAL_OPENS = timedelta(days=60)
LAPSES_AFTER = timedelta(days=30)
# Nobody lapses by the clock who was not reminded this long before, even if the worker was asleep.
LAST_WORD = timedelta(days=14)
# An actor that is asked for new evidence gets at least and at most this long.
ASKED_AT_LEAST = timedelta(days=14)
ASKED_AT_MOST = timedelta(days=30)


def add_months(day: date, months: int) -> date:
    """The same day some months later or earlier; the month's last day where there is no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def date_problem(evidence_on: date | None, today: date, at_most_months: int | None) -> Promise | None:
    """What is wrong with the date of evidence, as a sentence; None when it fits.

    `at_most_months` is how old it may be, and then it has to be dated; None where its age does not matter.
    """
    if evidence_on is not None and evidence_on > today:
        return _("The date lies in the future.")
    if at_most_months is None:
        return None
    if evidence_on is None:
        return _("Say when the description was published.")
    if evidence_on < add_months(today, -at_most_months):
        return _("The description is older than the condition allows. Publish a new one, and give its date.")
    return None


def valid_until(lasts_months: int, today: date, earlier: date | None) -> date:
    """Until when evidence holds that is accepted today; `earlier` is the date until which the old one holds.

    Who renews within the last 60 days loses none of them.
    """
    begins = earlier if earlier is not None and today <= earlier <= today + RENEWAL_OPENS else today
    return add_months(begins, lasts_months)


def asked_until(due: date, today: date) -> date:
    """By when an actor is to renew that was asked today."""
    return max(min(due, today + ASKED_AT_MOST), today + ASKED_AT_LEAST)


def reminder(due: date, today: date) -> int | None:
    """The most urgent reminder whose day has come, as days left; None before the first."""
    left = (due - today).days
    passed = [days for days in REMINDERS if left <= days]
    return passed[-1] if passed else None


def may_lapse(due: date, reminded_days: int | None, reminded_on: date | None, today: date) -> bool:
    """Whether the worker may end a membership: 30 days late, and reminded for the last time two weeks ago."""
    if reminded_days is None or reminded_on is None or reminded_days > LAST_REMINDER:
        return False
    return today >= due + LAPSES_AFTER and today >= reminded_on + LAST_WORD
