"""Whether a fact fulfils a rule. Plain values, no database."""

from typing import Any

from ..models import Comparison


def holds(comparison: str, wanted: Any, found: Any) -> bool:
    """Whether what is known of a place is what the rule wants. Raises ValueError for a comparison nobody knows."""
    match comparison:
        case Comparison.AT_MOST:
            return bool(found <= wanted)
        case Comparison.AT_LEAST:
            return bool(found >= wanted)
        case Comparison.IS_ONE_OF:
            return found in wanted
        case Comparison.IS_TRUE:
            return found is True
        case Comparison.IS_FALSE:
            return found is False
    raise ValueError(f"Nobody knows how to compare by {comparison}.")
