"""An actor's way into a network and through the years: memberships and how they fulfil the condition."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from samkraft.records.machines import Machine, Move
from samkraft.records.models import StoredFile

from .actors import Actor
from .networks import ConditionVersion, EvidenceKind, Network


class MembershipState(models.TextChoices):
    INTERESTED = "interested", _("interested")
    APPLIED = "applied", _("applied")
    ASKED = "asked", _("asked to complete")
    DECLINED = "declined", _("declined")
    ADMITTED = "admitted", _("member")
    DUE = "due", _("member, due for renewal")
    LAPSED = "lapsed", _("lapsed")
    LEFT = "left", _("left")


MEMBER_STATES = (MembershipState.ADMITTED, MembershipState.DUE)

_S = MembershipState
_ACTOR = "networks.speaks_for_member"
_CONVENER = "networks.convenes_for_member"

# Renewed is no state of its own: a confirmed renewal moves from due back to admitted, with a new fulfilment. A move
# from a state to itself is logged like the others: new evidence instead of the old, an early renewal, one more asking.
MEMBERSHIP = Machine(
    name="network_membership",
    states=_S.values,
    initial=_S.INTERESTED,
    final=set(),
    moves=[
        Move(_S.INTERESTED, _S.APPLIED, who=_ACTOR),
        Move(_S.INTERESTED, _S.LEFT, who=_ACTOR),
        Move(_S.APPLIED, _S.ADMITTED, who=_CONVENER),
        Move(_S.APPLIED, _S.ASKED, who=_CONVENER),
        Move(_S.APPLIED, _S.DECLINED, who=_CONVENER),
        Move(_S.APPLIED, _S.LEFT, who=_ACTOR),
        Move(_S.APPLIED, _S.APPLIED, who=_ACTOR),
        Move(_S.ASKED, _S.APPLIED, who=_ACTOR),
        Move(_S.ASKED, _S.DECLINED, who=_CONVENER),
        Move(_S.ASKED, _S.LEFT, who=_ACTOR),
        Move(_S.DECLINED, _S.APPLIED, who=_ACTOR),
        Move(_S.ADMITTED, _S.ADMITTED, who=_CONVENER),
        Move(_S.ADMITTED, _S.DUE, who=_CONVENER, by_clock=True),
        Move(_S.ADMITTED, _S.LEFT, who=_ACTOR),
        Move(_S.ADMITTED, _S.LAPSED, who=_CONVENER),
        Move(_S.DUE, _S.ADMITTED, who=_CONVENER),
        Move(_S.DUE, _S.DUE, who=_CONVENER),
        Move(_S.DUE, _S.LAPSED, who=_CONVENER, by_clock=True),
        Move(_S.DUE, _S.LEFT, who=_ACTOR),
        Move(_S.LAPSED, _S.APPLIED, who=_ACTOR),
        Move(_S.LEFT, _S.APPLIED, who=_ACTOR),
    ],
)


class NetworkMembershipQuerySet(models.QuerySet["NetworkMembership"]):
    def members(self) -> Self:
        """Those who count as members now, due for renewal or not."""
        return self.filter(state__in=MEMBER_STATES)

    def in_network(self, network: Network) -> Self:
        return self.filter(network=network)

    def awaiting_decision(self) -> Self:
        return self.filter(state=MembershipState.APPLIED)


class NetworkMembership(models.Model):
    """Where an actor stands in a network. `fulfilment` is the accepted evidence that it counts by."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="memberships")
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="memberships")
    state = models.CharField(_("state"), max_length=10, choices=MembershipState.choices, default=_S.INTERESTED)
    fulfilment = models.ForeignKey("Fulfilment", models.SET_NULL, null=True, blank=True, related_name="+")
    why = models.TextField(_("reason"), max_length=2000, blank=True, help_text=_("Of the latest decision"))
    message = models.TextField(_("message to the network"), max_length=2000, blank=True)
    since = models.DateField(_("member since"), null=True, blank=True)
    due_on = models.DateField(_("to be renewed by"), null=True, blank=True)
    reminded_days = models.SmallIntegerField(null=True, blank=True, help_text=_("Days left at the latest reminder"))
    reminded_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = NetworkMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "actor"], name="network_membership_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["admitted", "due"])
                | models.Q(fulfilment__isnull=False, due_on__isnull=False),
                name="network_member_has_evidence",
            ),
        ]
        indexes = [
            models.Index(fields=["network", "state"], name="network_membership_by_state"),
            models.Index(
                fields=["due_on"], condition=models.Q(state__in=["admitted", "due"]), name="network_membership_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} in {self.network_id}: {self.state}"


class FulfilmentState(models.TextChoices):
    SUBMITTED = "submitted", _("waiting to be checked")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("not accepted")
    REPLACED = "replaced", _("replaced by a later one")


class Fulfilment(models.Model):
    """The evidence that an actor fulfils one version of a condition, and what was decided about it."""

    membership = models.ForeignKey(NetworkMembership, models.CASCADE, related_name="fulfilments")
    version = models.ForeignKey(ConditionVersion, models.PROTECT, related_name="+")
    evidence_kind = models.CharField(max_length=12, choices=EvidenceKind.choices)
    evidence_url = models.URLField(_("link"), max_length=500, blank=True)
    evidence_on = models.DateField(_("published or signed"), null=True, blank=True)
    evidence_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    additions = models.TextField(_("what we add"), max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=FulfilmentState.choices, default=FulfilmentState.SUBMITTED)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    why = models.TextField(_("reason"), max_length=2000, blank=True)
    is_own_decision = models.BooleanField(default=False, help_text=_("Decided by one who speaks for the actor"))
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(evidence_url="") | models.Q(evidence_file__isnull=False),
                name="fulfilment_has_evidence",
            ),
            models.UniqueConstraint(
                fields=["membership"], condition=models.Q(state="submitted"), name="fulfilment_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.state}"
