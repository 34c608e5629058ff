"""The people of actors and of networks: one kind of circle each, with the same reads for both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from samkraft.people.queries import own_addresses
from samkraft.people.rules import token_hash

from ..models import (
    Actor,
    ActorOffer,
    ActorPerson,
    ActorRole,
    Network,
    NetworkOffer,
    NetworkPerson,
    NetworkRole,
    NetworkState,
)


@dataclass(frozen=True)
class Circle:
    """The people around an actor or a network: its models, roles and rule, and the role it is never without.

    `subject` is the field of offers and persons that names the actor or network. `rule` says who decides about
    its people, and `sees` who may see them.
    """

    subject: str
    model: type[Model]
    offers: type[ActorOffer] | type[NetworkOffer]
    persons: type[ActorPerson] | type[NetworkPerson]
    roles: type[ActorRole] | type[NetworkRole]
    rule: str
    sees: str
    kept: str
    nobody_left: Promise

    def subject_of(self, row: Any) -> Any:
        return getattr(row, self.subject)

    def people_of(self, subject: Any) -> list[Any]:
        """Those who are something for the subject now, with their accounts, in the order of the roles."""
        rows = self.persons.objects.active().filter(**{self.subject: subject}).select_related("user")
        order = self.roles.values
        return sorted(rows, key=lambda person: (order.index(person.role), person.pk))

    def roles_of(self, subject: Any, user: Any) -> list[Any]:
        """What one person is for the subject now."""
        return list(self.persons.objects.active().filter(**{self.subject: subject}, user=user).order_by("pk"))

    def offers_of(self, subject: Any) -> list[Any]:
        """Offers of the subject that have no answer, expired ones too, the newest first."""
        rows: QuerySet[Any] = self.offers.objects.filter(**{self.subject: subject}, accepted_at=None, withdrawn_at=None)
        return list(rows.select_related("invited_by"))


ACTOR = Circle(
    subject="actor",
    model=Actor,
    offers=ActorOffer,
    persons=ActorPerson,
    roles=ActorRole,
    rule="networks.manages_actor",
    sees="networks.writes_for_actor",
    kept=ActorRole.CONTACT,
    nobody_left=_("An actor always has a contact. Invite another contact first, or close the actor."),
)
NETWORK = Circle(
    subject="network",
    model=Network,
    offers=NetworkOffer,
    persons=NetworkPerson,
    roles=NetworkRole,
    rule="networks.convenes",
    sees="networks.convenes",
    kept=NetworkRole.CONVENER,
    nobody_left=_("A network always has a convener. Invite another convener first."),
)
CIRCLES = (ACTOR, NETWORK)


def circle_of(row: Any) -> Circle:
    """The circle that a subject, an offer or a person belongs to."""
    return next(circle for circle in CIRCLES if isinstance(row, (circle.model, circle.offers, circle.persons)))


def offer_by_token(token: str) -> Any:
    """The offer of an actor or a network with this token from a mail, with its subject; None when there is none."""
    hashed = token_hash(token)
    found = (circle.offers.objects.select_related(circle.subject).filter(token_hash=hashed) for circle in CIRCLES)
    return next((offer for rows in found for offer in rows), None)


def offers_for(user: Any, now: datetime) -> Sequence[Any]:
    """Offers that a person can accept now: those to an address that they have shown to be theirs."""
    addresses = own_addresses(user)
    rows = [
        circle.offers.objects.open_at(now).to_addresses(addresses).select_related(circle.subject) for circle in CIRCLES
    ]
    return [offer for some in rows for offer in some]


def is_over(subject: Any) -> bool:
    """Whether nobody can take part for the subject any more."""
    return subject.closed_at is not None if isinstance(subject, Actor) else subject.state == NetworkState.WITHDRAWN
