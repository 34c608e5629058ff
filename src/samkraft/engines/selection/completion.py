"""Fills the open seats of a panel from those who wait, so that the limits move as little as possible."""

from __future__ import annotations

import math
from collections import Counter

from ortools.sat.python import cp_model

from .model import Floor, Rules
from .tallies import Key, points_of, tally_of


def best_completion(rules: Rules, panel: Counter[Key], others: Counter[Key], more: int) -> Counter[Key]:
    """Of the others, as many `more` people as make the limits move least: an exact search over whole people."""
    return _Completion(rules, panel, others, more).solved()


class _Completion:
    """The search as a model: how many of each kind are taken, and how much each limit moves for it."""

    def __init__(self, rules: Rules, panel: Counter[Key], others: Counter[Key], more: int) -> None:
        self.rules, self.panel, self.more = rules, panel, more
        self.tally = tally_of(rules, panel)
        self.size = panel.total() + more
        self.model = cp_model.CpModel()
        self.taken = {key: self.model.new_int_var(0, min(count, more), "") for key, count in others.items()}
        self.moves: list[cp_model.IntVar] = []
        self.model.add(cp_model.LinearExpr.sum(list(self.taken.values())) == more)
        self._add_quotas()
        self._add_caps()
        # A floor moved counts as one; among equals the panel is best whose mean falls short least.
        short, most_short = self._add_floor(rules.floor) if rules.floor else (0, 0)
        self.model.minimize((most_short + 1) * cp_model.LinearExpr.sum(self.moves) + short)

    def solved(self) -> Counter[Key]:
        ran = cp_model.CpSolver()
        ran.parameters.num_workers = 1  # the same answer each time
        ran.parameters.catch_sigint_signal = False
        status = ran.solve(self.model)
        assert status == cp_model.OPTIMAL, "every limit can move, so there is a least"
        return Counter({key: ran.value(count) for key, count in self.taken.items() if ran.value(count)})

    def _move(self, most: int) -> cp_model.IntVar:
        self.moves.append(self.model.new_int_var(0, most, ""))
        return self.moves[-1]

    def _with_value(self, place: int, value: str) -> cp_model.LinearExprT:
        """How many people with this value the full panel has."""
        added = cp_model.LinearExpr.sum([count for key, count in self.taken.items() if key[place] == value])
        return self.tally[self.rules.columns[place], value] + added

    def _add_quotas(self) -> None:
        for quota in self.rules.quotas:
            count = self._with_value(self.rules.columns.index(quota.feature), quota.value)
            self.model.add(count >= quota.minimum - self._move(quota.minimum))
            self.model.add(count <= quota.maximum + self._move(self.size))

    def _add_caps(self) -> None:
        for cap in self.rules.caps:
            place = self.rules.columns.index(cap.feature)
            up = self._move(self.size)
            for value in {key[place] for key in (*self.panel, *self.taken)} - {""}:
                self.model.add(self._with_value(place, value) <= cap.at_most + up)

    def _add_floor(self, floor: Floor) -> tuple[cp_model.IntVar, int]:
        """By how many points, in whole numbers, the panel falls short, and how many these can be at most."""
        place = self.rules.columns.index(floor.feature)
        wanted = floor.mean * self.size - points_of(self.rules, floor, self.panel)
        each = {key: floor.points[key[place]] for key in self.taken}
        scale = math.lcm(wanted.denominator, *(points.denominator for points in each.values()))
        most = max(0, int(scale * (wanted - self.more * min(each.values()))))
        short = self.model.new_int_var(0, most, "")
        whole = [int(points * scale) for points in each.values()]
        gained = cp_model.LinearExpr.weighted_sum(list(self.taken.values()), whole)
        self.model.add(gained + short >= int(wanted * scale))
        self.model.add(short <= most * self._move(1))
        return short, most
