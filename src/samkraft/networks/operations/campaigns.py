"""Campaigns from idea to done: proposing, changing, moving on, taking part, the result, and making another alike."""

from datetime import datetime
from typing import Any

import rules
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import (
    CAMPAIGN,
    Actor,
    Campaign,
    CampaignPart,
    CampaignState,
    CampaignTask,
    CampaignText,
    Network,
    NetworkPerson,
    NetworkRole,
)
from ..queries import campaigns as queries
from .campaigns_tasks import remind_of_tasks

__all__ = ["CHANGED", "answer", "copy", "edit", "move", "propose", "remind_of_tasks", "write_result"]

EDITED = ("kind", "title", "goal", "starts_on", "ends_on", "lead")
OVER = (CampaignState.DONE, CampaignState.DROPPED)
CHANGED = _("Somebody else has changed this campaign meanwhile. Look at what they did, and then make your change.")
_NOT_IN_NETWORK = _("Only those who take part in the network can do this.")
_NOT_LEADING = _("Only those who lead the campaign, or the network, can do this.")
_NO_MEMBER = _("Only members of the network can do this.")


@transaction.atomic
def propose(*, network: Network, fields: dict[str, Any], by: User, now: datetime) -> Campaign:
    """Put an idea on the network's board, and tell its conveners. Raises Refused for one who takes no part."""
    _check_takes_part(by, network)
    _check_lead(network, fields.get("lead"))
    campaign = Campaign(network=network, created_by=by, created_at=now, changed_at=now)
    _fill(campaign, fields)
    campaign.save()
    _shown_anew(campaign)
    conveners = NetworkPerson.objects.active().filter(network=network, role=NetworkRole.CONVENER)
    for person in conveners.exclude(user=by).filter(user__is_active=True).select_related("user"):
        tell(
            to=person.user,
            kind="networks.campaign",
            subject=format_lazy(_("An idea for a campaign: {title}"), title=campaign.title),
            text=from_template("networks/mail/campaign_proposed.txt", {"campaign": campaign, "by": by}),
            url=reverse_lazy("networks:campaign_work", args=[campaign.pk]),
            now=now,
            dedupe_key=f"campaign proposed {campaign.pk} {person.user_id}",
        )
    return campaign


@transaction.atomic
def edit(*, campaign: Campaign, fields: dict[str, Any], seen: datetime, by: User, now: datetime) -> None:
    """Change what a campaign is. Raises Refused for those who do not lead it, and when it was changed meanwhile."""
    _check_leads(by, campaign)
    _check_lead(campaign.network, fields.get("lead"))
    if not Campaign.objects.filter(pk=campaign.pk, changed_at=seen).update(changed_at=now):
        raise Refused(CHANGED)
    campaign.changed_at = now
    _fill(campaign, fields)
    _keep(campaign, [*EDITED, "changed_at"])


@transaction.atomic
def move(*, campaign: Campaign, to: str, by: User, now: datetime, why: str = "") -> None:
    """Take a campaign to another state, and tell the one who proposed it. Raises Refused.

    Of two who move it at the same moment, one wins and the other is told.
    """
    _check_takes_part(by, campaign.network)
    log_transition(subject=campaign, machine=CAMPAIGN, to=to, by=by, now=now, why=why)
    Campaign.objects.filter(pk=campaign.pk).update(changed_at=now)
    campaign.changed_at = now
    _shown_anew(campaign)
    if campaign.created_by_id == by.pk or not campaign.created_by.is_active:
        return
    tell(
        to=campaign.created_by,
        kind="networks.campaign",
        subject=format_lazy(_("Your campaign {title} has moved on"), title=campaign.title),
        text=from_template("networks/mail/campaign_moved.txt", {"campaign": campaign, "by": by, "why": why}),
        url=reverse_lazy("networks:campaign_work", args=[campaign.pk]),
        now=now,
    )


@transaction.atomic
def write_result(*, campaign: Campaign, result: str, seen: datetime, by: User, now: datetime) -> None:
    """Tell what came of a campaign. Raises Refused as `edit` does, and while it is an idea."""
    _check_leads(by, campaign)
    if campaign.state not in {CampaignState.RUNNING, CampaignState.DONE}:
        raise Refused(_("A result can be told once the campaign has begun."))
    if not Campaign.objects.filter(pk=campaign.pk, changed_at=seen).update(changed_at=now):
        raise Refused(CHANGED)
    campaign.changed_at, campaign.result = now, result
    _keep(campaign, ["result", "changed_at"])


@transaction.atomic
def answer(
    *, campaign: Campaign, actor: Actor, answer: str, contribution: str, by: User, now: datetime
) -> CampaignPart:
    """Say whether an actor takes part, and with what. Saying it again replaces the answer. Raises Refused."""
    if not rules.test_rule("networks.writes_for_actor", by, actor):
        raise Refused(_("Only those who write for the actor can answer for it."))
    if not queries.member_actors(campaign.network).filter(pk=actor.pk).exists():
        raise Refused(_NO_MEMBER)
    if campaign.state in OVER:
        raise Refused(_("The campaign is over, so the answers stay as they are."))
    part, _new = CampaignPart.objects.update_or_create(
        campaign=campaign,
        actor=actor,
        defaults={"answer": answer, "contribution": contribution, "by": by, "at": now},
    )
    _shown_anew(campaign)
    return part


@transaction.atomic
def copy(*, campaign: Campaign, by: User, now: datetime) -> Campaign:
    """Another campaign like this one, as an idea: its goal, text and tasks, without dates, owners and answers."""
    _check_takes_part(by, campaign.network)
    text = Campaign.objects.values_list("text", flat=True).get(pk=campaign.pk)
    made = Campaign.objects.create(
        network=campaign.network,
        kind=campaign.kind,
        title=(_now("Copy of %(title)s") % {"title": campaign.title})[:160],
        goal=campaign.goal,
        text=text,
        text_version=1 if text else 0,
        created_by=by,
        created_at=now,
        changed_at=now,
    )
    if text:
        CampaignText.objects.create(campaign=made, number=1, text=text, by=by, at=now)
    titles = CampaignTask.objects.filter(campaign=campaign).order_by("pk").values_list("title", flat=True)
    CampaignTask.objects.bulk_create(
        CampaignTask(campaign=made, title=title, created_by=by, created_at=now) for title in titles
    )
    _shown_anew(made)
    return made


def _fill(campaign: Campaign, fields: dict[str, Any]) -> None:
    for name in EDITED:
        setattr(campaign, name, fields[name])


def _keep(campaign: Campaign, names: list[str]) -> None:
    campaign.save(update_fields=names)
    _shown_anew(campaign)


def _shown_anew(campaign: Campaign) -> None:
    changed(queries.campaign_tag(campaign.pk), campaign.network.tag)


def _check_takes_part(by: User, network: Network) -> None:
    if not queries.takes_part(by, network):
        raise Refused(_NOT_IN_NETWORK)


def _check_leads(by: User, campaign: Campaign) -> None:
    _check_takes_part(by, campaign.network)
    if not rules.test_rule("networks.leads_campaign", by, campaign):
        raise Refused(_NOT_LEADING)


def _check_lead(network: Network, lead: Actor | None) -> None:
    if lead is not None and not queries.member_actors(network).filter(pk=lead.pk).exists():
        raise Refused(_NO_MEMBER)
