"""Makers of campaigns to test with."""

from itertools import count
from typing import Any

from samkraft.networks.models import (
    Actor,
    Campaign,
    CampaignKind,
    CampaignPart,
    CampaignState,
    CampaignTask,
    Network,
    PartAnswer,
)
from samkraft.people.models import User

from . import factories
from . import factories_networks as networks
from .factories import NOW

_numbers = count(1)


def campaign(of: Network | None = None, **fields: Any) -> Campaign:
    """An idea for an event, proposed by somebody of its own unless told otherwise."""
    return Campaign.objects.create(
        **{
            "network": of or networks.network(),
            "kind": CampaignKind.EVENT,
            "title": f"Campaign {next(_numbers)}",
            "goal": "A hundred households try the bus for a week.",
            "state": CampaignState.IDEA,
            "created_by": fields.pop("created_by", None) or factories.user(),
            "created_at": NOW,
            "changed_at": NOW,
            **fields,
        }
    )


def part(of: Campaign, who: Actor, answer: str = PartAnswer.YES, **fields: Any) -> CampaignPart:
    return CampaignPart.objects.create(
        campaign=of, actor=who, answer=answer, **{"by": fields.pop("by", None) or factories.user(), "at": NOW, **fields}
    )


def task(of: Campaign, owner: User | None = None, **fields: Any) -> CampaignTask:
    return CampaignTask.objects.create(
        campaign=of,
        owner=owner,
        **{"title": f"Task {next(_numbers)}", "created_by": of.created_by, "created_at": NOW, **fields},
    )


def member(of: Network, name: str = "") -> tuple[Actor, User]:
    """An actor that is a member of the network, and its contact."""
    actor = networks.actor(**({"name": name} if name else {}))
    networks.admitted(of, actor)
    return actor, networks.speaker(actor, person=factories.user(name=f"Contact of {actor.name}"))
