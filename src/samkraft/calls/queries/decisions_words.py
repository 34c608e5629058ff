"""Limits, what breaks them and what relaxes them, in words."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.engines.selection import Step
from samkraft.ui import numbers

from ..rules.decisions import Held
from .features import Feature

_STEPS = {
    "maximum": gettext_lazy("at most %(new)s instead of %(old)s have “%(value)s” (%(feature)s)"),
    "minimum": gettext_lazy("at least %(new)s instead of %(old)s have “%(value)s” (%(feature)s)"),
    "none": gettext_lazy("nobody instead of at least %(old)s has “%(value)s” (%(feature)s)"),
    "cap": gettext_lazy("at most %(new)s instead of %(old)s come from one municipality"),
    "seats": gettext_lazy("%(new)s instead of %(old)s places are given"),
}


def by_key(features: Sequence[Feature]) -> dict[str, Feature]:
    return {feature.key: feature for feature in features}


def steps(moves: Sequence[Step], mean: Fraction | None, features: Mapping[str, Feature], old: Fraction | None) -> str:
    """What has to move, without a capital and a full stop: "at most 13 instead of 12 have …, and …"."""
    parts = [str(_STEPS[_kind(step)]) % _named(step, features) for step in moves]
    if mean is not None:
        words = {"new": points(mean), "old": points(old)}
        parts.append(_("the mean of the motivation is %(new)s instead of at least %(old)s points") % words)
    return _(", and ").join(parts)


def _kind(step: Step) -> str:
    return "none" if step.side == "minimum" and not step.new else step.side


def sentence(text: str) -> str:
    return f"{capfirst(text)}."


def _named(step: Step, features: Mapping[str, Feature]) -> dict[str, object]:
    words = {"old": step.old, "new": step.new, "value": "", "feature": ""}
    feature = features.get(step.feature)
    if feature is not None:
        words |= {"value": feature.word(step.value), "feature": feature.label}
    return words


def points(mean: Fraction | None) -> str:
    return numbers.number(None if mean is None else float(mean), 2)


def limit(held: Held, features: Mapping[str, Feature]) -> str:
    """What the limit is about: "Sector of work: Energy"."""
    if held.side == "cap":
        return _("From one municipality")
    if held.side == "floor":
        return _("Mean of the motivation")
    feature = features.get(held.feature)
    label, value = (feature.label, feature.word(held.value)) if feature else (held.feature, held.value)
    return f"{label}: {value}"


def wanted(held: Held) -> str:
    """What the limit allows: "2 to 5", "at most 5"."""
    if held.side == "floor":
        return _("at least %(points)s points") % {"points": points(held.least_mean)}
    words = {"least": held.minimum, "most": held.maximum}
    if held.maximum is None:
        return _("at least %(least)s") % words
    if held.minimum == held.maximum:
        return _("exactly %(most)s") % words
    return (_("%(least)s to %(most)s") if held.minimum else _("at most %(most)s")) % words


def count(held: Held) -> str:
    return points(held.mean) if held.side == "floor" else str(held.count)


def broken(held: Held, features: Mapping[str, Feature]) -> str:
    """A limit that does not hold, as a sentence: "Sector of work: Energy would be 6; the limit is 2 to 5."."""
    words = {"limit": limit(held, features), "count": count(held), "wanted": wanted(held)}
    return _("%(limit)s would be %(count)s; the limit is %(wanted)s.") % words
