"""Numbers and dates in words, as the reader's language writes them."""

import math
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
MISSING = "\N{EN DASH}"


@dataclass(frozen=True)
class Writer:
    """How one language writes numbers. Who writes hundreds of them asks for it once, with `writer()`."""

    language: str
    thousands: str
    decimal: str
    before_percent: str

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A number with the language's separators and a real minus sign; a dash when it is missing."""
        if value is None or math.isnan(value):
            return MISSING
        rounded = round(value, decimals)
        whole, _, rest = f"{abs(rounded):,.{decimals}f}".partition(".")
        text = whole.replace(",", self.thousands) + (self.decimal + rest if rest else "")
        return f"{MINUS}{text}" if rounded < 0 else text

    def tonnes(self, value: float | None) -> str:
        """Tonnes rounded to three figures, at least to whole tonnes: 234 567 becomes 235 000."""
        if value is None or math.isnan(value):
            return MISSING
        size = abs(value)
        if 0 < size < 10:
            return self.number(value, 1)
        return self.number(round(value, 3 - len(str(int(size)))) if size >= 1000 else value)

    def percent(self, value: float | None, decimals: int = 1) -> str:
        """A value in per cent, with the sign where the language has it: 43,6 %."""
        if value is None or math.isnan(value):
            return MISSING
        return f"{self.number(value, decimals)}{self.before_percent}%"


@lru_cache
def _writer_of(language: str) -> Writer:
    return Writer(
        language,
        str(formats.get_format("THOUSAND_SEPARATOR", language, use_l10n=True)),
        str(formats.get_format("DECIMAL_SEPARATOR", language, use_l10n=True)),
        "" if language == "en" else NO_BREAK_SPACE,
    )


def writer() -> Writer:
    """How the reader's language writes numbers."""
    return _writer_of(get_language() or settings.LANGUAGE_CODE)


def number(value: float | None, decimals: int = 0) -> str:
    """One number, as `Writer.number` writes it in the reader's language."""
    return writer().number(value, decimals)


def tonnes(value: float | None) -> str:
    """One figure of tonnes, as `Writer.tonnes` writes it in the reader's language."""
    return writer().tonnes(value)


def percent(value: float | None, decimals: int = 1) -> str:
    """One value in per cent, as `Writer.percent` writes it in the reader's language."""
    return writer().percent(value, decimals)


def month_and_year(value: date | None) -> str:
    """A date as month and year: juni 2031."""
    return MISSING if value is None else formats.date_format(value, "F Y")
