"""Times of calls by their organiser's clock, for pages and mails."""

from datetime import datetime

from django import template

from ..rules.windows import moment_in_words

register = template.Library()


@register.filter
def moment_in(at: datetime | None, zone: str) -> str:
    """A moment with its weekday, by the clocks of a time zone; "" for none."""
    return "" if at is None else moment_in_words(at, zone)
