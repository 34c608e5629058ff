"""Evidence that an actor fulfils the condition: handing it in, and confirming it.

Nobody confirms the evidence of an actor that they speak for, as long as another convener of the network or a
coordinator of its county can. Where nobody else can, they may, and everyone sees that it was so.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rules
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samkraft.people.models import User
from samkraft.records.files import store_document
from samkraft.records.models import StoredFile
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import (
    MEMBER_STATES,
    MEMBERSHIP,
    Actor,
    ConditionVersion,
    EvidenceKind,
    Fulfilment,
    FulfilmentState,
    MembershipState,
    Network,
    NetworkMembership,
)
from ..queries import memberships as queries
from ..queries.conditions import condition_for
from ..queries.networks import tags_of
from ..rules import memberships as dates
from .memberships_notices import tell_actor, tell_deciders

PURPOSE = "networks.evidence"
HANDLED = _("Somebody else has just handled this matter. Look at it again.")


@dataclass(frozen=True)
class Evidence:
    """What an actor hands in for one version of a condition: a link or a document, as the version asks for."""

    version: ConditionVersion
    url: str = ""
    on: date | None = None
    upload: Any = None
    additions: str = ""


def speaks_for(by: User, actor: Actor, network: Network) -> bool:
    return bool(rules.test_rule("networks.speaks_for_member", by, NetworkMembership(network=network, actor=actor)))


def check_open(*, network: Network, actor: Actor, by: User) -> None:
    """Raise Refused where the person may not act for the actor, or the network takes nobody in now."""
    if not speaks_for(by, actor, network):
        raise Refused(_("Only the contacts of an actor can do this for it."))
    if actor.closed_at is not None:
        raise Refused(_("This actor is closed."))
    if network.state not in queries.TAKES_PART:
        raise Refused(_("This network takes in nobody at the moment."))


@transaction.atomic
def submit(
    *, network: Network, actor: Actor, evidence: Evidence, message: str = "", by: User, now: datetime
) -> Fulfilment:
    """Hand in evidence: to apply, to complete or correct an application, to apply anew, or to renew in good time.

    What waited to be checked before is replaced. A member stays what it is until somebody has checked. Raises
    Refused.
    """
    check_open(network=network, actor=actor, by=by)
    _check_evidence(network, evidence, timezone.localdate(now))
    membership = locked(network=network, actor=actor, by=by, now=now)
    membership.fulfilments.filter(state=FulfilmentState.SUBMITTED).update(state=FulfilmentState.REPLACED)
    try:
        with transaction.atomic():
            fulfilment = _submitted(membership, evidence, by, now)
    except IntegrityError as error:
        raise Refused(_("Somebody else has just sent evidence for this actor. Look at it first.")) from error
    membership.message = message or membership.message
    membership.changed_at = now
    membership.save(update_fields=["message", "changed_at"])
    renews = membership.state in MEMBER_STATES
    if not renews:
        log_transition(subject=membership, machine=MEMBERSHIP, to=MembershipState.APPLIED, by=by, now=now)
    key = f"evidence {fulfilment.pk}"
    asks = _("New evidence from {actor} to check") if renews else _("{actor} applies to join {network}")
    tell_deciders(
        membership=membership, subject=asks, text="membership_to_check", key=key, now=now, fulfilment=fulfilment
    )
    thanks = _("We have received your evidence for {network}") if renews else _("Your application to {network}")
    tell_actor(membership=membership, subject=thanks, text="membership_received", key=key, now=now, renews=renews)
    return fulfilment


def locked(*, network: Network, actor: Actor, by: User, now: datetime) -> NetworkMembership:
    """The actor's row in the network, made where there is none, held until the transaction ends."""
    NetworkMembership.objects.get_or_create(
        network=network, actor=actor, defaults={"created_by": by, "created_at": now, "changed_at": now}
    )
    membership = NetworkMembership.objects.select_for_update().get(network=network, actor=actor)
    membership.network, membership.actor = network, actor
    return membership


def _check_evidence(network: Network, evidence: Evidence, today: date) -> None:
    current = condition_for(network)
    if current is None:
        raise Refused(_("There is no condition to fulfil yet. Tell the network that you are interested."))
    if current.pk != evidence.version.pk:
        raise Refused(_("The condition has just got a new version. Read it, and then send your evidence."))
    if evidence.version.evidence_kind == EvidenceKind.DOCUMENT:
        if evidence.upload is None:
            raise Refused(_("Choose the document that shows it."))
    elif not evidence.url:
        raise Refused(_("Give the link that shows it."))
    problem = queries.date_problem(evidence.version, evidence.on, today)
    if problem is not None:
        raise Refused(problem)


def _submitted(membership: NetworkMembership, evidence: Evidence, by: User, now: datetime) -> Fulfilment:
    document: StoredFile | None = None
    if evidence.version.evidence_kind == EvidenceKind.DOCUMENT:
        document = store_document(upload=evidence.upload, purpose=PURPOSE, by=by, now=now)
    return Fulfilment.objects.create(
        membership=membership,
        version=evidence.version,
        evidence_kind=evidence.version.evidence_kind,
        evidence_url="" if document is not None else evidence.url,
        evidence_on=evidence.on,
        evidence_file=document,
        additions=evidence.additions,
        submitted_by=by,
        submitted_at=now,
    )


@transaction.atomic
def confirm(*, fulfilment: Fulfilment, by: User, now: datetime) -> NetworkMembership:
    """Accept evidence: admit an applicant, renew a member, or confirm a member's old evidence for another period.

    `fulfilment` is what the person has looked at. Raises Refused when it is no longer what counts, when somebody
    else was first, or when another person has to confirm.
    """
    membership = (
        NetworkMembership.objects.select_for_update(of=["self"])
        .select_related("network", "actor", "fulfilment")
        .get(pk=fulfilment.membership_id)
    )
    own = _own_decision(membership, by)
    seen = Fulfilment.objects.select_related("version").get(pk=fulfilment.pk)
    if seen.state == FulfilmentState.ACCEPTED:
        seen = _again(membership, seen, now)
    renews = membership.state in MEMBER_STATES
    _accept(membership, seen, is_own=own, by=by, now=now)
    log = log_transition(subject=membership, machine=MEMBERSHIP, to=MembershipState.ADMITTED, by=by, now=now)
    subject = _("{actor} stays a member of {network}") if renews else _("{actor} is a member of {network}")
    tell_actor(membership=membership, subject=subject, text="membership_admitted", key=f"move {log.pk}", now=now)
    changed(*tags_of(membership.network), membership.actor.tag)
    return membership


def _accept(membership: NetworkMembership, seen: Fulfilment, *, is_own: bool, by: User, now: datetime) -> None:
    """The actor counts as a member by this evidence now, and no longer by the one before."""
    today = timezone.localdate(now)
    earlier = membership.fulfilment
    is_member = membership.state in MEMBER_STATES
    until = dates.valid_until(seen.version.lasts_months, today, earlier.valid_until if earlier and is_member else None)
    due = queries.due_on(until, seen.version, condition_for(membership.network))
    if due <= today:
        raise Refused(
            _("A newer version of the condition has to be met by now. Ask the actor for evidence that it is.")
        )
    decided = {
        "decided_by": by,
        "decided_at": now,
        "is_own_decision": is_own,
        "valid_from": today,
        "valid_until": until,
    }
    waiting = Fulfilment.objects.filter(pk=seen.pk, state=FulfilmentState.SUBMITTED)
    if not waiting.update(state=FulfilmentState.ACCEPTED, **decided):
        raise Refused(HANDLED)
    if earlier is not None:
        Fulfilment.objects.filter(pk=earlier.pk, state=FulfilmentState.ACCEPTED).update(state=FulfilmentState.REPLACED)
    seen.refresh_from_db()
    membership.fulfilment, membership.due_on = seen, due
    membership.since = membership.since if is_member else today
    membership.why = ""
    membership.reminded_days = membership.reminded_on = None
    membership.changed_at = now
    # The row is held: nobody moves it between here and the logged move.
    membership.save(
        update_fields=["fulfilment", "due_on", "since", "why", "reminded_days", "reminded_on", "changed_at"]
    )


def _own_decision(membership: NetworkMembership, by: User) -> bool:
    """Whether the person decides about an actor of their own. Raises Refused where they may not."""
    if not rules.test_rule("networks.convenes_for_member", by, membership):
        raise Refused(_("Only those who convene the network can confirm evidence."))
    own = by.pk in queries.speakers_of(membership)
    if own and queries.others_can_confirm(membership.network, [membership.actor_id]):
        raise Refused(
            _("You speak for this actor, so another convener or the county's coordinator has to confirm its evidence.")
        )
    return own


def _again(membership: NetworkMembership, old: Fulfilment, now: datetime) -> Fulfilment:
    """The same evidence, handed in anew for another period by the one who checks it."""
    if membership.state != MembershipState.DUE or membership.fulfilment_id != old.pk:
        raise Refused(HANDLED)
    if queries.waiting_of(membership) is not None:
        raise Refused(_("The actor has just sent new evidence. Look at it first."))
    current = condition_for(membership.network)
    if current is not None and current.pk != old.version_id:
        raise Refused(_("This evidence is for an older version of the condition. Ask the actor for new evidence."))
    if queries.date_problem(old.version, old.evidence_on, timezone.localdate(now)) is not None:
        raise Refused(_("The description is older than the condition allows. Ask the actor for a new one."))
    return Fulfilment.objects.create(
        membership=membership,
        version=old.version,
        evidence_kind=old.evidence_kind,
        evidence_url=old.evidence_url,
        evidence_on=old.evidence_on,
        evidence_file=old.evidence_file,
        additions=old.additions,
        submitted_by=old.submitted_by,
        submitted_at=old.submitted_at,
    )
