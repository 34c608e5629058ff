"""How a post is shown in a list: its beginning, and no more than a reader takes in."""

from django import template
from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from samkraft.ui import rich_text

from ..models import Post

register = template.Library()
WORDS_IN_A_LIST = 90


@register.filter
def is_long(html: str) -> bool:
    """Whether a text is shortened in a list."""
    return len(strip_tags(html).split()) > WORDS_IN_A_LIST


@register.filter
def beginning(html: str) -> SafeString:
    """The first words of a text, its elements closed."""
    return SafeString(Truncator(rich_text.clean(html)).words(WORDS_IN_A_LIST, html=True))


@register.filter
def share_url(post: Post) -> str:
    """The whole address of a post, to be pasted elsewhere."""
    return settings.SITE_URL + post.get_absolute_url()
