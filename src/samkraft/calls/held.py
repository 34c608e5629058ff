"""What calls hold about a person, for the export, and what ends when the person leaves."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from samkraft.people import exports, leaving
from samkraft.people.queries import verified_addresses

from .models import Application, CallOffer, CallPerson, Review
from .operations.applications_erasing import erase
from .queries.applications_export import everything_in


def applications(user: Any) -> list[dict[str, Any]]:
    """The applications of the person's account and addresses."""
    rows = _applications(user, verified_addresses(user)).select_related("call", "place")
    return [everything_in(application) for application in rows]


def calls(user: Any) -> dict[str, list[dict[str, Any]]]:
    """What the person is and does in calls, and which invitations there were."""
    roles = CallPerson.objects.filter(user=user).order_by("pk")
    reviews = Review.objects.filter(reviewer=user).order_by("pk")
    offers = CallOffer.objects.to_addresses(verified_addresses(user)).order_by("pk")
    return {
        "roles": list(roles.values("call__title", "role", "since", "ended_on")),
        "reviews": list(
            reviews.values("application__call__title", "state", "comment", "conflict_why", "assigned_at", "done_at")
        ),
        "invitations": list(
            offers.values("call__title", "role", "created_at", "expires_at", "accepted_at", "withdrawn_at")
        ),
    }


def _applications(user: Any, addresses: Collection[str]) -> Any:
    rows = Application.objects.real().filter(erased_at=None)
    return rows.filter(Q(user=user) | Q(email__in=[address.lower() for address in addresses])).order_by("pk")


@leaving.register("calls")
def leave(*, user: Any, addresses: Collection[str], pseudonym: str, now: datetime) -> None:
    """The person's applications are erased, and what they are in calls ends.

    What they judged or decided stays under the pseudonym, since the matters of others hang on it.
    """
    for application in _applications(user, addresses):
        erase(application=application, now=now)
    for role in CallPerson.objects.active().filter(user=user):
        role.ended_on = max(timezone.localdate(now), role.since)
        role.save(update_fields=["ended_on"])
    offers = CallOffer.objects.to_addresses(addresses)
    offers.unanswered().update(withdrawn_at=now)
    offers.update(email=pseudonym)


exports.register("applications", applications)
exports.register("calls", calls)
