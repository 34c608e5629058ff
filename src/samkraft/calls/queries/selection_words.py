"""Chances, limits and what is wrong with them as sentences in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.engines.selection import Price, Problem, ProblemCode, Step
from samkraft.ui import numbers

from .features import MUNICIPALITY, Feature
from .pool import MOTIVATION


def in_hundred(chance: float) -> str:
    """A chance in words: "37 of 100"."""
    hundred = 100 * chance
    if 0 < hundred < 1:
        return _("less than 1 of 100")
    return _("%(many)s of 100") % {"many": numbers.number(hundred, _decimals(hundred))}


def _decimals(hundred: float) -> int:
    return 0 if hundred >= 10 or round(hundred, 1) == int(hundred) else 1


@dataclass(frozen=True)
class Words:
    """The engine's answers as sentences, with the features in the reader's words."""

    features: Sequence[Feature]

    def _named(self, feature: str, value: str) -> str:
        for known in self.features:
            if known.key == feature:
                return known.word(value)
        return value

    def _feature(self, feature: str) -> str:
        if feature == MUNICIPALITY:
            return _("municipality")
        if feature == MOTIVATION:
            return _("tier of motivation")
        return next((known.label for known in self.features if known.key == feature), feature)

    def step(self, step: Step) -> str:
        """One limit moved, as a part of a sentence: "at most 12 of Götaland instead of 10"."""
        return str(_NO_LEAST if step.side == "minimum" and not step.new else _STEPS[step.side]) % {
            "value": self._named(step.feature, step.value),
            "old": numbers.number(step.old),
            "new": numbers.number(step.new),
        }

    def price(self, price: Price, least: float) -> str:
        return str(_PRICES[price.side]) % {
            "value": self._named(price.feature, price.value),
            "before": in_hundred(least),
            "after": in_hundred(min(1.0, least + price.price)),
        }

    def problem(self, problem: Problem) -> str:
        return str(_PROBLEMS[problem.code]) % {
            "feature": self._feature(problem.feature),
            "value": self._named(problem.feature, problem.value),
            "found": numbers.number(problem.found),
            "wanted": numbers.number(problem.wanted),
        }


_STEPS = {
    "minimum": gettext_lazy("at least %(new)s with “%(value)s” instead of %(old)s"),
    "maximum": gettext_lazy("at most %(new)s with “%(value)s” instead of %(old)s"),
    "cap": gettext_lazy("at most %(new)s from one municipality instead of %(old)s"),
    "seats": gettext_lazy("%(new)s places instead of %(old)s"),
}
_NO_LEAST = gettext_lazy("no lower limit for “%(value)s” instead of at least %(old)s")
_PRICES = {
    "minimum": gettext_lazy(
        "If one place fewer were kept for “%(value)s”, the applicant with the least chance would have about %(after)s "
        "instead of %(before)s."
    ),
    "maximum": gettext_lazy(
        "If one more place were open to “%(value)s”, the applicant with the least chance would have about %(after)s "
        "instead of %(before)s."
    ),
    "cap": gettext_lazy(
        "If one more could come from the same municipality, the applicant with the least chance would have about "
        "%(after)s instead of %(before)s."
    ),
    "floor": gettext_lazy(
        "If the mean could be one point lower, the applicant with the least chance would have about %(after)s instead "
        "of %(before)s."
    ),
}
_PROBLEMS = {
    ProblemCode.NO_SEATS: gettext_lazy("There has to be at least one place."),
    ProblemCode.TOO_FEW_PEOPLE: gettext_lazy("Only %(found)s take part, and there are %(wanted)s places."),
    ProblemCode.UNKNOWN_COLUMN: gettext_lazy("Nothing is known of “%(feature)s”."),
    ProblemCode.NEGATIVE: gettext_lazy("A limit of “%(value)s” is below 0."),
    ProblemCode.MINIMUM_ABOVE_MAXIMUM: gettext_lazy(
        "“%(value)s” has at least %(found)s and at most %(wanted)s: the least is more than the most."
    ),
    ProblemCode.VALUE_NOBODY_HAS: gettext_lazy(
        "At least %(wanted)s with “%(value)s” are wanted, and nobody who takes part is."
    ),
    ProblemCode.TOO_FEW_WITH_VALUE: gettext_lazy(
        "At least %(wanted)s with “%(value)s” are wanted, and only %(found)s take part."
    ),
    ProblemCode.MINIMUMS_ABOVE_SEATS: gettext_lazy(
        "The least numbers for “%(feature)s” sum to %(found)s, which is more than the %(wanted)s places."
    ),
    ProblemCode.MAXIMUMS_BELOW_SEATS: gettext_lazy(
        "The most numbers for “%(feature)s” sum to %(found)s, which does not fill the %(wanted)s places."
    ),
    ProblemCode.CAP_BELOW_ONE: gettext_lazy("At least one from each municipality has to be allowed."),
    ProblemCode.CAP_TOO_TIGHT: gettext_lazy(
        "With so few from one municipality, only %(found)s of the %(wanted)s places can be filled."
    ),
    ProblemCode.FLOOR_TOO_HIGH: gettext_lazy("Not even the applicants with most points have so high a mean."),
}
