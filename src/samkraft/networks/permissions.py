"""Who may do what with actors and networks, as one-line predicates.

A contact of an actor answers for it and may do all; an editor writes. A convener decides in a network, and so may
the county's coordinators and the stewards, so that a network is never without somebody who can.
"""

from typing import Any

import rules

from samkraft.people.permissions import coordinates, is_steward
from samkraft.places.models import Area
from samkraft.records.files import Purpose, register_purpose
from samkraft.records.models import StoredFile

from .models import (
    Actor,
    ActorRole,
    Campaign,
    Condition,
    Fulfilment,
    Network,
    NetworkMembership,
    NetworkRole,
    NetworkState,
)
from .queries import people


def _active(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active)


@rules.predicate
def answers_for(user: Any, actor: Actor) -> bool:
    return _active(user) and people.is_for_actor(user, actor, [ActorRole.CONTACT])


@rules.predicate
def writes_for(user: Any, actor: Actor) -> bool:
    return _active(user) and people.is_for_actor(user, actor, people.EVERY_ACTOR_ROLE)


@rules.predicate
def began(user: Any, network: Network) -> bool:
    """The one who fills in a draft, until it has begun."""
    return _active(user) and network.state == NetworkState.DRAFT and network.created_by_id == user.pk


@rules.predicate
def holds(user: Any, network: Network) -> bool:
    return _active(user) and people.is_in_network(user, network, [NetworkRole.CONVENER])


@rules.predicate
def county_coordinates(user: Any, network: Network) -> bool:
    return _active(user) and network.state != NetworkState.DRAFT and people.coordinates_county(user, network)


@rules.predicate
def edits_for(user: Any, network: Network) -> bool:
    return _active(user) and people.is_in_network(user, network, [NetworkRole.CONVENER, NetworkRole.EDITOR])


@rules.predicate
def takes_part(user: Any, network: Network) -> bool:
    """Anyone of the network's own people, or who speaks for one of its members."""
    return _active(user) and (
        people.is_in_network(user, network, people.EVERY_NETWORK_ROLE) or people.speaks_for_a_member(user, network)
    )


convenes = began | holds | county_coordinates | is_steward


@rules.predicate
def speaks_for_member(user: Any, membership: NetworkMembership) -> bool:
    return _active(user) and people.is_for_actor(user, membership.actor, [ActorRole.CONTACT])


@rules.predicate
def convenes_for_member(user: Any, membership: NetworkMembership) -> bool:
    return convenes(user, membership.network)


def reads_evidence(user: Any, file: StoredFile) -> bool:
    """Documents are private: read by the people of the actor and by those who decide about it."""
    if not _active(user):
        return False
    rows = Fulfilment.objects.filter(evidence_file=file).select_related("membership__actor", "membership__network")
    return any(writes_for(user, row.membership.actor) or convenes(user, row.membership.network) for row in rows)


@rules.predicate
def leads_campaign(user: Any, campaign: Campaign) -> bool:
    if convenes(user, campaign.network) or (_active(user) and campaign.created_by_id == user.pk):
        return True
    return campaign.lead is not None and writes_for(user, campaign.lead)


@rules.predicate
def sets_condition(user: Any, condition: Condition) -> bool:
    if condition.county is not None:
        return (coordinates | is_steward)(user, condition.county)
    return convenes(user, condition.network)


@rules.predicate
def imports_actors(user: Any) -> bool:
    """Conveners of a network that has begun, and coordinators of a county, put many actors there at once."""
    return _active(user) and people.convenes_or_coordinates(user)


@rules.predicate
def draws_in(user: Any, area: Area) -> bool:
    """Newspaper areas are drawn by stewards and by coordinators of a county that one reaches into."""
    return (coordinates | is_steward)(user, area)


rules.add_rule("networks.manages_actor", answers_for | is_steward)
rules.add_rule("networks.writes_for_actor", writes_for)
rules.add_rule("networks.convenes", convenes)
rules.add_rule("networks.edits_for_network", edits_for)
rules.add_rule("networks.takes_part", takes_part | convenes)
rules.add_rule("networks.speaks_for_member", speaks_for_member)
rules.add_rule("networks.convenes_for_member", convenes_for_member)
rules.add_rule("networks.leads_campaign", leads_campaign)
rules.add_rule("networks.sets_condition", sets_condition)
rules.add_rule("networks.draws_in", draws_in)
rules.add_rule("networks.imports_actors", imports_actors | is_steward)

# A logo is shown where its actor is, to everyone.
register_purpose(Purpose("networks.logo", may_read=lambda user, file: True))
register_purpose(Purpose("networks.evidence", may_read=reads_evidence))
