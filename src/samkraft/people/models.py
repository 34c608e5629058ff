"""Users, and what they are in an area."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from samkraft.places.models import Area


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user whose e-mail address is stored in lower case, so that an address is one account."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"is_steward": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. A steward looks after the whole site."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    is_active = models.BooleanField(_("active"), default=True)
    is_steward = models.BooleanField(_("steward"), default=False)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    # Who was made a steward by whom is kept. What a person may want erased is not.
    history = HistoricalRecords(excluded_fields=["email", "name", "language", "password", "last_login"])

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Django's word for those who may open its administration."""
        return self.is_steward

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """A steward looks after everything that the administration shows."""
        return (self.is_active and self.is_steward) or super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return (self.is_active and self.is_steward) or super().has_module_perms(app_label)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Role(models.TextChoices):
    OFFICER = "officer", _("officer")
    POLITICIAN = "politician", _("politician")
    COORDINATOR = "coordinator", _("coordinator")


class Sector(models.TextChoices):
    """The sector of work that a person knows, by which an area's people are brought together."""

    CLIMATE_ENVIRONMENT = "climate_environment", _("climate and environment")
    PLANNING = "planning", _("planning")
    HEALTH_CARE = "health_care", _("health and care")
    EDUCATION = "education", _("education")
    TECHNICAL = "technical", _("technical services")
    AGRICULTURE = "agriculture", _("agriculture")
    SPORT_CULTURE = "sport_culture", _("sport and culture")
    LEADERSHIP = "leadership", _("leadership")
    OTHER = "other", _("other")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(ended_on=None)

    def in_area(self, area: Area) -> "MembershipQuerySet":
        return self.filter(area=area)

    def of(self, user: Any) -> "MembershipQuerySet":
        return self.filter(user=user)

    def visible_to(self, user: Any) -> "MembershipQuerySet":
        """One's own; all to a steward. An area's are shown by the view that checks who coordinates it."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_steward else self.filter(user=user)


class Membership(models.Model):
    """What a person is in an area: officer, politician or coordinator, and in which sector of work."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    sector = models.CharField(_("sector of work"), max_length=24, choices=Sector.choices)
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    history = HistoricalRecords()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "area", "role"],
                condition=models.Q(ended_on=None),
                name="membership_active_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("since")),
                name="membership_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["area"], condition=models.Q(ended_on=None), name="membership_active_in_area"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.area_id}"


class OfferQuerySet(models.QuerySet[Any]):
    """Offers by mail, of whatever kind."""

    def unanswered(self) -> Self:
        """Neither accepted nor withdrawn; it may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open_at(self, now: datetime) -> Self:
        return self.unanswered().filter(expires_at__gt=now)

    def to_addresses(self, addresses: Collection[str] | models.QuerySet[Any, Any]) -> Self:
        """Those to one of the addresses; a query of addresses has them in lower case."""
        if isinstance(addresses, models.QuerySet):
            return self.filter(email__in=addresses)
        return self.filter(email__in=[address.lower() for address in addresses])


class Offer(models.Model):
    """What every invitation by mail is made of. The token itself is only in the mail."""

    email = models.EmailField(_("e-mail address"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="%(class)s_accepted_or_withdrawn",
            ),
        ]


class InvitationQuerySet(OfferQuerySet):
    def in_area(self, area: Area) -> Self:
        return self.filter(area=area)

    def visible_to(self, user: Any) -> Self:
        """A steward sees all. An area's are shown by the view that checks who coordinates it."""
        return self if getattr(user, "is_steward", False) else self.none()


class Invitation(Offer):
    """An offer of a membership to the holder of one e-mail address."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    sector = models.CharField(_("sector of work"), max_length=24, choices=Sector.choices)

    objects = InvitationQuerySet.as_manager()

    class Meta(Offer.Meta):
        constraints = [
            *Offer.Meta.constraints,
            models.UniqueConstraint(
                fields=["email", "area", "role"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_unanswered_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.area_id}"
