"""Reads about networks that a page, a panel or the API needs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.urls import reverse_lazy
from django.utils.functional import Promise

from samkraft.people.models import User
from samkraft.places.models import Area, AreaKind, AreaLink, LinkKind, NewspaperArea

from ..models import (
    Actor,
    Condition,
    Network,
    NetworkMembership,
    NetworkPerson,
    NetworkRole,
    NetworkState,
)

# Words that stand where a network's own address would: no network may take one.
RESERVED = frozenset(
    {"actors", "areas", "begin", "campaigns", "conditions", "counties", "export", "feeds", "mine", "meetings"}
    | {"memberships", "new", "offers", "people", "start", "without"}
)
WRITING_ROLES = (NetworkRole.CONVENER, NetworkRole.EDITOR)
OPEN_STATES = (NetworkState.FORMING, NetworkState.ACTIVE, NetworkState.RESTING)
_LIGHT = ("newspaper_area", "county__parent", "convener")


def condition_address(condition: Condition) -> Promise:
    """Where a condition is read, in the reader's language."""
    if condition.county is not None:
        county = condition.county
        return reverse_lazy("networks:county_condition", args=[county.country.lower(), county.slug])
    return reverse_lazy("networks:network_condition", args=[condition.network.slug])


def tags_of(*networks: Network) -> set[str]:
    """The page cache's tags of all that shows the networks: their places on every level, and the lists."""
    areas = Area.objects.filter(
        pk__in=NewspaperArea.municipalities.through.objects.filter(
            newspaperarea__in=[network.newspaper_area_id for network in networks if network.newspaper_area_id]
        ).values("area")
    )
    tags = {"networks", *(network.tag for network in networks)}
    for place in areas.select_related("parent__parent").only(
        "kind", "country", "slug", "parent__kind", "parent__country", "parent__slug", "parent__parent__kind",
        "parent__parent__country", "parent__parent__slug",
    ):  # fmt: skip
        tags |= {place.tag, place.parent.tag, place.parent.parent.tag}
    tags |= {network.county.tag for network in networks if network.county is not None}
    return tags


def country_of(network: Network) -> str:
    """The country of the county whose condition applies. A draft may have none yet."""
    return network.county.country if network.county is not None else "SE"


def with_members(networks: QuerySet[Network]) -> QuerySet[Network]:
    """The networks, each with the number of its members as `member_count`."""
    members = NetworkMembership.objects.members().filter(network=OuterRef("pk")).order_by()
    count = members.values("network").annotate(number=Count("pk")).values("number")
    return networks.annotate(member_count=Coalesce(Subquery(count), 0))


def open_network(slug: str) -> Network | None:
    """A network that anyone may see, by its address, with its area, county and convening actor."""
    rows = Network.objects.open().select_related(*_LIGHT).defer("county__outline", "county__parent__outline")
    return rows.filter(slug=slug).first()


def begun_network(slug: str) -> Network | None:
    """A network that has begun, withdrawn or not, for the pages of its own people."""
    return Network.objects.exclude(begun_at=None).select_related("newspaper_area", "county").filter(slug=slug).first()


def municipalities_of(network: Network) -> list[Area]:
    """The municipalities of the network's newspaper area, by name, with their counties."""
    if network.newspaper_area is None:
        return []
    rows = network.newspaper_area.municipalities.select_related("parent").defer("outline", "parent__outline")
    return list(rows.order_by("name"))


def is_local(municipalities: Sequence[Area]) -> bool:
    """Whether the newspaper area holds one municipality, so that network and local network are one."""
    return len(municipalities) == 1


def listed(*, country: str = "", county: Area | None = None, area: Area | None = None) -> QuerySet[Network]:
    """Open networks with their members counted, of a country, of a county (any of its places), or of a place."""
    rows = with_members(Network.objects.open()).select_related("newspaper_area", "county", "convener")
    rows = rows.defer("county__outline", "description", "organisation")
    if country:
        rows = rows.filter(newspaper_area__country=country.upper())
    if county is not None:
        rows = rows.filter(pk__in=of_county(county).values("pk"))
    if area is not None:
        rows = rows.filter(pk__in=Network.objects.covering(area).values("pk"))
    return rows.order_by("county__name", "name", "pk")


def shown_of_county(county: Area, most: int) -> list[Network]:
    """The first networks of a county's page, as light as `shown_of_municipality`."""
    return _shown(of_county(county), most)


def shown_of_municipality(area: Area, most: int) -> list[Network]:
    """The first networks of a municipality's page: no more of them than their cards say, their members counted."""
    inside = NewspaperArea.municipalities.through.objects.filter(area=area).values("newspaperarea")
    return _shown(Network.objects.open().filter(newspaper_area__in=inside), most)


def _shown(networks: QuerySet[Network], most: int) -> list[Network]:
    shown = ("name", "slug", "state", "newspaper_area__newspaper")
    rows = networks.select_related("newspaper_area").only(*shown).order_by("county__name", "name", "pk")
    found = list(rows[:most])
    if found:
        members = NetworkMembership.objects.members().filter(network__in=[network.pk for network in found]).order_by()
        counts = dict(members.values_list("network").annotate(number=Count("pk")))
        for network in found:
            network.member_count = counts.get(network.pk, 0)  # type: ignore[attr-defined]
    return found


def of_county(county: Area) -> QuerySet[Network]:
    """Open networks whose newspaper area reaches into the county."""
    inside = NewspaperArea.municipalities.through.objects.filter(
        area__parent=county, newspaperarea=OuterRef("newspaper_area")
    )
    return Network.objects.open().filter(Q(county=county) | Q(Exists(inside)))


def areas_without(*, country: str = "", area: Area | None = None) -> QuerySet[NewspaperArea]:
    """Newspaper areas in which no network has begun."""
    taken = Network.objects.open().filter(newspaper_area=OuterRef("pk"))
    rows = NewspaperArea.objects.in_use().filter(~Exists(taken))
    if country:
        rows = rows.in_country(country)
    if area is not None:
        rows = rows.covering(area) if area.kind == AreaKind.MUNICIPALITY else rows.filter(municipalities__parent=area)
    return rows.distinct().order_by("name", "pk")


@dataclass(frozen=True)
class Contact:
    """Somebody who chose to be shown as a contact of the network."""

    name: str
    role: str


def public_contacts(network: Network) -> list[Contact]:
    """Contacts and conveners who chose to be public, each once, by name; never their addresses."""
    rows = (
        NetworkPerson.objects.active()
        .filter(network=network, is_public=True, role__in=[NetworkRole.CONTACT, NetworkRole.CONVENER])
        .exclude(user__name="")
        .select_related("user")
        .order_by("user__name", "pk")
    )
    found: dict[int, Contact] = {}
    for row in rows:
        found.setdefault(row.user_id, Contact(row.user.name, row.get_role_display()))
    return list(found.values())


def to_contact(network: Network) -> list[Any]:
    """Who gets what visitors write: the network's contacts; where it has none, its conveners."""
    people = NetworkPerson.objects.active().filter(network=network)
    for role in (NetworkRole.CONTACT, NetworkRole.CONVENER):
        ids = people.filter(role=role).values("user")
        found = list(User.objects.filter(pk__in=ids, is_active=True).order_by("pk"))
        if found:
            return found
    return []


@dataclass(frozen=True)
class OwnNetworks:
    """A person's networks: those begun to describe, those taking part in, written for, and whether one convenes any."""

    drafts: Sequence[Network]
    held: Sequence[Network]
    written: Sequence[Network]
    convenes: bool


def own_networks(user: Any) -> OwnNetworks:
    """All of a person's networks in one query, for a page that shows them in several ways."""
    people = NetworkPerson.objects.active().filter(user=user, network=OuterRef("pk"))
    rows = Network.objects.annotate(
        is_held=Exists(people),
        is_written=Exists(people.filter(role__in=WRITING_ROLES)),
        is_convened=Exists(people.filter(role=NetworkRole.CONVENER)),
    ).filter(Q(is_held=True) | Q(state=NetworkState.DRAFT, created_by=user))
    rows = rows.select_related("newspaper_area").defer("description", "organisation").order_by("name", "pk")
    found = list(rows)
    drafts = [row for row in found if row.state == NetworkState.DRAFT and row.created_by_id == user.pk]
    held = [row for row in found if row.is_held and row.state in OPEN_STATES]
    return OwnNetworks(
        drafts=sorted(drafts, key=lambda row: (row.created_at, row.pk), reverse=True),
        held=held,
        written=[row for row in held if row.is_written],
        convenes=any(row.is_convened for row in found),
    )


def drafts_of(user: Any) -> list[Network]:
    """Networks that the person has begun to describe."""
    rows = Network.objects.filter(state=NetworkState.DRAFT, created_by=user)
    return list(rows.select_related("newspaper_area").order_by("-created_at", "-pk"))


def some_members(networks: Iterable[Network], most: int = 5) -> dict[int, list[Actor]]:
    """A few of the actors that count as members now, by name, for each of the networks; one query for all."""
    keys = [network.pk for network in networks]
    found: dict[int, list[Actor]] = defaultdict(list)
    if not keys:
        return found
    place = Window(RowNumber(), partition_by="network", order_by=["actor__name", "actor"])
    rows = (
        NetworkMembership.objects.members()
        .filter(network__in=keys, actor__closed_at=None)
        .annotate(place=place)
        .filter(place__lte=most)
        .order_by("network", "place")
    )
    for network, *shown in rows.values_list("network", "actor", "actor__name", "actor__slug"):
        found[network].append(Actor.from_db(rows.db, ["id", "name", "slug"], shown))
    return found


def facebook_links(county: Area) -> list[dict[str, Any]]:
    """Facebook pages of a county: its own, its municipalities', its networks'; each with where it belongs."""
    places = AreaLink.objects.filter(Q(area=county) | Q(area__parent=county), kind=LinkKind.FACEBOOK)
    places = places.select_related("area").defer("area__outline")
    found = [
        {"name": link.area.display_name, "title": link.title, "url": link.url, "area": link.area, "pk": link.pk}
        for link in places.order_by("area__kind", "area__name", "pk")
    ]
    networks = of_county(county).exclude(facebook_url="").order_by("name").values_list("name", "facebook_url")
    found += [{"name": name, "title": name, "url": url} for name, url in networks]
    return found


def municipalities_by_area(areas: Iterable[int]) -> dict[int, list[Area]]:
    """The municipalities of newspaper areas, by the area's id; one query for all of a list."""
    rows = NewspaperArea.municipalities.through.objects.filter(newspaperarea__in=list(areas))
    rows = rows.select_related("area").defer("area__outline").order_by("area__name")
    found: dict[int, list[Area]] = defaultdict(list)
    for row in rows:
        found[row.newspaperarea_id].append(row.area)
    return found
