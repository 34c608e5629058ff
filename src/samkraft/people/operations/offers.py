"""Offers by mail, whatever they offer: issued, claimed once by the holder of the address, withdrawn, expired."""

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from samkraft.records.refusals import Refused

from .. import queries
from ..models import OfferQuerySet
from ..rules import INVITATION_LASTS, Standing, standing, token_hash


class NotOpen(Refused):
    """The offer was accepted, was withdrawn or has expired."""


class ForAnother(Refused):
    """The offer was sent to another address. Which, is not said."""


WHY_NOT = {
    Standing.ACCEPTED: _("This invitation has already been accepted."),
    Standing.WITHDRAWN: _("This invitation has been withdrawn. Ask the one who invited you for a new one."),
    Standing.EXPIRED: _("This invitation has expired. Ask the one who invited you for a new one."),
}


@transaction.atomic
def issue(*, offer: Any, earlier: OfferQuerySet, now: datetime) -> str:
    """Save an offer that is not saved yet, and return the token for its mail, which is kept nowhere else.

    `earlier` are the offers of the same to the same address: an unanswered one of them is withdrawn. Raises
    Refused when two people offer the same at the same moment.
    """
    earlier.unanswered().update(withdrawn_at=now)
    token = prepare(offer=offer, now=now)
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError as error:
        raise Refused(_("Somebody else has just invited this person.")) from error
    return token


def prepare(*, offer: Any, now: datetime) -> str:
    """Give an offer its token and its time, for who saves many at once. Returns the token for the mail."""
    token = secrets.token_urlsafe(32)
    offer.token_hash = token_hash(token)
    offer.created_at = now
    offer.expires_at = now + INVITATION_LASTS
    return token


@transaction.atomic
def claim(*, offer: Any, by: Any, now: datetime) -> None:
    """Mark an offer as accepted, before it expires, by the holder of exactly the address that it was sent to.

    Of two acceptances at the same moment one wins the row and the other is told that it was accepted.
    Raises ForAnother or NotOpen.
    """
    if offer.email.lower() not in queries.verified_addresses(by):
        raise ForAnother(_("This invitation is for another e-mail address than yours."))
    won = _rows(offer).open_at(now).filter(pk=offer.pk).update(accepted_at=now)
    if not won:
        offer.refresh_from_db()
        raise NotOpen(WHY_NOT.get(standing(offer, now), WHY_NOT[Standing.EXPIRED]))
    offer.accepted_at = now


def withdraw(*, offer: Any, now: datetime) -> None:
    """Take back an offer that has no answer yet. Raises NotOpen."""
    if not _rows(offer).unanswered().filter(pk=offer.pk).update(withdrawn_at=now):
        raise NotOpen(_("This invitation has already been answered or withdrawn."))
    offer.withdrawn_at = now


def _rows(offer: Any) -> OfferQuerySet:
    return type(offer)._default_manager.all()
