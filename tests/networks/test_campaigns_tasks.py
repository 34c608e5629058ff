"""Tasks of campaigns: who gets them, who marks them, and reminders."""

from datetime import date, timedelta

import pytest

from samkraft.networks.models import CampaignTask
from samkraft.networks.operations import campaigns
from samkraft.networks.operations import campaigns_tasks as operations
from samkraft.networks.queries import campaigns as queries
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused
from tests import factories
from tests import factories_campaigns as made
from tests import factories_networks as networks
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def network():
    return networks.network()


@pytest.fixture
def convener(network):
    return networks.convener(network)


@pytest.fixture
def contact(network):
    return made.member(network)[1]


@pytest.fixture
def campaign(network):
    return made.campaign(network)


def helper(network, user):
    return next(one for one in queries.helpers(network) if one.user == user)


def told():
    return [(message.to_user, message.subject) for message in OutboxMessage.objects.order_by("pk")]


def test_one_who_gets_a_task_is_told(campaign, network, convener, contact, in_english):
    chosen = helper(network, contact)
    task = operations.add(campaign=campaign, title="Book the hall", helper=chosen, due_on=TODAY, by=convener, now=NOW)
    assert (task.owner, task.actor) == (contact, chosen.actor)
    assert told() == [(contact, "A task for you: Book the hall")]


def test_nobody_is_told_of_a_task_that_they_give_themselves(campaign, network, convener):
    own = helper(network, convener)
    operations.add(campaign=campaign, title="Call", helper=own, due_on=None, by=convener, now=NOW)
    operations.add(campaign=campaign, title="Nobody's", helper=None, due_on=None, by=convener, now=NOW)
    assert told() == []


def test_task_goes_only_to_people_of_the_network_and_is_given_only_by_them(campaign, convener, network):
    stranger = queries.Helper(factories.user(), None)
    with pytest.raises(Refused):
        operations.add(campaign=campaign, title="Call", helper=stranger, due_on=None, by=convener, now=NOW)
    with pytest.raises(Refused):
        operations.add(campaign=campaign, title="Call", helper=None, due_on=None, by=stranger.user, now=NOW)
    assert not CampaignTask.objects.exists()


def test_change_tells_only_a_new_owner_and_reminds_anew_of_a_new_date(campaign, network, convener, contact):
    task = made.task(campaign, contact, due_on=TODAY, reminded_on=TODAY)
    same = {"title": "Other words", "helper": helper(network, contact), "by": convener, "now": NOW}
    operations.change(task=task, due_on=TODAY, **same)
    assert (told(), task.reminded_on) == ([], TODAY)
    operations.change(task=task, due_on=date(2026, 4, 1), **same)
    assert (told(), task.reminded_on) == ([], None)
    _actor, another = made.member(network)
    operations.change(task=task, due_on=TODAY, **{**same, "helper": helper(network, another)})
    assert [user for user, _subject in told()] == [another]


def test_owner_writer_and_those_who_lead_mark_a_task_and_others_do_not(campaign, network, convener, contact):
    task = made.task(campaign, contact)
    _actor, another = made.member(network)
    for person in (contact, convener):
        operations.set_done(task=task, is_done=True, by=person, now=NOW)
        assert (task.done_at, task.done_by) == (NOW, person)
        operations.set_done(task=task, is_done=False, by=person, now=NOW)
        assert (task.done_at, task.done_by) == (None, None)
    for wrong in (another, factories.user()):
        with pytest.raises(Refused):
            operations.set_done(task=task, is_done=True, by=wrong, now=NOW)
        with pytest.raises(Refused):
            operations.remove(task=task, by=wrong)


def test_first_who_marks_a_task_is_kept(campaign, network, convener, contact):
    task = made.task(campaign, contact)
    operations.set_done(task=task, is_done=True, by=contact, now=NOW)
    operations.set_done(task=task, is_done=True, by=convener, now=NOW + timedelta(hours=1))
    assert (task.done_at, task.done_by) == (NOW, contact)


def test_owner_who_takes_part_no_more_changes_nothing(campaign):
    gone = factories.user()
    with pytest.raises(Refused):
        operations.set_done(task=made.task(campaign, gone), is_done=True, by=gone, now=NOW)


def test_owner_is_reminded_once_when_a_task_is_due(campaign, contact, in_english):
    made.task(campaign, contact, title="Today", due_on=TODAY)
    made.task(campaign, contact, title="Late", due_on=TODAY - timedelta(days=9))
    made.task(campaign, contact, title="Tomorrow", due_on=TODAY + timedelta(days=1))
    made.task(campaign, contact, title="Done", due_on=TODAY, done_at=NOW)
    made.task(campaign, contact, title="Some day")
    made.task(campaign, None, title="Nobody's", due_on=TODAY)
    assert campaigns.remind_of_tasks(now=NOW) == 2
    assert told() == [(contact, "Your task is due: Late"), (contact, "Your task is due: Today")]
    assert campaigns.remind_of_tasks(now=NOW + timedelta(hours=1)) == 0
    assert campaigns.remind_of_tasks(now=NOW + timedelta(days=1)) == 1


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_nobody_is_reminded_of_a_campaign_that_is_over(network, contact, state):
    made.task(made.campaign(network, state=state), contact, due_on=TODAY)
    assert campaigns.remind_of_tasks(now=NOW) == 0
    assert list(queries.tasks_of(contact)) == []


def test_my_tasks_are_the_open_ones_with_the_most_urgent_first(campaign, contact, convener):
    some_day = made.task(campaign, contact)
    later = made.task(campaign, contact, due_on=date(2026, 5, 1))
    soon = made.task(campaign, contact, due_on=TODAY)
    made.task(campaign, contact, done_at=NOW)
    made.task(campaign, convener)
    assert list(queries.tasks_of(contact)) == [soon, later, some_day]
