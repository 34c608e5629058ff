"""Telling people, and what they say about being told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import override

from . import kinds, mails, queries
from .models import MailChoice, MailState, Notice, OutboxMessage, SuppressedAddress

Text = str | Promise


@transaction.atomic
def tell(
    *,
    to: Any,
    kind: str,
    subject: Text,
    text: Text,
    now: datetime,
    url: Text = "",
    language: str | None = None,
    dedupe_key: str | None = None,
    useful_until: datetime | None = None,
    html: Text = "",
    unsubscribe_url: Text = "",
) -> OutboxMessage:
    """Write one message to one reader, to be sent by the worker once this transaction is committed.

    `to` is a user, or the e-mail address of somebody without an account. Lazy texts and `reverse_lazy` are
    evaluated in the reader's language. `url` is a path on this site. With a dedupe key that was used before,
    nothing is written and the earlier message is returned. A message that the reader has turned off, or whose
    address has bounced, is written as suppressed, so that the outbox tells the whole story. `html` is a body
    rendered from our own templates, beside the text; `unsubscribe_url`, a path too, stops this very mailing with
    one click, where otherwise the whole kind would stop.
    """
    user = None if isinstance(to, str) else to
    address = (to if user is None else user.email).strip().lower()
    reader_language = language or (user.language if user is not None else settings.LANGUAGE_CODE)
    reason = queries.reason_not_to_mail(address, kind)
    with override(reader_language):
        path = str(url)
        message = OutboxMessage(
            to_user=user,
            to_address=address,
            kind=kind,
            language=reader_language,
            subject=" ".join(str(subject).split())[:200],
            text=str(text),
            html=str(html),
            url=settings.SITE_URL + path if path else "",
            unsubscribe_url=settings.SITE_URL + stop if (stop := str(unsubscribe_url)) else "",
            message_id=mails.new_message_id(),
            dedupe_key=dedupe_key,
            state=MailState.SUPPRESSED if reason else MailState.WAITING,
            problem=reason,
            written_at=now,
            due_at=now,
            useful_until=useful_until,
        )
    kept = _saved_once(message)
    if kept is message and user is not None and kinds.named(kind).in_app:
        Notice.objects.create(
            user=user, kind=kind, text=message.subject, language=message.language, url=path, written_at=now
        )
    return kept


def _saved_once(message: OutboxMessage) -> OutboxMessage:
    """The message, saved; or the earlier one whose dedupe key it repeats."""
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        if message.dedupe_key is None:
            raise
        return OutboxMessage.objects.get(dedupe_key=message.dedupe_key)
    return message


def mark_read(*, notice: Notice, now: datetime) -> None:
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)


def mark_all_read(*, user: Any, now: datetime) -> int:
    """Mark all notices of a person as read. Returns how many were unread."""
    return Notice.objects.visible_to(user).unread().update(read_at=now)


@transaction.atomic
def choose_kinds(*, address: str, wanted: Collection[str], now: datetime) -> None:
    """Keep which kinds an address wants by mail. Critical kinds are not asked about."""
    address = address.lower()
    offered = {kind.key for kind in kinds.to_choose_from()}
    MailChoice.objects.filter(address=address, kind__in=offered & set(wanted)).delete()
    MailChoice.objects.bulk_create(
        [MailChoice(address=address, kind=key, made_at=now) for key in sorted(offered - set(wanted))],
        ignore_conflicts=True,
    )


def unsubscribe(*, address: str, kind: str, now: datetime) -> None:
    """Stop mailing one kind to an address. Doing it again changes nothing."""
    MailChoice.objects.get_or_create(address=address.lower(), kind=kind, defaults={"made_at": now})


@transaction.atomic
def record_hard_bounce(*, address: str, reason: str, now: datetime) -> None:
    """Send nothing more to an address that its server refuses for good, nor what waits for it."""
    address = address.lower()
    SuppressedAddress.objects.get_or_create(address=address, defaults={"reason": reason[:500], "since": now})
    OutboxMessage.objects.filter(to_address=address, state=MailState.WAITING).update(
        state=MailState.SUPPRESSED, problem="The address is suppressed."
    )


@transaction.atomic
def forget_person(*, user: Any, address: str) -> None:
    """Erase what is kept about a person who leaves: notices, choices, and mails that are not to be sent."""
    Notice.objects.filter(user=user).delete()
    MailChoice.objects.filter(address=address.lower()).delete()
    OutboxMessage.objects.filter(to_address=address.lower()).exclude(
        state__in=[MailState.WAITING, MailState.SENDING]
    ).delete()
    OutboxMessage.objects.filter(to_user=user).update(to_user=None)
