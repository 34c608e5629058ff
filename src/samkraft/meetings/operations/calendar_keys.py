"""The secret address of a person's own calendar: made, shown once, renewed, ended."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from ..models import CalendarKey


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make_key(*, user: Any, now: datetime) -> str:
    """A new key, told this once; only its hash is kept. An earlier one stops working."""
    key = secrets.token_urlsafe(32)
    CalendarKey.objects.update_or_create(user=user, defaults={"key_hash": hash_of(key), "made_at": now})
    return key


@transaction.atomic
def end_key(*, user: Any) -> bool:
    """Close the address. Returns whether there was one."""
    return CalendarKey.objects.filter(user=user).delete()[0] > 0
