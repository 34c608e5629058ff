"""Attempts are counted by account and by address, together in all processes."""

from datetime import timedelta

import pytest

from samkraft.records.limits import allow, forget_counts
from samkraft.records.models import RateCount
from tests import factories
from tests.factories import NOW

HOUR = timedelta(hours=1)
# The beginning of a counted period, so that no period ends within a test.
SHARP = NOW.replace(minute=0)


def attempts(times, **who):
    return [allow(action="test", limit=3, period=HOUR, now=SHARP, **who) for _ in range(times)]


def test_limit_by_address_lets_through_so_many(db):
    assert attempts(5, address="192.0.2.1") == [True, True, True, False, False]


def test_limit_counts_each_address_by_itself(db):
    attempts(3, address="192.0.2.1")
    assert attempts(1, address="192.0.2.2") == [True]


def test_limit_counts_a_subscribers_ipv6_addresses_as_one(db):
    attempts(3, address="2001:db8:1:1::1")
    assert attempts(1, address="2001:db8:1:1:ffff::9") == [False]
    assert attempts(1, address="2001:db8:1:2::1") == [True]


def test_limit_by_account_counts_each_account_by_itself(db):
    one, other = factories.user(), factories.user()
    assert attempts(4, account=one) == [True, True, True, False]
    assert attempts(1, account=other) == [True]


def test_limit_counts_each_action_by_itself(db):
    attempts(3, address="192.0.2.1")
    assert allow(action="other", limit=3, period=HOUR, now=SHARP, address="192.0.2.1") is True


def test_limit_is_for_an_account_or_an_address(db):
    for who in ({}, {"account": factories.user(), "address": "192.0.2.1"}):
        with pytest.raises(ValueError, match="one account or for one address"):
            allow(action="test", limit=3, period=HOUR, now=SHARP, **who)


def test_limit_slides_so_that_two_periods_do_not_add_up(db):
    attempts(3, address="192.0.2.1")

    def allowed(minutes):
        later = SHARP + timedelta(minutes=minutes)
        return allow(action="test", limit=3, period=HOUR, now=later, address="192.0.2.1")

    # A quarter into the next hour three quarters of the three attempts still weigh: 2.25.
    assert [allowed(75), allowed(85), allowed(179)] == [False, False, True]


def test_limit_keeps_no_address(db):
    attempts(1, address="192.0.2.1")
    row = RateCount.objects.get()
    assert "192.0.2.1" not in f"{row.action} {row.who}"
    assert len(row.who) == 64


def test_counts_are_forgotten_when_they_no_longer_matter(db):
    attempts(1, address="192.0.2.1")
    assert forget_counts(now=SHARP + 2 * HOUR) == 0
    assert forget_counts(now=SHARP + 2 * HOUR + timedelta(seconds=1)) == 1


def test_limit_holds_for_parallel_connections(at_once):
    def attempt(_place):
        return allow(action="test", limit=3, period=HOUR, now=SHARP, address="192.0.2.1")

    results = at_once(attempt, 8)
    assert sorted(results) == [False] * 5 + [True] * 3
