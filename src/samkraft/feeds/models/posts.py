"""Posts, where they are read, their pictures, and what is decided about those that are reported."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from samkraft.networks.models import Actor, Network
from samkraft.places.models import Area
from samkraft.records.machines import Machine, Move
from samkraft.records.models import MessageState, StoredFile
from samkraft.ui.addresses import address


class PostKind(models.TextChoices):
    NEWS = "news", _("news")
    SHARE = "share", _("shared link")
    EVENT = "event", _("event")


class PostState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    UNPUBLISHED = "unpublished", _("unpublished")
    WITHDRAWN = "withdrawn", _("withdrawn draft")


_S = PostState
_EDITOR = "feeds.may_edit_post"

POST = Machine(
    name="post",
    states=_S.values,
    initial=_S.DRAFT,
    final={_S.WITHDRAWN},
    moves=[
        Move(_S.DRAFT, _S.PUBLISHED, who=_EDITOR),
        Move(_S.DRAFT, _S.SCHEDULED, who=_EDITOR),
        Move(_S.DRAFT, _S.WITHDRAWN, who=_EDITOR),
        Move(_S.SCHEDULED, _S.DRAFT, who=_EDITOR),
        Move(_S.SCHEDULED, _S.PUBLISHED, who=_EDITOR, by_clock=True),
        Move(_S.PUBLISHED, _S.UNPUBLISHED, who="feeds.may_unpublish_post"),
        Move(_S.UNPUBLISHED, _S.PUBLISHED, who="feeds.may_restore_post"),
    ],
)


# A report of a post is a visitor's message that those who look after its place settle, not the stewards alone.
_M, _SETTLER = MessageState, "feeds.settles_report"
POST_REPORT = Machine(
    name="visitor_message",
    states=_M.values,
    initial=_M.RECEIVED,
    final={_M.DONE, _M.REJECTED},
    moves=[
        Move(_M.RECEIVED, _M.IN_PROGRESS, who=_SETTLER),
        Move(_M.RECEIVED, _M.DONE, who=_SETTLER),
        Move(_M.RECEIVED, _M.REJECTED, who=_SETTLER),
        Move(_M.IN_PROGRESS, _M.DONE, who=_SETTLER),
        Move(_M.IN_PROGRESS, _M.REJECTED, who=_SETTLER),
    ],
)


class PostQuerySet(models.QuerySet["Post"]):
    def published(self) -> Self:
        return self.filter(state=PostState.PUBLISHED)

    def in_municipality(self, area: Area) -> Self:
        return self.filter(municipality=area)

    def in_county(self, area: Area) -> Self:
        """The county's feed: what was chosen for it, not all that its municipalities tell."""
        return self.filter(county=area, in_county_feed=True)

    def in_country(self, country: str) -> Self:
        """The national feed: what the counties' feeds hold."""
        return self.filter(country=country.upper(), in_county_feed=True)

    def in_network(self, network: Network) -> Self:
        return self.filter(network=network, in_network_feed=True)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")


class Post(models.Model):
    """News, a shared link or an event, told by an actor, a municipality (or county) or a network.

    Exactly one of `actor`, `area` and `by_network` is the author. `municipality`, `county`, `country` and
    `network` with the two flags say in which feeds it is read; they are kept here so that each feed is one index.
    """

    kind = models.CharField(_("kind"), max_length=6, choices=PostKind.choices, default=PostKind.NEWS)
    state = models.CharField(_("state"), max_length=12, choices=PostState.choices, default=PostState.DRAFT)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    actor = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    by_network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), blank=True, help_text=_("Sanitised HTML"))
    link_url = models.URLField(_("link"), max_length=500, blank=True)
    link_title = models.CharField(max_length=200, blank=True)
    link_site = models.CharField(max_length=120, blank=True)
    link_text = models.CharField(max_length=400, blank=True)
    event_starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    event_ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    event_place = models.CharField(_("place"), max_length=200, blank=True)
    country = models.CharField(max_length=2)
    municipality = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    county = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    in_county_feed = models.BooleanField(_("in the county's feed too"), default=False)
    in_network_feed = models.BooleanField(_("in the network's feed too"), default=False)
    scheduled_for = models.DateTimeField(_("publish at"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    unpublished_why = models.CharField(_("reason"), max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text=_("Grows with each saving, so that none is overwritten"))
    history = HistoricalRecords()

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor__isnull=False, area=None, by_network=None)
                | models.Q(actor=None, area__isnull=False, by_network=None)
                | models.Q(actor=None, area=None, by_network__isnull=False),
                name="post_has_one_author",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
                name="post_published_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="scheduled") | models.Q(scheduled_for__isnull=False),
                name="post_scheduled_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(event_ends_at=None) | models.Q(event_ends_at__gte=models.F("event_starts_at")),
                name="post_event_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "-published_at", "-id"],
                condition=models.Q(state="published"),
                name="post_feed_of_municipality",
            ),
            models.Index(
                fields=["county", "-published_at", "-id"],
                condition=models.Q(state="published", in_county_feed=True),
                name="post_feed_of_county",
            ),
            models.Index(
                fields=["country", "-published_at", "-id"],
                condition=models.Q(state="published", in_county_feed=True),
                name="post_feed_of_country",
            ),
            models.Index(
                fields=["network", "-published_at", "-id"],
                condition=models.Q(state="published", in_network_feed=True),
                name="post_feed_of_network",
            ),
            models.Index(
                fields=["actor", "-published_at", "-id"],
                condition=models.Q(state="published"),
                name="post_feed_of_actor",
            ),
            models.Index(
                fields=["municipality", "event_starts_at"],
                condition=models.Q(state="published", kind="event"),
                name="post_events_of_municipality",
            ),
            models.Index(
                fields=["county", "event_starts_at"],
                condition=models.Q(state="published", kind="event", in_county_feed=True),
                name="post_events_of_county",
            ),
            models.Index(
                fields=["network", "event_starts_at"],
                condition=models.Q(state="published", kind="event", in_network_feed=True),
                name="post_events_of_network",
            ),
            models.Index(
                fields=["country", "event_starts_at"],
                condition=models.Q(state="published", kind="event", in_county_feed=True),
                name="post_events_of_country",
            ),
            models.Index(
                fields=["actor", "event_starts_at"],
                condition=models.Q(state="published", kind="event"),
                name="post_events_of_actor",
            ),
            models.Index(fields=["scheduled_for"], condition=models.Q(state="scheduled"), name="post_scheduled"),
            models.Index(fields=["-id"], condition=models.Q(state="unpublished"), name="post_unpublished"),
            models.Index(
                fields=["created_by", "-changed_at"], condition=models.Q(state="draft"), name="post_drafts_of_person"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("feeds:post", self.pk)

    @property
    def tag(self) -> str:
        """The page cache's tag of this post's own page."""
        return f"post:{self.pk}"

    @property
    def author(self) -> Any:
        """Who tells it: an actor, an area or a network. Fetch them with the post."""
        return self.actor or self.area or self.by_network


class PostPicture(models.Model):
    """A picture of a post, told in words, with its photographer; permission was ticked by who added it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="pictures")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    alt = models.CharField(_("what the picture shows"), max_length=300)
    photographer = models.CharField(_("photographer"), max_length=120)
    has_permission = models.BooleanField(_("we may show the picture"))

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(has_permission=True) & ~models.Q(alt="") & ~models.Q(photographer=""),
                name="post_picture_may_be_shown",
            ),
        ]

    def __str__(self) -> str:
        return self.alt


class Decision(models.TextChoices):
    KEPT = "kept", _("the post stays")
    UNPUBLISHED = "unpublished", _("unpublished")
    RESTORED = "restored", _("published again")


class ModerationDecision(models.Model):
    """What somebody who looks after a place decided about a post that is not their own, and why."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=12, choices=Decision.choices)
    why = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.decision} {self.post_id}"
