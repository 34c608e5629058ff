"""A call in plain words: who can apply, how those who get a place are chosen, what was changed on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samkraft.ui import numbers

from ..models import Applicants, Call, CallChange, Merit, SeedKind
from . import limits_log
from .eligibility import rules_in_words
from .features import Feature
from .kind_words import drawn_in_words
from .limits_log import limit_in_words
from .merit import scales_of


def who_in_words(call: Call) -> list[str]:
    """Who can apply, one sentence each: of what kind, then the rules over what is known of their municipality."""
    words = {
        Applicants.PERSON: _("You work in a municipality or a county, or are elected in one."),
        Applicants.MUNICIPALITY: _("Municipalities apply, each once, through somebody who speaks for it."),
        Applicants.ACTOR: _("Actors apply, each once: companies, associations, congregations and others."),
    }
    return [words[Applicants(call.applicants)], *rules_in_words(call)]


def how_in_words(call: Call, known: Sequence[Feature]) -> list[str]:
    """Exactly how those who get a place are chosen, in the order in which it happens. One query for the scales."""
    found = _review(call) if call.merit != Merit.NONE else []
    found.append(_draw(call, any(feature.limits for feature in known)))
    if call.municipality_cap:
        found.append(
            ngettext(
                "At most %(most)d comes from one municipality.",
                "At most %(most)d come from one municipality.",
                call.municipality_cap,
            )
            % {"most": call.municipality_cap}
        )
    found.append(_("Those who are not drawn stand on a waiting list, in an order that is drawn too."))
    found.append(_number(call))
    found.append(_("Anybody can check the draw afterwards: its files and a small program to check them are published."))
    return found


def _review(call: Call) -> list[str]:
    readers = ngettext(
        "Each application is read by %(number)d reviewer.",
        "Each application is read by %(number)d reviewers.",
        call.reviews_wanted,
    ) % {"number": call.reviews_wanted}
    unseen = ""
    if call.is_blind and call.hides_municipality:
        unseen = _("They see neither who wrote it nor from which municipality it comes.")
    elif call.is_blind:
        unseen = _("They do not see who wrote it.")
    found = [" ".join(part for part in (readers, unseen) if part)]
    scales = scales_of(call)
    if scales:
        same = len({scale.weight for scale in scales}) == 1
        named = [
            scale.label
            if same
            else _("%(scale)s (weighs %(weight)s)") % {"scale": scale.label, "weight": _figure(scale.weight)}
            for scale in scales
        ]
        found.append(_("They give points for: %(scales)s.") % {"scales": ", ".join(named)})
    points = _figure(call.merit_threshold) if call.merit_threshold is not None else ""
    words = {
        Merit.THRESHOLD: _("Those who reach %(points)s points take part in the draw."),
        Merit.TIERS: _("The points make tiers, and the limits below say how many come from each."),
        Merit.FLOOR: _("The mean of those who are drawn is at least %(points)s points."),
    }
    return [*found, words[Merit(call.merit)] % {"points": points}]


def _figure(figure: Decimal) -> str:
    """A number with as many decimals as it has, at most two."""
    return numbers.number(float(figure), max(0, -int(figure.normalize().as_tuple().exponent)))


def _draw(call: Call, has_limits: bool) -> str:
    places = drawn_in_words(call)
    if has_limits or call.municipality_cap:
        return _(
            "%(places)s so that all the limits hold. Within them, everybody's chance is as equal as it can be."
        ) % {"places": places}
    return _("%(places)s among all who take part, each with the same chance.") % {"places": places}


def _number(call: Call) -> str:
    if call.seed_kind == SeedKind.TWO_PEOPLE:
        return _("The draw's number is made of two: two people enter one each, unseen by the other.")
    if not call.seed_source:
        return _("The draw is decided by a public number that is named beforehand.")
    sentence = _("The draw is decided by a number that nobody knows beforehand: %(source)s")
    return sentence % {"source": call.seed_source.rstrip(".")} + "."


@dataclass(frozen=True)
class LimitsShown:
    """A criterion with its limits in words, for a table: (value, limit)."""

    label: str
    rows: list[tuple[str, str]]


def limits_in_words(known: Sequence[Feature]) -> list[LimitsShown]:
    """The criteria that have limits; what has none mixes nobody."""
    found = []
    for feature in known:
        rows = [
            (word, limit_in_words(feature.limits[value].minimum, feature.limits[value].maximum))
            for value, word in feature.values
            if value in feature.limits
        ]
        if rows:
            found.append(LimitsShown(feature.label, rows))
    return found


@dataclass(frozen=True)
class ChangeShown:
    """What was changed in a published call, when and why."""

    at: datetime
    words: str
    why: str


def changes_in_words(call: Call, known: Sequence[Feature]) -> list[ChangeShown]:
    """What was changed after the call was published, the latest first. Two queries."""
    found = [
        ChangeShown(change.at, capfirst(str(change.get_part_display())), change.why)
        for change in CallChange.objects.filter(call=call)
    ]
    found += [
        ChangeShown(change.at, _("The limits"), " ".join([*change.sentences, change.why]).strip())
        for change in limits_log.changes_of(call, known)
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)
