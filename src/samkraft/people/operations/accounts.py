"""One's own account: name, language, and leaving."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import forget_person, tell
from samkraft.records.models import VisitorMessage
from samkraft.records.refusals import Refused

from ..leaving import leave_everywhere
from ..models import Invitation, Membership, User

UNCONFIRMED_KEPT = timedelta(days=7)


@transaction.atomic
def make_account(
    *, email: str, name: str, password: str | None = None, language: str = "sv", is_steward: bool = False
) -> User:
    """An account whose address counts as confirmed, for who runs the site: the first steward, demo people.

    One that exists is returned as it is, with its address confirmed. All others sign up themselves.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name, language=language, is_steward=is_steward)
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def change_account(*, user: User, name: str, language: str) -> None:
    # On one line: a name stands in mails to others, where a line of its own would read as ours.
    user.name, user.language = " ".join(name.split()), language
    user.save(update_fields=["name", "language"])


@transaction.atomic
def close_account(*, user: User, now: datetime) -> None:
    """Close a person's own account: a pseudonym takes the place of the person, and a receipt is mailed.

    What the person did stays in the logs under the pseudonym, since the matters of others hang on it. Roles
    end; the way in (password, authenticator, sessions) is deleted. Raises Refused for the last steward.
    """
    if user.is_steward and not User.objects.filter(is_steward=True, is_active=True).exclude(pk=user.pk).exists():
        raise Refused(_("You are the only steward. Make somebody else a steward first."))
    address, language, name = user.email, user.language, user.name
    for membership in Membership.objects.active().of(user).select_for_update():
        membership.ended_on = max(timezone.localdate(now), membership.since)
        membership.save()
    addresses = {address, *EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)}
    pseudonym = f"closed-{user.pk}@account.invalid"
    Invitation.objects.unanswered().to_addresses(addresses).update(withdrawn_at=now)
    Invitation.objects.to_addresses(addresses).update(email=pseudonym)
    VisitorMessage.objects.filter(email__in=addresses).update(email="")
    leave_everywhere(user=user, addresses=addresses, pseudonym=pseudonym, now=now)
    for known in sorted(addresses):
        forget_person(user=user, address=known)
    _take_away_the_ways_in(user)
    user.email, user.name, user.is_active, user.is_steward, user.is_superuser = (
        pseudonym,
        "",
        False,
        False,
        False,
    )
    user.set_unusable_password()
    user.last_login = None
    user.save()
    tell(
        to=address,
        language=language,
        kind="people.account",
        subject=_("Your account is closed"),
        text=from_template("people/mail/account_closed.txt", {"name": name}),
        now=now,
        dedupe_key=f"account closed {user.pk}",
    )


def _take_away_the_ways_in(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()


@transaction.atomic
def forget_sessions(*, now: datetime) -> int:
    """Delete sessions that have expired, and what is noted of sessions that are gone. Returns how many expired."""
    expired = Session.objects.filter(expire_date__lt=now).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return expired


@transaction.atomic
def forget_unconfirmed(*, now: datetime) -> int:
    """Delete accounts whose address nobody confirmed in a week: it may be somebody else's. Returns how many."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    begun = EmailAddress.objects.filter(verified=False).values("user")
    old = User.objects.filter(pk__in=begun, last_login=None, joined_at__lt=now - UNCONFIRMED_KEPT)
    users = list(old.exclude(pk__in=confirmed).exclude(is_steward=True))
    for user in users:
        user.history.all().delete()
        user.delete()
    return len(users)
