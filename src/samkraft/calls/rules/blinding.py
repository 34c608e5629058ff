"""Finding in free text what tells who wrote it, and hiding it. Plain texts, no database.

What is found is told rather once too often: a hidden word can be asked for, a name that was read cannot be unread.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class SpotKind(StrEnum):
    NAME = "name"
    EMAIL = "email"
    PLACE = "place"
    PHONE = "phone"
    NUMBER = "number"
    LINK = "link"


@dataclass(frozen=True)
class Spot:
    """Characters from `start` to before `end` of the text (in Unicode's composed form) that tell who wrote it."""

    start: int
    end: int
    kind: SpotKind
    words: str


# Parts of names that are words of their own in some Nordic language: alone they tell nothing.
_PARTICLES = frozenset(
    {"af", "al", "av", "bin", "da", "de", "del", "den", "der", "di", "du", "el", "ibn", "la", "le", "mc", "och", "og"}
    | {"på", "till", "til", "van", "von"}
)
_LONG_NAME = 4
_LONG_PLACE = 5
# Letters that are written in more than one way.
_SPELLINGS = {
    "å": "(?:å|aa|a)",
    "ä": "(?:ä|æ|ae|a)",
    "æ": "(?:æ|ä|ae)",
    "ö": "(?:ö|ø|oe|o)",
    "ø": "(?:ø|ö|oe|o)",
    "é": "(?:é|e)",
    "è": "(?:è|e)",
    "ü": "(?:ü|u|y)",
    " ": r"\s+",
    "-": r"[-\s]?",
}
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_GAP = r"[ \u00a0\-/]?"
# A Swedish or Danish personal number, then a Norwegian one.
_NUMBER = re.compile(r"(?<![\d-])(?:(?:19|20)?\d{6}[-+]\d{4}|\d{6} ?\d{5})(?![\d-])")
_PHONE = re.compile(
    rf"(?<![\w+])(?:(?:\+|00)\d{{1,3}}(?:{_GAP}\(0\))?(?:{_GAP}\d){{6,12}}"
    rf"|0\d{{1,3}}[ \u00a0]?[-/ ]?[ \u00a0]?\d{{2,3}}(?:{_GAP}\d){{3,6}}"
    r"|\d{3}[ \u00a0]\d{2}[ \u00a0]\d{3}"
    r"|\d{2}[ \u00a0]\d{2}[ \u00a0]\d{2}[ \u00a0]\d{2}"
    r"|(?!(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d)[2-9]\d{7})(?!\w)"
)


def composed(text: str) -> str:
    """The text as spots are counted in it: letters with their accents in one, so that å is one character."""
    return unicodedata.normalize("NFC", text)


def identity_in(
    text: str, *, name: str = "", email: str = "", places: Sequence[str] = (), contacts: bool = True
) -> list[Spot]:
    """Where the text tells who wrote it, from its beginning on, without overlaps.

    `name` is the applicant's (an actor's too, on a line of its own), `email` their address, and `places` the names
    of their municipality and county; what is not given is not looked for. With `contacts`, every e-mail address,
    telephone number and personal number is found, whosever it is.
    """
    text = composed(text)
    named = _names(name, email)
    placed = _places(tuple(places))
    found: list[Spot] = []
    if contacts:
        found += _found(_EMAIL, SpotKind.EMAIL, text)
        found += [spot for spot in _found(_LINK, SpotKind.LINK, text) if _tells(spot.words, name, email, places)]
        found += _found(_NUMBER, SpotKind.NUMBER, text)
        found += _found(_PHONE, SpotKind.PHONE, text)
    for pattern in named:
        found += _found(pattern, SpotKind.NAME, text)
    for pattern in placed:
        found += _found(pattern, SpotKind.PLACE, text)
    return _apart(found)


def masked(text: str, spots: Iterable[Spot], hidden: str) -> str:
    """The text in which each spot is replaced by a word such as "[hidden]"; several in a row by one."""
    text = composed(text)
    parts: list[str] = []
    at = 0
    for spot in spots:
        between = text[at : spot.start]
        if not (parts and not between.strip(" \u00a0-")):
            parts += [between, hidden]
        at = spot.end
    return "".join([*parts, text[at:]])


def _found(pattern: re.Pattern[str], kind: SpotKind, text: str) -> list[Spot]:
    return [Spot(match.start(), match.end(), kind, match.group()) for match in pattern.finditer(text)]


def _apart(spots: list[Spot]) -> list[Spot]:
    """In their order; of two that overlap the longer, or the one that was looked for first."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: spot.start - spot.end):
        if all(spot.end <= other.start or spot.start >= other.end for other in kept):
            kept.append(spot)
    return sorted(kept, key=lambda spot: spot.start)


def _spelled(words: str) -> str:
    """A pattern of the words in each of their spellings."""
    return "".join(_SPELLINGS.get(letter, re.escape(letter)) for letter in composed(words).casefold())


def _parts(name: str) -> list[str]:
    """The parts of a name that tell something: "Anna-Karin von Sydow" is anna-karin, anna, karin and sydow."""
    words = [word.strip(".,;:()\"'") for word in composed(name).split()]
    pieces = [piece for word in words for piece in (word, *(word.split("-") if "-" in word else ()))]
    return [piece for piece in dict.fromkeys(pieces) if len(piece) > 1 and piece.casefold() not in _PARTICLES]


@lru_cache(maxsize=256)
def _names(name: str, email: str) -> tuple[re.Pattern[str], ...]:
    pieces = _parts(name)
    local = composed(email).partition("@")[0]
    if len(local) >= _LONG_NAME:
        pieces.append(local)
    long = [piece for piece in pieces if len(piece) >= _LONG_NAME]
    # "Bo" and "Per" are words too; as a name they begin with a capital.
    short = [piece for piece in pieces if len(piece) < _LONG_NAME]
    return (*_whole_words(long, capital=False), *_whole_words(short, capital=True))


@lru_cache(maxsize=256)
def _places(places: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    names = [composed(place).strip() for place in places if place.strip()]
    long = sorted({name for name in names if len(name) >= _LONG_PLACE}, key=lambda name: (-len(name), name))
    short = [name for name in names if 1 < len(name) < _LONG_PLACE]
    found = list(_whole_words(short, capital=True))
    if long:
        # The beginning of a word, so that who lives there and what is called after it is found too.
        begun = "|".join(_spelled(name) for name in long)
        found.append(re.compile(rf"(?<!\w)(?:{begun})\w*", re.IGNORECASE))
    return tuple(found)


def _whole_words(words: Sequence[str], *, capital: bool) -> tuple[re.Pattern[str], ...]:
    """A pattern of whole words, with or without the s of what belongs to somebody."""
    if not words:
        return ()
    begins = r"(?=[A-ZÅÄÖÆØÉÜ])" if capital else ""
    spelled = "|".join(_spelled(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    ends = r"(?:['’]?s)?(?!\w)"
    pattern = rf"(?<!\w){begins}(?i:{spelled}){ends}"
    return (re.compile(pattern),)


def _tells(link: str, name: str, email: str, places: Sequence[str]) -> bool:
    """Whether an address of the web holds a part of the name, the beginning of the e-mail address, or the place."""
    words = [*_parts(name), composed(email).partition("@")[0], *places]
    return any(re.search(_spelled(word), link.casefold()) for word in words if len(word) >= _LONG_NAME)
