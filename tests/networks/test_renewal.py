"""What a year does to memberships: reminders on their days, one renews, one lapses. The clock is passed in."""

from datetime import date, datetime, timedelta

import pytest
from django.utils.translation import gettext, override

from samkraft.networks.models import NetworkMembership, NetworkState
from samkraft.networks.operations import memberships
from samkraft.networks.operations.renewal import LATE, Report, bring_dates_forward, remind_all_due, remind_and_lapse
from samkraft.networks.queries import memberships as queries
from samkraft.networks.rules import memberships as dates
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from tests import factories, factories_networks
from tests.factories import NOW
from tests.factories_memberships import confirm, joining, submit

pytestmark = pytest.mark.django_db
DUE = date(2027, 3, 2)


def at(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=NOW.tzinfo)


def reminded(contact):
    rows = OutboxMessage.objects.filter(to_user=contact, kind="networks.renewal").order_by("pk")
    return [row.written_at.date() for row in rows]


def day(left):
    return DUE - timedelta(days=left)


@pytest.fixture
def member(db):
    """An actor that is a member until DUE, with its contact."""
    place = joining()
    confirm(place, submit(place))
    return place


def test_year_passes_and_one_renews_and_one_lapses(member):
    other = member._replace(actor=factories_networks.actor())
    other = other._replace(contact=factories_networks.speaker(other.actor))
    confirm(other, submit(other))
    renewed_on = day(20)
    for passed in (1, 100, 200, *range(300, 400)):
        now = NOW + timedelta(days=passed)
        remind_and_lapse(now=now)
        if now.date() == renewed_on:
            confirm(member, submit(member, now=now), now=now)
    assert reminded(member.contact) == [day(60), day(30)]
    assert reminded(other.contact) == [day(60), day(30), day(7), day(-1), day(-14)]
    stays, goes = (NetworkMembership.objects.get(actor=place.actor) for place in (member, other))
    assert (stays.state, stays.due_on) == ("admitted", date(2028, 3, 2))
    assert goes.state == "lapsed"
    assert [row.actor for row in queries.register(member.network)] == [member.actor]
    last = TransitionLog.objects.of(goes).last()
    assert (last.from_state, last.to_state, last.by, last.at.date()) == ("due", "lapsed", None, day(-30))
    assert last.why == goes.why != ""


def test_running_twice_the_same_day_changes_nothing(member):
    assert remind_and_lapse(now=at(day(60))) == Report(due=1, reminded=1, lapsed=0)
    assert remind_and_lapse(now=at(day(60))) == Report()
    assert reminded(member.contact) == [day(60)]


def test_worker_that_slept_sends_only_the_most_urgent_reminder(member):
    assert remind_and_lapse(now=at(day(5))) == Report(due=1, reminded=1, lapsed=0)
    assert remind_and_lapse(now=at(day(4))) == Report()
    assert reminded(member.contact) == [day(5)]


def test_nobody_lapses_who_was_not_reminded_two_weeks_before(member):
    assert remind_and_lapse(now=at(day(-50))) == Report(due=1, reminded=1, lapsed=0)
    assert remind_and_lapse(now=at(day(-63))) == Report()
    assert remind_and_lapse(now=at(day(-64))) == Report(lapsed=1)


def test_nobody_is_reminded_or_lapses_while_evidence_waits(member):
    remind_and_lapse(now=at(day(60)))
    submit(member, now=at(day(50)))
    assert {remind_and_lapse(now=at(day(left))) for left in range(49, -60, -6)} == {Report()}
    assert NetworkMembership.objects.get().state == "due"


def test_network_that_rests_leaves_its_members_in_peace(member):
    member.network.state = NetworkState.RESTING
    member.network.save()
    assert remind_and_lapse(now=at(day(-60))) == Report()


def test_reminder_says_by_when_and_where(member):
    remind_and_lapse(now=at(day(7)))
    mail = OutboxMessage.objects.get(to_user=member.contact, kind="networks.renewal")
    assert mail.subject == f"{member.actor.name}: renew for {member.network.name}"
    assert "until March 2, 2027" in mail.text
    assert mail.url.endswith(f"/en/networks/memberships/{NetworkMembership.objects.get().pk}/")


def test_lapsed_actor_is_told_in_its_own_language(member):
    for left in (-14, -30):
        remind_and_lapse(now=at(day(left)))
    mail = OutboxMessage.objects.filter(to_user=member.contact).latest("pk")
    assert mail.subject == f"{member.actor.name} is no longer a member of {member.network.name}"
    assert "because the evidence was not renewed within 30 days after its date" in mail.text
    told = OutboxMessage.objects.filter(to_user=member.convener).latest("pk")
    assert (told.subject, told.kind) == (mail.subject, "networks.evidence")


@pytest.mark.parametrize(("country", "language"), [("SE", "sv"), ("NO", "nb"), ("DK", "da")])
def test_reason_that_the_worker_gives_is_kept_in_the_language_of_the_country(member, country, language):
    if country != "SE":
        nation = factories.country(country, country)
        member.network.county = factories.county("99", country, of=nation)
        member.network.save()
    with override("en"):
        for left in (-14, -30):
            remind_and_lapse(now=at(day(left)))
    with override(language):
        reason = gettext(LATE)
    assert TransitionLog.objects.of(NetworkMembership.objects.get()).last().why == reason
    assert NetworkMembership.objects.get().why == reason


def test_convener_lapses_with_the_reason(member):
    membership = NetworkMembership.objects.select_related("network", "actor").get()
    lapsed = memberships.lapse(membership=membership, why="The page is gone.", by=member.convener, now=NOW)
    last = TransitionLog.objects.of(lapsed).last()
    assert (lapsed.state, last.why, last.by) == ("lapsed", "The page is gone.", member.convener)
    mail = OutboxMessage.objects.filter(to_user=member.contact).latest("pk")
    assert "The page is gone." in mail.text


def test_new_version_brings_the_date_forward_and_members_are_reminded_of_it(member):
    by = NOW.date() + timedelta(days=90)
    newer = factories_networks.condition(county=member.network.county, to_be_met_by=by)
    assert bring_dates_forward(now=NOW) == 1
    membership = NetworkMembership.objects.get()
    assert (membership.state, membership.due_on) == ("admitted", by)
    assert remind_and_lapse(now=at(by - timedelta(days=60))) == Report(due=1, reminded=1)
    mail = OutboxMessage.objects.get(to_user=member.contact, kind="networks.renewal")
    assert "The condition of" in mail.text
    new = member._replace(version=newer)
    now = at(by - timedelta(days=50))
    renewed = confirm(new, submit(new, now=now), now=now)
    assert (renewed.state, renewed.fulfilment.version) == ("admitted", newer)
    assert bring_dates_forward(now=now) == 0


def test_newer_version_replaces_the_date_of_the_one_before(member):
    for days in (90, 30):
        factories_networks.condition(county=member.network.county, to_be_met_by=NOW.date() + timedelta(days=days))
    bring_dates_forward(now=NOW)
    assert NetworkMembership.objects.get().due_on == NOW.date() + timedelta(days=30)


def test_networks_own_condition_gives_way_to_the_countys():
    network = factories_networks.network()
    own = factories_networks.condition(of=network)
    membership = factories_networks.admitted(network, version=own)
    by = NOW.date() + timedelta(days=90)
    factories_networks.condition(county=network.county, to_be_met_by=by)
    assert bring_dates_forward(now=NOW) == 1
    membership.refresh_from_db()
    assert membership.due_on == by


def test_new_version_without_a_date_lets_members_stay_until_theirs(member):
    factories_networks.condition(county=member.network.county)
    assert bring_dates_forward(now=NOW) == 0


def test_reminder_ladder():
    found = [dates.reminder(DUE, day(left)) for left in (61, 60, 31, 30, 7, 1, 0, -1, -13, -14, -90)]
    assert found == [None, 60, 60, 30, 7, 7, 7, -1, -1, -14, -14]


def test_all_who_are_due_are_reminded_by_hand_once_a_day(member):
    remind_and_lapse(now=at(day(60)))
    now = at(day(50))
    assert remind_all_due(network=member.network, message="See you on Monday.", by=member.convener, now=now) == 1
    assert OutboxMessage.objects.filter(to_user=member.contact).latest("pk").text.startswith("See you on Monday.")
    with pytest.raises(Refused):
        remind_all_due(network=member.network, by=member.convener, now=now)
    with pytest.raises(Refused):
        remind_all_due(network=member.network, by=member.contact, now=now)


def test_two_workers_at_once_remind_once(at_once):
    place = joining()
    confirm(place, submit(place))
    reports = at_once(lambda _place: remind_and_lapse(now=at(day(60))), 2)
    assert sum(report.reminded for report in reports) == 1
    assert reminded(place.contact) == [day(60)]


def test_worker_asks_the_same_of_the_database_for_one_and_for_three(member, django_assert_max_num_queries):
    for _more in range(3):
        factories_networks.admitted(member.network, version=member.version)
    with django_assert_max_num_queries(8):
        remind_and_lapse(now=NOW)
