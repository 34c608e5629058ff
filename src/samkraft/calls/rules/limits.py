"""Whether limits can be kept at all, told in words before anybody has applied. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Bound:
    """At least and at most of one value, with its words; a most of None is no limit."""

    word: str
    minimum: int
    maximum: int | None


def ascending(bounds: Sequence[Any]) -> bool:
    """Whether each bound lies above the one before, as bounds of classes have to."""
    return all(lower < upper for lower, upper in pairwise(bounds))


def problems(feature: str, bounds: Sequence[Bound], seats: int) -> list[str]:
    """Why the limits of one feature cannot hold for so many places, one whole sentence each; empty when they can."""
    found = [
        _("%(value)s: at least %(least)d is more than at most %(most)d.")
        % {"value": bound.word, "least": bound.minimum, "most": bound.maximum}
        for bound in bounds
        if bound.maximum is not None and bound.minimum > bound.maximum
    ]
    if found:
        return found
    least = sum(bound.minimum for bound in bounds)
    if least > seats:
        found.append(
            _("%(feature)s: what you want at least comes to %(sum)d, and there are %(seats)d places.")
            % {"feature": feature, "sum": least, "seats": seats}
        )
    known = [bound.maximum for bound in bounds if bound.maximum is not None]
    if bounds and len(known) == len(bounds) and sum(known) < seats:
        found.append(
            _("%(feature)s: what you want at most comes to %(sum)d, which cannot fill %(seats)d places.")
            % {"feature": feature, "sum": sum(known), "seats": seats}
        )
    return found
