"""The smallest changes of limits or seats that make a panel possible, found with CP-SAT."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from .limits import Limits
from .model import Change, Rules, Step, TypeTable
from .search import solver

MOST_CHANGES = 5
_EFFORT = 20.0


def smallest_changes(table: TypeTable, rules: Rules, limits: Limits) -> tuple[Change, ...]:
    """Up to five, smallest first, as `feasibility` promises them."""
    changes = _changes(table, rules, limits, quotas=True, seats=False, most=MOST_CHANGES - 1)
    changes += _changes(table, rules, limits, quotas=False, seats=True, most=1)
    if not changes:
        changes = _changes(table, rules, limits, quotas=True, seats=True, most=MOST_CHANGES)
    return tuple(sorted(changes, key=lambda change: change.size))


@dataclass(slots=True)
class _Movable:
    """One limit that may move, by `by`, from `old` in the direction `sign`; `moved` tells whether it does."""

    feature: str
    value: str
    side: str
    old: int
    sign: int
    by: cp_model.IntVar
    moved: cp_model.IntVar


@dataclass(slots=True)
class _Model:
    """Panels, and limits that may move, as little as possible in sum."""

    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    movables: list[_Movable] = field(default_factory=list)

    def movable(self, feature: str, value: str, side: str, old: int, sign: int, most: int) -> cp_model.IntVar:
        by = self.model.new_int_var(0, max(most, 0), "")
        moved = self.model.new_bool_var("")
        self.model.add(by >= 1).only_enforce_if(moved)
        self.model.add(by == 0).only_enforce_if(moved.negated())
        self.movables.append(_Movable(feature, value, side, old, sign, by, moved))
        return by

    def next_change(self) -> Change | None:
        """The smallest change that does not move all limits of an earlier one; None when there is none."""
        ran = solver(_EFFORT)
        if ran.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        used = [limit for limit in self.movables if ran.value(limit.by)]
        self.model.add_bool_or([limit.moved.negated() for limit in used])
        steps = tuple(
            Step(limit.feature, limit.value, limit.side, limit.old, limit.old + limit.sign * ran.value(limit.by))
            for limit in used
        )
        return Change(steps, sum(abs(step.new - step.old) for step in steps))


def _changes(table: TypeTable, rules: Rules, limits: Limits, *, quotas: bool, seats: bool, most: int) -> list[Change]:
    model = _model(table, rules, limits, quotas=quotas, seats=seats)
    changes: list[Change] = []
    while len(changes) < most and (change := model.next_change()):
        changes.append(change)
    return changes


def _model(table: TypeTable, rules: Rules, limits: Limits, *, quotas: bool, seats: bool) -> _Model:
    people = int(table.counts.sum())
    model = _Model()
    taken = [model.model.new_int_var(0, int(count), "") for count in table.counts]
    _add_seats(model, taken, rules, people if seats else None)
    caps = {cap.feature: cap.at_most for cap in rules.caps}
    loosened = {
        feature: model.movable(feature, "", "cap", at_most, 1, people if quotas else 0)
        for feature, at_most in caps.items()
    }
    for row, coefficients, lower, upper in zip(
        limits.rows, limits.matrix, limits.lower.tolist(), limits.upper.tolist(), strict=True
    ):
        places = np.flatnonzero(coefficients)
        total = cp_model.LinearExpr.weighted_sum([taken[i] for i in places], coefficients[places].tolist())
        if row.kind == "cap":
            model.model.add(total <= upper + loosened[row.feature])
        elif row.kind == "floor":
            model.model.add(total >= lower)
        else:
            down = model.movable(row.feature, row.value, "minimum", lower, -1, lower if quotas else 0)
            up = model.movable(row.feature, row.value, "maximum", upper, 1, max(people - upper, 0) if quotas else 0)
            model.model.add(total >= lower - down)
            model.model.add(total <= upper + up)
    # Among ways of the same size the one that moves the fewest limits is the easiest to tell.
    moves = cp_model.LinearExpr.sum([limit.by for limit in model.movables])
    limits_moved = cp_model.LinearExpr.sum([limit.moved for limit in model.movables])
    model.model.minimize(moves * (len(model.movables) + 1) + limits_moved)
    return model


def _add_seats(model: _Model, taken: list[cp_model.IntVar], rules: Rules, people: int | None) -> None:
    """The panel sums to the seats, or, where they may move, to fewer or more of them."""
    total = cp_model.LinearExpr.sum(taken)
    if people is None:
        model.model.add(total == rules.seats)
        return
    fewer = model.movable("", "", "seats", rules.seats, -1, rules.seats - 1)
    more = model.movable("", "", "seats", rules.seats, 1, people - rules.seats)
    model.model.add(total == rules.seats - fewer + more)
    model.model.add_bool_or([limit.moved.negated() for limit in model.movables])
