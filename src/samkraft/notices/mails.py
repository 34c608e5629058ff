"""A mail as it leaves the house: headers, plain text and simple HTML."""

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.functional import lazy
from django.utils.safestring import SafeString
from django.utils.translation import override

from . import kinds
from .models import OutboxMessage

UNSUBSCRIBE_SALT = "samkraft.notices.unsubscribe"

# A text from a template, rendered first when somebody reads it: inside `tell`, in the reader's language.
from_template = lazy(lambda template, context: render_to_string(template, context).strip(), str)


class HardBounce(Exception):
    """The receiving server refuses the address for good."""


def new_message_id() -> str:
    """An id of our own for a mail, made when it is written, so that a mail sent twice shows as one."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{get_random_string(32)}@{host}>"


def unsubscribe_url(address: str, kind: str) -> str:
    """The address by which the holder of a mail turns off this kind, without signing in."""
    token = signing.dumps({"address": address, "kind": kind}, salt=UNSUBSCRIBE_SALT)
    return settings.SITE_URL + reverse("notices:unsubscribe", args=[token])


def read_unsubscribe_token(token: str) -> tuple[str, str] | None:
    """Address and kind of a token that we made, or None."""
    try:
        content = signing.loads(token, salt=UNSUBSCRIBE_SALT)
    except signing.BadSignature:
        return None
    return content["address"], content["kind"]


def composed(message: OutboxMessage) -> EmailMultiAlternatives:
    """The mail with its headers, in the language of the one who reads it."""
    with override(message.language):
        may_be_turned_off = kinds.known(message.kind) and not kinds.named(message.kind).critical
        of_kind = unsubscribe_url(message.to_address, message.kind) if may_be_turned_off else ""
        stop = message.unsubscribe_url or of_kind
        context = {
            "message": message,
            # What `tell` was given was rendered from our own templates, which escape what people wrote.
            "body": SafeString(message.html),
            "unsubscribe_url": stop,
            "site_name": settings.SITE_NAME,
        }
        headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
        if stop:
            headers["List-Unsubscribe"] = f"<{stop}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=render_to_string("notices/mail.txt", context).strip() + "\n",
            to=[message.to_address],
            headers=headers,
        )
        mail.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return mail


def send_by_smtp(message: OutboxMessage) -> None:
    """Hand the mail to the mail server. Raises HardBounce when it refuses the address for good."""
    try:
        composed(message).send()
    except smtplib.SMTPRecipientsRefused as error:
        refusals = list(error.recipients.values())
        if refusals and all(500 <= code < 600 for code, _answer in refusals):
            code, answer = refusals[0]
            said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
            raise HardBounce(f"{code} {said}") from error
        raise


def keep(message: OutboxMessage) -> None:
    """Send nothing: the message stays in the outbox, where stewards of a demo read it."""
    composed(message)
