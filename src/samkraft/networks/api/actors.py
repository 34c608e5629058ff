"""The register of actors as open data. What is not on an actor's public page is not here."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from samkraft.statistics.api import Paging, Problem, Text, page

from ..models import Actor
from ..queries import actors as queries

router = Router()


class ActorOut(Schema):
    """An actor of the register. `link_state` says whether its pages answered when they were last asked."""

    slug: str
    name: str
    kind: str
    country: str
    organisation_number: str
    homepage_url: str
    facebook_url: str
    link_state: str
    does: str
    leader_name: str
    description_url: str
    described_on: date | None
    municipalities: list[str] = Field(description="Keys of the municipalities")
    networks: list[str] = Field(description="Addresses of the networks that the actor is a member of")
    url: str

    @staticmethod
    def resolve_municipalities(actor: Actor) -> list[str]:
        return sorted(area.key for area in actor.municipalities.all())

    @staticmethod
    def resolve_networks(actor: Any) -> list[str]:
        return [network.slug for network in actor.member_of]

    @staticmethod
    def resolve_url(actor: Actor) -> str:
        return actor.get_absolute_url()


class ActorPage(Schema):
    items: list[ActorOut]
    next: str | None


class ActorFilter(Schema):
    name: Text = Field("", max_length=160, description="Part of the name")
    country: Text = Field("", max_length=2, description="SE, NO or DK")
    county: Text = Field("", max_length=12, description="Key of a county, such as SE-14")
    municipality: Text = Field("", max_length=12, description="Key of a municipality, such as SE-1493")
    kind: Text = Field("", max_length=12, description="company, association, municipality, school, congregation, other")
    network: Text = Field("", max_length=80, description="Slug of a network that the actor is a member of")


@router.get("/actors", response={200: ActorPage, 422: Problem}, summary="Actors of the transition")
def actors(request: HttpRequest, wanted: Query[ActorFilter], paging: Query[Paging]) -> dict[str, Any]:
    rows = queries.with_what_is_shown(queries.register(queries.Wanted(**wanted.dict())))
    found = page(request, rows, paging)
    networks = queries.networks_of(found["items"])
    for actor in found["items"]:
        actor.member_of = networks[actor.pk]
    return found
