"""Actors: companies, associations and others who pull together, and the people who speak for them."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from samkraft.people.models import Offer, OfferQuerySet
from samkraft.places.models import Area
from samkraft.places.rules import fold
from samkraft.records.models import StoredFile
from samkraft.ui.addresses import address

from ..rules import actors as rules


class ActorKind(models.TextChoices):
    COMPANY = "company", _("company")
    ASSOCIATION = "association", _("association")
    MUNICIPALITY = "municipality", _("municipality")
    SCHOOL = "school", _("school")
    CONGREGATION = "congregation", _("congregation")
    OTHER = "other", _("other")


class LinkState(models.TextChoices):
    UNCHECKED = "unchecked", _("not checked yet")
    ANSWERS = "answers", _("answers")
    BROKEN = "broken", _("does not answer")


class FoldedNameField(models.CharField):
    """The object's name as search sees it, written by every way of saving a row, also of many at once."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        folded = fold(model_instance.name)[: self.max_length]
        setattr(model_instance, self.attname, folded)
        return folded


class ActorQuerySet(models.QuerySet["Actor"]):
    def open(self) -> Self:
        """Actors that still take part in the world; a closed one is kept for its history only."""
        return self.filter(closed_at=None)

    def in_areas(self, areas: Any) -> Self:
        """Actors in one of these municipalities, each once."""
        inside = Actor.municipalities.through.objects.filter(area__in=areas)
        return self.filter(pk__in=inside.values("actor"))


class Actor(models.Model):
    """A company, association or other that wants to be part of the transition. One page or the other is required."""

    name = models.CharField(_("name"), max_length=160)
    folded = FoldedNameField(max_length=160, editable=False, default="")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=ActorKind.choices)
    country = models.CharField(_("country"), max_length=2, default="SE")
    organisation_number = models.CharField(_("organisation number"), max_length=20, blank=True)
    homepage_url = models.URLField(_("home page"), max_length=500, blank=True)
    facebook_url = models.URLField(_("Facebook page"), max_length=500, blank=True)
    link_state = models.CharField(max_length=10, choices=LinkState.choices, default=LinkState.UNCHECKED)
    link_checked_at = models.DateTimeField(null=True, blank=True)
    link_problem = models.CharField(max_length=300, blank=True)
    logo = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    municipalities = models.ManyToManyField(Area, related_name="+", verbose_name=_("municipalities"))
    does = models.TextField(_("what it does for the transition"), max_length=3000, blank=True)
    leader_name = models.CharField(_("leader"), max_length=120, blank=True)
    description_url = models.URLField(_("the leader's own description of the transition"), max_length=500, blank=True)
    described_on = models.DateField(_("published"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=500, blank=True)
    history = HistoricalRecords(excluded_fields=["folded", "link_state", "link_checked_at", "link_problem"])

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["folded", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(homepage_url="") | ~models.Q(facebook_url=""), name="actor_has_a_page"
            ),
            models.UniqueConstraint(
                fields=["country", "organisation_number"],
                condition=~models.Q(organisation_number="") & models.Q(closed_at=None),
                name="actor_organisation_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["folded", "id"], condition=models.Q(closed_at=None), name="actor_open_by_folded"),
            models.Index(fields=["link_checked_at"], name="actor_by_link_check"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("networks:actor", self.slug)

    @property
    def tag(self) -> str:
        """The page cache's tag of what is shown about this actor."""
        return f"actor:{self.pk}"

    @property
    def shown_organisation_number(self) -> str:
        """The organisation number as its country writes it; empty when there is none."""
        return rules.shown_organisation_number(self.country, self.organisation_number)

    @property
    def page_url(self) -> str:
        """Where the actor itself tells about itself."""
        return self.homepage_url or self.facebook_url


class ActorRole(models.TextChoices):
    EDITOR = "editor", _("editor")
    CONTACT = "contact", _("contact")


class ActorPersonQuerySet(models.QuerySet["ActorPerson"]):
    def active(self) -> Self:
        return self.filter(ended_on=None)


class ActorPerson(models.Model):
    """What a person is for an actor: an editor writes its posts; a contact answers for it, and may do all."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=ActorRole.choices)
    is_public = models.BooleanField(_("shown to everyone"), default=False)
    is_decision_maker = models.BooleanField(_("can decide for the actor"), default=False)
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    history = HistoricalRecords()

    objects = ActorPersonQuerySet.as_manager()

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "user", "role"], condition=models.Q(ended_on=None), name="actor_person_active_once"
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=models.Q(ended_on=None), name="actor_person_active_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.actor_id}"


class ActorOfferQuerySet(OfferQuerySet):
    def of(self, actor: Actor) -> Self:
        return self.filter(actor=actor)


class ActorOffer(Offer):
    """An invitation by mail to be an actor's editor or contact."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=ActorRole.choices)

    objects = ActorOfferQuerySet.as_manager()

    class Meta(Offer.Meta):
        constraints = [
            *Offer.Meta.constraints,
            models.UniqueConstraint(
                fields=["email", "actor", "role"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="actor_offer_unanswered_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.actor_id}"
