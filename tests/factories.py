"""Makers of things to test with. Each makes what its name says, and nothing that the caller did not ask for."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from samkraft.people.models import Invitation, Membership, Role, Sector, User
from samkraft.people.rules import token_hash
from samkraft.places.models import Area, AreaKind
from samkraft.records.models import MessageKind, VisitorMessage

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "an old oak by the lake"
_numbers = count(1)


def user(email: str = "", *, password: str | None = None, verified: bool = True, **fields: Any) -> User:
    """An account in English with a name, whose e-mail address is confirmed unless told otherwise."""
    number = next(_numbers)
    email = email or f"person{number}@example.org"
    made = User.objects.create_user(email, password, **{"name": f"Person {number}", "language": "en", **fields})
    EmailAddress.objects.create(user=made, email=made.email, verified=verified, primary=True)
    return made


def steward(email: str = "", **fields: Any) -> User:
    return user(email, **{"is_steward": True, **fields})


def country(code: str = "SE", name: str = "Sverige") -> Area:
    """The country, made once."""
    made, _new = Area.objects.get_or_create(
        key=code,
        defaults={
            "country": code,
            "code": "",
            "kind": AreaKind.COUNTRY,
            "name": name,
            "full_name": name,
            "slug": code.lower(),
            "latitude": 62.0,
            "longitude": 15.0,
        },
    )
    return made


def county(code: str = "14", name: str = "Västra Götaland", *, of: Area | None = None) -> Area:
    """The county, made once, in Sweden unless told otherwise."""
    parent = of or country()
    made, _new = Area.objects.get_or_create(
        key=f"{parent.country}-{code}",
        defaults={
            "country": parent.country,
            "code": code,
            "kind": AreaKind.COUNTY,
            "parent": parent,
            "name": name,
            "full_name": f"{name}s län",
            "slug": f"county-{code}",
            "latitude": 58.0,
            "longitude": 13.0,
        },
    )
    return made


def area(code: str = "1493", name: str = "Mariestad", *, of: Area | None = None, **fields: Any) -> Area:
    """The municipality, made once, in the county of Västra Götaland unless told otherwise."""
    parent = of or county()
    made, _new = Area.objects.get_or_create(
        key=f"{parent.country}-{code}",
        defaults={
            "country": parent.country,
            "code": code,
            "kind": AreaKind.MUNICIPALITY,
            "parent": parent,
            "name": name,
            "full_name": f"{name}s kommun",
            "slug": f"{name.lower()}",
            "latitude": 58.7,
            "longitude": 13.8,
            **fields,
        },
    )
    return made


def member(
    of: Area | None = None, *, person: User | None = None, role: str = Role.OFFICER, **fields: Any
) -> Membership:
    """Somebody's role in an area, an officer's in Mariestad unless told otherwise."""
    return Membership.objects.create(
        user=person or user(),
        area=of or area(),
        role=role,
        **{"sector": Sector.PLANNING, "since": date(2026, 1, 1), **fields},
    )


def coordinator(of: Area | None = None, *, person: User | None = None) -> User:
    return member(of, person=person, role=Role.COORDINATOR).user


def invitation(
    email: str, *, of: Area | None = None, by: User | None = None, token: str = "", **fields: Any
) -> Invitation:
    """An invitation as it stands in the database, without its mail."""
    created_at = fields.pop("created_at", NOW)
    return Invitation.objects.create(
        email=email,
        area=of or area(),
        invited_by=by or user(),
        token_hash=token_hash(token or f"token-{next(_numbers)}"),
        created_at=created_at,
        **{
            "role": Role.OFFICER,
            "sector": Sector.PLANNING,
            "expires_at": created_at + timedelta(days=14),
            **fields,
        },
    )


def visitor_message(**fields: Any) -> VisitorMessage:
    return VisitorMessage.objects.create(
        **{
            "kind": MessageKind.ACCESSIBILITY,
            "text": "The map has no names.",
            "language": "en",
            "received_at": NOW,
            **fields,
        }
    )
