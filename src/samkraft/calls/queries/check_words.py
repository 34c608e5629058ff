"""What the script says of a draw's files, in the reader's language. The script itself speaks English only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# Each sentence of the script, with its figures as groups, and the same in words for everybody.
_WORDS = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"(?P<a>\S+) has the digest that was kept\.", _("%(a)s is the file that was kept when it was written.")),
        (r"The commitment names the arithmetic of this script, “(?P<a>.+)”\.",
         _("The draw is made by the rules of this script, “%(a)s”.")),
        (r"(?P<a>\S+) is the file that was committed to, by SHA-256\.",
         _("%(a)s is the file that was made public before the draw.")),
        (r"There are (?P<a>\d+) panels, (?P<b>\d+) people and (?P<c>\d+) types, as the commitment says\.",
         _("There are %(a)s groups, %(b)s who take part and %(c)s types, as was made public.")),
        (r"Every panel seats (?P<a>\d+) people\.", _("Every group has %(a)s places.")),
        (r"No panel wants more people of a type than there are\.",
         _("No group has more of a type than there are of it.")),
        (r"Each id and each leaf stands in pool\.csv once, in the order of the leaves\.",
         _("Everybody who takes part stands in pool.csv once, in the order that the file is to have.")),
        (r"The draw was made from the commitment in report\.json, by SHA-256\.",
         _("The draw was made from what was made public in report.json.")),
        (r"The seed is “(?P<a>.+)”: compare it with the public number\.",
         _("The draw's number is “%(a)s”: compare it with the one that was published.")),
        (r"The key of the draw follows from panels\.csv, pool\.csv and the seed\.",
         _("The key of the draw follows from panels.csv, pool.csv and the number.")),
        (r"The key draws panel (?P<a>\d+), as draw\.json says\.",
         _("The key draws group %(a)s, as draw.json says.")),
        (r"drawn\.csv names the (?P<a>\d+) people whom the key draws for this panel, and no others\.",
         _("drawn.csv names the %(a)s whom the key draws for this group, and nobody else.")),
        (r"waitlist\.csv names the (?P<a>\d+) others in the order that the key gives\.",
         _("waitlist.csv names the %(a)s others in the order that the key gives.")),
        (r"types\.csv counts the people of each type rightly\.", _("types.csv counts those of each type rightly.")),
        (r"Every panel keeps all limits\.", _("Every group keeps all limits.")),
        (r"A file cannot be read: (?P<a>.+)\.", _("A file cannot be read: %(a)s.")),
    )
]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that was checked. `is_english`: the script's own words, for which there are no others."""

    agrees: bool
    words: str
    is_english: bool


def lines_of(sentences: Iterable[tuple[bool, str]]) -> list[Line]:
    return [Line(agrees, *_told(sentence)) for agrees, sentence in sentences]


def _told(sentence: str) -> tuple[str, bool]:
    for pattern, words in _WORDS:
        if found := pattern.fullmatch(sentence):
            return str(words) % found.groupdict(), False
    return sentence, True
