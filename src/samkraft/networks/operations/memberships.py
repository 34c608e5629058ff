"""An actor's way into a network and out of it: interest, what is asked, declined, lapsed, left."""

from datetime import datetime

import rules
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from samkraft.people.models import User
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import (
    MEMBER_STATES,
    MEMBERSHIP,
    Actor,
    Fulfilment,
    FulfilmentState,
    MembershipState,
    Network,
    NetworkMembership,
)
from ..queries.networks import tags_of
from ..rules import memberships as dates
from .fulfilments import HANDLED, check_open
from .memberships_notices import tell_actor, tell_deciders


@transaction.atomic
def express_interest(
    *, network: Network, actor: Actor, message: str = "", by: User, now: datetime
) -> NetworkMembership:
    """Tell a network that the actor wants to know more, without evidence. Raises Refused."""
    check_open(network=network, actor=actor, by=by)
    membership, new = NetworkMembership.objects.get_or_create(
        network=network,
        actor=actor,
        defaults={"created_by": by, "created_at": now, "changed_at": now, "message": message},
    )
    if not new:
        raise Refused(_("The network already knows of this actor."))
    interested = _("{actor} is interested in {network}")
    tell_deciders(membership=membership, subject=interested, text="membership_interested", key="interest", now=now)
    return membership


@transaction.atomic
def ask(*, membership: NetworkMembership, why: str, by: User, now: datetime) -> NetworkMembership:
    """Ask for something more: an applicant completes; a member gives new evidence within two weeks to a month."""
    current = _locked(membership, why, by)
    today = timezone.localdate(now)
    if current.state == MembershipState.APPLIED:
        to: str = MembershipState.ASKED
    elif current.state in MEMBER_STATES and current.due_on is not None:
        to = MembershipState.DUE
        current.due_on = dates.asked_until(current.due_on, today)
        current.reminded_days = dates.reminder(current.due_on, today)
        current.reminded_on = today
    else:
        raise Refused(HANDLED)
    _reject_waiting(current, why, by, now)
    asked = _("{network} asks {actor} for something more")
    _move(current, to, why=why, by=by, now=now, subject=asked, text="membership_asked")
    return current


@transaction.atomic
def decline(*, membership: NetworkMembership, why: str, by: User, now: datetime) -> NetworkMembership:
    """Say no to an application, with the reason. The actor can apply anew."""
    current = _locked(membership, why, by)
    if current.state not in {MembershipState.APPLIED, MembershipState.ASKED}:
        raise Refused(HANDLED)
    _reject_waiting(current, why, by, now)
    declined = _("{network} has declined the application of {actor}")
    _move(current, MembershipState.DECLINED, why=why, by=by, now=now, subject=declined, text="membership_declined")
    return current


@transaction.atomic
def lapse(*, membership: NetworkMembership, why: str, by: User | None, now: datetime) -> NetworkMembership:
    """End a membership because the condition is not fulfilled any more. `by` is None when the worker does it."""
    current = _locked(membership, why, by)
    if current.state not in MEMBER_STATES:
        raise Refused(HANDLED)
    _reject_waiting(current, why, by, now)
    lapsed = _("{actor} is no longer a member of {network}")
    _move(current, MembershipState.LAPSED, why=why, by=by, now=now, subject=lapsed, text="membership_lapsed")
    if by is None:
        key = f"lapsed {current.due_on}"
        tell_deciders(membership=current, subject=lapsed, text="membership_lapsed_told", key=key, now=now)
    return current


@transaction.atomic
def leave(*, membership: NetworkMembership, why: str = "", by: User, now: datetime) -> NetworkMembership:
    """Take back an interest or an application, or leave the network. The actor can apply anew."""
    if not rules.test_rule("networks.speaks_for_member", by, membership):
        raise Refused(_("Only the contacts of an actor can do this for it."))
    if membership.network.convener_id == membership.actor_id and membership.state in MEMBER_STATES:
        raise Refused(_("This actor convenes the network. Let another actor convene it first."))
    current = _row(membership)
    was = current.state
    _waiting(current).update(state=FulfilmentState.REPLACED)
    log = log_transition(subject=current, machine=MEMBERSHIP, to=MembershipState.LEFT, by=by, now=now, why=why)
    _settle(current, why, now)
    left = (
        _("{actor} has left {network}") if was in MEMBER_STATES else _("{actor} does not apply to {network} any more")
    )
    tell_deciders(membership=current, subject=left, text="membership_left", key=f"move {log.pk}", now=now, why=why)
    return current


def _row(membership: NetworkMembership) -> NetworkMembership:
    rows = NetworkMembership.objects.select_for_update(of=["self"]).select_related("network", "actor")
    current = rows.get(pk=membership.pk)
    if (current.state, current.changed_at) != (membership.state, membership.changed_at):
        raise Refused(HANDLED)
    return current


def _locked(membership: NetworkMembership, why: str, by: User | None) -> NetworkMembership:
    """The row as it is now, held until the transaction ends, if it still is what the person saw."""
    if by is not None and not rules.test_rule("networks.convenes_for_member", by, membership):
        raise Refused(_("Only those who convene the network can decide this."))
    if not why.strip():
        raise Refused(_("Give the reason, so that the actor knows what to do."))
    return _row(membership)


def _waiting(membership: NetworkMembership) -> models.QuerySet[Fulfilment]:
    return membership.fulfilments.filter(state=FulfilmentState.SUBMITTED)


def _reject_waiting(membership: NetworkMembership, why: str, by: User | None, now: datetime) -> None:
    _waiting(membership).update(state=FulfilmentState.REJECTED, decided_by=by, decided_at=now, why=why)


def _move(
    membership: NetworkMembership, to: str, *, why: str, by: User | None, now: datetime, subject: Promise, text: str
) -> None:
    log = log_transition(subject=membership, machine=MEMBERSHIP, to=to, by=by, now=now, why=why)
    _settle(membership, why, now)
    tell_actor(
        membership=membership, subject=subject, text=text, key=f"move {log.pk}", now=now, why=why, by_clock=by is None
    )


def _settle(membership: NetworkMembership, why: str, now: datetime) -> None:
    membership.why = why
    membership.changed_at = now
    membership.save(update_fields=["why", "changed_at", "due_on", "reminded_days", "reminded_on"])
    changed(*tags_of(membership.network), membership.actor.tag)
