"""Following a feed by mail: asking, confirming, changing, stopping. Nothing is mailed before somebody confirms."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.networks.models import Network
from samkraft.notices.mails import from_template
from samkraft.notices.models import SuppressedAddress
from samkraft.notices.operations import tell
from samkraft.people.queries import own_addresses, verified_addresses
from samkraft.places.models import Area
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused

from ..models import Frequency, Subscription

CONFIRM, MANAGE = "feeds.confirm", "feeds.manage"
UNCONFIRMED_KEPT = timedelta(days=7)
MOST_ASKED_OF_AN_ADDRESS = 5
SENT_AT = time(7)
MONDAY = 0
CLOCKS = {"SE": ZoneInfo("Europe/Stockholm"), "NO": ZoneInfo("Europe/Oslo"), "DK": ZoneInfo("Europe/Copenhagen")}


@dataclass(frozen=True)
class Mailbox:
    """An e-mail address, counted by the rate limits as accounts are."""

    pk: str


def next_digest_at(frequency: str, country: str, after: datetime) -> datetime:
    """The next seven o'clock by the country's clock, on a Monday for those who read weekly; always later than `after`.

    >>> from datetime import UTC
    >>> next_digest_at("weekly", "SE", datetime(2026, 3, 2, 6, tzinfo=UTC)).isoformat()
    '2026-03-09T07:00:00+01:00'
    """
    clock = CLOCKS[country]
    day = after.astimezone(clock).date()
    while True:
        moment = datetime.combine(day, SENT_AT, tzinfo=clock)
        if moment > after and (frequency == Frequency.DAILY or day.weekday() == MONDAY):
            return moment
        day += timedelta(days=1)


def country_of(subscription: Subscription) -> str:
    """The country by whose clock it is mailed. Fetch `area` and `network__county` with it."""
    if subscription.area is not None:
        return subscription.area.country
    assert subscription.network is not None
    return subscription.network.county.country if subscription.network.county else "SE"


def name_of(subscription: Subscription) -> str:
    """What is followed, in words."""
    return subscription.area.display_name if subscription.area is not None else str(subscription.network)


def token_of(subscription: Subscription, salt: str) -> str:
    """What a mail's link holds: it is worth something only to who reads that mailbox."""
    return signing.dumps([subscription.pk, subscription.email], salt=salt)


def subscription_of(token: str, salt: str, *, max_age: timedelta | None = None) -> Subscription | None:
    """The subscription of a token that we made, or None, also once the subscription is erased."""
    try:
        pk, email = signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature:
        return None
    rows = Subscription.objects.select_related("area", "network__county")
    return rows.defer("area__outline", "network__county__outline").filter(pk=pk, email=email).first()


def followed_by(user: Any) -> list[Subscription]:
    """What a person's own addresses follow."""
    rows = Subscription.objects.active().filter(email__in=own_addresses(user))
    rows = rows.select_related("area", "network__county").defer("area__outline", "network__county__outline")
    return list(rows.order_by("pk"))


def is_ours(token: str, salt: str) -> bool:
    """Whether we made the token, even if what it is of is erased."""
    try:
        signing.loads(token, salt=salt)
    except signing.BadSignature:
        return False
    return True


@transaction.atomic
def ask(
    *,
    email: str,
    frequency: str,
    language: str,
    now: datetime,
    area: Area | None = None,
    network: Network | None = None,
) -> None:
    """Mail a link by which the holder of an address confirms that they want to follow. Raises Refused.

    One who follows already is told so by mail, so that the page says the same to everybody.
    """
    email = email.strip().lower()
    limit = MOST_ASKED_OF_AN_ADDRESS
    if not allow(action="feeds.follow", account=Mailbox(email), limit=limit, period=timedelta(days=1), now=now):
        raise Refused(_("Many mails have been asked for to that address today. Look in your inbox, or wait a day."))
    subscription, _new = Subscription.objects.get_or_create(
        email=email,
        area=area,
        network=network,
        defaults={"frequency": frequency, "language": language, "asked_at": now},
    )
    if subscription.confirmed_at is None:
        subscription.frequency, subscription.language, subscription.asked_at = frequency, language, now
        subscription.save(update_fields=["frequency", "language", "asked_at"])
        _tell_to_confirm(subscription, now)
    else:
        _tell_of_following_already(subscription, now)


@transaction.atomic
def follow_as_reader(*, user: Any, now: datetime, area: Area | None = None, network: Network | None = None) -> bool:
    """Follow with the reader's own address, which they have shown to be theirs. False if they followed already."""
    if user.email.lower() not in verified_addresses(user):
        raise Refused(_("Confirm your e-mail address first."))
    subscription, _new = Subscription.objects.get_or_create(
        email=user.email.lower(),
        area=area,
        network=network,
        defaults={"frequency": Frequency.WEEKLY, "language": user.language, "asked_at": now},
    )
    return _confirm(subscription, now)


@transaction.atomic
def confirm(*, subscription: Subscription, now: datetime) -> bool:
    """The holder of the address wants it: mails begin. False if that was said before."""
    return _confirm(subscription, now)


def _confirm(subscription: Subscription, now: datetime) -> bool:
    begins = next_digest_at(subscription.frequency, country_of(subscription), now)
    won = Subscription.objects.filter(pk=subscription.pk, confirmed_at=None).update(
        confirmed_at=now, sent_until=now, next_at=begins
    )
    return bool(won)


@transaction.atomic
def change(*, subscription: Subscription, frequency: str, language: str, now: datetime) -> None:
    """Keep how often and in which language the follower wants it."""
    Subscription.objects.filter(pk=subscription.pk, confirmed_at__isnull=False).update(
        frequency=frequency,
        language=language,
        next_at=next_digest_at(frequency, country_of(subscription), now),
    )


def stop(*, subscription: Subscription) -> None:
    """Erase a subscription. Doing it again changes nothing."""
    Subscription.objects.filter(pk=subscription.pk).delete()


@transaction.atomic
def forget_followers(*, now: datetime) -> int:
    """Erase what nobody confirmed in a week, and addresses that their own servers refuse. Returns how many."""
    refused = SuppressedAddress.objects.values("address")
    forgotten = Subscription.objects.unconfirmed().filter(asked_at__lt=now - UNCONFIRMED_KEPT).delete()[0]
    return forgotten + Subscription.objects.filter(email__in=refused).delete()[0]


def _tell_to_confirm(subscription: Subscription, now: datetime) -> None:
    tell(
        to=subscription.email,
        language=subscription.language,
        kind=CONFIRM,
        subject=format_lazy(_("Confirm that you want to follow {name}"), name=name_of(subscription)),
        text=from_template("feeds/mail/confirm.txt", {"name": name_of(subscription), "site_name": settings.SITE_NAME}),
        url=reverse_lazy("feeds:follow_confirm", args=[token_of(subscription, CONFIRM)]),
        now=now,
        useful_until=now + UNCONFIRMED_KEPT,
    )


def _tell_of_following_already(subscription: Subscription, now: datetime) -> None:
    tell(
        to=subscription.email,
        language=subscription.language,
        kind=CONFIRM,
        subject=format_lazy(_("You follow {name} already"), name=name_of(subscription)),
        text=from_template("feeds/mail/following_already.txt", {"name": name_of(subscription)}),
        url=reverse_lazy("feeds:follow_manage", args=[token_of(subscription, MANAGE)]),
        now=now,
    )
