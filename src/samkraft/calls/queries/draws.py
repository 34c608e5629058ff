"""What a draw keeps of the call: its limits in every language's words, and what it counted."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from samkraft.ui import numbers

from ..models import Draw
from ..rules.features import UNKNOWN
from . import features
from .limits_log import limit_in_words
from .pool import Candidates, Targets, rules_as_data, rules_from

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def limits_as_data(candidates: Candidates, targets: Targets) -> dict[str, Any]:
    """The rules for the engine, and beside them the features with words and limits, as they stand now.

    Words are kept in every language: the report is to be read when the call has long been changed or copied.
    """
    words = {code: _features_in(code, candidates) for code in LANGUAGES}
    kept = []
    for place, feature in enumerate(candidates.features):
        values = []
        for number, (value, _word) in enumerate(feature.values):
            least, most = targets.limit(feature.key, value)
            word = {code: words[code][place].values[number][1] for code in LANGUAGES}
            values.append({"value": value, "word": word, "minimum": least, "maximum": most})
        label = {code: words[code][place].label for code in LANGUAGES}
        kept.append({"key": feature.key, "label": label, "values": values})
    return {
        "rules": rules_as_data(rules_from(candidates, targets)),
        "features": kept,
        "cap": targets.cap,
        "merit": candidates.call.merit,
        "points": None if targets.points is None else str(targets.points),
    }


def _features_in(code: str, candidates: Candidates) -> list[features.Feature]:
    with override(code):
        return [features.feature_of(feature.criterion, candidates.call) for feature in candidates.features]


@dataclass(frozen=True)
class KeptValue:
    """One value of a feature of a draw: its word, limits, and how many have it in the pool and among those chosen."""

    value: str
    word: str
    minimum: int
    maximum: int | None
    pool: int
    chosen: int | None

    @property
    def is_limited(self) -> bool:
        return self.minimum > 0 or self.maximum is not None

    @property
    def limit(self) -> str:
        return limit_in_words(self.minimum, self.maximum)


@dataclass(frozen=True)
class KeptFeature:
    key: str
    label: str
    values: list[KeptValue]

    @property
    def is_limited(self) -> bool:
        return any(value.is_limited for value in self.values)


def features_of_draw(draw: Draw) -> list[KeptFeature]:
    """The draw's features in the reader's language. No query. `chosen` is None until the draw is made."""
    language = get_language() or settings.LANGUAGE_CODE
    pool, chosen = draw.results.get("pool", {}), draw.results.get("chosen")
    found = []
    for kept in draw.limits.get("features", []):
        counts = pool.get(kept["key"], {})
        named = {value["value"]: value for value in kept["values"]}
        rows = []
        for value in [*named, *sorted(set(counts) - set(named))]:
            known = named.get(value, {})
            word = _in(known["word"], language) if known else _unnamed(value)
            drawn = None if chosen is None else chosen.get(kept["key"], {}).get(value, 0)
            limits = known.get("minimum", 0), known.get("maximum")
            rows.append(KeptValue(value, word, *limits, counts.get(value, 0), drawn))
        found.append(KeptFeature(kept["key"], _in(kept["label"], language), rows))
    return found


def limits_in_words(draw: Draw) -> list[str]:
    """The limits that were committed to, one line each."""
    kept = draw.limits
    found = [
        ngettext("%(count)s place.", "%(count)s places.", draw.seats) % {"count": numbers.number(draw.seats)},
    ]
    if kept.get("cap"):
        found.append(_("At most %(cap)s from one municipality.") % {"cap": numbers.number(kept["cap"])})
    if kept.get("points") and kept.get("merit") in _POINTS:
        found.append(str(_POINTS[kept["merit"]]) % {"points": _points(float(kept["points"]))})
    for feature in features_of_draw(draw):
        if feature.is_limited:
            parts = [f"{value.word}: {value.limit}" for value in feature.values if value.is_limited]
            found.append(f"{feature.label} – {'; '.join(parts)}.")
    return found


_POINTS = {
    "threshold": gettext_lazy("At least %(points)s points from the reviewers to take part."),
    "floor": gettext_lazy("At least %(points)s points on average for those who are chosen."),
}


def _points(points: float) -> str:
    return numbers.number(points, 0 if points.is_integer() else 2)


def _in(words: dict[str, str], language: str) -> str:
    return words.get(language) or words.get(settings.LANGUAGE_CODE, "")


def _unnamed(value: str) -> str:
    return _("not known") if value in {UNKNOWN, ""} else value
