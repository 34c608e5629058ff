"""Actors are registered, changed and closed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import rules
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.places.models import Area
from samkraft.records import files
from samkraft.records.models import StoredFile
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import Actor, ActorOffer, ActorPerson, ActorRole, LinkState
from ..queries import actors as queries
from ..queries import networks as network_queries
from ..queries.actors_history import MUNICIPALITIES
from ..rules.actors import free_slug

LOGO = "networks.logo"
NUMBER_TAKEN = _("An actor with this organisation number is already registered.")


@dataclass(frozen=True)
class ActorFacts:
    """What is told about an actor, as its form or a spreadsheet has it. The number is digits alone."""

    name: str
    kind: str
    country: str
    organisation_number: str = ""
    homepage_url: str = ""
    facebook_url: str = ""
    does: str = ""
    leader_name: str = ""
    description_url: str = ""
    described_on: date | None = None


@dataclass(frozen=True)
class Logo:
    """What is to become of the logo: `upload` takes its place; `remove` leaves none."""

    upload: Any = None
    remove: bool = False


@transaction.atomic
def register_actor(
    *, facts: ActorFacts, municipalities: Sequence[Area], logo: Logo | None = None, by: User, now: datetime
) -> Actor:
    """Put an actor into the register. The one who does it becomes its contact. Raises Refused.

    The link is checked afterwards, by the worker.
    """
    taken = set(Actor.objects.filter(slug__startswith=free_slug(facts.name, ())).values_list("slug", flat=True))
    actor = Actor(**asdict(facts), slug=free_slug(facts.name, taken), created_by=by, created_at=now)
    _save(actor, by)
    actor.municipalities.set(municipalities)
    _keep_logo(actor, logo, by, now)
    ActorPerson.objects.create(actor=actor, user=by, role=ActorRole.CONTACT, since=timezone.localdate(now))
    changed(*queries.tags_of([actor]))
    return actor


@transaction.atomic
def change_actor(
    *,
    actor: Actor,
    facts: ActorFacts,
    municipalities: Sequence[Area],
    logo: Logo | None = None,
    by: User,
    now: datetime,
) -> Actor:
    """Change what is told about an actor. A changed link is checked anew. Raises Refused."""
    _may_manage(actor, by)
    current = _locked(actor)
    before = _tags(current)
    links = (current.homepage_url, current.facebook_url)
    for name, value in asdict(facts).items():
        setattr(current, name, value)
    if links != (current.homepage_url, current.facebook_url):
        current.link_state, current.link_checked_at, current.link_problem = LinkState.UNCHECKED, None, ""
    if set(current.municipalities.values_list("pk", flat=True)) != {area.pk for area in municipalities}:
        names = ", ".join(sorted(area.name for area in municipalities))
        current._change_reason = f"{MUNICIPALITIES}{names}"[:100]
    _save(current, by)
    current.municipalities.set(municipalities)
    _keep_logo(current, logo, by, now)
    changed(*before, *_tags(current))
    return current


@transaction.atomic
def close_actor(*, actor: Actor, why: str, by: User, now: datetime) -> None:
    """Close an actor: it is no longer shown, and nobody speaks for it. What it was is kept. Raises Refused."""
    _may_manage(actor, by)
    current = _locked(actor)
    held = queries.networks_held(current)
    if held:
        names = ", ".join(network.name for network in held)
        raise Refused(
            _("The actor takes part in %(networks)s. Leave it before you close the actor.") % {"networks": names}
        )
    current.closed_at, current.closed_why = now, why
    _save(current, by)
    ActorOffer.objects.of(current).unanswered().update(withdrawn_at=now)
    today = timezone.localdate(now)
    for person in ActorPerson.objects.active().filter(actor=current).select_related("user"):
        person.ended_on = max(today, person.since)
        person.save()
        if person.user_id != by.pk:
            _tell_closed(current, person, now)
    changed(*queries.tags_of([current]))


@transaction.atomic
def reopen_actor(*, actor: Actor, by: User, now: datetime) -> Actor:
    """Let a closed actor be there again. Nobody speaks for it until somebody accepts to. Raises Refused."""
    if not rules.test_rule("people.is_steward", by):
        raise Refused(_("Only stewards can do this."))
    current = Actor.objects.exclude(closed_at=None).select_for_update().filter(pk=actor.pk).first()
    if current is None:
        raise Refused(_("Somebody else has just reopened the actor."))
    current.closed_at, current.closed_why = None, ""
    _save(current, by)
    changed(*_tags(current))
    return current


def _tags(actor: Actor) -> set[str]:
    """What shows the actor: its places, and the networks that it is in or convenes, with theirs."""
    return queries.tags_of([actor]) | network_queries.tags_of(*queries.networks_held(actor))


def _tell_closed(actor: Actor, person: ActorPerson, now: datetime) -> None:
    tell(
        to=person.user,
        kind="people.membership",
        subject=format_lazy(_("{actor} is closed on Samkraft"), actor=actor.name),
        text=from_template("networks/mail/actor_closed.txt", {"actor": actor}),
        now=now,
        dedupe_key=f"actor closed {actor.pk} {person.user_id}",
    )


def _may_manage(actor: Actor, by: User) -> None:
    if not rules.test_rule("networks.manages_actor", by, actor):
        raise Refused(_("Only the actor's own contacts can do this."))


def _locked(actor: Actor) -> Actor:
    """The actor as it is now, held until the transaction ends. Raises Refused when it is closed."""
    current = Actor.objects.open().select_for_update().filter(pk=actor.pk).first()
    if current is None:
        raise Refused(_("The actor has been closed."))
    return current


def _save(actor: Actor, by: User) -> None:
    """Save, with who did it. A number that somebody else has just registered is refused with a sentence."""
    actor._history_user = by
    try:
        with transaction.atomic():
            actor.save()
    except IntegrityError as error:
        same = (
            Actor.objects.open()
            .exclude(pk=actor.pk)
            .filter(country=actor.country, organisation_number=actor.organisation_number)
        )
        if actor.organisation_number and same.exists():
            raise Refused(NUMBER_TAKEN) from error
        raise Refused(_("Somebody else has just registered an actor of that name. Try again.")) from error


def _keep_logo(actor: Actor, logo: Logo | None, by: User, now: datetime) -> None:
    if logo is None or not (logo.upload or logo.remove):
        return
    old: StoredFile | None = actor.logo
    actor.logo = files.store_picture(upload=logo.upload, purpose=LOGO, by=by, now=now) if logo.upload else None
    Actor.objects.filter(pk=actor.pk).update(logo=actor.logo)
    if old is not None:
        files.remove_file(file=old)
