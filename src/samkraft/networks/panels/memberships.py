"""Members on a network's page, networks on an actor's, and what awaits people on "my page"."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.ui import panels

from ..models import Actor, MembershipState, Network
from ..queries import check
from ..queries import memberships as queries

SHOWN = 12
# The counties' coordinators step in where a network has nobody; on their page only what waits is shown.
MOST_NETWORKS = 20
MOST_READ = 500
_TO_ACT_ON = (MembershipState.ASKED, MembershipState.DUE)


@panels.register("network.members", order=10, template="networks/_members_panel.html")
def members(*, request: HttpRequest, network: Network, **_subject: Any) -> Mapping[str, Any]:
    found = queries.register(network)
    shown = list(found[: SHOWN + 1])
    count = len(shown) if len(shown) <= SHOWN else found.count()
    return {
        "network": network,
        "memberships": shown[:SHOWN],
        "count": count,
        "more": count > SHOWN,
        "can_join": network.state in queries.TAKES_PART,
    }


@panels.register("actor.networks", order=10, template="networks/_membership_networks.html")
def networks(*, request: HttpRequest, actor: Actor, **_subject: Any) -> Mapping[str, Any] | None:
    found = list(queries.networks_of(actor))
    return {"actor": actor, "memberships": found} if found else None


@panels.register("my.todo", order=40, template="networks/_membership_todo_ours.html")
def to_renew(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """Applications to complete and renewals that are due, the most urgent first; not what waits to be checked."""
    wanted = [row for row in panels.shared(request, _ours, user) if row.state in _TO_ACT_ON and not row.waiting]
    found = sorted(wanted, key=lambda row: (row.due_on or date.max, row.pk))[:MOST_NETWORKS]
    return {"memberships": found, "today": timezone.localdate()} if found else None


def _ours(user: Any) -> list[Any]:
    return list(queries.memberships_answered_for(user)[:MOST_READ])


@panels.register("my.todo", order=45, template="networks/_membership_todo_check.html")
def to_check(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = list(check.with_work(queries.decided_by(user), timezone.localdate())[:MOST_NETWORKS])
    return {"networks": found} if found else None


@panels.register("my.mine", order=60, template="networks/_membership_mine.html")
def mine(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = panels.shared(request, _ours, user)[:50]
    return {"memberships": found} if found else None
