"""Campaigns: what the actors of a network do together, from idea to result."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from samkraft.records.machines import Machine, Move

from .actors import Actor
from .networks import Network


class CampaignKind(models.TextChoices):
    ADVERTISEMENT = "advertisement", _("advertisement")
    LETTER = "letter", _("letter to the editor")
    EVENT = "event", _("event")
    EXHIBITION = "exhibition", _("exhibition")
    OTHER = "other", _("other")


class CampaignState(models.TextChoices):
    IDEA = "idea", _("idea")
    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


_S = CampaignState
_WHO = "networks.leads_campaign"
CAMPAIGN = Machine(
    name="campaign",
    states=_S.values,
    initial=_S.IDEA,
    final=set(),
    moves=[
        Move(_S.IDEA, _S.PLANNED, who=_WHO),
        Move(_S.IDEA, _S.DROPPED, who=_WHO),
        Move(_S.PLANNED, _S.RUNNING, who=_WHO),
        Move(_S.PLANNED, _S.IDEA, who=_WHO),
        Move(_S.PLANNED, _S.DROPPED, who=_WHO),
        Move(_S.RUNNING, _S.DONE, who=_WHO),
        Move(_S.RUNNING, _S.DROPPED, who=_WHO),
        Move(_S.RUNNING, _S.PLANNED, who=_WHO),
        Move(_S.DONE, _S.RUNNING, who=_WHO),
        Move(_S.DROPPED, _S.IDEA, who=_WHO),
    ],
)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def in_network(self, network: Network) -> Self:
        return self.filter(network=network)

    def told(self) -> Self:
        """What anyone may read of: planned, running or done. Ideas and dropped ones are the network's own."""
        return self.filter(state__in=[CampaignState.PLANNED, CampaignState.RUNNING, CampaignState.DONE])


class Campaign(models.Model):
    """Something that actors do together. `text` is what they write together; `text_version` grows with each saving."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="campaigns")
    kind = models.CharField(_("kind"), max_length=14, choices=CampaignKind.choices)
    title = models.CharField(_("title"), max_length=160)
    goal = models.TextField(_("what we want to achieve"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CampaignState.choices, default=_S.IDEA)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    lead = models.ForeignKey(Actor, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("led by"))
    text = models.TextField(_("text"), blank=True, help_text=_("Sanitised HTML"))
    text_version = models.PositiveIntegerField(default=0)
    result = models.TextField(_("result"), max_length=3000, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    history = HistoricalRecords(excluded_fields=["text", "text_version"])

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["network", "state"], name="campaign_by_state")]

    def __str__(self) -> str:
        return self.title


class CampaignText(models.Model):
    """One version of the text that a campaign's actors write together."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="texts")
    number = models.PositiveIntegerField()
    text = models.TextField(help_text=_("Sanitised HTML"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="campaign_text_number_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} version {self.number}"


class CampaignTask(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks")
    title = models.CharField(_("what is to be done"), max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(Actor, models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("by"), null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=models.Q(done_at=None), name="campaign_task_open"),
            models.Index(
                fields=["due_on"],
                condition=models.Q(done_at=None, reminded_on=None),
                name="campaign_task_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PartAnswer(models.TextChoices):
    YES = "yes", _("takes part")
    MAYBE = "maybe", _("perhaps")
    NO = "no", _("not this time")


class CampaignPart(models.Model):
    """Whether an actor takes part in a campaign, and with what."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="parts")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    answer = models.CharField(_("answer"), max_length=6, choices=PartAnswer.choices)
    contribution = models.CharField(_("what we contribute"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "actor"], name="campaign_part_once")]

    def __str__(self) -> str:
        return f"{self.actor_id}: {self.answer}"
