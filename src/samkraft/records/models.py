"""What happened to things, what visitors sent, and how often somebody tried."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history import register

from samkraft.places.models import AreaLink, NewspaperArea

from .machines import Machine, Move

# Links of an area and newspapers' areas are edited by hand, so each change is kept with who made it.
register(AreaLink, app="samkraft.records")
register(NewspaperArea, app="samkraft.records", m2m_fields=["municipalities"])


class TransitionLogQuerySet(models.QuerySet["TransitionLog"]):
    def of(self, subject: models.Model) -> "TransitionLogQuerySet":
        """The moves of one object, the first made first."""
        content_type = ContentType.objects.get_for_model(subject)
        return self.filter(content_type=content_type, object_id=subject.pk).order_by("pk")


class TransitionLog(models.Model):
    """One move of one object through its lifecycle: from where, to where, who, when, why."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    machine = models.CharField(max_length=60)
    from_state = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.TextField(blank=True)

    objects = TransitionLogQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id"], name="transition_of_subject")]

    def __str__(self) -> str:
        return f"{self.machine} {self.object_id}: {self.from_state} to {self.to_state}"


class MessageKind(models.TextChoices):
    ACCESSIBILITY = "accessibility", _("accessibility fault")
    CONTENT = "content", _("report of content")


class MessageState(models.TextChoices):
    RECEIVED = "received", _("received")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")
    REJECTED = "rejected", _("rejected")


VISITOR_MESSAGE = Machine(
    name="visitor_message",
    states=MessageState.values,
    initial=MessageState.RECEIVED,
    final={MessageState.DONE, MessageState.REJECTED},
    moves=[
        Move(MessageState.RECEIVED, MessageState.IN_PROGRESS, who="people.is_steward"),
        Move(MessageState.RECEIVED, MessageState.DONE, who="people.is_steward"),
        Move(MessageState.RECEIVED, MessageState.REJECTED, who="people.is_steward"),
        Move(MessageState.IN_PROGRESS, MessageState.DONE, who="people.is_steward"),
        Move(MessageState.IN_PROGRESS, MessageState.REJECTED, who="people.is_steward"),
    ],
)


class VisitorMessageQuerySet(models.QuerySet["VisitorMessage"]):
    def visible_to(self, user: Any) -> "VisitorMessageQuerySet":
        """Stewards handle what visitors send; nobody else sees it, for it may hold personal matters."""
        return self if getattr(user, "is_steward", False) else self.none()

    def open(self) -> "VisitorMessageQuerySet":
        return self.filter(state__in=[MessageState.RECEIVED, MessageState.IN_PROGRESS])


class VisitorMessage(models.Model):
    """A message from somebody who need not have an account: a fault of accessibility, or of content."""

    kind = models.CharField(_("kind"), max_length=16, choices=MessageKind.choices)
    text = models.TextField(_("message"), max_length=5000)
    page_address = models.CharField(_("page"), max_length=500, blank=True)
    email = models.EmailField(_("e-mail address for the answer"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=16, choices=MessageState.choices, default=MessageState.RECEIVED)
    received_at = models.DateTimeField(_("received"))
    answer = models.TextField(_("answer"), blank=True)
    content_type = models.ForeignKey(ContentType, models.SET_NULL, null=True, blank=True, related_name="+")
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    subject = GenericForeignKey("content_type", "object_id")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = VisitorMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "-id"], name="visitor_message_by_state"),
            models.Index(fields=["content_type", "object_id"], name="visitor_message_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class FileKind(models.TextChoices):
    PICTURE = "picture", _("picture")
    DOCUMENT = "document", _("document")


class StoredFile(models.Model):
    """A file that somebody uploaded, checked and, if a picture, made anew without what cameras add.

    `purpose` names the rule by which it may be read; the app that keeps the file registers that rule.
    The address of a file holds `token`, so that it cannot be guessed; the rule is asked all the same.
    """

    kind = models.CharField(max_length=8, choices=FileKind.choices)
    purpose = models.CharField(max_length=40)
    token = models.CharField(max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=160)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(help_text=_("Bytes"))
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["purpose", "stored_at"], name="stored_file_by_purpose")]

    def __str__(self) -> str:
        return self.name


class ChecklistTick(models.Model):
    """That a point of a checklist, which only a person can tell, is done for one subject."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    point = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "point"], name="checklist_point_ticked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.point} of {self.object_id}"


class RateCount(models.Model):
    """How often somebody did something in one period. `who` is a keyed hash, never an address or a name."""

    action = models.CharField(max_length=60)
    who = models.CharField(max_length=64)
    period_began_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "who", "period_began_at"], name="rate_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.count}"
