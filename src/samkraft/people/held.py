"""What this app and those below it hold about a person, for the export."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from samkraft.notices.models import MailChoice, Notice, OutboxMessage
from samkraft.records.models import TransitionLog, VisitorMessage

from . import exports
from .models import Invitation, Membership, User
from .queries import verified_addresses


def account(user: User) -> dict[str, Any]:
    addresses = EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified", "primary")
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "joined_at": user.joined_at,
        "last_login": user.last_login,
        "is_steward": user.is_steward,
        "has_password": user.has_usable_password(),
        "email_addresses": list(addresses),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "sessions": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
    }


def memberships(user: User) -> list[dict[str, Any]]:
    rows = Membership.objects.of(user).order_by("pk")
    return list(rows.values("area__key", "area__full_name", "role", "sector", "since", "ended_on"))


def invitations(user: User) -> dict[str, list[dict[str, Any]]]:
    fields = ("area__key", "role", "sector", "created_at", "expires_at", "accepted_at", "withdrawn_at")
    received = Invitation.objects.to_addresses(verified_addresses(user)).order_by("pk")
    sent = Invitation.objects.filter(invited_by=user).order_by("pk")
    return {"received": list(received.values(*fields)), "sent": list(sent.values("email", *fields))}


def notices(user: User) -> dict[str, list[dict[str, Any]]]:
    mails = OutboxMessage.objects.of(user).order_by("pk")
    refused = MailChoice.objects.filter(address=user.email).order_by("kind")
    return {
        "on_the_site": list(
            Notice.objects.visible_to(user).order_by("pk").values("kind", "text", "written_at", "read_at")
        ),
        "by_mail": list(mails.values("kind", "subject", "to_address", "state", "written_at", "sent_at")),
        "not_wanted_by_mail": list(refused.values_list("kind", flat=True)),
    }


def deeds(user: User) -> list[dict[str, Any]]:
    """The moves in matters' lifecycles that the person made."""
    rows = TransitionLog.objects.filter(by=user).order_by("pk")
    return list(rows.values("machine", "object_id", "from_state", "to_state", "at", "why"))


def messages(user: User) -> list[dict[str, Any]]:
    """What the person sent as a visitor, known by the address that they left."""
    rows = VisitorMessage.objects.filter(email__in=verified_addresses(user)).order_by("pk")
    return list(rows.values("kind", "text", "page_address", "received_at", "state", "answer"))


exports.register("account", account)
exports.register("memberships", memberships)
exports.register("invitations", invitations)
exports.register("notices", notices)
exports.register("deeds", deeds)
exports.register("messages", messages)
