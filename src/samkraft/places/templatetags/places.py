"""Filters for names of places in templates."""

from django import template

from samkraft.places import rules

register = template.Library()


@register.filter
def postcode(digits: str) -> str:
    """A postcode as it is written: 542 30."""
    return rules.shown_postcode(digits)
