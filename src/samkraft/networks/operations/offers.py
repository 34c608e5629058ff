"""Who is what for an actor or in a network: invited, accepted, ended. Both go by the same rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import rules
from django.db import transaction
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.people.operations import offers
from samkraft.people.operations.offers import NotOpen
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import Actor, ActorOffer, ActorPerson
from ..queries.offers import ACTOR, Circle, circle_of, is_over


class NotAllowed(Refused):
    """The person does not decide about the people of this actor or network."""


def name_of(subject: Any) -> str | Promise:
    """What an actor or a network is called in a sentence; one that is only being started may have no name yet."""
    return subject.name or _("a new network")


def address_of_people(subject: Any) -> Any:
    """The page of the people, in the language of the one who reads it."""
    name = "networks:actor_people" if isinstance(subject, Actor) else "networks:network_people"
    return reverse_lazy(name, args=[subject.slug])


@transaction.atomic
def invite(*, subject: Any, email: str, role: str, by: User, now: datetime) -> Any:
    """Invite the holder of an address to be something for an actor or in a network, and mail the link.

    An earlier invitation to the same is withdrawn. Raises NotAllowed or Refused.
    """
    circle = circle_of(subject)
    _may_decide(circle, subject, by)
    email = email.strip().lower()
    same = {circle.subject: subject, "role": role}
    if circle.persons.objects.active().filter(**same, user__email=email).exists():
        raise Refused(_("This person already has that role."))
    offer = circle.offers(**same, email=email, invited_by=by)
    token = offers.issue(offer=offer, earlier=circle.offers.objects.filter(**same, email=email), now=now)
    account = User.objects.filter(email=email, is_active=True).first()
    _mail(offer, token, account, now)
    return offer


@transaction.atomic
def invite_contacts(*, addresses: Sequence[tuple[Actor, str]], by: User, now: datetime) -> int:
    """Invite somebody as contact for each of many actors that are new in the register. Returns how many.

    For who has just been allowed to put these actors there: nobody else decides about their people yet.
    """
    made = []
    for actor, email in addresses:
        offer = ActorOffer(actor=actor, role=ACTOR.kept, email=email.strip().lower(), invited_by=by)
        made.append((offer, offers.prepare(offer=offer, now=now)))
    ActorOffer.objects.bulk_create([offer for offer, _token in made], batch_size=200)
    emails = {offer.email for offer, _token in made}
    accounts = {user.email: user for user in User.objects.filter(email__in=emails, is_active=True)}
    for offer, token in made:
        _mail(offer, token, accounts.get(offer.email), now)
    return len(made)


def _mail(offer: Any, token: str, account: User | None, now: datetime) -> None:
    circle = circle_of(offer)
    name = name_of(circle.subject_of(offer))
    tell(
        to=account or offer.email,
        language=None if account else offer.invited_by.language,
        kind="networks.invitation",
        subject=format_lazy(_("Invitation to take part for {name} on Samkraft"), name=name),
        text=from_template("networks/mail/offer.txt", {"offer": offer, "name": name}),
        url=reverse_lazy("networks:offer", args=[token]),
        now=now,
        dedupe_key=f"{circle.subject} offer {offer.pk}",
    )


@transaction.atomic
def accept(*, offer: Any, by: User, now: datetime) -> Any:
    """Accept once, before it expires, as the holder of the address that it was sent to. Raises Refused."""
    circle = circle_of(offer)
    subject = circle.subject_of(offer)
    if is_over(subject):
        raise NotOpen(_("This invitation no longer holds: what it is about is closed."))
    offers.claim(offer=offer, by=by, now=now)
    same = {circle.subject: subject, "user": by, "role": offer.role}
    person = circle.persons.objects.active().filter(**same).first()
    if person is None:
        person = circle.persons.objects.create(**same, since=timezone.localdate(now))
    name = name_of(subject)
    tell(
        to=offer.invited_by,
        kind="people.accepted",
        subject=format_lazy(_("{person} has accepted your invitation to {name}"), person=by, name=name),
        text=from_template("networks/mail/offer_accepted.txt", {"person": person, "name": name}),
        url=address_of_people(subject),
        now=now,
        dedupe_key=f"{circle.subject} offer accepted {offer.pk}",
    )
    return person


@transaction.atomic
def withdraw(*, offer: Any, by: User, now: datetime) -> None:
    """Take back an offer that has no answer yet. Raises NotAllowed or NotOpen."""
    circle = circle_of(offer)
    _may_decide(circle, circle.subject_of(offer), by)
    offers.withdraw(offer=offer, now=now)


@transaction.atomic
def end_role(*, person: Any, by: User, now: datetime) -> None:
    """End a role: one's own, or as the one who decides. Raises NotAllowed, or Refused for the last who is needed.

    The actor or network is held meanwhile, so that of two who end each other's role at once one is refused.
    """
    circle = circle_of(person)
    subject = circle.model._default_manager.select_for_update().get(pk=getattr(person, f"{circle.subject}_id"))
    if person.user_id != by.pk:
        _may_decide(circle, subject, by)
    active = circle.persons.objects.active().filter(**{circle.subject: subject})
    current = active.filter(pk=person.pk).first()
    if current is None:
        raise Refused(_("This role has already ended."))
    others = active.filter(role=circle.kept, user__is_active=True).exclude(pk=current.pk)
    if current.role == circle.kept and not others.exists():
        raise Refused(circle.nobody_left)
    current.ended_on = max(timezone.localdate(now), current.since)
    current.save()
    person.ended_on = current.ended_on
    changed(subject.tag)
    if person.user_id != by.pk:
        _tell_ended(circle, subject, person, now)


def _tell_ended(circle: Circle, subject: Any, person: Any, now: datetime) -> None:
    name = name_of(subject)
    tell(
        to=person.user,
        kind="people.membership",
        subject=format_lazy(_("Your role for {name} has ended"), name=name),
        text=from_template("networks/mail/role_ended.txt", {"person": person, "name": name}),
        now=now,
        dedupe_key=f"{circle.subject} role ended {person.pk}",
    )


@transaction.atomic
def set_own_role(*, person: Any, is_public: bool, is_decision_maker: bool = False, by: User) -> None:
    """How one's own role is shown, and for an actor whether one can decide for it. Raises NotAllowed."""
    if person.user_id != by.pk or person.ended_on is not None:
        raise NotAllowed(_("Only the person can choose this."))
    person.is_public = is_public
    if isinstance(person, ActorPerson):
        person.is_decision_maker = is_decision_maker
    person.save()
    changed(circle_of(person).subject_of(person).tag)


def _may_decide(circle: Circle, subject: Any, by: User) -> None:
    if not rules.test_rule(circle.rule, by, subject):
        raise NotAllowed(_("Only those who answer for it can decide who takes part."))
    if is_over(subject):
        raise Refused(_("What it is about is closed."))
