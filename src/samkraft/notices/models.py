"""What is told to whom: mails on their way, notices on the site, and who wants which by mail."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    SUPPRESSED = "suppressed", _("not sent on purpose")


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def visible_to(self, user: Any) -> "OutboxQuerySet":
        """Kept mails are read by stewards, and only where mails are kept instead of sent."""
        steward = getattr(user, "is_steward", False) and settings.MAIL_DELIVERY == "keep"
        return self if steward else self.none()

    def of(self, user: Any) -> "OutboxQuerySet":
        return self.filter(to_user=user)


class OutboxMessage(models.Model):
    """One mail to one reader, in the reader's language, written in the transaction of what it tells of."""

    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    to_address = models.EmailField(_("to"))
    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True, help_text=_("A body of our own making; without it, the text is shown as HTML"))
    url = models.URLField(_("link"), max_length=1000, blank=True)
    unsubscribe_url = models.URLField(
        max_length=1000, blank=True, help_text=_("Stops this very mailing, instead of the whole kind")
    )
    message_id = models.CharField(max_length=200, unique=True)
    dedupe_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=MailState.choices, default=MailState.WAITING)
    written_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("due"))
    useful_until = models.DateTimeField(_("useful until"), null=True, blank=True)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="waiting"), name="outbox_waiting"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="sending"), name="outbox_sending"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """A notice is seen by the one whom it was written to."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """A notice on the site, to one person. `url` is a path on this site, or empty."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    url = models.CharField(max_length=1000, blank=True)
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text


class MailChoice(models.Model):
    """A kind of notice that an address does not want by mail. What has no row is wanted."""

    address = models.EmailField()
    kind = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "kind"], name="mail_choice_once")]

    def __str__(self) -> str:
        return f"{self.address}: {self.kind}"


class SuppressedAddress(models.Model):
    """An address that its own mail server has refused for good. Nothing more is sent to it."""

    address = models.EmailField(_("address"), unique=True)
    reason = models.CharField(_("reason"), max_length=500)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name_plural = _("suppressed addresses")

    def __str__(self) -> str:
        return self.address
