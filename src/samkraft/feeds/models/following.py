"""Those who follow a feed by mail."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from samkraft.networks.models import Network
from samkraft.places.models import Area


class Frequency(models.TextChoices):
    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every week")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at=None)


class Subscription(models.Model):
    """An address that follows a feed by mail: not before its holder has confirmed. One that stops is erased."""

    email = models.EmailField(_("e-mail address"))
    area = models.ForeignKey(Area, models.CASCADE, null=True, blank=True, related_name="+")
    network = models.ForeignKey(Network, models.CASCADE, null=True, blank=True, related_name="+")
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices, default=Frequency.WEEKLY)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    sent_until = models.DateTimeField(null=True, blank=True, help_text=_("Posts up to here have been mailed"))
    next_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(area__isnull=False, network=None) | models.Q(area=None, network__isnull=False),
                name="subscription_of_one_feed",
            ),
            models.UniqueConstraint(
                fields=["email", "area"], condition=models.Q(area__isnull=False), name="subscription_once_of_area"
            ),
            models.UniqueConstraint(
                fields=["email", "network"],
                condition=models.Q(network__isnull=False),
                name="subscription_once_of_network",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(confirmed_at__isnull=False), name="subscription_by_next"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.frequency} {self.area_id or self.network_id}"
