"""Makers of networks that take in members, and of what actors hand in."""

from datetime import datetime
from typing import Any, NamedTuple

from samkraft.networks.models import Actor, ConditionVersion, Fulfilment, Network
from samkraft.networks.operations import fulfilments
from samkraft.networks.operations.fulfilments import Evidence
from samkraft.people.models import User

from . import factories, factories_networks
from .factories import NOW


class Joining(NamedTuple):
    """A network with a condition and a convener, and an actor with a contact, who has not applied yet."""

    network: Network
    version: ConditionVersion
    convener: User
    actor: Actor
    contact: User


def joining(**version: Any) -> Joining:
    network = factories_networks.network()
    actor = factories_networks.actor()
    return Joining(
        network=network,
        version=factories_networks.condition(county=network.county, **version),
        convener=factories_networks.convener(network, person=factories.user(name="Karin")),
        actor=actor,
        contact=factories_networks.speaker(actor, person=factories.user(name="Ola")),
    )


def submit(joining: Joining, *, now: datetime = NOW, by: User | None = None, **evidence: Any) -> Fulfilment:
    """Hand in a link, unless told otherwise."""
    message = evidence.pop("message", "")
    given = {"version": joining.version, "url": "https://pledge.example/us", **evidence}
    return fulfilments.submit(
        network=joining.network,
        actor=joining.actor,
        evidence=Evidence(**given),
        message=message,
        by=by or joining.contact,
        now=now,
    )


def confirm(joining: Joining, fulfilment: Fulfilment, *, now: datetime = NOW, by: User | None = None) -> Any:
    return fulfilments.confirm(fulfilment=fulfilment, by=by or joining.convener, now=now)
