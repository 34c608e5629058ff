"""Reads about memberships: who decides, who is told, and the lists that pages show."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.functional import Promise

from samkraft.people.models import Membership, Role, User

from ..models import (
    ActorPerson,
    ActorRole,
    ConditionVersion,
    EvidenceKind,
    Fulfilment,
    FulfilmentState,
    Network,
    NetworkMembership,
    NetworkPerson,
    NetworkRole,
    NetworkState,
)
from ..rules import memberships as dates

# A network that rests takes nobody in, and nobody is reminded or lapses in it.
TAKES_PART = (NetworkState.FORMING, NetworkState.ACTIVE)
_SUBMITTED = Fulfilment.objects.filter(state=FulfilmentState.SUBMITTED)


def with_what_is_shown(rows: QuerySet[NetworkMembership]) -> QuerySet[NetworkMembership]:
    """Memberships with all that a list shows of them, in one query."""
    rows = rows.select_related(
        "network", "actor__logo", "fulfilment__evidence_file", "fulfilment__version__condition__county"
    )
    return rows.defer(
        "fulfilment__version__condition__county__outline", "network__description", "network__organisation"
    )


def with_waiting(rows: QuerySet[NetworkMembership]) -> QuerySet[NetworkMembership]:
    """Each with the evidence that waits to be checked as `waiting`, a list of at most one. One more query."""
    waiting = _SUBMITTED.select_related("version", "evidence_file")
    return rows.prefetch_related(Prefetch("fulfilments", queryset=waiting, to_attr="waiting"))


def has_waiting() -> Exists:
    """Whether a membership has evidence that waits to be checked."""
    return Exists(_SUBMITTED.filter(membership=OuterRef("pk")))


def waiting_of(membership: NetworkMembership) -> Fulfilment | None:
    return membership.fulfilments.filter(state=FulfilmentState.SUBMITTED).select_related("version").first()


def register(network: Network) -> QuerySet[NetworkMembership]:
    """The public register: who counts as a member now, by name."""
    rows = NetworkMembership.objects.in_network(network).members().filter(actor__closed_at=None)
    return with_what_is_shown(rows).order_by("actor__name", "pk")


def networks_of(actor: Any) -> QuerySet[NetworkMembership]:
    """The open networks in which an actor counts as a member, by name."""
    open_networks = Network.objects.open().values("pk")
    rows = NetworkMembership.objects.members().filter(actor=actor, network__in=open_networks)
    return with_what_is_shown(rows).order_by("network__name", "pk")


def contacts_of(membership: NetworkMembership) -> list[Any]:
    """The people who answer for the actor; where it has none, its editors."""
    people = ActorPerson.objects.active().filter(actor=membership.actor_id)
    for role in (ActorRole.CONTACT, ActorRole.EDITOR):
        found = list(User.objects.filter(pk__in=people.filter(role=role).values("user"), is_active=True).order_by("pk"))
        if found:
            return found
    return []


def _conveners(network: Network) -> QuerySet[User]:
    ids = NetworkPerson.objects.active().filter(network=network, role=NetworkRole.CONVENER).values("user")
    return User.objects.filter(pk__in=ids, is_active=True).order_by("pk")


def _coordinators(network: Network) -> QuerySet[User]:
    ids = Membership.objects.active().filter(area=network.county_id, role=Role.COORDINATOR).values("user")
    return User.objects.filter(pk__in=ids, is_active=True).order_by("pk")


def deciders(network: Network) -> list[Any]:
    """Who is told that something awaits a decision: the conveners; without any, the county's coordinators."""
    return list(_conveners(network)) or list(_coordinators(network))


def who_checks(membership: NetworkMembership) -> list[Any]:
    """Who is told of this actor's evidence: as `deciders`, and the county's coordinators when those are its own."""
    speaks = speakers_of(membership)
    others = [user for user in deciders(membership.network) if user.pk not in speaks]
    if others:
        return others
    coordinators = [user for user in _coordinators(membership.network) if user.pk not in speaks]
    return coordinators or deciders(membership.network)


def speakers_of(membership: NetworkMembership) -> set[int]:
    """The ids of all who speak for the actor now."""
    return set(ActorPerson.objects.active().filter(actor=membership.actor_id).values_list("user", flat=True))


def others_can_confirm(network: Network, actors: Collection[int]) -> set[int]:
    """Those of the actors about which a convener or a coordinator of the county can decide who speaks not for them.

    Stewards can always step in, so they are not counted: else a convener could never admit the own actor.
    """
    if not actors:
        return set()
    able = {person.pk for people in (_conveners(network), _coordinators(network)) for person in people}
    own: dict[int, set[int]] = {actor: set() for actor in actors}
    people = ActorPerson.objects.active().filter(actor__in=actors)
    for actor, user in people.values_list("actor", "user"):
        own[actor].add(user)
    return {actor for actor, users in own.items() if able - users}


def own_actors(user: Any) -> set[int]:
    """The ids of the actors that the person speaks for."""
    return set(ActorPerson.objects.active().filter(user=user).values_list("actor", flat=True))


def answered_for(user: Any) -> QuerySet[ActorPerson]:
    """The actors that the person answers for as contact, with the actor, by name."""
    rows = ActorPerson.objects.active().filter(user=user, role=ActorRole.CONTACT, actor__closed_at=None)
    return rows.select_related("actor").order_by("actor__name", "pk")


def memberships_answered_for(user: Any) -> QuerySet[NetworkMembership]:
    """The memberships of the actors that the person answers for, in networks that are there."""
    actors = answered_for(user).order_by().values("actor")
    rows = NetworkMembership.objects.filter(actor__in=actors, network__in=Network.objects.open().values("pk"))
    rows = rows.select_related("network", "actor").defer("network__description", "network__organisation")
    return with_waiting(rows).order_by("actor__name", "network__name", "pk")


def decided_by(user: Any) -> QuerySet[Network]:
    """The open networks in which the person is told of evidence: as convener, or as coordinator where none is."""
    conveners = NetworkPerson.objects.active().filter(role=NetworkRole.CONVENER, user__is_active=True)
    counties = Membership.objects.active().filter(user=user, role=Role.COORDINATOR).values("area")
    without = ~Exists(conveners.filter(network=OuterRef("pk")))
    held = Q(pk__in=conveners.filter(user=user).values("network"))
    return Network.objects.open().filter(held | Q(without, county__in=counties)).order_by("name", "pk")


def date_problem(version: ConditionVersion, evidence_on: date | None, today: date) -> Promise | None:
    """What is wrong with the date of evidence for this version, as a sentence; None when it fits."""
    dated = version.evidence_kind == EvidenceKind.DESCRIPTION
    return dates.date_problem(evidence_on, today, version.lasts_months if dated else None)


def due_on(until: date, version: ConditionVersion, current: ConditionVersion | None) -> date:
    """By when to renew: when the evidence runs out, or earlier where a newer version is to be met by a date."""
    if current is None or current.pk == version.pk or current.to_be_met_by is None:
        return until
    return min(until, current.to_be_met_by)
