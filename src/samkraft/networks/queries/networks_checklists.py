"""What is left to do: from a mini network to a total one, and for a county.

Apps above add points of their own in their `apps.py`, such as the first post in the feed:

    networks_checklists.add_point(networks_checklists.NETWORK, 70, Point("first_post", …))
"""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samkraft.meetings.models import Meeting
from samkraft.people.models import Membership, Role
from samkraft.places.models import Area, AreaLink, LinkKind
from samkraft.records import checklists
from samkraft.records.checklists import Checklist, Point

from ..models import Network, NetworkMembership, NetworkPerson, NetworkRole, Variant
from . import conditions

NETWORK = "network"
COUNTY = "county"
_points: dict[str, list[tuple[int, Point]]] = {NETWORK: [], COUNTY: []}


def add_point(checklist: str, order: int, point: Point) -> None:
    """Add a point to the list of that name; lower orders come first. A key is taken once."""
    points = _points[checklist]
    if any(kept.key == point.key for _order, kept in points):
        raise ValueError(f"The checklist {checklist} has the point {point.key} already.")
    points.append((order, point))
    points.sort(key=lambda entry: (entry[0], entry[1].key))


def checklist(name: str) -> Checklist:
    """The list with all points that were added to it."""
    return Checklist(name, tuple(point for _order, point in _points[name]))


def shown(name: str, subject: Network | Area) -> list[dict[str, Any]]:
    """How each point stands, for a page: `state`, and `by_hand` where a person ticks it."""
    found = checklists.states(checklist(name), subject)
    return [{"state": state, "by_hand": state.point.done is None} for state in found]


def _has(role: NetworkRole, least: int) -> Callable[[Network], bool]:
    def told(network: Network) -> bool:
        rows = NetworkPerson.objects.active().filter(network=network, role=role)
        return rows.values("user").distinct().count() >= least

    return told


def _to(name: str) -> Callable[[Network], str]:
    return lambda network: reverse(f"networks:{name}", args=[network.slug])


def _has_condition(network: Network) -> bool:
    return conditions.condition_for(network) is not None


def _condition_url(network: Network) -> str:
    if network.county_id is not None and conditions.condition_of(county_id=network.county_id) is not None:
        return reverse("networks:network_condition", args=[network.slug])
    return reverse("networks:network_condition_write", args=[network.slug])


def _has_member(network: Network) -> bool:
    return NetworkMembership.objects.in_network(network).members().exists()


def _member_url(network: Network) -> str:
    """Where applications are checked; while there are none, where the first actor applies."""
    waiting = NetworkMembership.objects.in_network(network).exists()
    return reverse("networks:check" if waiting else "networks:join", args=[network.slug])


def _has_meeting(network: Network) -> bool:
    host_type = ContentType.objects.get_for_model(Network)
    return Meeting.objects.announced().filter(host_type=host_type, host_id=network.pk).exists()


def _has_facebook(network: Network) -> bool:
    if network.facebook_url:
        return True
    if network.newspaper_area is None:
        return False
    places = network.newspaper_area.municipalities.values("pk")
    return AreaLink.objects.filter(area__in=places, kind=LinkKind.FACEBOOK).exists()


for _order, _point in (
    (
        10,
        Point(
            "contact",
            _("A contact person"),
            _("Somebody who answers those who wonder about the network."),
            done=_has(NetworkRole.CONTACT, 1),
            url=_to("network_people"),
        ),
    ),
    (
        20,
        Point(
            "editors",
            _("Two editors"),
            _("One is enough to begin with. With two the feed goes on when one is away."),
            done=_has(NetworkRole.EDITOR, 2),
            url=_to("network_people"),
        ),
    ),
    (
        30,
        Point(
            "described",
            _("Who you are and how you work together"),
            _("Two short texts on the network's page."),
            done=lambda network: bool(network.description and network.organisation),
            url=_to("network_edit"),
        ),
    ),
    (
        40,
        Point(
            "condition",
            _("A condition for joining"),
            _("The county's, or the network's own where the county has none."),
            done=_has_condition,
            url=_condition_url,
        ),
    ),
    (
        50,
        Point(
            "first_actor",
            _("The first actor is admitted"),
            _("Begin with your own: show how it meets the condition."),
            done=_has_member,
            url=_member_url,
        ),
    ),
    (
        60,
        Point(
            "meeting",
            _("An umbrella meeting is called"),
            _("People who can decide for their actors meet and plan what to do together."),
            done=_has_meeting,
            url=_to("meetings"),
        ),
    ),
    (
        80,
        Point(
            "facebook",
            _("The Facebook page is linked"),
            _("The network's, or the municipality's if there is one. It stays connected."),
            done=_has_facebook,
            url=_to("network_edit"),
        ),
    ),
    (
        90,
        Point(
            "newspaper",
            _("The newspaper knows about you"),
            _("Tell the newsroom what you have begun and who to call. Tick this when it is done."),
        ),
    ),
    (
        100,
        Point(
            "total",
            _("The network is total"),
            _("When all else is in place, say so on the network's page."),
            done=lambda network: network.variant == Variant.TOTAL,
            url=_to("network_edit"),
        ),
    ),
):
    add_point(NETWORK, _order, _point)


def _coordinators(county: Area) -> int:
    rows = Membership.objects.active().in_area(county).filter(role=Role.COORDINATOR)
    return rows.values("user").distinct().count()


def _county_people(county: Area) -> str:
    return reverse("people:area", args=[county.country.lower(), county.slug])


for _order, _point in (
    (
        10,
        Point(
            "contact",
            _("A contact person for the county"),
            _("Somebody who coordinates the county here."),
            done=lambda county: _coordinators(county) >= 1,
            url=_county_people,
        ),
    ),
    (
        20,
        Point(
            "administrator",
            _("One more administrator"),
            _("So that nothing waits when one is away. Invite a second coordinator."),
            done=lambda county: _coordinators(county) >= 2,
            url=_county_people,
        ),
    ),
    (
        30,
        Point(
            "forwarding",
            _("An address that is forwarded"),
            _("An e-mail address of the county's that reaches whoever is in charge now. Tick this when it works."),
        ),
    ),
    (
        40,
        Point(
            "condition",
            _("The county's condition"),
            _("What an actor shows to join a network in the county."),
            done=lambda county: conditions.condition_of(county_id=county.pk) is not None,
            url=lambda county: reverse("networks:county_condition", args=[county.country.lower(), county.slug]),
        ),
    ),
):
    add_point(COUNTY, _order, _point)
