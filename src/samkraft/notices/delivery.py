"""The worker's side of the outbox: claim a message, send it, note what came of it.

A claim is one UPDATE that only one worker can win. A worker that dies between claim and sending leaves a
stale claim, which is taken up again after some minutes. A mail server cannot be part of our transaction: if
the worker dies after the server has taken the mail and before that is noted, the mail goes out again with
the same Message-ID, by which mail programs show it once.
"""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q

from . import kinds, mails
from .models import MailState, OutboxMessage
from .operations import record_hard_bounce

logger = logging.getLogger("samkraft.notices")

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=2)
CLAIM_LASTS = timedelta(minutes=10)
MAILS_KEPT = timedelta(days=90)
Send = Callable[[OutboxMessage], None]


def deliver_waiting(*, now: datetime, limit: int = 50, send: Send | None = None) -> int:
    """Send up to `limit` messages that are due. Returns how many were sent."""
    send = send or (mails.send_by_smtp if settings.MAIL_DELIVERY == "smtp" else mails.keep)
    began = time.monotonic()
    sent = 0
    for _place in range(limit):
        # The clock goes on while a slow server keeps us waiting. A claim must not look old.
        moment = now + timedelta(seconds=time.monotonic() - began)
        message = claim_next(now=moment)
        if message is None:
            break
        sent += _deliver(message, moment, send)
    return sent


@transaction.atomic
def claim_next(*, now: datetime) -> OutboxMessage | None:
    """Take the message that has been due longest, so that no other worker does. None when there is none."""
    stale = Q(state=MailState.SENDING, claimed_at__lt=now - CLAIM_LASTS)
    free = OutboxMessage.objects.filter(Q(state=MailState.WAITING, due_at__lte=now) | stale)
    row = (
        free.order_by("due_at", "pk")
        .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .first()
    )
    if row is None:
        return None
    claim = uuid.uuid4()
    won = OutboxMessage.objects.filter(pk=row.pk, state=row.state, claim=row.claim).update(
        state=MailState.SENDING, claim=claim, claimed_at=now, attempts=models.F("attempts") + 1
    )
    return OutboxMessage.objects.get(pk=row.pk) if won else None


def _deliver(message: OutboxMessage, now: datetime, send: Send) -> int:
    if message.useful_until is not None and message.useful_until < now:
        _note(message, state=MailState.FAILED, problem="It came too late to be of use.", text="")
        return 0
    if message.attempts > MOST_ATTEMPTS:
        _note(message, state=MailState.FAILED, problem="The worker stopped each time it tried.")
        return 0
    try:
        send(message)
    except mails.HardBounce as bounce:
        _note(message, state=MailState.SUPPRESSED, problem=str(bounce)[:500])
        record_hard_bounce(address=message.to_address, reason=str(bounce), now=now)
        return 0
    except Exception as error:
        _try_later(message, now, error)
        return 0
    _note(message, state=MailState.SENT, sent_at=now, problem="", **_without_secrets(message))
    return 1


def _note(message: OutboxMessage, **fields: object) -> None:
    """Write down what came of our own claim; a claim that somebody else has taken over is theirs to note."""
    OutboxMessage.objects.filter(pk=message.pk, claim=message.claim).update(claim=None, claimed_at=None, **fields)


def _try_later(message: OutboxMessage, now: datetime, error: Exception) -> None:
    problem = f"{type(error).__name__}: {error}"[:500]
    logger.warning("mail not sent", extra={"mail": message.pk, "attempt": message.attempts})
    if message.attempts >= MOST_ATTEMPTS:
        _note(message, state=MailState.FAILED, problem=problem)
        return
    wait = FIRST_WAIT * 2 ** (message.attempts - 1)
    _note(message, state=MailState.WAITING, due_at=now + wait, problem=problem)


def _without_secrets(message: OutboxMessage) -> dict[str, str]:
    """A code that has been sent has no reason to stay in the database, save where mails are kept to read.

    Nor has a long body of HTML, whose words stay as text.
    """
    if settings.MAIL_DELIVERY == "keep":
        return {}
    secret = kinds.known(message.kind) and kinds.named(message.kind).critical
    return {"text": "", "url": "", "html": ""} if secret else {"html": ""}


def forget_mails(*, now: datetime) -> int:
    """Delete mails that were settled long ago. Returns how many."""
    settled = [MailState.SENT, MailState.FAILED, MailState.SUPPRESSED]
    return OutboxMessage.objects.filter(state__in=settled, written_at__lt=now - MAILS_KEPT).delete()[0]
