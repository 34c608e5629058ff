"""Pure rules about places: keys, names that fold to the same, addresses."""

import re
import unicodedata

from django.utils.text import slugify

# "aa" and "å", "ae" and "æ", "oe" and "ø" are the same letters in two spellings (Aabenraa, Åbenrå).
_SAME = str.maketrans({"ø": "o", "æ": "ae", "ð": "d", "þ": "th", "ß": "ss", "đ": "d", "ŋ": "n", "ŧ": "t"})
_PAIRS = re.compile(r"aa|ae|oe")
_SPACE = re.compile(r"[\s\-/.,'’]+")
COUNTRIES = ("SE", "NO", "DK")


def area_key(country: str, code: str) -> str:
    """The key of an area: country and official code, since codes collide between countries."""
    return country if country == code else f"{country}-{code}"


def area_tag(country: str, slug: str) -> str:
    """The page cache's tag of an area's page, from what its address holds."""
    return f"area:{country.lower()}/{slug}"


def happening_tag(country: str) -> str:
    """The page cache's tag of what is shown on the page of every place of a country."""
    return f"happening:{country.lower()}"


def newspaper_area_tag(country: str, slug: str) -> str:
    """The page cache's tag of a newspaper area's page, from what its address holds."""
    return f"newspaper-area:{country.lower()}/{slug}"


def fold(text: str) -> str:
    """The text as search sees it: lower case, without accents, one space between words.

    >>> fold("Åbenrå"), fold("AABENRAA"), fold("Upplands-Väsby")
    ('abenra', 'abenra', 'upplands vasby')
    """
    lowered = text.casefold().translate(_SAME)
    decomposed = unicodedata.normalize("NFKD", lowered)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    plain = _PAIRS.sub(lambda match: match.group()[0], plain)
    return _SPACE.sub(" ", plain).strip()


def slug(name: str) -> str:
    """The name as it stands in an address: "Upplands Väsby" becomes upplands-vasby."""
    letters = name.casefold().translate(_SAME)
    return slugify(letters)


def postcode(text: str) -> str | None:
    """The digits of a postcode as people write it ("542 30", "SE-542 30"), or None when it is not one."""
    digits = re.sub(r"^(?:se|s)[\s-]*", "", text.strip().casefold())
    digits = digits.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    return digits if re.fullmatch(r"[0-9]{2,5}", digits) else None


def shown_postcode(digits: str) -> str:
    """A Swedish postcode as it is written: 542 30."""
    return f"{digits[:3]} {digits[3:]}" if len(digits) == 5 else digits
