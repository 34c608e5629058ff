"""A call: what is offered, to whom, until when, what is asked, and how those who get a place are chosen."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samkraft.networks.models import Actor
from samkraft.people.models import Offer, OfferQuerySet
from samkraft.places.models import Area
from samkraft.records.machines import Machine, Move


class CallKind(models.TextChoices):
    WORKSHOP = "workshop", _("workshop")
    PROGRAMME = "programme", _("programme")
    GRANT = "grant", _("grant")
    AWARD = "award", _("award")


class Applicants(models.TextChoices):
    """Who applies. A municipality or an actor applies once, through a person who speaks for it."""

    PERSON = "person", _("a person who works or is elected in a municipality or county")
    MUNICIPALITY = "municipality", _("a municipality")
    ACTOR = "actor", _("an actor, such as a company or an association")


class Merit(models.TextChoices):
    """How the reviewers' scores count."""

    NONE = "none", _("not at all")
    THRESHOLD = "threshold", _("as a threshold: who reaches it takes part in the draw")
    TIERS = "tiers", _("as tiers, with limits for how many are chosen from each")
    FLOOR = "floor", _("as a floor for the mean of those who are chosen")


class SeedKind(models.TextChoices):
    PUBLIC = "public", _("a public number that is named beforehand")
    TWO_PEOPLE = "two_people", _("two people enter a number each, unseen by the other")


class CallState(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    CLOSED = "closed", pgettext_lazy("of a call", "closed")
    IN_REVIEW = "in_review", _("in review")
    COMMITTED = "committed", _("ready for the draw")
    DRAWN = "drawn", pgettext_lazy("of a call", "drawn")
    DECIDED = "decided", _("decided")
    ANNOUNCED = "announced", _("announced")
    ARCHIVED = "archived", _("archived")
    CANCELLED = "cancelled", pgettext_lazy("of a call", "cancelled")


_S = CallState
_WHO = "calls.organises"
CALL = Machine(
    name="call",
    states=_S.values,
    initial=_S.DRAFT,
    final={_S.ARCHIVED, _S.CANCELLED},
    moves=[
        Move(_S.DRAFT, _S.OPEN, who=_WHO),
        Move(_S.OPEN, _S.DRAFT, who=_WHO),
        Move(_S.OPEN, _S.CLOSED, who=_WHO, by_clock=True),
        Move(_S.OPEN, _S.CANCELLED, who=_WHO),
        Move(_S.CLOSED, _S.OPEN, who=_WHO),
        Move(_S.CLOSED, _S.IN_REVIEW, who=_WHO),
        Move(_S.CLOSED, _S.COMMITTED, who=_WHO, by_clock=True),
        Move(_S.CLOSED, _S.CANCELLED, who=_WHO),
        Move(_S.IN_REVIEW, _S.CLOSED, who=_WHO),
        Move(_S.IN_REVIEW, _S.COMMITTED, who=_WHO, by_clock=True),
        Move(_S.IN_REVIEW, _S.CANCELLED, who=_WHO),
        # Before the number is known a commitment can be taken back, with a reason that the report shows.
        Move(_S.COMMITTED, _S.CLOSED, who=_WHO),
        Move(_S.COMMITTED, _S.DRAWN, who=_WHO),
        Move(_S.DRAWN, _S.DECIDED, who=_WHO),
        Move(_S.DECIDED, _S.DRAWN, who=_WHO),
        Move(_S.DECIDED, _S.ANNOUNCED, who=_WHO),
        Move(_S.ANNOUNCED, _S.ARCHIVED, who=_WHO),
    ],
)

# What anyone may read of. A cancelled call stays, so that who had its address learns that it is cancelled.
PUBLIC_STATES = tuple(state for state in CallState if state != CallState.DRAFT)
DRAWN_STATES = (CallState.DRAWN, CallState.DECIDED, CallState.ANNOUNCED, CallState.ARCHIVED)
TOLD_STATES = (CallState.ANNOUNCED, CallState.ARCHIVED)


class CallQuerySet(models.QuerySet["Call"]):
    def public(self) -> Self:
        return self.filter(state__in=PUBLIC_STATES)

    def taking_applications(self, now: datetime) -> Self:
        return self.filter(state=CallState.OPEN, opens_at__lte=now, closes_at__gt=now)

    def upcoming(self, now: datetime) -> Self:
        return self.filter(state=CallState.OPEN, opens_at__gt=now)

    def past_deadline(self, now: datetime) -> Self:
        return self.filter(state=CallState.OPEN, closes_at__lte=now)


class Call(models.Model):
    """Whoever organises it is a place (a country's authority or association, a county, a municipality) or an actor.

    Times are moments; `time_zone` is the organiser's, in which they were entered and are shown. `size_bounds` are
    numbers of inhabitants at which a size class ends and the next begins; `merit_bounds` the same for tiers of
    merit, in points of the scales. `answer_days` is how long one who is offered a place has to answer.
    """

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=CallKind.choices, default=CallKind.WORKSHOP)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("in two sentences"), max_length=400, blank=True)
    offer = models.TextField(_("what you get"), blank=True, help_text=_("Sanitised HTML"))
    organiser_name = models.CharField(_("organiser"), max_length=160, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    actor = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("actor"))
    country = models.CharField(_("country whose municipalities may apply"), max_length=2)
    contact_email = models.EmailField(_("e-mail address for questions"), blank=True)
    applicants = models.CharField(
        _("who applies"), max_length=12, choices=Applicants.choices, default=Applicants.PERSON
    )
    seats = models.PositiveIntegerField(_("places"), default=1)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Stockholm")
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    announce_on = models.DateField(_("applicants hear by"), null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("days to answer an offered place"), default=10)
    municipality_cap = models.PositiveSmallIntegerField(_("at most from one municipality"), null=True, blank=True)
    size_bounds = models.JSONField(default=list, blank=True)
    is_blind = models.BooleanField(_("reviewers see no names"), default=True)
    hides_municipality = models.BooleanField(_("reviewers see no municipality"), default=False)
    reviews_wanted = models.PositiveSmallIntegerField(_("reviewers of each application"), default=2)
    merit = models.CharField(_("how scores count"), max_length=10, choices=Merit.choices, default=Merit.NONE)
    merit_threshold = models.DecimalField(
        _("threshold or floor, in points"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    merit_bounds = models.JSONField(default=list, blank=True)
    seed_kind = models.CharField(
        _("where the draw's number comes from"), max_length=12, choices=SeedKind.choices, default=SeedKind.PUBLIC
    )
    seed_source = models.CharField(_("which number"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CallState.choices, default=_S.DRAFT)
    is_demo = models.BooleanField(default=False)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(area__isnull=False, actor=None) | models.Q(area=None, actor__isnull=False),
                name="call_of_place_or_actor",
            ),
            models.CheckConstraint(condition=models.Q(seats__gte=1), name="call_has_seats"),
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="call_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(opens_at__isnull=False, closes_at__isnull=False, published_at__isnull=False),
                name="call_published_has_window",
            ),
            models.CheckConstraint(
                condition=models.Q(municipality_cap=None) | models.Q(municipality_cap__gte=1),
                name="call_cap_above_zero",
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=models.Q(state="open"), name="call_open_by_deadline"),
            models.Index(fields=["area", "state"], name="call_of_area"),
            models.Index(fields=["actor", "state"], name="call_of_actor"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("calls:call", args=[self.slug])

    @property
    def tag(self) -> str:
        """The page cache's tag of what is shown about this call."""
        return f"call:{self.slug}"


class CallPart(models.TextChoices):
    """What of a call can be changed, and by its own rules of fairness (see `rules.changing`)."""

    ABOUT = "about", _("what is offered")
    WHEN = "when", _("the dates")
    WHO = "who", _("who may apply")
    QUESTIONS = "questions", _("the questions")
    CRITERIA = "criteria", _("how those who get a place are chosen")
    REVIEW = "review", _("how applications are reviewed")
    NUMBER = "number", _("where the draw's number comes from")


class CallChange(models.Model):
    """That a part of a published call was changed, and why. It stands on the call's public page."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="changes")
    part = models.CharField(_("what is changed"), max_length=10, choices=CallPart.choices)
    why = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.part}"


class CallRole(models.TextChoices):
    ORGANISER = "organiser", _("organiser")
    REVIEWER = "reviewer", _("reviewer")


class CallPersonQuerySet(models.QuerySet["CallPerson"]):
    def active(self) -> Self:
        return self.filter(ended_on=None)


class CallPerson(models.Model):
    """What a person is in a call: one of its organisers, or a reviewer."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=10, choices=CallRole.choices)
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)

    objects = CallPersonQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "user", "role"], condition=models.Q(ended_on=None), name="call_person_active_once"
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=models.Q(ended_on=None), name="call_person_active")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.call_id}"


class CallOffer(Offer):
    """An invitation by mail to be an organiser or a reviewer of a call."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=CallRole.choices)

    objects = OfferQuerySet.as_manager()

    class Meta(Offer.Meta):
        constraints = [
            *Offer.Meta.constraints,
            models.UniqueConstraint(
                fields=["email", "call", "role"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="call_offer_unanswered_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.call_id}"
