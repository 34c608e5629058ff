"""What `ui/_open_graph.html` needs: whole addresses, and the name of the language as others write it."""

from urllib.parse import urljoin

from django import template
from django.conf import settings

register = template.Library()

LOCALES = {"sv": "sv_SE", "nb": "nb_NO", "da": "da_DK", "en": "en_GB"}
# Longer than what any site shows of a link.
LONGEST = 300


@register.simple_tag
def site_name() -> str:
    return settings.SITE_NAME


@register.filter
def whole_address(address: str | None) -> str:
    """An address on this site with the site's own in front; one that is whole already stays."""
    return urljoin(f"{settings.SITE_URL}/", str(address or ""))


@register.filter
def open_graph_locale(language: str) -> str:
    return LOCALES.get(language, language)


@register.filter
def one_line(text: str | None) -> str:
    """The text in one line, cut at a word where it is long."""
    line = " ".join(str(text or "").split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rpartition(' ')[0]} …"
