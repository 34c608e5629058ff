"""What can be told about an actor from what was typed: organisation numbers, pages, free addresses."""

from collections.abc import Collection
from itertools import count
from urllib.parse import urlsplit

from stdnum.dk import cvr
from stdnum.exceptions import ValidationError
from stdnum.no import orgnr as norwegian
from stdnum.se import orgnr as swedish

from samkraft.places.rules import slug as slug_of

_FORMS = {"SE": swedish, "NO": norwegian, "DK": cvr}
_PERSONAL_DIGITS = {"NO": 11, "DK": 10}
_FACEBOOK = ("facebook.com", "fb.com", "fb.me")
# Words that stand where an actor's own address does.
TAKEN = frozenset({"register", "import", "map"})
LONGEST_SLUG = 70


class PersonalNumber(ValueError):
    """The number is a person's, as a sole trader's is. It is not to be kept, nor shown to anybody."""


class WrongNumber(ValueError):
    """No organisation in the country can have this number: a digit is missing or wrong."""


def organisation_number(country: str, text: str) -> str:
    """The number's digits alone, its form and check digit tested. Raises PersonalNumber or WrongNumber.

    >>> organisation_number("SE", "SE 556036-0793"), organisation_number("NO", "988 077 917")
    ('5560360793', '988077917')
    """
    digits = "".join(sign for sign in text if sign.isdecimal() and sign.isascii())
    if country == "SE" and len(digits) == 12 and text.strip().upper().startswith("SE"):
        digits = digits.removesuffix("01")  # a number for value added tax
    elif country == "SE" and len(digits) == 12:
        # Registers write the century before a person's number, and 16 before an organisation's.
        if digits[:2] in {"18", "19", "20"}:
            raise PersonalNumber
        digits = digits.removeprefix("16")
    if _is_personal(country, digits):
        raise PersonalNumber
    try:
        return str(_FORMS[country].validate(digits))
    except ValidationError as error:
        raise WrongNumber from error


def _is_personal(country: str, digits: str) -> bool:
    """In a Swedish organisation's number the third digit is at least 2, where a birthday's month has 0 or 1."""
    if country == "SE":
        return len(digits) == 10 and digits[2] in "01"
    return len(digits) == _PERSONAL_DIGITS[country]


def shown_organisation_number(country: str, digits: str) -> str:
    """The number as it is written in its country: 556036-0793, 988 077 917, 13585628."""
    if country == "SE" and len(digits) == 10:
        return str(swedish.format(digits))
    if country == "NO" and len(digits) == 9:
        return str(norwegian.format(digits))
    return digits


def is_facebook(url: str) -> bool:
    """Whether an address leads to Facebook itself, and not to a site that only looks like it."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    return any(host == known or host.endswith(f".{known}") for known in _FACEBOOK)


def free_slug(name: str, taken: Collection[str]) -> str:
    """An address made of the name, which nobody has: with a number after it when the plain one is taken."""
    plain = slug_of(name)[:LONGEST_SLUG].strip("-") or "actor"
    if plain not in taken and plain not in TAKEN:
        return plain
    return next(slug for number in count(2) if (slug := f"{plain}-{number}") not in taken)
