"""Posts as those who write them see them: as whom, in which places, and which are theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from samkraft.networks.models import Actor, ActorPerson, Network, NetworkMembership, NetworkPerson, NetworkRole
from samkraft.networks.models.memberships import MEMBER_STATES
from samkraft.people.models import Membership, Role
from samkraft.places.models import Area, AreaKind, AreaLink, LinkKind
from samkraft.places.rules import area_tag

from ..models import Post

WRITERS_OF_AREA = (Role.OFFICER, Role.COORDINATOR)
WRITERS_OF_NETWORK = (NetworkRole.CONVENER, NetworkRole.EDITOR)


@dataclass(frozen=True)
class Author:
    """As whom a post is told: an actor, an area or a network."""

    subject: Actor | Area | Network

    @property
    def field(self) -> str:
        """The field of a post that holds this author."""
        return {Actor: "actor", Area: "area", Network: "by_network"}[type(self.subject)]

    @property
    def key(self) -> str:
        """The author in an address: actor-12."""
        return f"{type(self.subject).__name__.lower()}-{self.subject.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it may tell anything more: neither a closed actor nor a network that is not there."""
        if isinstance(self.subject, Actor):
            return self.subject.closed_at is None
        if isinstance(self.subject, Network):
            return Network.objects.open().filter(pk=self.subject.pk).exists()
        return True

    @cached_property
    def municipalities(self) -> list[Area]:
        """Where its posts can be read, with their counties."""
        subject = self.subject
        if isinstance(subject, Area):
            found = Area.objects.filter(pk=subject.pk, kind=AreaKind.MUNICIPALITY)
        elif isinstance(subject, Actor):
            found = subject.municipalities.all()
        elif subject.newspaper_area_id is not None:
            found = subject.newspaper_area.municipalities.all()
        else:
            found = Area.objects.none()
        return list(found.select_related("parent").defer("outline", "parent__outline").order_by("name", "pk"))

    @cached_property
    def networks(self) -> list[Network]:
        """The networks in whose feeds its posts can be read too."""
        subject = self.subject
        if isinstance(subject, Network):
            return [subject]
        if isinstance(subject, Actor):
            joined = NetworkMembership.objects.filter(actor=subject, state__in=MEMBER_STATES).values("network")
            found = Network.objects.open().filter(Q(pk__in=joined) | Q(convener=subject))
        else:
            found = Network.objects.open().covering(subject)
        return list(found.order_by("name", "pk"))

    @property
    def county(self) -> Area | None:
        """The county of what is told outside any municipality."""
        if isinstance(self.subject, Area):
            return self.subject if self.subject.kind == AreaKind.COUNTY else self.subject.parent
        return self.subject.county if isinstance(self.subject, Network) else None

    @property
    def country(self) -> str:
        if isinstance(self.subject, Network):
            return self.subject.county.country if self.subject.county is not None else "SE"
        return self.subject.country

    @property
    def is_county(self) -> bool:
        """A county or a country: it has no municipality of its own to tell in."""
        return isinstance(self.subject, Area) and self.subject.kind != AreaKind.MUNICIPALITY


def authors_of(user: Any) -> list[Author]:
    """As whom a person may write now: actors first, then areas, then networks."""
    actors = Actor.objects.open().filter(pk__in=ActorPerson.objects.active().filter(user=user).values("actor"))
    roles = Membership.objects.active().of(user).filter(role__in=WRITERS_OF_AREA)
    areas = Area.objects.filter(pk__in=roles.values("area")).select_related("parent")
    posts = NetworkPerson.objects.active().filter(user=user, role__in=WRITERS_OF_NETWORK)
    networks = Network.objects.open().filter(pk__in=posts.values("network"))
    found: list[Actor | Area | Network] = [
        *actors.order_by("name", "pk"),
        *areas.defer("outline", "parent__outline").order_by("name", "pk"),
        *networks.select_related("newspaper_area", "county").order_by("name", "pk"),
    ]
    return [Author(subject) for subject in found]


def authors_among(actors: Iterable[Actor], roles: Iterable[Membership], networks: Iterable[Network]) -> list[Author]:
    """The same, of what is known of a person: actors spoken for, roles in areas, networks written for."""
    areas = {role.area_id: role.area for role in roles if role.role in WRITERS_OF_AREA}
    return [Author(subject) for subject in (*actors, *areas.values(), *networks)]


def author_with_key(user: Any, key: str) -> Author | None:
    """The author of that key, if this person may write as it."""
    return next((author for author in authors_of(user) if author.key == key), None)


def whole(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Posts with what a page about one shows: the author, the places, the network."""
    return posts.select_related(
        "actor", "area__parent", "by_network__newspaper_area", "by_network__county", "municipality__parent"
    ).select_related("county", "network", "created_by")


def written_by(user: Any) -> QuerySet[Post]:
    """All posts of those as whom a person may write, the newest first."""
    actors = ActorPerson.objects.active().filter(user=user).values_list("actor", flat=True)
    areas = Membership.objects.active().of(user).filter(role__in=WRITERS_OF_AREA).values_list("area", flat=True)
    held = NetworkPerson.objects.active().filter(user=user, role__in=WRITERS_OF_NETWORK)
    networks = held.values_list("network", flat=True)
    # Lists and not subqueries: of alternatives that are subqueries a database reads every post there is.
    theirs = Q(actor__in=list(actors)) | Q(area__in=list(areas)) | Q(by_network__in=list(networks))
    return Post.objects.filter(theirs).order_by("-pk")


def writers_for(post: Post) -> list[Any]:
    """The people who answer for a post: who wrote it, and all who may write as its author now."""
    if post.actor_id is not None:
        rows = ActorPerson.objects.active().filter(actor=post.actor_id).select_related("user")
    elif post.area_id is not None:
        rows = Membership.objects.active().filter(area=post.area_id, role__in=WRITERS_OF_AREA).select_related("user")
    else:
        people = NetworkPerson.objects.active().filter(network=post.by_network_id, role__in=WRITERS_OF_NETWORK)
        rows = people.select_related("user")
    found = {row.user.pk: row.user for row in rows}
    if post.created_by is not None:
        found[post.created_by.pk] = post.created_by
    return [user for user in found.values() if user.is_active]


def tags_of(post: Post) -> tuple[str, ...]:
    """The page cache's tags of everything on which a post is shown."""
    subjects = (post.municipality, post.county, post.area, post.network, post.by_network, post.actor, post)
    return (area_tag(post.country, ""), *(subject.tag for subject in subjects if subject is not None))


def facebook_pages(post: Post) -> list[AreaLink]:
    """The Facebook pages of the places where a post is read."""
    places = [place for place in (post.municipality_id, post.county_id) if place is not None]
    rows = AreaLink.objects.filter(area__in=places, kind=LinkKind.FACEBOOK).select_related("area")
    return list(rows.defer("area__outline").order_by("-area__kind", "title"))
