"""The yearly check: every actor's evidence, for those who decide, what needs them first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import (
    MEMBER_STATES,
    ConditionVersion,
    Fulfilment,
    MembershipState,
    Network,
    NetworkMembership,
)
from . import memberships
from .conditions import condition_for

_S = MembershipState
ALL = "all"
FILTERS: Mapping[str, Promise] = {
    ALL: _("All"),
    "awaiting": _("To check"),
    "overdue": _("Overdue"),
    "due": _("Due"),
    "ended": _("Ended"),
}
_ENDED = (_S.DECLINED, _S.LAPSED, _S.LEFT)


def _conditions(today: date) -> dict[str, Q]:
    awaiting = Q(state=_S.APPLIED) | Q(state__in=MEMBER_STATES, is_waiting=True)
    return {
        ALL: ~Q(state__in=_ENDED),
        "awaiting": awaiting,
        "overdue": Q(state=_S.DUE, due_on__lt=today, is_waiting=False),
        "due": Q(state=_S.DUE, is_waiting=False),
        "ended": Q(state__in=_ENDED),
    }


def _of(network: Network) -> QuerySet[NetworkMembership]:
    return NetworkMembership.objects.in_network(network).annotate(is_waiting=memberships.has_waiting())


def counts(network: Network, today: date) -> dict[str, int]:
    """How many memberships each filter holds. One query."""
    found = {name: Count("pk", filter=condition) for name, condition in _conditions(today).items()}
    return _of(network).aggregate(**{f"n_{name}": count for name, count in found.items()})


def listed(network: Network, *, wanted: str, search: str, today: date) -> QuerySet[NetworkMembership]:
    """The memberships of a filter: applications first, then renewals to check, the overdue, the due, the rest."""
    conditions = _conditions(today)
    rank = Case(
        When(state=_S.APPLIED, then=Value(0)),
        When(conditions["awaiting"], then=Value(1)),
        When(conditions["overdue"], then=Value(2)),
        When(conditions["due"], then=Value(3)),
        When(state=_S.ASKED, then=Value(4)),
        When(state=_S.INTERESTED, then=Value(6)),
        default=Value(5),
        output_field=IntegerField(),
    )
    rows = _of(network).filter(conditions.get(wanted, conditions[ALL])).annotate(rank=rank)
    if search:
        rows = rows.filter(actor__name__icontains=search)
    rows = memberships.with_waiting(memberships.with_what_is_shown(rows))
    return rows.order_by("rank", F("due_on").asc(nulls_last=True), "changed_at", "pk")


def with_work(networks: QuerySet[Network], today: date) -> QuerySet[Network]:
    """Those of the networks in which evidence waits or is overdue, with `n_awaiting` and `n_overdue`. One query."""
    rows = NetworkMembership.objects.annotate(is_waiting=memberships.has_waiting())
    rows = rows.filter(network=OuterRef("pk")).order_by().values("network")
    conditions = _conditions(today)
    number = {
        f"n_{name}": Coalesce(Subquery(rows.filter(conditions[name]).annotate(n=Count("pk")).values("n")), 0)
        for name in ("awaiting", "overdue")
    }
    return networks.annotate(**number).filter(Q(n_awaiting__gt=0) | Q(n_overdue__gt=0))


@dataclass(frozen=True)
class Row:
    """One actor in the check: the evidence to look at, and what the person can do about it."""

    membership: NetworkMembership
    evidence: Fulfilment | None
    is_waiting: bool
    is_overdue: bool
    is_old_version: bool
    is_for_another: bool
    may_confirm: bool
    problem: Promise | None

    @property
    def may_ask(self) -> bool:
        return self.membership.state in {_S.APPLIED, *MEMBER_STATES}

    @property
    def may_decline(self) -> bool:
        return self.membership.state in {_S.APPLIED, _S.ASKED}

    @property
    def may_lapse(self) -> bool:
        return self.membership.state in MEMBER_STATES


def rows(network: Network, found: list[NetworkMembership], user: Any, today: date) -> list[Row]:
    """What the check shows of the memberships, to the person who looks. As many queries for one as for fifty."""
    current = condition_for(network)
    own = memberships.own_actors(user) & {membership.actor_id for membership in found}
    for_others = memberships.others_can_confirm(network, own)
    return [_row(membership, current, membership.actor_id in for_others, today) for membership in found]


def _row(membership: NetworkMembership, current: ConditionVersion | None, is_for_another: bool, today: date) -> Row:
    waiting = next(iter(membership.waiting), None)
    evidence = waiting or membership.fulfilment
    is_old = evidence is not None and current is not None and evidence.version_id != current.pk
    problem = None
    if waiting is None and evidence is not None and membership.state == _S.DUE:
        problem = memberships.date_problem(evidence.version, evidence.evidence_on, today)
        if is_old:
            problem = _("The evidence is for an older version of the condition.")
    due = membership.state == _S.DUE and evidence is not None and problem is None
    return Row(
        membership=membership,
        evidence=evidence,
        is_waiting=waiting is not None,
        is_overdue=membership.state == _S.DUE and membership.due_on < today and waiting is None,
        is_old_version=is_old,
        is_for_another=is_for_another,
        may_confirm=(waiting is not None or due) and not is_for_another,
        problem=problem,
    )
