"""What comes in from elsewhere: feeds of a county's regional mobilisation, and posts that were sent by mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from samkraft.networks.models import Network
from samkraft.places.models import Area
from samkraft.records.machines import Machine, Move
from samkraft.records.models import StoredFile

from .posts import Post


class InflowSource(models.Model):
    """A feed of a county's regional mobilisation, taken in by the worker and shown to editors."""

    county = models.ForeignKey(Area, models.CASCADE, related_name="+")
    title = models.CharField(_("name"), max_length=160)
    url = models.URLField(_("address of the feed"), max_length=500)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["county", "url"], name="inflow_source_once_in_county")]
        indexes = [models.Index(fields=["next_at"], name="inflow_source_by_next")]

    def __str__(self) -> str:
        return self.title


class InflowItem(models.Model):
    """One item of a source, as plain text."""

    source = models.ForeignKey(InflowSource, models.CASCADE, related_name="items")
    guid = models.CharField(max_length=500)
    url = models.URLField(max_length=500)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=400, blank=True)
    published_at = models.DateTimeField()
    taken_in_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "guid"], name="inflow_item_once")]

    def __str__(self) -> str:
        return self.title


class MailedState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    TAKEN = "taken", _("made into a draft")
    REJECTED = "rejected", _("not used")


MAILED_POST = Machine(
    name="mailed_post",
    states=MailedState.values,
    initial=MailedState.WAITING,
    final={MailedState.TAKEN, MailedState.REJECTED},
    moves=[
        Move(MailedState.WAITING, MailedState.TAKEN, who="people.is_steward"),
        Move(MailedState.WAITING, MailedState.REJECTED, who="people.is_steward"),
    ],
)


class MailedPost(models.Model):
    """What the contact of a network without an editor mailed in, for a steward to make a post of."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=300, unique=True)
    sender = models.EmailField(_("from"))
    sender_is_known = models.BooleanField(help_text=_("The address is one of the network's own people"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), max_length=20000)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MailedState.choices, default=MailedState.WAITING)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject


class MailedPicture(models.Model):
    mailed = models.ForeignKey(MailedPost, models.CASCADE, related_name="pictures")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.file_id)
