"""On "my page": invitations to take part for an actor or in a network, and the actors that I speak for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from samkraft.ui import panels

from ..operations.offers import name_of
from ..queries.actors import actors_of
from ..queries.offers import circle_of, offers_for


@panels.register("my.todo", order=11, template="networks/_offers_todo.html")
def offers(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    found = [
        {
            "offer": offer,
            "name": name_of(circle_of(offer).subject_of(offer)),
            "accept_url": reverse(f"networks:accept_{circle_of(offer).subject}_offer", args=[offer.pk]),
        }
        for offer in offers_for(user, timezone.now())
    ]
    return {"offers": found} if found else None


@panels.register("my.mine", order=20, template="networks/_actors_mine.html")
def actors(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    return {"actors": panels.shared(request, actors_of, user)}
