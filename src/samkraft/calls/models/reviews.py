"""How reviewers judge applications."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .applications import Application
from .questions import Scale


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned", _("to be read")
    DONE = "done", _("judged")
    CONFLICT = "conflict", _("conflict of interest")


class ReviewQuerySet(models.QuerySet["Review"]):
    def done(self) -> Self:
        return self.filter(state=ReviewState.DONE)


class Review(models.Model):
    """That a reviewer is to judge an application, and what they wrote. Of samples there is one for each reviewer."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ReviewState.choices, default=ReviewState.ASSIGNED)
    comment = models.TextField(_("comment"), max_length=3000, blank=True)
    conflict_why = models.CharField(_("why"), max_length=300, blank=True)
    is_detected = models.BooleanField(default=False, help_text=_("The conflict was found by the platform"))
    assigned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "reviewer"], name="review_once")]
        indexes = [models.Index(fields=["reviewer", "state"], name="review_of_reviewer")]

    def __str__(self) -> str:
        return f"{self.application_id} by {self.reviewer_id}"


class Score(models.Model):
    """Points on one scale, from 1."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    scale = models.ForeignKey(Scale, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(_("points"))

    class Meta:
        ordering = ["scale__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "scale"], name="review_score_once"),
            models.CheckConstraint(condition=models.Q(points__gte=1), name="review_score_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.scale_id}: {self.points}"
