"""Numbers and dates in words, as the reader's language writes them."""

import math
from datetime import date

from django.utils import formats

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
MISSING = "\N{EN DASH}"


def number(value: float | None, decimals: int = 0) -> str:
    """A number with the language's separators and a real minus sign; a dash when it is missing."""
    if value is None or math.isnan(value):
        return MISSING
    text = formats.number_format(round(abs(value), decimals) + 0.0, decimals, use_l10n=True, force_grouping=True)
    negative = round(value, decimals) < 0
    return f"{MINUS}{text}" if negative else text


def tonnes(value: float | None) -> str:
    """Tonnes rounded to three figures, at least to whole tonnes: 234 567 becomes 235 000."""
    if value is None or math.isnan(value):
        return MISSING
    size = abs(value)
    if size < 10:
        return number(value, 1)
    return number(round(value, 3 - len(str(int(size)))) if size >= 1000 else value)


def percent(value: float | None, decimals: int = 1) -> str:
    """A value in per cent, with the sign a no-break space away: 43,6 %."""
    if value is None or math.isnan(value):
        return MISSING
    return f"{number(value, decimals)}{NO_BREAK_SPACE}%"


def month_and_year(value: date | None) -> str:
    """A date as month and year: juni 2031."""
    return MISSING if value is None else formats.date_format(value, "F Y")
