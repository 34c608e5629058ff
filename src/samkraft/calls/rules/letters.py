"""Letters with words in braces that are filled in for each reader. Plain texts, no database."""

import re
from collections.abc import Collection, Mapping

from ..models import Outcome

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
EVERYWHERE = ("name", "call", "organiser")
PLACEHOLDERS = {
    Outcome.PLACE: (*EVERYWHERE, "answer_by"),
    Outcome.WAITLIST: (*EVERYWHERE, "position"),
    Outcome.NO: (*EVERYWHERE, "reason"),
}


def unknown(text: str, known: Collection[str]) -> list[str]:
    """What stands in braces and is not among the words that can be filled in, with its braces, each once.

    >>> unknown("Dear {name}, you are number {position} of {all}.", PLACEHOLDERS[Outcome.PLACE])
    ['{position}', '{all}']
    """
    found = dict.fromkeys(_PLACEHOLDER.findall(text))
    return [f"{{{name}}}" for name in found if name not in known]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text for one reader. What was filled in is not read again, so that a name in braces stays a name.

    >>> filled("Dear {name}: {call}", {"name": "{call}", "call": "Workshop"})
    'Dear {call}: Workshop'
    """
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
