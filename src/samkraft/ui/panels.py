"""Panels: how an app shows something on a page of an app below it.

A page names its slots (`municipality.happening`, `my.todo`). An app above registers, in its `panels.py`,
a function that returns what a template needs, or None when there is nothing to show. The page knows
neither the app nor the template.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

Content = Callable[..., Mapping[str, Any] | None]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Panel:
    """One app's contribution to a slot: its order among others, its query and its template."""

    order: int
    name: str
    content: Content
    template: str


_slots: dict[str, list[Panel]] = {}


def register(slot: str, *, order: int, template: str) -> Callable[[Content], Content]:
    """Register a function as a panel of `slot`. Lower orders come first; a name is taken once."""

    def decorate(content: Content) -> Content:
        name = f"{content.__module__}.{content.__qualname__}"
        panels = _slots.setdefault(slot, [])
        if any(panel.name == name for panel in panels):
            raise ValueError(f"The panel {name} is already in the slot {slot}.")
        panels.append(Panel(order, name, content, template))
        panels.sort(key=lambda panel: (panel.order, panel.name))
        return content

    return decorate


def registered(slot: str) -> tuple[Panel, ...]:
    """The panels of a slot, in the order in which they are shown."""
    return tuple(_slots.get(slot, ()))


def render_slot(slot: str, request: HttpRequest, **subject: Any) -> SafeString:
    """The HTML of all panels of a slot that have something to show about the subject."""
    parts = []
    for panel in registered(slot):
        context = panel.content(request=request, **subject)
        if context is not None:
            parts.append(get_template(panel.template).render(dict(context), request))
    return mark_safe("".join(parts))  # noqa: S308  (each part is a rendered, escaped template)


def shared(request: HttpRequest, function: Callable[..., Found], *args: Any) -> Found:
    """What a read finds, asked once in a request, however many panels need it. Nobody may change what it returns.

    The arguments tell one reading from another; a function that reads a queryset returns a list of it.
    """
    kept: dict[Any, Any] = request.__dict__.setdefault("_shared_reads", {})
    key = (function, args)
    if key not in kept:
        kept[key] = function(*args)
    return kept[key]
