"""Starting a network: a draft that is filled in step by step, and the moment when it begins."""

import secrets
from datetime import datetime
from typing import Any

import rules
from django.db import IntegrityError, transaction
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.people.queries import stewards
from samkraft.places.models import Area, NewspaperArea
from samkraft.places.rules import slug as slug_of
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui import rich_text
from samkraft.ui.page_cache import changed

from ..models import NETWORK, Actor, Network, NetworkPerson, NetworkRole, NetworkState
from ..queries import conditions as condition_queries
from ..queries import networks as queries
from . import conditions, offers

MOST_DRAFTS = 5
TEXTS = ("name", "variant", "description", "organisation", "facebook_url")

_AREA_FIRST = _("Choose the newspaper area first.")
_TAKEN = _("A network has begun in this newspaper area meanwhile. You can join it instead.")


def begin_draft(*, by: User, now: datetime) -> Network:
    """An empty draft of a network, which only the one who makes it sees. Raises Refused after a few."""
    if Network.objects.filter(state=NetworkState.DRAFT, created_by=by).count() >= MOST_DRAFTS:
        raise Refused(_("You have several drafts already. Go on with one of them, or throw one away."))
    return Network.objects.create(slug=f"draft-{secrets.token_hex(12)}", created_by=by, created_at=now)


@transaction.atomic
def choose_area(*, network: Network, area: NewspaperArea, county: Area, by: User, now: datetime) -> None:
    """Settle where the network is to be, and which county's condition applies. Raises Refused."""
    draft = _own_draft(network, by)
    if area.ended_on is not None:
        raise Refused(_AREA_FIRST)
    if Network.objects.open().filter(newspaper_area=area).exists():
        raise Refused(_TAKEN)
    if not area.municipalities.filter(parent=county).exists():
        raise Refused(_("Choose a county that the newspaper area reaches into."))
    draft.newspaper_area, draft.county, draft.draft_step = area, county, "actor"
    draft.save()


@transaction.atomic
def choose_convener(*, network: Network, actor: Actor, by: User, now: datetime) -> None:
    """Settle which actor convenes. Raises Refused for one that the person does not answer for."""
    draft = _own_draft(network, by)
    if actor.closed_at is not None or not rules.test_rule("networks.manages_actor", by, actor):
        raise Refused(_("Choose an actor that you are a contact of."))
    draft.convener, draft.draft_step = actor, "people"
    draft.save()


@transaction.atomic
def choose_people(*, network: Network, people: dict[str, Any], contact_email: str, by: User, now: datetime) -> None:
    """Settle who takes part from the beginning. Nobody is invited before the network begins.

    `people` holds `shown` and `edits`, whether its maker is shown as contact and edits, and `editors`, addresses.
    """
    draft = _own_draft(network, by)
    draft.draft_people, draft.contact_email, draft.draft_step = people, contact_email, "about"
    draft.save()


@transaction.atomic
def describe(*, network: Network, fields: dict[str, str], by: User, now: datetime) -> None:
    """Keep the network's name, variant and texts."""
    draft = _own_draft(network, by)
    for name in TEXTS:
        if name in fields:
            setattr(draft, name, fields[name])
    draft.description = rich_text.clean(draft.description)
    draft.organisation = rich_text.clean(draft.organisation)
    draft.draft_step = "condition"
    draft.save()


@transaction.atomic
def discard(*, network: Network, by: User, now: datetime) -> None:
    """Throw a draft away. Raises Refused when it has begun meanwhile."""
    draft = _own_draft(network, by)
    log_transition(subject=draft, machine=NETWORK, to=NetworkState.WITHDRAWN, by=by, now=now)


@transaction.atomic
def begin(*, network: Network, by: User, now: datetime) -> Network:
    """The network begins: everybody can see it and actors can join.

    Its maker becomes convener and contact, those whom the draft names are invited, and its own condition is
    published where the county has none. Of two networks for the same newspaper area one begins; the other is told.
    """
    draft = _own_draft(network, by)
    _check_whole(draft)
    people = draft.draft_people
    draft.slug, draft.begun_at = _free_slug(draft.name), now
    draft.draft_people, draft.draft_step = {}, ""
    try:
        with transaction.atomic():
            draft.save()
            log_transition(subject=draft, machine=NETWORK, to=NetworkState.FORMING, by=by, now=now)
    except IntegrityError as error:
        if Network.objects.open().filter(newspaper_area=draft.newspaper_area).exists():
            raise Refused(_TAKEN) from error
        raise Refused(_("Somebody else has just begun a network of that name. Try once more.")) from error
    _appoint(draft, by, people, now)
    _publish_own_condition(draft, by, now)
    _invite(draft, people.get("editors", []), by, now)
    _tell_county(draft, by, now)
    changed(*queries.tags_of(draft))
    return draft


@transaction.atomic
def propose_area(*, newspaper: str, url: str, places: str, county: Area | None, by: User, now: datetime) -> None:
    """Tell those who can draw newspaper areas that one is missing: the county's coordinators, and the stewards."""
    coordinators = condition_queries.coordinators_of(county) if county is not None else []
    told = {person.pk: person for person in (*coordinators, *stewards()) if person.pk != by.pk}
    if not told:
        raise Refused(_("There is nobody who could draw the area right now. Try again in a few days."))
    for person in told.values():
        tell(
            to=person,
            kind="networks.proposal",
            subject=_("Somebody misses a newspaper area"),
            text=from_template(
                "networks/mail/start_proposal.txt",
                {"newspaper": newspaper, "url": url, "places": places, "county": county, "by": by},
            ),
            url=reverse_lazy("networks:newspaper_areas"),
            now=now,
        )


def _own_draft(network: Network, by: User) -> Network:
    """The draft as it stands now, locked, if it still is one and the person's own."""
    rows = Network.objects.select_for_update().filter(pk=network.pk, state=NetworkState.DRAFT, created_by=by)
    draft = rows.first()
    if draft is None:
        raise Refused(_("This network has begun or was thrown away meanwhile."))
    return draft


def _check_whole(draft: Network) -> None:
    if draft.newspaper_area is None or draft.newspaper_area.ended_on is not None or draft.county is None:
        raise Refused(_AREA_FIRST)
    if draft.convener is None:
        raise Refused(_("Choose the convening actor first."))
    if not (draft.name and draft.description):
        raise Refused(_("Say what the network is called and who you are first."))
    if condition_queries.condition_of(county_id=draft.county_id) is None:
        own = condition_queries.of_network(draft)
        if condition_queries.draft_of(own) is None and condition_queries.condition_for(draft) is None:
            raise Refused(_("The county has no condition. Write the network's own first."))


def _free_slug(name: str) -> str:
    """An address made of the name, which no other network has and no page of the site."""
    base = slug_of(name)[:60].strip("-") or "network"
    if base.startswith("draft-"):
        base = f"network-{base}"
    taken = set(Network.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | queries.RESERVED
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _appoint(network: Network, by: User, people: dict[str, Any], now: datetime) -> None:
    roles = [NetworkRole.CONVENER, NetworkRole.CONTACT]
    if people.get("edits", True):
        roles.append(NetworkRole.EDITOR)
    shown = bool(people.get("shown"))
    for role in roles:
        NetworkPerson.objects.create(
            network=network, user=by, role=role, is_public=shown, since=timezone.localdate(now)
        )


def _publish_own_condition(network: Network, by: User, now: datetime) -> None:
    if condition_queries.condition_of(county_id=network.county_id) is not None:
        return
    draft = condition_queries.draft_of(condition_queries.of_network(network))
    if draft is not None:
        conditions.publish_draft(version=draft, seen=draft.drafted_at, by=by, now=now)


def _invite(network: Network, editors: list[str], by: User, now: datetime) -> None:
    for address in editors:
        if address != by.email.lower():
            offers.invite(subject=network, email=address, role=NetworkRole.EDITOR, by=by, now=now)


def _tell_county(network: Network, by: User, now: datetime) -> None:
    """Those who coordinate the county hear of each network that begins in it."""
    county: Area = network.county  # type: ignore[assignment]  # whole once it has begun
    for person in condition_queries.coordinators_of(county):
        if person.pk != by.pk:
            tell(
                to=person,
                kind="networks.network",
                subject=format_lazy(_("A network has begun: {network}"), network=network.name),
                text=from_template("networks/mail/start_begun.txt", {"network": network, "by": by}),
                url=reverse_lazy("networks:network", args=[network.slug]),
                now=now,
                dedupe_key=f"network {network.pk} begun to {person.pk}",
            )
