"""What came of each application: the draw's outcome, what people changed with a reason, letters and answers."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .applications import Application
from .calls import Call
from .draws import Draw


class Outcome(models.TextChoices):
    PLACE = "place", _("a place")
    WAITLIST = "waitlist", _("on the waiting list")
    NO = "no", _("not this time")


class Reply(models.TextChoices):
    NONE = "none", _("has not answered")
    ACCEPTED = "accepted", pgettext_lazy("of a call", "accepted")
    DECLINED = "declined", pgettext_lazy("of a call", "declined")
    EXPIRED = "expired", _("did not answer in time")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def holding_places(self) -> Self:
        """Those who have a place, answered or not; who declined or let the time pass has none."""
        return self.filter(outcome=Outcome.PLACE).exclude(reply__in=[Reply.DECLINED, Reply.EXPIRED])

    def waiting(self) -> Self:
        """The waiting list, in its order."""
        return self.filter(outcome=Outcome.WAITLIST, reply=Reply.NONE).order_by("position", "pk")

    def unanswered_at(self, now: datetime) -> Self:
        """Those whose last day to take their place has passed without an answer, the earliest first."""
        late = self.filter(outcome=Outcome.PLACE, reply=Reply.NONE, answer_by__lt=now)
        return late.order_by("answer_by", "pk")


class Decision(models.Model):
    """`outcome` is staged until the call is announced; `drawn_outcome` is what the draw said and never changes.

    `position` is the place on the waiting list, from 1. Who came in from there has `offered_from_waitlist`, and, if a
    limit was relaxed for it, `relaxation` in words and the steps in `relaxed_limits` (`{"feature", "value", "side",
    "old", "new"}`), by which later entries go too. Whose place was left empty has the words and steps of that.
    `told_free_at` is when the organisers were told that nobody from the list could take the place that this one gave
    up.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="decisions")
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="+")
    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    drawn_outcome = models.CharField(max_length=8, choices=Outcome.choices)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    position = models.PositiveIntegerField(_("place on the waiting list"), null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(_("answer"), max_length=8, choices=Reply.choices, default=Reply.NONE)
    replied_at = models.DateTimeField(null=True, blank=True)
    offered_from_waitlist = models.BooleanField(default=False)
    told_free_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="+")
    relaxation = models.CharField(max_length=500, blank=True)
    relaxed_limits = models.JSONField(default=list, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(
                fields=["answer_by"],
                condition=models.Q(outcome="place", reply="none"),
                name="decision_unanswered",
            ),
            models.Index(fields=["call", "outcome", "position"], name="decision_of_call"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"


class ManualChange(models.Model):
    """That a person changed an outcome, and why. It shows in the public report."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="changes")
    from_outcome = models.CharField(max_length=8, choices=Outcome.choices)
    to_outcome = models.CharField(max_length=8, choices=Outcome.choices)
    why = models.TextField(_("reason"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_outcome} to {self.to_outcome}"


class Letter(models.Model):
    """The organiser's own wording of a letter in one language; without one, ours is used."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="letters")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=160)
    text = models.TextField(_("text"), max_length=5000)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call", "outcome", "language"], name="letter_once")]

    def __str__(self) -> str:
        return self.subject
