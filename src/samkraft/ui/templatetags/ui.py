"""Template tags that every template has at hand: slots, icons, numbers as the language writes them."""

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from samkraft.ui import addresses, numbers, panels, rich_text

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: RequestContext, name: str, **subject: Any) -> SafeString:
    """All panels registered for the slot; none where a template is rendered without anybody asking."""
    request = context.get("request")
    return panels.render_slot(name, request, **subject) if request is not None else SafeString("")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon of the set; the words beside it say what it means."""
    return _icon(static("ui/vendor/icons.svg"), name)


@register.simple_tag
def address(route: str, *keys: str | int) -> str:
    """As `{% url %}`, for a page with many links of one kind."""
    return addresses.address(route, *keys)


@lru_cache(maxsize=512)
def _icon(icons: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', icons, name
    )


def _figure(value: float | str | None) -> float | None:
    """The value; a template's empty answer for a figure that is not there counts as missing."""
    return None if value is None or isinstance(value, str) else value


@register.filter
def tonnes(value: float | str | None) -> str:
    """A number of tonnes, rounded to what a reader can take in: 12 400."""
    return numbers.tonnes(_figure(value))


@register.filter
def number(value: float | str | None, decimals: int = 0) -> str:
    return numbers.number(_figure(value), decimals)


@register.filter
def ends_sentence(text: object) -> bool:
    """Whether a label ends as a sentence does, so that no colon can follow it."""
    return str(text).rstrip().endswith((".", "?", "!"))


@register.filter
def percent(value: float | str | None, decimals: int = 1) -> str:
    """A value in per cent as the language writes it: 43,6 %."""
    return numbers.percent(_figure(value), decimals)


@register.filter
def month_and_year(value: date | None) -> str:
    return numbers.month_and_year(value)


@register.filter
def rich(html: str | None) -> SafeString:
    """Text that people wrote as HTML, with nothing in it but what may be there."""
    return _rich(html or "")


@lru_cache(maxsize=512)
def _rich(html: str) -> SafeString:
    return rich_text.shown(html)
