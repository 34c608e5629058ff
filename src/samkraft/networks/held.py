"""What networks hold about a person, for the export, and what ends when the person leaves."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone

from samkraft.people import exports, leaving
from samkraft.people.queries import verified_addresses

from .models import (
    ActorOffer,
    ActorPerson,
    Campaign,
    CampaignPart,
    CampaignTask,
    CampaignText,
    Fulfilment,
    NetworkOffer,
    NetworkPerson,
)


def roles(user: Any) -> dict[str, list[dict[str, Any]]]:
    fields = ("role", "is_public", "since", "ended_on")
    for_actors = ActorPerson.objects.filter(user=user).order_by("pk")
    in_networks = NetworkPerson.objects.filter(user=user).order_by("pk")
    return {
        "for_actors": list(for_actors.values("actor__name", "is_decision_maker", *fields)),
        "in_networks": list(in_networks.values("network__name", *fields)),
    }


def offers(user: Any) -> dict[str, list[dict[str, Any]]]:
    addresses = verified_addresses(user)
    fields = ("role", "created_at", "expires_at", "accepted_at", "withdrawn_at")
    return {
        "to_actors": list(ActorOffer.objects.to_addresses(addresses).order_by("pk").values("actor__name", *fields)),
        "to_networks": list(
            NetworkOffer.objects.to_addresses(addresses).order_by("pk").values("network__name", *fields)
        ),
    }


def work(user: Any) -> dict[str, list[dict[str, Any]]]:
    """What the person wrote, promised and handed in."""
    return {
        "evidence": list(
            Fulfilment.objects.filter(submitted_by=user)
            .order_by("pk")
            .values("membership__actor__name", "evidence_url", "evidence_on", "additions", "submitted_at", "state")
        ),
        "campaigns": list(Campaign.objects.filter(created_by=user).order_by("pk").values("title", "created_at")),
        "texts": list(CampaignText.objects.filter(by=user).order_by("pk").values("campaign__title", "text", "at")),
        "tasks": list(CampaignTask.objects.filter(owner=user).order_by("pk").values("title", "due_on", "done_at")),
        "parts": list(
            CampaignPart.objects.filter(by=user)
            .order_by("pk")
            .values("campaign__title", "actor__name", "answer", "contribution", "at")
        ),
    }


@leaving.register("networks")
def leave(*, user: Any, addresses: Collection[str], pseudonym: str, now: datetime) -> None:
    """Roles end and invitations are withdrawn. Open tasks are nobody's again, for somebody has to do them."""
    today = timezone.localdate(now)
    for model in (ActorPerson, NetworkPerson):
        for role in model.objects.active().filter(user=user).select_for_update():
            role.ended_on = max(today, role.since)
            role.is_public = False
            role.save()
    for offer in (ActorOffer, NetworkOffer):
        offer.objects.unanswered().to_addresses(addresses).update(withdrawn_at=now)
        offer.objects.to_addresses(addresses).update(email=pseudonym)
    CampaignTask.objects.filter(owner=user, done_at=None).update(owner=None)


exports.register("network_roles", roles)
exports.register("network_offers", offers)
exports.register("network_work", work)
