"""Whether rules can be kept at all, and what would have to change when they cannot."""

from __future__ import annotations

from .limits import limits_of
from .model import Feasibility, Rules, TypeTable


def feasibility(table: TypeTable, rules: Rules) -> Feasibility:
    """Decided over whole people. When no panel exists: up to five ways to make one possible, smallest first.

    A way moves minimums down, maximums and caps up, or instead the seats, by as little as possible in sum; no way
    moves all the limits that a smaller one moves. Only where neither helps are limits and seats moved together. None of
    them lowers a floor, so that there may be no way at all.
    """
    # The solvers take seconds to import, which most of what imports this package never needs.
    from .changes import smallest_changes
    from .search import PanelSearch

    limits = limits_of(table, rules)
    if PanelSearch(limits).any_panel() is not None:
        return Feasibility(True)
    return Feasibility(False, smallest_changes(table, rules, limits))
