"""Makers of what is asked about actors: answers to their forms, offers, spreadsheets."""

from datetime import timedelta
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image

from samkraft.networks.models import Actor, ActorOffer, Network, NetworkOffer
from samkraft.people.models import User
from samkraft.people.rules import token_hash

from . import factories
from .factories import NOW

# Numbers with right check digits.
NUMBERS = {"SE": "556036-0793", "NO": "988 077 917", "DK": "13585628"}
# A sole trader's: the third digit belongs to a month.
PERSONAL = "811218-9876"
_numbers = count(1)


def answers(**changes: Any) -> dict[str, Any]:
    """A filled-in form that registers a company in Mariestad."""
    return {
        "name": "The Green Bakery",
        "kind": "company",
        "organisation_number": "",
        "homepage_url": "https://bakery.example/",
        "facebook_url": "",
        "municipalities": ["SE-1493"],
        "does": "We bake with wind power.",
        "leader_name": "Eva Ek",
        "description_url": "",
        "described_on": "",
        **changes,
    }


def actor_offer(email: str, of: Actor, *, by: User | None = None, token: str = "", **fields: Any) -> ActorOffer:
    """An offer to be an actor's editor as it stands in the database, without its mail."""
    return ActorOffer.objects.create(actor=of, **_offer(email, by, token, fields))


def network_offer(email: str, of: Network, *, by: User | None = None, token: str = "", **fields: Any) -> NetworkOffer:
    return NetworkOffer.objects.create(network=of, **_offer(email, by, token, fields))


def _offer(email: str, by: User | None, token: str, fields: dict[str, Any]) -> dict[str, Any]:
    created_at = fields.pop("created_at", NOW)
    return {
        "email": email,
        "role": "editor",
        "invited_by": by or factories.user(),
        "token_hash": token_hash(token or f"actor-token-{next(_numbers)}"),
        "created_at": created_at,
        "expires_at": created_at + timedelta(days=14),
        **fields,
    }


def png() -> bytes:
    content = BytesIO()
    Image.new("RGB", (40, 20), "green").save(content, "PNG")
    return content.getvalue()
