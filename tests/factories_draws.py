"""Makers of pools and draws to test with: real lotteries, computed as the worker does."""

from typing import Any

from samkraft.calls.models import Application, Call, CallState, Draw, FeatureSource
from samkraft.calls.operations import draws, draws_computing
from samkraft.people.models import Sector, User
from samkraft.places.models import Area

from . import factories, factories_calls
from .factories import NOW

SECTORS = (Sector.PLANNING, Sector.TECHNICAL)
NUMBER = "2026-07-01: 4 8 15 16 23 42"


def place(number: int) -> Area:
    """One of some municipalities in Västra Götaland."""
    return factories.area(f"14{number:02}", f"Town {number}")


def call(people: int = 12, seats: int = 4, **fields: Any) -> Call:
    """A closed call in which every third applicant works with technical services, and limits that can be kept."""
    made = factories_calls.call(**{"state": CallState.CLOSED, "seats": seats, "seed_source": "Lotto", **fields})
    factories_calls.criterion(made, FeatureSource.SECTOR, planning=(1, None), technical=(1, 2))
    for number in range(people):
        apply(made, number)
    return made


def apply(to: Call, number: int, **fields: Any) -> Application:
    return factories_calls.application(to, **{"sector": SECTORS[number % 3 == 0], "place": place(number % 5), **fields})


def begun(of: Call, by: User | None = None, *, is_test: bool = False) -> Draw:
    return draws.begin(call=of, is_test=is_test, by=by or factories_calls.organiser(of), now=NOW)


def compute(draw: Draw) -> Draw:
    """As the worker does it."""
    draws_computing.compute(pk=draw.pk, clock=lambda: NOW)
    draw.refresh_from_db()
    draw.call.refresh_from_db()
    return draw


def committed(of: Call | None = None, by: User | None = None) -> Draw:
    return compute(begun(of or call(), by))


def tried(of: Call, by: User | None = None) -> Draw:
    return compute(begun(of, by, is_test=True))


def drawn(of: Call | None = None, by: User | None = None, number: str = NUMBER) -> Draw:
    draw = committed(of, by)
    person = by or draw.begun_by
    assert person is not None
    made = draws.enter_public_number(draw=draw, number=number, url="https://lotto.example/", by=person, now=NOW)
    made.call.refresh_from_db()
    return made


def announce(of: Call) -> Call:
    """As if everything after the draw had been done."""
    Call.objects.filter(pk=of.pk).update(state=CallState.ANNOUNCED, announced_at=NOW)
    of.refresh_from_db()
    return of
