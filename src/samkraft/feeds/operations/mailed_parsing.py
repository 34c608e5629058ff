"""Reading a mail that anybody may have sent: for which network, from whom, its words, its pictures."""

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import getaddresses, parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from samkraft.ui import rich_text

from .charsets import decoded

MOST_BYTES = 25 * 1024 * 1024
MOST_PICTURES = 5
MOST_PARTS = 200
MOST_CHARACTERS = 20_000
# What no person's mail has, and what takes the email package minutes: these are counted before it reads anything.
MOST_LINES = 1_000_000
MOST_MULTIPARTS = 50
LONGEST_HEADER = 20_000
LONGEST_ADDRESSES = 4_000
LONGEST_OF_CONTENT = 1_000
LONGEST_HEADERS = 60_000
# Where mail servers note for whom a mail came, before what its writer put in.
_FOR_WHOM = ("X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc")
# Taking these apart takes a time that grows with the square of their length.
_ADDRESSES = {"from", "message-id", *(name.lower() for name in _FOR_WHOM)}
_BULK = {"bulk", "list", "junk", "auto_reply"}
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CannotRead(ValueError):
    """This is no mail that can be read."""


@dataclass(frozen=True)
class Attached:
    """A picture as it was attached, not yet looked at."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    pictures: tuple[Attached, ...]
    is_automatic: bool


def read(raw: bytes) -> Mail:
    """The mail in plain parts. Raises CannotRead."""
    if raw.count(b"\n") > MOST_LINES or raw.lower().count(b"multipart/") > MOST_MULTIPARTS:
        raise CannotRead("The mail is made of too many parts.")
    try:
        _check_headers(message_from_bytes(raw))
        return _read(message_from_bytes(raw, policy=policy.default), raw)
    # The email package raises many kinds of errors on headers and parts that are made up to be wrong.
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise CannotRead(str(error)) from error


def _check_headers(message: Message) -> None:
    """Headers as they stand, read by the policy that takes nothing apart."""
    everything = addresses = 0
    for part in message.walk():
        for name, value in part.raw_items():
            key, length = name.lower(), len(value)
            everything += length
            addresses += length if key in _ADDRESSES else 0
            is_long = length > (LONGEST_OF_CONTENT if key.startswith("content-") else LONGEST_HEADER)
            if is_long or addresses > LONGEST_ADDRESSES or everything > LONGEST_HEADERS:
                raise CannotRead("The mail has a header that is too long.")


def _read(message: EmailMessage, raw: bytes) -> Mail:
    sender = parseaddr(_header(message, "From"))[1].lower()
    try:
        validate_email(sender)
    except ValidationError as error:
        raise CannotRead("The mail says not from whom it is.") from error
    named = _header(message, "Message-ID").strip()[:300]
    pairs = getaddresses([str(value) for name in _FOR_WHOM for value in message.get_all(name, [])])
    return Mail(
        message_id=named or f"<{hashlib.sha256(raw).hexdigest()}@no-id.invalid>",
        sender=sender,
        recipients=tuple(address.strip().lower() for _name, address in pairs),
        subject=" ".join(_plain(_header(message, "Subject")).split())[:160],
        text=_text(message)[:MOST_CHARACTERS].strip(),
        pictures=_pictures(message),
        is_automatic=_is_automatic(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, ""))


def _plain(text: str) -> str:
    """What a database keeps and a page shows: no control characters, no halves of characters."""
    return _NOT_PRINTED.sub("", text.encode("utf-8", "replace").decode("utf-8"))


def _is_automatic(message: EmailMessage) -> bool:
    """Mail from programs: answered or taken in, it could go round for ever."""
    automatic = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        automatic not in {"", "no"}
        or _header(message, "Precedence").strip().lower() in _BULK
        or "List-Id" in message
        or _header(message, "Return-Path").strip() == "<>"
        or message.get_content_type() == "multipart/report"
    )


def _text(message: EmailMessage) -> str:
    """The plain text; where there is none, the words of the HTML."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    words = decoded(payload, part.get_content_charset("utf-8"))
    if part.get_content_type() == "text/html":
        words = rich_text.to_plain(rich_text.clean(words))
    return _plain(words.replace("\r\n", "\n").replace("\r", "\n"))


def _pictures(message: EmailMessage) -> tuple[Attached, ...]:
    found: list[Attached] = []
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS or len(found) >= MOST_PICTURES:
            break
        if part.get_content_maintype() != "image":
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            found.append(Attached(_plain(part.get_filename() or "picture")[:160], content))
    return tuple(found)
