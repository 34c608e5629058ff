"""Pure rules about conditions: what changed between two wordings, and how long a fulfilment lasts in words."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_WORDS = re.compile(r"\S+\s*|\s+")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, came or went."""

    change: Change
    text: str


def changes(before: str, after: str) -> list[Piece]:
    """The way from one plain text to another, word by word; what went comes before what came in its place.

    >>> [(piece.change.value, piece.text) for piece in changes("We halve it.", "We end it.")]
    [('same', 'We '), ('removed', 'halve '), ('added', 'end '), ('same', 'it.')]
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for kind, begin, end, new_begin, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece(Change.SAME, "".join(old[begin:end])))
            continue
        if end > begin:
            found.append(Piece(Change.REMOVED, "".join(old[begin:end])))
        if new_end > new_begin:
            found.append(Piece(Change.ADDED, "".join(new[new_begin:new_end])))
    return found


def lasts_in_words(months: int) -> str:
    """How long a fulfilment counts: whole years as years, else months."""
    years, rest = divmod(months, 12)
    if rest:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    return _("one year") if years == 1 else ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
