"""Every address of the site, with the view that answers it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, get_resolver
from django.utils import translation

# What a converter takes, one example each; nothing in an empty database answers to them.
EXAMPLES = {
    "country": "se",
    "slug": "mariestad",
    "actor": "bakery",
    "actor_pk": "1",
    "number": "1",
    "to": "done",
    "pk": "1",
    "token": "not-a-token",
    "object_id": "1",
    "content_type_id": "1",
    "history_id": "1",
    "app_label": "people",
    "id": "1",
    "key": "abc",
    "uidb36": "1",
    "url": "nowhere",
}


class Route(NamedTuple):
    """The pattern as it is written, a view, and the names of what stands for itself in the pattern."""

    pattern: str
    view: Any
    converters: tuple[str, ...]

    def example(self) -> str:
        """An address that the pattern takes."""
        text = self.pattern
        for name in self.converters:
            start = text.index("<")
            end = text.index(">", start)
            text = text[:start] + EXAMPLES[name] + text[end + 1 :]
        return f"/{text.replace('([^/]+)', '1')}"


def all_routes() -> list[Route]:
    """All routes of the site, those with a language in Swedish."""
    with translation.override("sv"):
        return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns: Any, prefix: str, above: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        converters = (*above, *getattr(pattern.pattern, "converters", {}))
        text = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLPattern):
            yield Route(text, pattern.callback, converters)
        else:
            yield from _walk(pattern.url_patterns, text, converters)
