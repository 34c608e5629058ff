"""How a call's limits were changed after it was published, in words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.records.models import TransitionLog
from samkraft.ui import numbers

from ..models import Call
from .features import Feature

# The name under which changes of limits stand in the log, beside the moves of the call itself.
CHANGED = "call_limits"
_WHAT = {
    "seats": gettext_lazy("%(new)s places instead of %(old)s"),
    "cap": gettext_lazy("From one municipality: %(new)s instead of %(old)s"),
    "points": gettext_lazy("Points needed: %(new)s instead of %(old)s"),
    "limit": gettext_lazy("%(value)s: %(new)s instead of %(old)s"),
}


@dataclass(frozen=True)
class Changed:
    """One saving: when, by whom, and what, a sentence for each limit; and why."""

    at: datetime
    by: Any
    sentences: list[str]
    why: str = ""


def changes_of(call: Call, known: Sequence[Feature]) -> list[Changed]:
    """The changes after the call was published, the newest first. One query."""
    rows = TransitionLog.objects.of(call).filter(machine=CHANGED).select_related("by").order_by("-pk")
    return [_changed(row, known) for row in rows]


def _changed(row: TransitionLog, known: Sequence[Feature]) -> Changed:
    kept = json.loads(row.why)
    # What was changed before reasons were asked for is kept as the changes alone.
    told = kept if isinstance(kept, dict) else {"changes": kept, "why": ""}
    return Changed(row.at, row.by, [_sentence(change, known) for change in told["changes"]], told["why"])


def _sentence(change: dict[str, Any], known: Sequence[Feature]) -> str:
    word = next((f.word(change["value"]) for f in known if f.key == change.get("feature")), change.get("value", ""))
    words = {"value": word, "old": _shown(change["old"]), "new": _shown(change["new"])}
    return f"{_WHAT[change['what']] % words}."


def _shown(value: Any) -> str:
    if value is None:
        return _("no limit")
    if isinstance(value, list):
        return limit_in_words(*value)
    number = float(value)
    return numbers.number(number, 0 if number.is_integer() else 2)


def limit_in_words(least: int, most: int | None) -> str:
    """A limit as a part of a sentence: "at least 3", "at most 5", "3 to 5", "no limit"."""
    words = {"least": numbers.number(least), "most": numbers.number(most)}
    if least and most is not None:
        return (_("exactly %(most)s") if least == most else _("%(least)s to %(most)s")) % words
    if most is not None:
        return _("at most %(most)s") % words
    return _("at least %(least)s") % words if least else _("no limit")
