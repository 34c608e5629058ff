"""How a post is shown in a list: its beginning, and no more than a reader takes in."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from samkraft.places.models import Area
from samkraft.ui import rich_text
from samkraft.ui.addresses import address

from ..models import Post

register = template.Library()
WORDS_IN_A_LIST = 90
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Beginning:
    """The first words of a text, its elements closed, and whether there is more of it."""

    html: SafeString
    is_cut: bool


@register.filter
@lru_cache(maxsize=512)
def beginning(html: str) -> Beginning:
    """What a list shows of a text that people wrote as HTML."""
    cleaned = rich_text.clean(html)
    if len(_TAG.sub("", cleaned).split()) <= WORDS_IN_A_LIST:
        return Beginning(SafeString(cleaned), is_cut=False)
    return Beginning(SafeString(Truncator(cleaned).words(WORDS_IN_A_LIST, html=True)), is_cut=True)


@register.filter
def feed_url(area: Area) -> str:
    """Where the news of a place is read."""
    return address("feeds:area", area.country.lower(), area.slug)


@register.filter
def share_url(post: Post) -> str:
    """The whole address of a post, to be pasted elsewhere."""
    return settings.SITE_URL + post.get_absolute_url()
