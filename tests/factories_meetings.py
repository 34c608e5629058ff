"""Makers of meetings to test with. They are a network's, whose cast can be told by name."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.contenttypes.models import ContentType

from samkraft.meetings.models import AgendaItem, ItemState, Meeting, MeetingState
from samkraft.meetings.operations import planning
from samkraft.networks.models import Actor, ActorRole, Network
from samkraft.people.models import User

from . import factories, factories_networks
from .factories import NOW

_numbers = count(1)


@dataclass(frozen=True)
class Forum:
    """A network with two members: the bakery's contact decides, its editor does not; the choir has a contact."""

    network: Network
    convener: User
    bakery: Actor
    decider: User
    editor: User
    choir: Actor
    singer: User
    outsider: User


def forum(**people: User) -> Forum:
    network = factories_networks.network(name="Mariestad pulls together")
    version = factories_networks.condition()
    bakery, choir = factories_networks.actor(name="The bakery"), factories_networks.actor(name="The choir")
    for actor in (bakery, choir):
        factories_networks.admitted(network, actor, version=version)
    named = {"name": "Eva Decider"}
    return Forum(
        network=network,
        convener=factories_networks.convener(network, person=people.get("convener")),
        bakery=bakery,
        decider=factories_networks.speaker(
            bakery, person=people.get("decider") or factories.user(**named), is_decision_maker=True
        ),
        editor=factories_networks.speaker(bakery, role=ActorRole.EDITOR),
        choir=choir,
        singer=factories_networks.speaker(choir),
        outsider=people.get("outsider") or factories.user(),
    )


def meeting(of: Network, by: User | None = None, **fields: Any) -> Meeting:
    """A meeting that is being planned, ten days from NOW, for two hours."""
    number = next(_numbers)
    starts_at = fields.pop("starts_at", NOW + timedelta(days=10))
    made: Meeting = Meeting.objects.create(
        **{
            "host_type": ContentType.objects.get_for_model(of),
            "host_id": of.pk,
            "title": f"Umbrella meeting {number}",
            "description": "We plan the autumn.",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "place": "The library",
            "video_url": "https://video.example/secret-room",
            "uid": f"meeting-{number}@example.org",
            "created_by": by or of.created_by,
            "created_at": NOW,
            "changed_at": NOW,
            **fields,
        }
    )
    return made


def called(forum: Forum, *, now: Any = NOW, **fields: Any) -> Meeting:
    """A meeting that the convener has called: everybody of the forum is invited."""
    made = meeting(forum.network, forum.convener, **fields)
    planning.call(meeting=made, by=forum.convener, now=now)
    return made


def held(forum: Forum, **fields: Any) -> Meeting:
    """A called meeting that was held; nobody is ticked yet."""
    made = called(forum, **fields)
    planning.hold(meeting=made, by=forum.convener, now=made.ends_at)
    assert made.state == MeetingState.HELD
    return made


def item(of: Meeting, by: User | None = None, **fields: Any) -> AgendaItem:
    number = next(_numbers)
    return AgendaItem.objects.create(
        meeting=of,
        **{
            "position": number,
            "title": f"Point {number}",
            "minutes_long": 20,
            "state": ItemState.ACCEPTED,
            "proposed_by": by or of.created_by,
            "proposed_at": NOW,
            **fields,
        },
    )
