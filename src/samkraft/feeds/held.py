"""What feeds hold about a person, and what is erased when they leave."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from samkraft.people import exports, leaving
from samkraft.people.queries import verified_addresses

from .models import Subscription


def subscriptions(user: Any) -> list[dict[str, Any]]:
    """What the person's addresses follow by mail."""
    rows = Subscription.objects.filter(email__in=verified_addresses(user)).order_by("pk")
    fields = ("email", "area__key", "network__slug", "frequency", "language", "asked_at", "confirmed_at", "sent_until")
    return list(rows.values(*fields))


@leaving.register("subscriptions")
def leave(*, user: Any, addresses: Collection[str], pseudonym: str, now: datetime) -> None:
    Subscription.objects.filter(email__in=addresses).delete()


exports.register("subscriptions", subscriptions)
