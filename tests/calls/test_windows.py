"""A call's time in words, by the organiser's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from samkraft.calls.rules import windows

ZONE = "Europe/Stockholm"
# A Monday, 23:59 in Stockholm in summer.
CLOSES = datetime(2021, 6, 21, 21, 59, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=3), "3 days left"),
        (timedelta(days=3, hours=23), "3 days left"),
        (timedelta(days=1), "Closes tomorrow"),
        (timedelta(hours=23), "Closes today"),
        (timedelta(hours=1, seconds=1), "Closes today"),
        (timedelta(hours=1), "Less than an hour left"),
        (timedelta(seconds=1), "Less than an hour left"),
        (timedelta(0), "The time to apply is over"),
    ],
)
def test_what_is_left_is_told_as_a_neighbour_would(before: timedelta, words: str) -> None:
    assert windows.left_in_words(CLOSES, CLOSES - before, ZONE) == words


def test_the_deadline_stands_beside_what_is_left() -> None:
    words = windows.until_in_words(CLOSES, CLOSES - timedelta(days=3), ZONE)

    assert words == "3 days left, until Monday June 21, 2021 at 23:59"


def test_days_are_those_of_the_organiser_and_not_of_the_server() -> None:
    # 22:30 in London is half past midnight in Stockholm: the same day as the deadline there.
    assert windows.days_between(datetime(2021, 6, 20, 22, 30, tzinfo=UTC), CLOSES, ZONE) == 0


def test_moment_of_winter_is_by_the_clock_of_winter() -> None:
    assert windows.moment_in_words(datetime(2021, 1, 4, 22, 59, tzinfo=UTC), ZONE) == "Monday Jan. 4, 2021 at 23:59"


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (CLOSES - timedelta(days=9), datetime(2021, 6, 12, 22, tzinfo=UTC)),
        (CLOSES - timedelta(hours=2), CLOSES - timedelta(hours=1)),
        (CLOSES - timedelta(minutes=5), CLOSES),
        (CLOSES, datetime(2021, 6, 21, 22, tzinfo=UTC)),
    ],
)
def test_words_hold_until_midnight_or_the_next_edge(now: datetime, until: datetime) -> None:
    opens = CLOSES - timedelta(days=20)

    assert windows.holds_until(opens, CLOSES, now, ZONE) == until
    assert windows.left_in_words(CLOSES, now, ZONE) == windows.left_in_words(
        CLOSES, until - timedelta(microseconds=1), ZONE
    )


def test_words_before_the_opening_hold_until_it_opens() -> None:
    opens = CLOSES - timedelta(hours=6)

    assert windows.holds_until(opens, CLOSES, opens - timedelta(minutes=1), ZONE) == opens
    assert windows.opens_in_words(opens, opens - timedelta(minutes=1), ZONE) == "Opens today"
    assert windows.opens_in_words(opens, opens - timedelta(days=1), ZONE) == "Opens tomorrow"
    assert windows.opens_in_words(opens, opens - timedelta(days=2), ZONE) == "Opens in 2 days"


def test_window_in_words_is_true_whenever_it_is_read() -> None:
    words = windows.window_in_words(CLOSES - timedelta(days=7), CLOSES, ZONE)

    assert words == "From Monday June 14, 2021 at 23:59 until Monday June 21, 2021 at 23:59"
