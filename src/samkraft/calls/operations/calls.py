"""Opening a call: a draft that begins with what calls of its kind usually ask."""

from datetime import datetime
from typing import Any

import rules
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samkraft.meetings.rules import zone_of
from samkraft.networks.models import Actor
from samkraft.people.models import User
from samkraft.places.models import Area
from samkraft.places.rules import slug as slug_of
from samkraft.records.refusals import Refused

from ..models import Call, CallKind, CallPerson, CallRole
from ..queries import people
from ..queries.calls import RESERVED
from ..rules.templates import TEMPLATES, Template

MOST_TRIES = 60
LONGEST_SLUG = 80


@transaction.atomic
def begin_call(
    *, title: str, kind: str, area: Area | None = None, actor: Actor | None = None, by: User, now: datetime
) -> Call:
    """A draft in the name of a place or an actor, which only its organisers see; who begins it is the first.

    Raises Refused for who may not begin one in that name.
    """
    _check_name(area, actor, by)
    template = TEMPLATES[CallKind(kind)]
    country = area.country if area is not None else actor.country  # type: ignore[union-attr]
    call = save_new(
        Call(
            kind=kind,
            title=title,
            area=area,
            actor=actor,
            country=country,
            time_zone=str(zone_of(country)),
            contact_email=by.email,
            applicants=template.applicants,
            seats=template.seats,
            **template.fields,
        ),
        by=by,
        now=now,
    )
    _fill(call, template)
    return call


def save_new(call: Call, *, by: User, now: datetime) -> Call:
    """Save a new draft at an address that nobody has, from its title, with its first organiser."""
    call.created_by, call.created_at, call.changed_at = by, now, now
    wanted = slug_of(call.title)[:LONGEST_SLUG] or "call"
    for number in range(1, MOST_TRIES):
        ending = "" if number == 1 else f"-{number}"
        call.slug = wanted[: LONGEST_SLUG - len(ending)].rstrip("-") + ending
        if call.slug in RESERVED or Call.objects.filter(slug=call.slug).exists():
            continue
        try:
            with transaction.atomic():
                call.save()
        except IntegrityError:
            if not Call.objects.filter(slug=call.slug).exists():
                raise
            continue
        CallPerson.objects.create(call=call, user=by, role=CallRole.ORGANISER, since=timezone.localdate(now))
        return call
    raise Refused(_("There are many calls of that title already. Give this one a title of its own."))


def _check_name(area: Area | None, actor: Actor | None, by: User) -> None:
    if (area is None) == (actor is None):
        raise Refused(_("Choose in whose name the call is."))
    if area is not None:
        allowed = people.places_to_begin_for(by).filter(pk=area.pk).exists()
    else:
        allowed = people.actors_to_begin_for(by).filter(pk=actor.pk).exists()  # type: ignore[union-attr]
    if not rules.test_rule("calls.may_begin", by) or not allowed:
        raise Refused(_("You cannot open a call in that name."))


def _fill(call: Call, template: Template) -> None:
    for position, asked in enumerate(template.questions, start=1):
        call.questions.create(
            position=position,
            kind=asked.kind,
            label=str(asked.label),
            help_text=str(asked.help_text),
            most=asked.most,
            choices=[{"value": value, "label": str(label)} for value, label in asked.choices],
            is_required=asked.is_required,
            is_personal=asked.is_personal,
            is_hidden=asked.is_hidden,
        )
    for position, judged in enumerate(template.scales, start=1):
        anchors: dict[str, Any] = {points: str(words) for points, words in judged.anchors.items()}
        call.scales.create(position=position, label=str(judged.label), anchors=anchors)
    for position, source in enumerate(template.criteria, start=1):
        call.criteria.create(position=position, source=source)
