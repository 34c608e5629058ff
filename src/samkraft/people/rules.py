"""The rules of invitations in plain Python: how long one lasts, and where it stands at a moment."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

INVITATION_LASTS = timedelta(days=14)


class Standing(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Invitation(Protocol):
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None


def standing(invitation: Invitation, now: datetime) -> Standing:
    """Where an invitation stands at a moment: only an open one can be accepted."""
    if invitation.accepted_at is not None:
        return Standing.ACCEPTED
    if invitation.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if invitation.expires_at <= now:
        return Standing.EXPIRED
    return Standing.OPEN


def token_hash(token: str) -> str:
    """What is stored of a token. Tokens are long and random, so a plain SHA-256 cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
