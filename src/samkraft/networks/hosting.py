"""A network holds umbrella meetings: who may organise and attend them, and whom they invite."""

from typing import Any

import rules
from django.urls import reverse
from django.utils.translation import gettext as _

from samkraft.meetings import hosts
from samkraft.ui import page_cache

from .models import Network, NetworkState
from .queries import meetings, people
from .queries.networks import country_of

OPEN_STATES = {NetworkState.FORMING, NetworkState.ACTIVE, NetworkState.RESTING}


def may_organise(network: Network, user: Any) -> bool:
    return bool(rules.test_rule("networks.convenes", user, network))


def may_attend(network: Network, user: Any) -> bool:
    return bool(rules.test_rule("networks.takes_part", user, network))


def is_public(network: Network) -> bool:
    return network.state in OPEN_STATES


def crumbs(network: Network) -> list[dict[str, str]]:
    return [
        {"title": _("Networks"), "url": reverse("networks:index")},
        {"title": network.name, "url": network.get_absolute_url()},
        {"title": _("Meetings"), "url": reverse("networks:meetings", args=[network.slug])},
    ]


def changed(network: Network) -> None:
    page_cache.changed(network.tag)


hosts.register(
    Network,
    hosts.Hosting(
        may_organise=may_organise,
        may_attend=may_attend,
        let_in=people.let_in,
        is_public=is_public,
        invitees=meetings.invitees,
        crumbs=crumbs,
        country=country_of,
        changed=changed,
    ),
)
