"""Many actors put into the register at once, from a spreadsheet that was read and tested before: all or none."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import rules as permissions
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from samkraft.people.models import User
from samkraft.places.models import Area
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import Actor, ActorKind
from ..queries import actors as queries
from ..rules.actors import free_slug
from .actors import ActorFacts
from .offers import invite_contacts

_AT_ONCE = 200


@dataclass(frozen=True)
class NewActor:
    """One row of the spreadsheet: an actor that is not in the register, and whom to invite as its contact."""

    row: int
    facts: ActorFacts
    municipalities: tuple[Area, ...]
    contact_email: str = ""

    @property
    def kind_in_words(self) -> str:
        return str(ActorKind(self.facts.kind).label)


@transaction.atomic
def import_actors(*, rows: Sequence[NewActor], by: User, now: datetime) -> list[Actor]:
    """Put the actors into the register and mail their contacts. Raises Refused, and then nothing is made.

    The one who imports does not become a contact: until somebody accepts, stewards look after the actor.
    """
    if not permissions.test_rule("networks.imports_actors", by):
        raise Refused(_("Only conveners, county coordinators and stewards can import actors."))
    slugs = set(Actor.objects.values_list("slug", flat=True))
    made = []
    for row in rows:
        slug = free_slug(row.facts.name, slugs)
        slugs.add(slug)
        made.append(Actor(**asdict(row.facts), slug=slug, created_by=by, created_at=now))
    try:
        with transaction.atomic():
            made = bulk_create_with_history(made, Actor, batch_size=_AT_ONCE, default_user=by, default_date=now)
    except IntegrityError as error:
        raise Refused(
            _("Somebody else has just registered one of these actors. Look at the list again; it is up to date now.")
        ) from error
    link = Actor.municipalities.through
    pairs = zip(made, rows, strict=True)
    links = [link(actor_id=actor.pk, area_id=area.pk) for actor, row in pairs for area in row.municipalities]
    link.objects.bulk_create(links, batch_size=_AT_ONCE)
    contacts = [(actor, row.contact_email) for actor, row in zip(made, rows, strict=True) if row.contact_email]
    invite_contacts(addresses=contacts, by=by, now=now)
    changed(*queries.tags_of(made))
    return made
