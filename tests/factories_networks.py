"""Makers of actors, networks, conditions, memberships and posts to test with."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from samkraft.feeds.models import Post, PostState
from samkraft.networks.models import (
    Actor,
    ActorKind,
    ActorPerson,
    ActorRole,
    Condition,
    ConditionVersion,
    EvidenceKind,
    Fulfilment,
    FulfilmentState,
    MembershipState,
    Network,
    NetworkMembership,
    NetworkPerson,
    NetworkRole,
    NetworkState,
)
from samkraft.people.models import User
from samkraft.places.models import Area, NewspaperArea

from . import factories
from .factories import NOW

_numbers = count(1)


def newspaper_area(*municipalities: Area, **fields: Any) -> NewspaperArea:
    """A newspaper's area of the given municipalities, Mariestad unless told otherwise."""
    number = next(_numbers)
    areas = municipalities or (factories.area(),)
    made = NewspaperArea.objects.create(
        **{
            "country": areas[0].country,
            "slug": f"paper-{number}",
            "name": f"Paper area {number}",
            "newspaper": f"Paper {number}",
            **fields,
        }
    )
    made.municipalities.set(areas)
    return made


def actor(*municipalities: Area, **fields: Any) -> Actor:
    """An actor with a home page, in Mariestad unless told otherwise."""
    number = next(_numbers)
    made = Actor.objects.create(
        **{
            "name": f"Actor {number}",
            "slug": f"actor-{number}",
            "kind": ActorKind.COMPANY,
            "homepage_url": f"https://actor{number}.example/",
            "created_at": NOW,
            **fields,
        }
    )
    made.municipalities.set(municipalities or (factories.area(),))
    return made


def speaker(of: Actor, *, person: User | None = None, role: str = ActorRole.CONTACT, **fields: Any) -> User:
    """Somebody who speaks for an actor: its contact unless told otherwise."""
    user = person or factories.user()
    ActorPerson.objects.create(actor=of, user=user, role=role, since=date(2026, 1, 1), **fields)
    return user


def network(area: NewspaperArea | None = None, **fields: Any) -> Network:
    """A network that is forming, convened by an actor of its own, in the county of Västra Götaland."""
    number = next(_numbers)
    return Network.objects.create(
        **{
            "newspaper_area": area or newspaper_area(),
            "county": factories.county(),
            "name": f"Network {number}",
            "slug": f"network-{number}",
            "state": NetworkState.FORMING,
            "convener": fields.pop("convener", None) or actor(),
            "created_by": fields.pop("created_by", None) or factories.user(),
            "created_at": NOW,
            "begun_at": NOW,
            **fields,
        }
    )


def convener(of: Network, *, person: User | None = None, role: str = NetworkRole.CONVENER) -> User:
    user = person or factories.user()
    NetworkPerson.objects.create(network=of, user=user, role=role, since=date(2026, 1, 1))
    return user


def condition(*, county: Area | None = None, of: Network | None = None, **fields: Any) -> ConditionVersion:
    """The published first version of a condition: the county's unless a network is given."""
    if of is not None:
        condition = Condition.objects.create(network=of)
    else:
        condition, _new = Condition.objects.get_or_create(county=county or factories.county())
    by = fields.pop("by", None) or factories.user()
    return ConditionVersion.objects.create(
        condition=condition,
        **{
            "number": condition.versions.count() + 1,
            "title": "The regional pledge",
            "text": "<p>We halve our emissions.</p>",
            "evidence_kind": EvidenceKind.PLEDGE,
            "drafted_by": by,
            "drafted_at": NOW,
            "published_by": by,
            "published_at": NOW,
            **fields,
        },
    )


def membership(of: Network | None = None, who: Actor | None = None, **fields: Any) -> NetworkMembership:
    """An actor that is interested in a network."""
    return NetworkMembership.objects.create(
        **{
            "network": of or network(),
            "actor": who or actor(),
            "state": MembershipState.INTERESTED,
            "created_at": NOW,
            "changed_at": NOW,
            **fields,
        }
    )


def admitted(
    of: Network | None = None, who: Actor | None = None, *, version: ConditionVersion | None = None, **fields: Any
) -> NetworkMembership:
    """An actor that is a member by accepted evidence, valid for a year from NOW."""
    made = membership(of, who)
    until = fields.pop("due_on", NOW.date() + timedelta(days=365))
    fulfilment = Fulfilment.objects.create(
        membership=made,
        version=version or condition(county=made.network.county),
        evidence_kind=EvidenceKind.PLEDGE,
        evidence_url="https://pledge.example/",
        state=FulfilmentState.ACCEPTED,
        submitted_at=NOW,
        decided_at=NOW,
        valid_from=NOW.date(),
        valid_until=until,
    )
    made.fulfilment = fulfilment
    made.due_on = until
    made.since = NOW.date()
    made.state = fields.pop("state", MembershipState.ADMITTED)
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    return made


def post(by: Actor | Area | Network | None = None, **fields: Any) -> Post:
    """A published post in Mariestad's feed, by an actor of its own unless told otherwise."""
    number = next(_numbers)
    author = by or actor()
    name = {"Actor": "actor", "Area": "area", "Network": "by_network"}[type(author).__name__]
    municipality = fields.pop("municipality", factories.area())
    published_at: datetime | None = fields.pop("published_at", NOW + timedelta(minutes=number))
    return Post.objects.create(
        **{
            name: author,
            "state": PostState.PUBLISHED,
            "language": "sv",
            "title": f"Post {number}",
            "text": "<p>Something happened.</p>",
            "country": "SE",
            "municipality": municipality,
            "county": municipality.parent if municipality is not None else factories.county(),
            "published_at": published_at,
            "created_at": NOW,
            "changed_at": NOW,
            **fields,
        }
    )
