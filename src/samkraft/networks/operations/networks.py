"""What its people do with a network that has begun: edit it, let it rest, end it; and what readers write to it."""

from datetime import datetime
from typing import Any

import rules
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.places.models import Area, AreaLink, LinkKind
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui import rich_text
from samkraft.ui.page_cache import changed

from ..models import NETWORK, Network, NetworkState
from ..queries import conditions as condition_queries
from ..queries import networks as queries

EDITED = ("name", "variant", "description", "organisation", "contact_email", "facebook_url")


def seen_version(network: Network) -> int:
    """A number that grows with each edit, by which an editor's page knows whether it still is current."""
    return int(network.history.values_list("history_id", flat=True).first() or 0)


@transaction.atomic
def edit_network(*, network: Network, fields: dict[str, Any], seen: int, by: User, now: datetime) -> Network:
    """Change what a network says about itself. Raises Refused when somebody else saved after `seen`."""
    if not rules.test_rule("networks.convenes", by, network):
        raise Refused(_("You may not change this network."))
    current = Network.objects.select_for_update().get(pk=network.pk)
    if seen_version(current) != seen:
        raise Refused(_("Somebody else has just changed this page. Look at it again, and save what you want to keep."))
    for name in EDITED:
        if name in fields:
            setattr(current, name, fields[name])
    current.description = rich_text.clean(current.description)
    current.organisation = rich_text.clean(current.organisation)
    current.save()
    changed(*queries.tags_of(current))
    return current


@transaction.atomic
def move_network(*, network: Network, to: str, why: str, by: User, now: datetime) -> None:
    """Make a network active, let it rest or withdraw it, and tell those concerned. Raises Refused.

    `why` is shown to the network's own people, in its log and in the notice.
    """
    if network.state == NetworkState.DRAFT or to in {NetworkState.DRAFT, NetworkState.FORMING}:
        raise Refused(_("This step is not possible from where the matter stands now."))
    tags = queries.tags_of(network)
    try:
        with transaction.atomic():
            log_transition(subject=network, machine=NETWORK, to=to, by=by, now=now, why=why)
    except IntegrityError as error:
        raise Refused(_("Another network has begun in this area meanwhile.")) from error
    for person in condition_queries.concerned([network]):
        if person.pk != by.pk:
            _tell_move(network, person, to, why, now)
    changed(*tags)


_MOVED = {
    NetworkState.ACTIVE: _("{network} is active now"),
    NetworkState.RESTING: _("{network} rests from now on"),
    NetworkState.WITHDRAWN: _("{network} has ended"),
}


def _tell_move(network: Network, person: User, to: str, why: str, now: datetime) -> None:
    tell(
        to=person,
        kind="networks.network",
        subject=format_lazy(_MOVED[NetworkState(to)], network=network.name),
        text=from_template("networks/mail/network_moved.txt", {"network": network, "to": to, "why": why}),
        url="" if to == NetworkState.WITHDRAWN else reverse_lazy("networks:network", args=[network.slug]),
        now=now,
        dedupe_key=f"network {network.pk} {to} {now.isoformat()} to {person.pk}",
    )


@transaction.atomic
def write_to_contacts(*, network: Network, name: str, email: str, text: str, language: str, now: datetime) -> int:
    """Mail what a reader wrote to the network's contacts, who answer by mail. Returns how many get it.

    The reader never learns an address of theirs. Raises Refused when the network has nobody who could answer.
    """
    people: list[Any] = queries.to_contact(network)
    known = {person.email.lower() for person in people}
    if network.contact_email and network.contact_email.lower() not in known:
        people.append(network.contact_email.lower())
    if not people:
        raise Refused(_("This network has nobody who answers right now. Write to the stewards of the site instead."))
    for person in people:
        tell(
            to=person,
            language=None if isinstance(person, User) else language,
            kind="networks.contact",
            subject=format_lazy(_("A message to {network}"), network=network.name),
            text=from_template(
                "networks/mail/network_message.txt", {"network": network, "name": name, "email": email, "text": text}
            ),
            url=reverse_lazy("networks:network", args=[network.slug]),
            now=now,
        )
    return len(people)


@transaction.atomic
def add_facebook_link(*, area: Area, title: str, url: str, by: User, now: datetime) -> AreaLink:
    """Keep the Facebook page of a county or municipality. Raises Refused when it is there or not one's to add."""
    _check_coordinator(area, by)
    try:
        with transaction.atomic():
            link = AreaLink.objects.create(area=area, kind=LinkKind.FACEBOOK, title=title, url=url)
    except IntegrityError as error:
        raise Refused(_("This page is in the list already.")) from error
    changed(*_tags_of_place(area))
    return link


@transaction.atomic
def remove_facebook_link(*, link: AreaLink, by: User, now: datetime) -> None:
    """Take a Facebook page away; removing one that is gone is told."""
    _check_coordinator(link.area, by)
    try:
        AreaLink.objects.get(pk=link.pk, kind=LinkKind.FACEBOOK).delete()
    except ObjectDoesNotExist as error:
        raise Refused(_("Somebody else has just removed this page.")) from error
    changed(*_tags_of_place(link.area))


def _check_coordinator(area: Area, by: User) -> None:
    if not rules.test_rule("networks.draws_in", by, area):
        raise Refused(_("Only the coordinators of this place can change its links."))


def _tags_of_place(area: Area) -> set[str]:
    tags = {area.tag}
    if area.parent is not None:
        tags.add(area.parent.tag)
    return tags
