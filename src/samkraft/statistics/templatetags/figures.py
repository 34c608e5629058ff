"""Filters for figures in templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from samkraft.statistics import notes
from samkraft.statistics.models import Pathway

register = template.Library()
_LANGUAGES = {"SE": "sv", "NO": "nb", "DK": "da"}


@register.filter
def size(value: float) -> float:
    """The value without its sign, where the words say the direction."""
    return abs(value)


@register.filter
def times_too_much(pathway: Pathway) -> float | None:
    """How many times what the method allows the trend adds up to."""
    if not pathway.required_total or pathway.trend_total is None:
        return None
    return pathway.trend_total / pathway.required_total


@register.filter
def note_sentences(found: Sequence[Mapping[str, Any]]) -> list[str]:
    return notes.sentences(found)


@register.filter
def language_of(country: str) -> str:
    """The language that a country's publishers write in."""
    return _LANGUAGES.get(country, "en")
