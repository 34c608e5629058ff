"""Who organises and who reviews a call: invited, accepted, ended."""

from datetime import datetime

import rules
from django.db import transaction
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.people.operations import offers
from samkraft.people.operations.offers import NotOpen
from samkraft.records.refusals import Refused

from ..models import Call, CallOffer, CallPerson, CallRole
from ..rules.changing import FINISHED
from .editing import held


class NotAllowed(Refused):
    """The person does not decide about the people of this call."""


def _check(call: Call, by: User) -> None:
    if not rules.test_rule("calls.organises", by, call):
        raise NotAllowed(_("Only those who run the call can decide who takes part."))
    if call.state in FINISHED:
        raise Refused(_("The call is over."))


@transaction.atomic
def invite(*, call: Call, email: str, role: str, by: User, now: datetime) -> CallOffer:
    """Invite the holder of an address to organise or review the call, and mail the link.

    An earlier invitation to the same is withdrawn. Raises NotAllowed or Refused.
    """
    _check(call, by)
    email = email.strip().lower()
    if CallPerson.objects.active().filter(call=call, role=role, user__email=email).exists():
        raise Refused(_("This person already has that role."))
    offer = CallOffer(call=call, role=role, email=email, invited_by=by)
    earlier = CallOffer.objects.filter(call=call, role=role, email=email)
    token = offers.issue(offer=offer, earlier=earlier, now=now)
    account = User.objects.filter(email=email, is_active=True).first()
    tell(
        to=account or email,
        language=None if account else by.language,
        kind="calls.invitation",
        subject=format_lazy(gettext_lazy("Invitation to help with the call {call}"), call=call.title),
        text=from_template("calls/mail/offer.txt", {"offer": offer, "call": call}),
        url=reverse_lazy("calls:offer", args=[token]),
        now=now,
        dedupe_key=f"call offer {offer.pk}",
    )
    return offer


@transaction.atomic
def accept(*, offer: CallOffer, by: User, now: datetime) -> CallPerson:
    """Accept once, before it expires, as the holder of the address that it was sent to. Raises Refused."""
    call = held(offer.call)
    if call.state in FINISHED:
        raise NotOpen(_("This invitation no longer holds: the call is over."))
    offers.claim(offer=offer, by=by, now=now)
    same = {"call": call, "user": by, "role": offer.role}
    person = CallPerson.objects.active().filter(**same).first()
    if person is None:
        person = CallPerson.objects.create(**same, since=timezone.localdate(now))
    tell(
        to=offer.invited_by,
        kind="people.accepted",
        subject=format_lazy(gettext_lazy("{person} takes part in the call {call}"), person=by, call=call.title),
        text=from_template("calls/mail/offer_accepted.txt", {"person": person, "call": call}),
        url=reverse_lazy("calls:people", args=[call.slug]),
        now=now,
        dedupe_key=f"call offer accepted {offer.pk}",
    )
    return person


@transaction.atomic
def withdraw(*, offer: CallOffer, by: User, now: datetime) -> None:
    """Take back an invitation that has no answer yet. Raises NotAllowed or NotOpen."""
    _check(offer.call, by)
    offers.withdraw(offer=offer, now=now)


@transaction.atomic
def end_role(*, person: CallPerson, by: User, now: datetime) -> None:
    """End a role: one's own, or as one who runs the call. Raises NotAllowed, or Refused for the last organiser.

    The call is held meanwhile, so that of two who end each other's role at once one is refused. What a reviewer has
    judged stays; what they had not judged yet the organisers share out anew.
    """
    call = held(person.call)
    if person.user_id != by.pk:
        _check(call, by)
    active = CallPerson.objects.active().filter(call=call)
    current = active.filter(pk=person.pk).first()
    if current is None:
        raise Refused(_("This role has already ended."))
    others = active.filter(role=CallRole.ORGANISER, user__is_active=True).exclude(pk=current.pk)
    if current.role == CallRole.ORGANISER and not others.exists():
        raise Refused(_("A call always has an organiser. Invite another organiser first."))
    current.ended_on = max(timezone.localdate(now), current.since)
    current.save(update_fields=["ended_on"])
    person.ended_on = current.ended_on
    if person.user_id != by.pk:
        tell(
            to=person.user,
            kind="people.membership",
            subject=format_lazy(gettext_lazy("Your role in the call {call} has ended"), call=call.title),
            text=from_template("calls/mail/role_ended.txt", {"person": person, "call": call}),
            now=now,
            dedupe_key=f"call role ended {person.pk}",
        )
