"""Rate limits by account and by address, counted in the database so that every process counts together."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from .addresses import household
from .models import RateCount


def _who(account: Any, address: str | None) -> str:
    if (account is None) == (address is None):
        raise ValueError("A rate limit is for one account or for one address.")
    text = f"account {account.pk}" if account is not None else f"address {household(address or '')}"
    return salted_hmac("samkraft.records.limits", text, algorithm="sha256").hexdigest()


def _count_one(action: str, who: str, began: datetime, ends: datetime) -> int:
    """Add one to the count in a single statement, so that parallel requests each get their own number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_ratecount (action, who, period_began_at, ends_at, count) "
            "VALUES (%s, %s, %s, %s, 1) "
            "ON CONFLICT (action, who, period_began_at) DO UPDATE SET count = records_ratecount.count + 1 "
            "RETURNING count",
            [
                action,
                who,
                connection.ops.adapt_datetimefield_value(began),
                connection.ops.adapt_datetimefield_value(ends),
            ],
        )
        return int(cursor.fetchone()[0])


def allow(
    *,
    action: str,
    limit: int,
    period: timedelta,
    now: datetime,
    account: Any = None,
    address: str | None = None,
) -> bool:
    """Count one attempt, and say whether it is within `limit` attempts a `period`.

    The count slides: what remains of the last period weighs in with the part of it that still lies within
    one period back from now. A refused attempt counts too, so that hammering does not open the door.
    """
    who = _who(account, address)
    seconds = period.total_seconds()
    began_at = now.timestamp() // seconds * seconds
    began = datetime.fromtimestamp(began_at, UTC)
    count = _count_one(action, who, began, began + 2 * period)
    if count > limit:
        return False
    earlier = RateCount.objects.filter(action=action, who=who, period_began_at=began - period)
    before = min(limit, earlier.values_list("count", flat=True).first() or 0)
    return count + before * (1 - (now.timestamp() - began_at) / seconds) <= limit


def forget_counts(*, now: datetime) -> int:
    """Delete counts that no longer matter. Returns how many."""
    return RateCount.objects.filter(ends_at__lt=now).delete()[0]
