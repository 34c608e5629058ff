"""The tale of a network in the area of Mariestads-Tidningen, from a bit more than a year ago until today.

Everything is done by the same operations as on the pages, with the clock passed in, so that logs, reminders and
reasons are there as they would have come about.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from samkraft.networks.models import (
    Actor,
    ActorKind,
    Condition,
    ConditionVersion,
    EvidenceKind,
    LinkState,
    Network,
    NetworkMembership,
    NetworkState,
    Variant,
)
from samkraft.networks.operations import (
    actors,
    conditions,
    fulfilments,
    memberships,
    networks,
    newspaper_areas,
    renewal,
    start,
)
from samkraft.notices.models import Notice
from samkraft.people.models import User
from samkraft.places.models import Area, NewspaperArea

from . import campaigns, feed, meetings
from .cast import Cast, the_cast

NEWSPAPER_AREA = "mariestads-tidningen"
MARIESTAD, TOREBODA, GULLSPANG = "SE-1493", "SE-1473", "SE-1447"


@dataclass(frozen=True)
class DemoActor:
    """An actor of the tale, and who speaks for it."""

    name: str
    kind: str
    municipality: str
    does: str
    speaker: str


WORKSHOP = DemoActor(
    "Demo Cykelverkstaden", ActorKind.COMPANY, MARIESTAD,
    "Vi lagar cyklar i stället för att sälja nya, och lånar ut lastcyklar till den som vill prova.", "convener",
)  # fmt: skip
BAKERY = DemoActor(
    "Demo Bageriet", ActorKind.COMPANY, MARIESTAD,
    "Ugnarna går på el från taket, och gårdagens bröd blir ströbröd och öl i stället för avfall.", "editor",
)  # fmt: skip
SCHOOL = DemoActor(
    "Demo Skolan", ActorKind.SCHOOL, TOREBODA,
    "Eleverna mäter matsvinnet varje dag och föreslår själva vad som ska ändras.", "contact",
)  # fmt: skip
CONGREGATION = DemoActor(
    "Demo Församlingen", ActorKind.CONGREGATION, GULLSPANG,
    "Vi har bytt oljepannan mot bergvärme i två av tre kyrkor.", "contact",
)  # fmt: skip
FARM = DemoActor(
    "Demo Gården", ActorKind.COMPANY, GULLSPANG,
    "Biogas av gödsel driver traktorerna, och resten säljer vi till grannarna.", "editor",
)  # fmt: skip
REUSE = DemoActor(
    "Demo Återbruket", ActorKind.ASSOCIATION, MARIESTAD,
    "Vi tar hand om byggmaterial som annars hade slängts, och säljer det vidare.", "contact",
)  # fmt: skip


@transaction.atomic
def load(*, now: datetime) -> bool:
    """Tell the tale up to `now`. Returns False, and does nothing, where it has been told or its place is not there."""
    area = NewspaperArea.objects.filter(country="SE", slug=NEWSPAPER_AREA).first()
    if area is None or Network.objects.open().filter(newspaper_area=area).exists():
        return False
    cast = the_cast()

    def days_ago(days: float) -> datetime:
        return now - timedelta(days=days)

    county = Area.objects.get(key="SE-14")
    version = _condition(county, cast, days_ago(430))
    newspaper_areas.confirm(area=area, seen=area.changed_at, by=cast.coordinator, now=days_ago(428))
    network = _begun(area, county, cast, days_ago(420))
    _first_year(network, version, cast, now)
    _renewals(network, version, cast, now)
    applicant = _registered(REUSE, cast, days_ago(3))
    _apply(network, applicant, version, cast.contact, days_ago(2))
    told_by = {actor.name: actor for actor in Actor.objects.filter(name__startswith="Demo ")}
    meetings.load(network=network, cast=cast, now=now)
    campaigns.load(network=network, actors=told_by, cast=cast, now=now)
    feed.load(network=network, county=county, actors=told_by, cast=cast, now=now)
    # Their pages lie on a domain for examples, so there is nothing for the worker to check.
    Actor.objects.filter(name__startswith="Demo ").update(link_state=LinkState.ANSWERS, link_checked_at=now)
    # What was told long ago has been read; this week's notices are still new.
    Notice.objects.filter(written_at__lt=now - timedelta(days=7)).update(read_at=now)
    return True


def _condition(county: Area, cast: Cast, now: datetime) -> ConditionVersion:
    condition, _new = Condition.objects.get_or_create(county=county)
    wording = conditions.Wording(
        title="Länets klimatlöfte (demo)",
        text=(
            "<p>Vi halverar våra egna utsläpp före 2030 och berättar varje år hur det går.</p>"
            "<p>Ledaren för verksamheten skriver under löftet. Undertecknandet är offentligt.</p>"
        ),
        evidence_kind=EvidenceKind.PLEDGE,
        pledge_url="https://example.org/klimatlofte",
        additions="Berätta gärna vilka av löftets åtgärder som ni börjar med.",
    )
    draft = conditions.save_draft(condition=condition, wording=wording, by=cast.coordinator, now=now)
    return conditions.publish_draft(version=draft, seen=draft.drafted_at, by=cast.coordinator, now=now)


def _registered(actor: DemoActor, cast: Cast, now: datetime) -> Actor:
    by: User = getattr(cast, actor.speaker)
    place = Area.objects.get(key=actor.municipality)
    slug = actor.name.removeprefix("Demo ").lower()
    facts = actors.ActorFacts(
        name=actor.name,
        kind=actor.kind,
        country="SE",
        homepage_url=f"https://example.org/?demo={slug}",
        does=actor.does,
        leader_name="Demo Ledare",
    )
    return actors.register_actor(facts=facts, municipalities=[place], by=by, now=now)


def _begun(area: NewspaperArea, county: Area, cast: Cast, now: datetime) -> Network:
    convening = _registered(WORKSHOP, cast, now)
    by = cast.convener
    draft = start.begin_draft(by=by, now=now)
    start.choose_area(network=draft, area=area, county=county, by=by, now=now)
    start.choose_convener(network=draft, actor=convening, by=by, now=now)
    start.choose_people(
        network=draft, people={"shown": True, "edits": True, "editors": [cast.editor.email]}, contact_email="",
        by=by, now=now,
    )  # fmt: skip
    fields = {
        "name": "Kraftsamling Norra Vänern (demo)",
        "variant": Variant.MINI.value,
        "description": (
            "<p>Vi är företag, skolor och föreningar i Mariestad, Töreboda och Gullspång som minskar våra utsläpp "
            "och visar hur vi gör. Alla som uppfyller länets villkor är välkomna.</p>"
        ),
        "organisation": (
            "<p>Fyra gånger om året har vi paraplymöte. Däremellan arbetar de som vill med våra kampanjer. "
            "Cykelverkstaden sammankallar.</p>"
        ),
    }
    start.describe(network=draft, fields=fields, by=by, now=now)
    network = start.begin(network=draft, by=by, now=now)
    networks.move_network(network=network, to=NetworkState.ACTIVE, why="", by=by, now=now + timedelta(days=20))
    return network


def _apply(network: Network, actor: Actor, version: ConditionVersion, by: User, now: datetime) -> NetworkMembership:
    signed_on: date = timezone.localdate(now) - timedelta(days=3)
    evidence = fulfilments.Evidence(version=version, url="https://example.org/klimatlofte/undertecknat", on=signed_on)
    return fulfilments.submit(network=network, actor=actor, evidence=evidence, by=by, now=now).membership


def _confirm(membership: NetworkMembership, by: User, now: datetime) -> None:
    fulfilments.confirm(fulfilment=membership.fulfilments.order_by("-pk")[0], by=by, now=now)


def _first_year(network: Network, version: ConditionVersion, cast: Cast, now: datetime) -> None:
    """Actors join: one is asked to complete first, and the convening actor is confirmed by the county."""
    assert network.convener is not None
    own = _apply(network, network.convener, version, cast.convener, now - timedelta(days=412))
    _confirm(own, cast.coordinator, now - timedelta(days=410))
    for actor, speaker, days in (
        (BAKERY, cast.editor, 405),
        (CONGREGATION, cast.contact, 400),
        (FARM, cast.editor, 330),
    ):
        registered = _registered(actor, cast, now - timedelta(days=days + 2))
        membership = _apply(network, registered, version, speaker, now - timedelta(days=days + 1))
        _confirm(membership, cast.convener, now - timedelta(days=days))
    school = _apply(
        network, _registered(SCHOOL, cast, now - timedelta(days=403)), version, cast.contact, now - timedelta(days=402)
    )
    memberships.ask(
        membership=school, why="Länken gick till skolans startsida. Skicka en länk till själva undertecknandet.",
        by=cast.convener, now=now - timedelta(days=401),
    )  # fmt: skip
    again = _apply(network, school.actor, version, cast.contact, now - timedelta(days=399))
    _confirm(again, cast.convener, now - timedelta(days=398))


def _renewals(network: Network, version: ConditionVersion, cast: Cast, now: datetime) -> None:
    """A year passes: most renew after the first reminder; the congregation does not, and lapses."""
    renewing = {WORKSHOP.name: cast.coordinator, BAKERY.name: cast.convener, SCHOOL.name: cast.convener}
    speakers = {WORKSHOP.name: cast.convener, BAKERY.name: cast.editor, SCHOOL.name: cast.contact}
    for days in range(110, 60, -5):
        renewal.remind_and_lapse(now=now - timedelta(days=days))
    for membership in NetworkMembership.objects.filter(network=network).select_related("actor", "network"):
        name = membership.actor.name
        if name in renewing:
            _apply(network, membership.actor, version, speakers[name], now - timedelta(days=58))
            _confirm(membership, renewing[name], now - timedelta(days=55))
    for days in range(54, -1, -3):
        renewal.remind_and_lapse(now=now - timedelta(days=days))
