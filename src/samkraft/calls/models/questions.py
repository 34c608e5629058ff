"""What a call asks, who may apply, and the features by which those who are chosen are mixed."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .calls import Call


class QuestionKind(models.TextChoices):
    TEXT = "text", _("short text")
    LONG_TEXT = "long_text", _("longer text")
    CHOICE = "choice", _("one of several choices")
    NUMBER = "number", _("number")
    FILE = "file", _("file")
    CONSENT = "consent", _("consent")


class Question(models.Model):
    """One question of a call. `choices` is a list of {"value", "label"}; a value stays when its label is changed.

    `least` and `most` are characters of a text, or the bounds of a number. A question about personal data is not
    shown in exports without names and is erased first; one that is hidden from reviewers they never see.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices)
    label = models.CharField(_("question"), max_length=300)
    help_text = models.CharField(_("help text"), max_length=600, blank=True)
    is_required = models.BooleanField(_("has to be answered"), default=True)
    least = models.IntegerField(_("at least"), null=True, blank=True)
    most = models.IntegerField(_("at most"), null=True, blank=True)
    choices = models.JSONField(default=list, blank=True)
    is_personal = models.BooleanField(_("holds personal data"), default=False)
    is_hidden = models.BooleanField(_("hidden from reviewers"), default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(least=None) | models.Q(most=None) | models.Q(least__lte=models.F("most")),
                name="call_question_least_below_most",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Comparison(models.TextChoices):
    AT_MOST = "at_most", _("at most")
    AT_LEAST = "at_least", _("at least")
    IS_ONE_OF = "is_one_of", _("is one of")
    IS_TRUE = "is_true", _("yes")
    IS_FALSE = "is_false", _("no")


class Eligibility(models.Model):
    """One rule over a registered fact about the applicant's municipality. `value` is a number or a list of keys.

    `edition` names the publication of the fact that counts, such as the release of the population figures.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="eligibility")
    position = models.PositiveSmallIntegerField(default=0)
    fact = models.CharField(_("what is looked at"), max_length=40)
    comparison = models.CharField(_("has to be"), max_length=10, choices=Comparison.choices)
    value = models.JSONField(null=True, blank=True)
    edition = models.CharField(_("publication"), max_length=80, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "fact", "comparison"], name="call_eligibility_once")]

    def __str__(self) -> str:
        return f"{self.fact} {self.comparison} {self.value}"


class FeatureSource(models.TextChoices):
    """Where a feature of an applicant comes from."""

    SECTOR = "sector", _("sector of work")
    ROLE = "role", _("role")
    PART = "part", _("part of the country")
    COUNTY = "county", _("county")
    SIZE = "size", _("size of the municipality")
    MERIT = "merit", _("tier of motivation")
    QUESTION = "question", _("answer to a question")


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def with_limits(self) -> Self:
        return self.prefetch_related("limits").select_related("question")


class Criterion(models.Model):
    """A feature by which those who are chosen are to be mixed, with limits for its values."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(_("feature"), max_length=10, choices=FeatureSource.choices)
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="+")

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source="question", question__isnull=False)
                | (~models.Q(source="question") & models.Q(question=None)),
                name="call_criterion_of_question",
            ),
            models.UniqueConstraint(
                fields=["call", "source"], condition=~models.Q(source="question"), name="call_criterion_once"
            ),
            models.UniqueConstraint(fields=["question"], name="call_criterion_of_question_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.question_id or ''}".strip()

    @property
    def key(self) -> str:
        """The feature's name in the pool: `sector`, or `question-12`."""
        return f"question-{self.question_id}" if self.question_id else self.source


class Limit(models.Model):
    """How many of those who are chosen have this value, at least and at most. A value without a row has no limit."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="limits")
    value = models.CharField(max_length=80)
    minimum = models.PositiveIntegerField(_("at least"), default=0)
    maximum = models.PositiveIntegerField(_("at most"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "value"], name="call_limit_once"),
            models.CheckConstraint(
                condition=models.Q(maximum=None) | models.Q(minimum__lte=models.F("maximum")),
                name="call_limit_minimum_below_maximum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value}: {self.minimum}–{self.maximum}"


class Scale(models.Model):
    """What reviewers judge, from 1 to `highest` points; `anchors` says in words what some of the points mean."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="scales")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(_("what is judged"), max_length=120)
    help_text = models.CharField(_("help text"), max_length=600, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=4, decimal_places=2, default=1)
    highest = models.PositiveSmallIntegerField(_("highest points"), default=5)
    anchors = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="call_scale_weighs"),
            models.CheckConstraint(condition=models.Q(highest__gte=2, highest__lte=10), name="call_scale_has_points"),
        ]

    def __str__(self) -> str:
        return self.label
