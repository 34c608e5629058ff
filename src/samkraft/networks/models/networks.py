"""Networks of actors in a newspaper's area, the people who hold them, and the conditions for joining."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from samkraft.people.models import Offer, OfferQuerySet
from samkraft.places.models import Area, NewspaperArea
from samkraft.records.machines import Machine, Move
from samkraft.ui.addresses import address

from .actors import Actor


class Variant(models.TextChoices):
    MINI = "mini", _("mini")
    TOTAL = "total", _("total")


class NetworkState(models.TextChoices):
    DRAFT = "draft", _("draft")
    FORMING = "forming", _("forming")
    ACTIVE = "active", pgettext_lazy("network", "active")
    RESTING = "resting", _("resting")
    WITHDRAWN = "withdrawn", _("withdrawn")


NETWORK = Machine(
    name="network",
    states=NetworkState.values,
    initial=NetworkState.DRAFT,
    final={NetworkState.WITHDRAWN},
    moves=[
        Move(NetworkState.DRAFT, NetworkState.FORMING, who="networks.convenes"),
        Move(NetworkState.DRAFT, NetworkState.WITHDRAWN, who="networks.convenes"),
        Move(NetworkState.FORMING, NetworkState.ACTIVE, who="networks.convenes"),
        Move(NetworkState.FORMING, NetworkState.RESTING, who="networks.convenes"),
        Move(NetworkState.ACTIVE, NetworkState.RESTING, who="networks.convenes"),
        Move(NetworkState.RESTING, NetworkState.ACTIVE, who="networks.convenes"),
        Move(NetworkState.RESTING, NetworkState.WITHDRAWN, who="networks.convenes"),
    ],
)


class NetworkQuerySet(models.QuerySet["Network"]):
    def open(self) -> Self:
        """Networks that anyone may see: begun, and not withdrawn."""
        return self.filter(state__in=[NetworkState.FORMING, NetworkState.ACTIVE, NetworkState.RESTING])

    def covering(self, area: Area) -> Self:
        """Networks whose newspaper area holds this municipality."""
        return self.filter(newspaper_area__municipalities=area)


class Network(models.Model):
    """Actors of one newspaper area who pull together. `county` is the one whose condition applies."""

    newspaper_area = models.ForeignKey(NewspaperArea, models.PROTECT, related_name="+", null=True, blank=True)
    county = models.ForeignKey(Area, models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    variant = models.CharField(_("variant"), max_length=8, choices=Variant.choices, default=Variant.MINI)
    state = models.CharField(_("state"), max_length=12, choices=NetworkState.choices, default=NetworkState.DRAFT)
    convener = models.ForeignKey(
        Actor, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("convening actor")
    )
    description = models.TextField(_("who we are"), blank=True, help_text=_("Sanitised HTML"))
    organisation = models.TextField(_("how we work together"), blank=True, help_text=_("Sanitised HTML"))
    contact_email = models.EmailField(_("contact address"), blank=True)
    facebook_url = models.URLField(_("Facebook page"), max_length=500, blank=True)
    draft_step = models.CharField(max_length=20, blank=True, help_text=_("Where the one who starts it left off"))
    draft_people = models.JSONField(default=dict, blank=True, help_text=_("Who is asked to take part when it begins"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["draft_people", "draft_step"])

    objects = NetworkQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["newspaper_area"],
                condition=models.Q(state__in=["forming", "active", "resting"]),
                name="network_once_in_newspaper_area",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "withdrawn"])
                | models.Q(newspaper_area__isnull=False, county__isnull=False, convener__isnull=False)
                & ~models.Q(name=""),
                name="network_is_whole_once_begun",
            ),
        ]
        indexes = [models.Index(fields=["county", "state"], name="network_of_county")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("networks:network", self.slug)

    @property
    def tag(self) -> str:
        """The page cache's tag of what is shown about this network."""
        return f"network:{self.pk}"


class NetworkRole(models.TextChoices):
    CONVENER = "convener", _("convener")
    EDITOR = "editor", _("editor")
    CONTACT = "contact", _("contact")


class NetworkPersonQuerySet(models.QuerySet["NetworkPerson"]):
    def active(self) -> Self:
        return self.filter(ended_on=None)


class NetworkPerson(models.Model):
    """What a person is for a network: a convener decides, an editor writes, a contact answers questions."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=NetworkRole.choices)
    is_public = models.BooleanField(_("shown to everyone"), default=False)
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    history = HistoricalRecords()

    objects = NetworkPersonQuerySet.as_manager()

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "user", "role"],
                condition=models.Q(ended_on=None),
                name="network_person_active_once",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(ended_on=None), name="network_person_active_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.network_id}"


class NetworkOffer(Offer):
    """An invitation by mail to be a network's convener, editor or contact."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=NetworkRole.choices)

    objects = OfferQuerySet.as_manager()

    class Meta(Offer.Meta):
        constraints = [
            *Offer.Meta.constraints,
            models.UniqueConstraint(
                fields=["email", "network", "role"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="network_offer_unanswered_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.network_id}"


class EvidenceKind(models.TextChoices):
    PLEDGE = "pledge", _("link to a signed pledge")
    DESCRIPTION = "description", _("link to the leader's own description, with its date")
    DOCUMENT = "document", _("uploaded document")


class ConditionQuerySet(models.QuerySet["Condition"]):
    def of_county(self, county: Area) -> Self:
        return self.filter(county=county)

    def of_network(self, network: Network) -> Self:
        return self.filter(network=network)


class Condition(models.Model):
    """What an actor has to show to join: a county's, or a network's own where the county has none."""

    county = models.OneToOneField(Area, models.PROTECT, null=True, blank=True, related_name="+")
    network = models.OneToOneField(Network, models.CASCADE, null=True, blank=True, related_name="+")

    objects = ConditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(county__isnull=False, network=None) | models.Q(county=None, network__isnull=False),
                name="condition_of_county_or_network",
            ),
        ]

    def __str__(self) -> str:
        return f"condition {self.pk}"


class ConditionVersion(models.Model):
    """One wording of a condition. It is a draft until published, and is never changed after that."""

    condition = models.ForeignKey(Condition, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("what an actor promises"), help_text=_("Sanitised HTML"))
    additions = models.TextField(_("what an actor can add of its own will"), blank=True)
    evidence_kind = models.CharField(_("how it is shown"), max_length=12, choices=EvidenceKind.choices)
    pledge_url = models.URLField(_("where the pledge is signed"), max_length=500, blank=True)
    lasts_months = models.PositiveSmallIntegerField(_("months that a fulfilment lasts"), default=12)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    to_be_met_by = models.DateField(_("members meet it by"), null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["condition", "number"], name="condition_version_number_once"),
            models.UniqueConstraint(
                fields=["condition"], condition=models.Q(published_at=None), name="condition_version_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(lasts_months__gte=1, lasts_months__lte=60), name="condition_version_lasts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
