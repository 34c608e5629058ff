"""What the parties of a membership are told, each in their own language."""

from datetime import datetime
from typing import Any

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.text import format_lazy

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell

from ..models import NetworkMembership
from ..queries import memberships as queries


def tell_actor(
    *,
    membership: NetworkMembership,
    subject: Promise,
    text: str,
    key: str,
    now: datetime,
    kind: str = "networks.membership",
    **context: Any,
) -> int:
    """Tell those who answer for the actor. `text` names the mail's template. Returns how many were told."""
    url = reverse_lazy("networks:our_membership", args=[membership.pk])
    people = queries.contacts_of(membership)
    _tell(people, membership, subject, text, f"membership {membership.pk} {key}", now, kind, url, context)
    return len(people)


def tell_deciders(
    *, membership: NetworkMembership, subject: Promise, text: str, key: str, now: datetime, **context: Any
) -> None:
    """Tell those who check the actor's evidence."""
    url = reverse_lazy("networks:check", args=[membership.network.slug])
    people = queries.who_checks(membership)
    key = f"membership {membership.pk} {key} to check"
    _tell(people, membership, subject, text, key, now, "networks.evidence", url, context)


def _tell(
    people: list[Any],
    membership: NetworkMembership,
    subject: Promise,
    text: str,
    key: str,
    now: datetime,
    kind: str,
    url: Promise,
    context: dict[str, Any],
) -> None:
    names = {"actor": membership.actor.name, "network": membership.network.name}
    content = from_template(f"networks/mail/{text}.txt", {"membership": membership, **names, **context})
    for person in people:
        tell(
            to=person,
            kind=kind,
            subject=format_lazy(subject, **names),
            text=content,
            url=url,
            now=now,
            dedupe_key=f"{key} {person.pk}",
        )
