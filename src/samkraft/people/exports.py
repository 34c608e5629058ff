"""What is held about a person, as data. Each app registers what it holds; this one gathers it."""

from collections.abc import Callable
from typing import Any

Exporter = Callable[[Any], Any]
_exporters: dict[str, Exporter] = {}


def register(name: str, exporter: Exporter) -> None:
    """Register a function of a user that returns what an app holds: lists, dicts, texts, numbers, dates."""
    if name in _exporters and _exporters[name] is not exporter:
        raise ValueError(f"The export {name} is already registered.")
    _exporters[name] = exporter


def everything_about(user: Any) -> dict[str, Any]:
    """What all apps hold about the person, by name of the export."""
    return {name: _exporters[name](user) for name in sorted(_exporters)}
