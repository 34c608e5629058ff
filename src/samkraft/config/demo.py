"""Demo accounts: plainly demo people, so that every role can be tried at once."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from samkraft.people.models import Membership, Role, Sector, User
from samkraft.places.models import Area

# Known to everyone who starts a demo, and refused by production, where there are no demo accounts.
PASSWORD = "klimat-tillsammans"  # noqa: S105
STEWARD = "demo.steward@example.org"
OFFICER = "demo.officer@example.org"
COORDINATOR = "demo.coordinator@example.org"
POLITICIAN = "demo.politician@example.org"


@transaction.atomic
def load_accounts(*, now: datetime) -> list[tuple[str, str]]:
    """Make the demo accounts that are missing; returns (e-mail, password) of all, or nothing outside a demo."""
    if settings.PRODUCTION:
        return []
    _account(STEWARD, "Demo Steward", is_steward=True)
    officer = _account(OFFICER, "Demo Officer")
    coordinator = _account(COORDINATOR, "Demo Coordinator")
    politician = _account(POLITICIAN, "Demo Politician")
    _member(politician, Area.objects.get(key="SE-1493"), Role.POLITICIAN, now)
    _member(officer, Area.objects.get(key="SE-1493"), Role.OFFICER, now)
    _member(coordinator, Area.objects.get(key="SE-14"), Role.COORDINATOR, now)
    return [(email, PASSWORD) for email in (STEWARD, COORDINATOR, OFFICER, POLITICIAN)]


def _account(email: str, name: str, *, is_steward: bool = False) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, name=name, is_steward=is_steward)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _member(user: User, area: Area, role: str, now: datetime) -> None:
    sector = Sector.CLIMATE_ENVIRONMENT
    Membership.objects.get_or_create(user=user, area=area, role=role, defaults={"since": now.date(), "sector": sector})
