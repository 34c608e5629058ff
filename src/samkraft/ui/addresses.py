"""Addresses of many things of one kind: worked out once for each route and language, then put together.

Django resolves each address anew, which on a page with a hundred links takes longer than reading what they lead to.
"""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

# Stands for the key while the route is worked out: a number, so that it fits routes of numbers and of slugs.
_MARK = 7_305_914_862


@lru_cache(maxsize=512)
def _around(route: str, given: tuple[str, ...], language: str | None, prefix: str, urls: str) -> tuple[str, str]:
    before, after = reverse(route, args=[*given, _MARK]).rsplit(str(_MARK), 1)
    return before, after


def address(route: str, *keys: str | int) -> str:
    """As `reverse(route, args=keys)` in the reader's language, where the last key is a number or a slug."""
    *given, last = keys
    urls = get_urlconf() or settings.ROOT_URLCONF
    before, after = _around(route, tuple(map(str, given)), get_language(), get_script_prefix(), urls)
    return f"{before}{last}{after}"
