"""Networks on the pages of places and on "my page"."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from samkraft.people import queries as people
from samkraft.people.models import Role
from samkraft.places.models import Area, AreaKind
from samkraft.ui import panels

from ..models import NetworkState
from ..queries import conditions
from ..queries import networks as queries

MOST = 6


@panels.register("municipality.actors", order=10, template="networks/_network_of_municipality.html")
def of_municipality(*, request: HttpRequest, area: Area, **_subject: Any) -> Mapping[str, Any]:
    """The networks of the municipality, or how to begin one."""
    networks = queries.shown_of_municipality(area, MOST)
    actors = queries.some_members(networks)
    return {
        "area": area,
        "networks": [
            {
                "network": network,
                "actors": actors.get(network.pk, []),
                "can_join": network.state != NetworkState.RESTING,
            }
            for network in networks
        ],
    }


@panels.register("county.happening", order=30, template="networks/_network_of_county.html")
def of_county(*, request: HttpRequest, area: Area, **_subject: Any) -> Mapping[str, Any]:
    """The networks of the county, its condition, and the Facebook pages of its places and networks."""
    return {
        "area": area,
        "networks": queries.shown_of_county(area, MOST * 4),
        "condition": conditions.condition_of(county_id=area.pk),
        "facebook": queries.facebook_links(area),
    }


@panels.register("my.mine", order=30, template="networks/_network_mine.html")
def mine(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """One's networks, and the counties that one coordinates."""
    networks = panels.shared(request, queries.own_networks, user).held
    roles = panels.shared(request, people.memberships_of, user)
    counties = [role.area for role in roles if role.role == Role.COORDINATOR and role.area.kind == AreaKind.COUNTY]
    return {"networks": networks, "counties": counties} if networks or counties else None


@panels.register("my.todo", order=40, template="networks/_start_todo.html")
def drafts(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """Networks that one has begun to describe."""
    found = panels.shared(request, queries.own_networks, user).drafts
    return {"drafts": found} if found else None
