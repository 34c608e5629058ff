"""Invitations to be something in an area, and the memberships that come of them."""

from datetime import datetime

import rules
from django.db import transaction
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.places.models import Area
from samkraft.records.refusals import Refused

from ..models import Invitation, Membership, User
from . import offers
from .offers import WHY_NOT, ForAnother, NotOpen

__all__ = [
    "WHY_NOT",
    "ForAnother",
    "NotAllowed",
    "NotOpen",
    "accept_invitation",
    "end_membership",
    "invite",
    "withdraw_invitation",
]


class NotAllowed(Refused):
    """The person may not do this in the area."""


@transaction.atomic
def invite(*, email: str, area: Area, role: str, sector: str, by: User, now: datetime) -> Invitation:
    """Invite the holder of an address, and mail the link. An earlier invitation to the same is withdrawn.

    Raises NotAllowed for somebody who neither coordinates the area nor is a steward, and Refused when two
    people invite the same at the same moment or the person is that already.
    """
    if not rules.test_rule("people.may_invite", by, area):
        raise NotAllowed(_("Only the coordinators of this area can invite people to it."))
    email = email.strip().lower()
    if Membership.objects.active().in_area(area).filter(user__email=email, role=role).exists():
        raise Refused(_("This person already has that role in this area."))
    invitation = Invitation(email=email, area=area, role=role, sector=sector, invited_by=by)
    earlier = Invitation.objects.filter(email=email, area=area, role=role)
    token = offers.issue(offer=invitation, earlier=earlier, now=now)
    _mail_invitation(invitation, token, now)
    return invitation


def _mail_invitation(invitation: Invitation, token: str, now: datetime) -> None:
    account = User.objects.filter(email=invitation.email, is_active=True).first()
    tell(
        to=account or invitation.email,
        language=None if account else invitation.invited_by.language,
        kind="people.invitation",
        subject=format_lazy(_("Invitation to {area} on Samkraft"), area=invitation.area.full_name),
        text=from_template("people/mail/invitation.txt", {"invitation": invitation}),
        url=reverse_lazy("people:invitation", args=[token]),
        now=now,
        dedupe_key=f"invitation {invitation.pk}",
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User, now: datetime) -> Membership:
    """Accept once, before it expires, as the holder of the address that it was sent to.

    Raises ForAnother or NotOpen.
    """
    offers.claim(offer=invitation, by=by, now=now)
    membership = Membership.objects.active().filter(user=by, area=invitation.area, role=invitation.role).first()
    if membership is None:
        membership = Membership(user=by, area=invitation.area, role=invitation.role)
        membership.since = timezone.localdate(now)
    membership.sector = invitation.sector
    membership.save()
    tell(
        to=invitation.invited_by,
        kind="people.accepted",
        subject=format_lazy(
            _("{name} has accepted your invitation to {area}"), name=by, area=invitation.area.full_name
        ),
        text=from_template("people/mail/accepted.txt", {"membership": membership}),
        url=reverse_lazy("people:area", args=[invitation.area.country.lower(), invitation.area.slug]),
        now=now,
        dedupe_key=f"invitation accepted {invitation.pk}",
    )
    return membership


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Take back an invitation that has no answer yet. Raises NotAllowed or NotOpen."""
    if not rules.test_rule("people.may_invite", by, invitation.area):
        raise NotAllowed(_("Only the coordinators of this area can withdraw its invitations."))
    offers.withdraw(offer=invitation, now=now)


@transaction.atomic
def end_membership(*, membership: Membership, by: User, now: datetime) -> None:
    """End a role in an area: by oneself, or by who coordinates it. Raises NotAllowed or Refused."""
    if membership.user_id != by.pk and not rules.test_rule("people.may_invite", by, membership.area):
        raise NotAllowed(_("Only the coordinators of this area can end somebody else's role in it."))
    current = Membership.objects.active().select_for_update().filter(pk=membership.pk).first()
    if current is None:
        raise Refused(_("This role has already ended."))
    current.ended_on = max(timezone.localdate(now), current.since)
    current.save()
    membership.ended_on = current.ended_on
    if membership.user_id != by.pk:
        tell(
            to=membership.user,
            kind="people.membership",
            subject=format_lazy(_("Your role in {area} has ended"), area=membership.area.full_name),
            text=from_template("people/mail/membership_ended.txt", {"membership": membership}),
            now=now,
            dedupe_key=f"membership ended {membership.pk}",
        )
