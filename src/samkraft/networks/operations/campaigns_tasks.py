"""The tasks of campaigns: giving, changing, doing and removing them, and reminders when they are due."""

from datetime import date, datetime
from typing import Any

import rules
from django.db import transaction
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.records.refusals import Refused

from ..models import Campaign, CampaignState, CampaignTask, Network
from ..queries import campaigns as queries

A_BATCH = 200
_GOING = (CampaignState.IDEA, CampaignState.PLANNED, CampaignState.RUNNING)
_NOT_IN_NETWORK = _("Only those who take part in the network can do this.")
_NOT_YOURS = _("Only the one who does the task, the one who wrote it, and those who lead the campaign can do this.")
_NO_HELPER = _("This person takes no part in the network any more. Choose somebody else.")


@transaction.atomic
def add(
    *, campaign: Campaign, title: str, helper: queries.Helper | None, due_on: date | None, by: User, now: datetime
) -> CampaignTask:
    """Write down what is to be done, and tell the one who is to do it. Raises Refused."""
    if not queries.takes_part(by, campaign.network):
        raise Refused(_NOT_IN_NETWORK)
    _check_helper(campaign.network, helper)
    task = CampaignTask.objects.create(
        campaign=campaign,
        title=title,
        owner=helper.user if helper else None,
        actor=helper.actor if helper else None,
        due_on=due_on,
        created_by=by,
        created_at=now,
    )
    _tell_owner(task, by, now)
    return task


@transaction.atomic
def change(
    *, task: CampaignTask, title: str, helper: queries.Helper | None, due_on: date | None, by: User, now: datetime
) -> None:
    """Change a task. Somebody who gets it anew is told, and a new date is reminded of anew. Raises Refused."""
    _check_may(by, task)
    _check_helper(task.campaign.network, helper)
    before = task.owner_id
    owner = helper.user if helper else None
    if task.due_on != due_on or before != (owner.pk if owner else None):
        task.reminded_on = None
    task.title, task.due_on, task.owner = title, due_on, owner
    task.actor = helper.actor if helper else None
    task.save(update_fields=["title", "due_on", "owner", "actor", "reminded_on"])
    if task.owner_id != before:
        _tell_owner(task, by, now)


@transaction.atomic
def set_done(*, task: CampaignTask, is_done: bool, by: User, now: datetime) -> None:
    """Mark a task as done, or as not done after all. Of two who do, the first is kept. Raises Refused."""
    _check_may(by, task)
    rows = CampaignTask.objects.filter(pk=task.pk)
    if is_done:
        rows.filter(done_at=None).update(done_at=now, done_by=by)
    else:
        rows.update(done_at=None, done_by=None)
    task.refresh_from_db(fields=["done_at", "done_by"])


@transaction.atomic
def remove(*, task: CampaignTask, by: User) -> None:
    """Take a task away. Raises Refused."""
    _check_may(by, task)
    task.delete()


def remind_of_tasks(*, now: datetime) -> int:
    """Tell each owner once when a task is due today or overdue. Returns how many were told."""
    today = timezone.localdate(now)
    rows = CampaignTask.objects.filter(
        done_at=None, due_on__lte=today, reminded_on=None, owner__is_active=True, campaign__state__in=_GOING
    ).filter(campaign__network__in=Network.objects.open())
    told = 0
    for task in rows.select_related("owner", "campaign__network").order_by("due_on", "pk")[:A_BATCH]:
        told += _remind(task, today, now)
    return told


@transaction.atomic
def _remind(task: CampaignTask, today: date, now: datetime) -> int:
    if not CampaignTask.objects.filter(pk=task.pk, reminded_on=None, done_at=None).update(reminded_on=today):
        return 0
    tell(
        to=task.owner,
        kind="networks.campaign",
        subject=format_lazy(_("Your task is due: {title}"), title=task.title),
        text=from_template("networks/mail/campaign_task_due.txt", {"task": task}),
        url=reverse_lazy("networks:campaign_work", args=[task.campaign_id]),
        now=now,
        dedupe_key=f"campaign task due {task.pk} {task.owner_id} {task.due_on}",
    )
    return 1


def _tell_owner(task: CampaignTask, by: User, now: datetime) -> None:
    if task.owner is None or task.owner_id == by.pk:
        return
    tell(
        to=task.owner,
        kind="networks.campaign",
        subject=format_lazy(_("A task for you: {title}"), title=task.title),
        text=from_template("networks/mail/campaign_task.txt", {"task": task, "by": by}),
        url=reverse_lazy("networks:campaign_work", args=[task.campaign_id]),
        now=now,
    )


def may_change(user: Any, task: CampaignTask) -> bool:
    """The one who does it, the one who wrote it, and those who lead the campaign, while they take part."""
    if not queries.takes_part(user, task.campaign.network):
        return False
    return user.pk in {task.owner_id, task.created_by_id} or rules.test_rule(
        "networks.leads_campaign", user, task.campaign
    )


def _check_may(by: User, task: CampaignTask) -> None:
    if not may_change(by, task):
        raise Refused(_NOT_YOURS)


def _check_helper(network: Network, helper: queries.Helper | None) -> None:
    if helper is not None and helper.key not in {one.key for one in queries.helpers(network)}:
        raise Refused(_NO_HELPER)
