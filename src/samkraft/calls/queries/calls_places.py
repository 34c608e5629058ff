"""Calls that concern a place: those in its name, and those that it, or who works there, can apply to."""

from collections.abc import Sequence
from datetime import datetime

from samkraft.people.queries import areas_above
from samkraft.places import facts
from samkraft.places.models import Area, AreaKind

from ..models import Call, Eligibility
from ..rules.eligibility import holds
from .calls import not_over


def concerning(area: Area, now: datetime, most: int) -> list[Call]:
    """Calls that are not over, the first to close first, as many as are shown. Two queries and one for each fact.

    Of a municipality: those in whose rules it fits, and its own. Of a county: its own and its municipalities'. Of a
    country: all.
    """
    calls = list(not_over(now).filter(country=area.country).prefetch_related("eligibility"))
    if area.kind == AreaKind.COUNTY:
        calls = [call for call in calls if call.area is not None and area.pk in areas_above(call.area)]
    elif area.kind == AreaKind.MUNICIPALITY:
        known = _known(area, calls)
        calls = [call for call in calls if call.area_id == area.pk or _fits(call, known)]
    return calls[:most]


Known = dict[tuple[str, str], object]


def _known(area: Area, calls: Sequence[Call]) -> Known:
    """What the rules ask about the place, each fact of each publication once."""
    asked = {(rule.fact, rule.edition) for call in calls for rule in call.eligibility.all()}
    return {key: facts.values(key[0], [area.pk], key[1]).get(area.pk) for key in sorted(asked)}


def _fits(call: Call, known: Known) -> bool:
    return all(_holds(rule, known[rule.fact, rule.edition]) for rule in call.eligibility.all())


def _holds(rule: Eligibility, found: object) -> bool:
    return found is not None and holds(rule.comparison, rule.value, found)
