"""Demo accounts: plainly demo people, so that every role can be tried at once."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from samkraft.people.models import Membership, Role, Sector, User
from samkraft.people.operations.accounts import make_account
from samkraft.places.models import Area

# Known to everyone who starts a demo. Production makes no demo accounts, and `samkraft check` finds those left over.
PASSWORD = "klimat-tillsammans"  # noqa: S105
STEWARD = "demo.steward@example.org"
OFFICER = "demo.officer@example.org"
COORDINATOR = "demo.coordinator@example.org"
POLITICIAN = "demo.politician@example.org"
CONVENER = "demo.convener@example.org"
EDITOR = "demo.editor@example.org"
CONTACT = "demo.contact@example.org"
ACCOUNTS = (STEWARD, COORDINATOR, OFFICER, POLITICIAN, CONVENER, EDITOR, CONTACT)


@transaction.atomic
def load_accounts(*, now: datetime) -> list[tuple[str, str]]:
    """Make the demo accounts that are missing; returns (e-mail, password) of all, or nothing outside a demo."""
    if settings.PRODUCTION:
        return []
    make_account(email=STEWARD, name="Demo Steward", password=PASSWORD, is_steward=True)
    officer = make_account(email=OFFICER, name="Demo Officer", password=PASSWORD)
    coordinator = make_account(email=COORDINATOR, name="Demo Coordinator", password=PASSWORD)
    politician = make_account(email=POLITICIAN, name="Demo Politician", password=PASSWORD)
    make_account(email=CONVENER, name="Demo Convener", password=PASSWORD)
    make_account(email=EDITOR, name="Demo Editor", password=PASSWORD)
    make_account(email=CONTACT, name="Demo Contact", password=PASSWORD)
    _member(politician, Area.objects.get(key="SE-1493"), Role.POLITICIAN, now)
    _member(officer, Area.objects.get(key="SE-1493"), Role.OFFICER, now)
    _member(coordinator, Area.objects.get(key="SE-14"), Role.COORDINATOR, now)
    return [(email, PASSWORD) for email in ACCOUNTS]


def _member(user: User, area: Area, role: str, now: datetime) -> None:
    sector = Sector.CLIMATE_ENVIRONMENT
    Membership.objects.get_or_create(user=user, area=area, role=role, defaults={"since": now.date(), "sector": sector})
