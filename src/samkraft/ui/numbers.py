"""Numbers and dates in words, as the reader's language writes them."""

import math
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
MISSING = "\N{EN DASH}"


@lru_cache
def _separators(language: str) -> tuple[str, str]:
    """The language's signs for thousands and for decimals."""
    thousands = formats.get_format("THOUSAND_SEPARATOR", language, use_l10n=True)
    return str(thousands), str(formats.get_format("DECIMAL_SEPARATOR", language, use_l10n=True))


def number(value: float | None, decimals: int = 0) -> str:
    """A number with the language's separators and a real minus sign; a dash when it is missing."""
    if value is None or math.isnan(value):
        return MISSING
    rounded = round(value, decimals)
    thousands, decimal = _separators(get_language() or settings.LANGUAGE_CODE)
    whole, _, rest = f"{abs(rounded):,.{decimals}f}".partition(".")
    text = whole.replace(",", thousands) + (decimal + rest if rest else "")
    return f"{MINUS}{text}" if rounded < 0 else text


def tonnes(value: float | None) -> str:
    """Tonnes rounded to three figures, at least to whole tonnes: 234 567 becomes 235 000."""
    if value is None or math.isnan(value):
        return MISSING
    size = abs(value)
    if 0 < size < 10:
        return number(value, 1)
    return number(round(value, 3 - len(str(int(size)))) if size >= 1000 else value)


def percent(value: float | None, decimals: int = 1) -> str:
    """A value in per cent, with the sign where the language has it: 43,6 %."""
    if value is None or math.isnan(value):
        return MISSING
    space = "" if get_language() == "en" else NO_BREAK_SPACE
    return f"{number(value, decimals)}{space}%"


def month_and_year(value: date | None) -> str:
    """A date as month and year: juni 2031."""
    return MISSING if value is None else formats.date_format(value, "F Y")
