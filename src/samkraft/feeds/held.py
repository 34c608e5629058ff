"""What feeds hold about a person, and what is erased when they leave."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from samkraft.people import exports, leaving
from samkraft.people.queries import verified_addresses

from .models import MailedPost, Subscription


def subscriptions(user: Any) -> list[dict[str, Any]]:
    """What the person's addresses follow by mail."""
    rows = Subscription.objects.filter(email__in=verified_addresses(user)).order_by("pk")
    fields = ("email", "area__key", "network__slug", "frequency", "language", "asked_at", "confirmed_at", "sent_until")
    return list(rows.values(*fields))


def mailed_posts(user: Any) -> list[dict[str, Any]]:
    """What was mailed in from the person's addresses, and is kept until it is settled and a while after."""
    rows = MailedPost.objects.filter(sender__in=verified_addresses(user)).order_by("pk")
    return list(rows.values("network__slug", "sender", "subject", "text", "received_at", "state"))


@leaving.register("subscriptions")
def leave(*, user: Any, addresses: Collection[str], pseudonym: str, now: datetime) -> None:
    Subscription.objects.filter(email__in=addresses).delete()


@leaving.register("mailed posts")
def leave_mailed(*, user: Any, addresses: Collection[str], pseudonym: str, now: datetime) -> None:
    MailedPost.objects.filter(sender__in=addresses).update(sender=pseudonym, sender_is_known=False)


exports.register("subscriptions", subscriptions)
exports.register("mailed_posts", mailed_posts)
