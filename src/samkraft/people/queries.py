"""What is read about people: their roles, their addresses, the people of an area."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.db.models.functions import Lower

from samkraft.places.models import Area

from .models import Invitation, Membership, User


def areas_above(area: Area) -> list[int]:
    """The ids of an area and of all areas that it lies in, at most three."""
    found = [area.pk]
    while area.parent_id is not None:
        area = area.parent  # type: ignore[assignment]
        found.append(area.pk)
    return found


def has_role(user: Any, roles: Sequence[str], area_ids: Sequence[int]) -> bool:
    """Whether a person has one of the roles in one of the areas now."""
    if user is None or not user.is_authenticated:
        return False
    return Membership.objects.active().of(user).filter(role__in=roles, area__in=area_ids).exists()


def verified_addresses(user: Any) -> set[str]:
    """The e-mail addresses that a person has shown to be theirs, in lower case."""
    if user is None or not user.is_authenticated:
        return set()
    found = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {address.lower() for address in found}


def own_addresses(user: Any) -> QuerySet[EmailAddress, Any]:
    """The same addresses as part of another query, one in each row."""
    return EmailAddress.objects.filter(user=user, verified=True).values(address=Lower("email"))


def members_of(area: Area) -> list[Membership]:
    """Those who are something in the area now, with their names."""
    rows = Membership.objects.active().in_area(area).select_related("user")
    return list(rows.order_by("role", "user__name", "pk"))


def memberships_of(user: Any) -> list[Membership]:
    """What a person is now, with the areas."""
    rows = Membership.objects.active().of(user).select_related("area").defer("area__outline")
    return list(rows.order_by("area__name", "role"))


def invitations_of(area: Area) -> list[Invitation]:
    """Invitations of an area that have no answer, expired ones too, the newest first."""
    return list(Invitation.objects.unanswered().in_area(area).select_related("invited_by"))


def invitations_for(user: Any, now: datetime) -> list[Invitation]:
    """Invitations that a person can accept now: those to an address that they have shown to be theirs."""
    rows = Invitation.objects.open_at(now).to_addresses(own_addresses(user))
    return list(rows.select_related("area").defer("area__outline"))


def stewards() -> list[User]:
    return list(User.objects.filter(is_steward=True, is_active=True).order_by("pk"))


def has_second_factor(user: Any) -> bool:
    """Whether a person has an authenticator app set up."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
