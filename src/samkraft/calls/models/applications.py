"""Applications: what somebody answers, and who they are as far as the call asks."""

import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samkraft.networks.models import Actor
from samkraft.people.models import Sector
from samkraft.places.models import Area
from samkraft.records.machines import ANYONE, Machine, Move
from samkraft.records.models import StoredFile

from .calls import Call
from .questions import Question


class ApplicantRole(models.TextChoices):
    EMPLOYEE = "employee", _("works in a municipality or county")
    ELECTED = "elected", _("is elected in a municipality or county")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("begun")
    SUBMITTED = "submitted", _("sent in")
    WITHDRAWN = "withdrawn", pgettext_lazy("of an application", "withdrawn")
    EXCLUDED = "excluded", _("not taken up")


_S = ApplicationState
_ORGANISER = "calls.organises_for_application"
# An applicant needs no account: that they hold the link is checked where the link is read, so anyone may move.
APPLICATION = Machine(
    name="application",
    states=_S.values,
    initial=_S.DRAFT,
    final=set(),
    moves=[
        Move(_S.DRAFT, _S.SUBMITTED, who=ANYONE),
        Move(_S.DRAFT, _S.WITHDRAWN, who=ANYONE),
        Move(_S.SUBMITTED, _S.SUBMITTED, who=ANYONE),
        Move(_S.SUBMITTED, _S.WITHDRAWN, who=ANYONE),
        Move(_S.WITHDRAWN, _S.SUBMITTED, who=ANYONE),
        Move(_S.SUBMITTED, _S.EXCLUDED, who=_ORGANISER),
        Move(_S.EXCLUDED, _S.SUBMITTED, who=_ORGANISER),
    ],
)


def new_key() -> str:
    return secrets.token_hex(16)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def real(self) -> Self:
        """Without the samples on which reviewers agree how to judge."""
        return self.filter(is_sample=False)

    def in_call(self, call: Call) -> Self:
        return self.filter(call=call)

    def submitted(self) -> Self:
        return self.filter(state=ApplicationState.SUBMITTED)

    def by_address(self, email: str) -> Self:
        return self.filter(email=email.strip().lower())

    def visible_to(self, user: Any) -> Self:
        """One's own. A call's are shown by the view that checks who organises or reviews it."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class Application(models.Model):
    """One application to one call. `key` is in the link that the applicant gets by mail, signed.

    `place` is the municipality or county in which the person works or is elected, or the municipality that applies.
    `actor` is one of the register that the applicant speaks for; `actor_name` is there for any that applies.

    `working` is what stands in the form and is kept as one types; `Answer` rows are what was last sent in. An
    erased application keeps its row, its state and its times, and nothing that tells who it was.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ApplicationState.choices, default=_S.DRAFT)
    email = models.EmailField(_("e-mail address"))
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text=_("When its holder first used the link"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    place = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality or county")
    )
    actor = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("actor"))
    actor_name = models.CharField(_("name of the actor"), max_length=160, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=ApplicantRole.choices, blank=True)
    sector = models.CharField(_("sector of work"), max_length=24, choices=Sector.choices, blank=True)
    working = models.JSONField(default=dict, blank=True)
    working_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, help_text=_("Grows with each saving"))

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "email"],
                condition=models.Q(is_sample=False, erased_at=None),
                name="application_once_by_address",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="submitted") | models.Q(submitted_at__isnull=False),
                name="application_submitted_at",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state", "id"], name="application_of_call"),
            models.Index(fields=["user"], name="application_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.pk}"


class Applying(models.Model):
    """That a municipality or an actor has sent in its one application, where it and no person applies."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    application = models.OneToOneField(Application, models.CASCADE, related_name="applying")
    place = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "place"], name="application_once_of_place"),
            models.UniqueConstraint(fields=["call", "actor"], name="application_once_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.place_id or self.actor_id}"


class Answer(models.Model):
    """What was sent in for one question: the text, a choice's value, a number as text, "yes" to a consent, a file."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["question__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "question"], name="application_answer_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.question_id}"


class Attachment(models.Model):
    """The file that stands in the form for a question now. What was sent in is the answer's, until sent in anew."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "question"], name="application_attachment_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.question_id}: {self.file_id}"


class GroupMail(models.Model):
    """A mail that the organiser wrote to a group of applicants, and who they were told by (`chosen_by`: the filter)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    subject = models.CharField(_("subject"), max_length=160)
    text = models.TextField(_("text"), max_length=5000)
    chosen_by = models.JSONField(default=dict, blank=True)
    receivers = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject
