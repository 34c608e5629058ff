"""Dates of series, clocks of agendas, and the nights on which clocks are changed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from samkraft.meetings import rules

STOCKHOLM = rules.zone_of("SE")


@dataclass
class Point:
    minutes_long: int


@dataclass
class Row:
    user_id: int | None
    party_name: str
    is_decision_maker: bool
    email: str = ""
    name: str = ""
    pk: int = 0


def test_country_meets_in_its_own_time_zone():
    assert [str(rules.zone_of(country)) for country in ("SE", "no", "DK")] == [
        "Europe/Stockholm",
        "Europe/Oslo",
        "Europe/Copenhagen",
    ]


def test_moment_follows_summer_time():
    winter = rules.moment(date(2026, 3, 24), time(18), STOCKHOLM)
    summer = rules.moment(date(2026, 3, 31), time(18), STOCKHOLM)
    assert (winter, summer) == (datetime(2026, 3, 24, 17, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC))


def test_hour_that_does_not_occur_is_refused_and_one_that_comes_twice_is_the_first():
    with pytest.raises(rules.NoSuchTime):
        rules.moment(date(2026, 3, 29), time(2, 30), STOCKHOLM)
    assert rules.moment(date(2026, 10, 25), time(2, 30), STOCKHOLM) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        ("weekly", [date(2026, 1, 13), date(2026, 1, 20), date(2026, 1, 27)]),
        ("fortnightly", [date(2026, 1, 13), date(2026, 1, 27), date(2026, 2, 10)]),
        ("monthly", [date(2026, 1, 13), date(2026, 2, 10), date(2026, 3, 10)]),
        ("quarterly", [date(2026, 1, 13), date(2026, 4, 14), date(2026, 7, 14)]),
    ],
)
def test_series_keeps_its_weekday(rhythm, expected):
    assert rules.dates_of_series(date(2026, 1, 13), rhythm, how_many=3) == expected


def test_fifth_weekday_becomes_the_last_where_there_are_four():
    days = rules.dates_of_series(date(2026, 1, 29), "monthly", how_many=4)
    assert days == [date(2026, 1, 29), date(2026, 2, 26), date(2026, 3, 26), date(2026, 4, 30)]


def test_series_ends_at_its_last_day_and_is_never_endless():
    assert len(rules.dates_of_series(date(2026, 1, 13), "weekly", until=date(2026, 2, 3))) == 4
    assert len(rules.dates_of_series(date(2026, 1, 13), "weekly", until=date(9999, 1, 1))) == rules.MOST_IN_SERIES
    long = rules.dates_of_series(date(2026, 1, 13), "quarterly", how_many=60)
    assert long[-1] - long[0] <= rules.LONGEST_SERIES


def test_points_begin_when_those_before_end_to_the_minute():
    starts = datetime(2026, 3, 3, 17, tzinfo=UTC)
    timed = rules.running_times([Point(7), Point(25), Point(40)], starts, starts + timedelta(minutes=60))
    assert [(t.begins_at.strftime("%H:%M"), t.is_over_time) for t in timed] == [
        ("17:00", False),
        ("17:07", False),
        ("17:32", True),
    ]


def test_presence_counts_people_once_and_parties_by_name():
    rows = [Row(1, "A", True), Row(1, "B", False), Row(2, "A", False), Row(None, "", False, name="Guest", pk=9)]
    assert rules.presence(rows) == rules.Presence(people=3, parties=2, deciding_parties=1)
