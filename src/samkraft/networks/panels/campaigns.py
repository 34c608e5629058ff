"""Campaigns on a network's page, and a person's tasks on "my page"."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from samkraft.ui import panels

from ..models import Network
from ..queries import campaigns as queries

SHOWN = 4
MOST_TASKS = 20


@panels.register("network.campaigns", order=10, template="networks/_campaigns_panel.html")
def campaigns(*, request: HttpRequest, network: Network, **_subject: Any) -> Mapping[str, Any] | None:
    """What runs and what is planned. Ideas and what is over stand on the board."""
    cards = queries.coming(network, SHOWN)
    return {"network": network, "cards": cards} if cards else None


@panels.register("my.todo", order=130, template="networks/_campaign_todo.html")
def tasks(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = list(queries.tasks_of(user)[:MOST_TASKS])
    return {"tasks": found, "today": timezone.localdate()} if found else None
