"""The next umbrella meeting on the network's page: its public part, for everybody."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.meetings import queries, rules
from samkraft.ui import panels

from ..models import Network
from ..queries.networks import country_of


@panels.register("network.meetings", order=10, template="networks/meetings_panel.html")
def next_meeting(*, request: HttpRequest, network: Network, **_subject: Any) -> Mapping[str, Any] | None:
    found = queries.next_public_meeting(network, timezone.now())
    return {"network": network, "meeting": found, "zone": str(rules.zone_of(country_of(network)))}
