"""What is read about notices."""

from typing import Any

from . import kinds
from .models import MailChoice, Notice, SuppressedAddress


def unread_count(user: Any) -> int:
    """How many notices on the site a person has not read."""
    return Notice.objects.visible_to(user).unread().count()


def kinds_wanted(address: str) -> set[str]:
    """The kinds that an address wants by mail, of those that can be chosen."""
    refused = set(MailChoice.objects.filter(address=address.lower()).values_list("kind", flat=True))
    return {kind.key for kind in kinds.to_choose_from()} - refused


def reason_not_to_mail(address: str, kind: str) -> str:
    """Why a mail of this kind must not go to the address, or an empty text."""
    if SuppressedAddress.objects.filter(address=address.lower()).exists():
        return "The address is suppressed."
    if not kinds.named(kind).critical and MailChoice.objects.filter(address=address.lower(), kind=kind).exists():
        return "The reader does not want this kind by mail."
    return ""
