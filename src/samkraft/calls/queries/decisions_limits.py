"""How the limits stand with those who have places, and who could come in from the waiting list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from samkraft.engines.selection import Rules, pool_of
from samkraft.engines.selection.replacement import Entry, Replacement, replacement

from ..models import Call, Decision, Draw, DrawState, ManualChange, Outcome, PoolMember, Reply
from ..rules import decisions as limits
from .pool import rules_of_draw

Features = dict[str, str]


def standing_draw(call: Call) -> Draw | None:
    """The draw that decided, or None before it."""
    return call.draws.standing().filter(state=DrawState.DRAWN).first()


def features_in_draw(draw: Draw, applications: Collection[int] | None = None) -> dict[int, Features]:
    """What each application was in the draw, by its id: answers that were changed since do not matter. One query."""
    members = PoolMember.objects.filter(draw=draw, application__isnull=False)
    if applications is not None:
        members = members.filter(application__in=applications)
    return {row[0]: row[1] for row in members.values_list("application_id", "features") if row[0] and row[1]}


@dataclass
class Standing:
    """Who has a place, who waits and which places are free, with the limits that apply now.

    `rules` are those of the draw (`drawn_by`), moved as far as people have decided: by a change of an outcome before
    the announcement, by a relaxation, or by leaving a place empty. `free` holds who gave their place up, the first
    first.
    """

    call: Call
    rules: Rules
    features: dict[int, Features]
    holding: list[Decision]
    waiting: list[Decision]
    free: list[Decision]
    drawn_by: Rules = field(init=False)

    def __post_init__(self) -> None:
        self.drawn_by = self.rules

    def people(self, decisions: Sequence[Decision]) -> list[Features]:
        return [self.features.get(decision.application_id, {}) for decision in decisions]

    def next_entry(self) -> Replacement:
        """Who is the next to come in, told by the applications' ids. There have to be a free place and a waiter.

        Where the free places cannot all be filled so that the limits hold, one of them can still be, if only what the
        others leave short is short then: a place that waits for a decision does not hold up those after it.
        """
        # Places for which nobody waits stay empty, and no limit can be held against that.
        all_filled = self._replacement(self.rules, min(len(self.free), len(self.waiting)))
        others = len(self.free) - 1
        if all_filled.entry is not None or not others:
            return all_filled
        short = tuple(replace(quota, minimum=max(0, quota.minimum - others)) for quota in self.rules.quotas)
        one_filled = self._replacement(replace(self.rules, quotas=short), 1)
        return one_filled if one_filled.entry is not None else all_filled

    def _replacement(self, rules: Rules, seats: int) -> Replacement:
        people = [*self.holding, *self.waiting]
        ids = [str(decision.application_id) for decision in people]
        columns = {name: [person.get(name, "") for person in self.people(people)] for name in rules.columns}
        split = len(self.holding)
        return replacement(ids[:split], ids[split:], pool_of(ids, columns), replace(rules, seats=split + seats))

    def waiter(self, entry: Entry) -> Decision:
        return self.waiting[entry.place - 1]

    def enter(self, decision: Decision) -> Decision:
        """Take somebody from the list in; returns whose place it was."""
        self.waiting.remove(decision)
        self.holding.append(decision)
        return self.free.pop(0)

    def move(self, steps: Sequence[limits.Step], mean: Fraction | None) -> None:
        self.rules = limits.moved(self.rules, steps, mean)


def standing(call: Call) -> Standing | None:
    """How places and limits stand now; None before the draw. Lock the call first when something is to follow."""
    draw = standing_draw(call)
    if draw is None:
        return None
    found_rows = Decision.objects.filter(call=call).select_related("application__place", "application__actor")
    rows = list(found_rows.defer("application__place__outline", "application__working"))
    features = features_in_draw(draw)
    free = [row for row in rows if _is_free(row)]
    found = Standing(
        call,
        rules_of_draw(draw),
        features,
        holding=[
            row for row in rows if row.outcome == Outcome.PLACE and row.reply not in {Reply.DECLINED, Reply.EXPIRED}
        ],
        waiting=[row for row in rows if _can_enter(row, features)],
        free=sorted(free, key=lambda row: (row.replied_at is None, row.replied_at, row.pk)),
    )
    _move_as_decided(found, rows)
    return found


def _is_free(row: Decision) -> bool:
    gone = row.outcome == Outcome.PLACE and row.reply in {Reply.DECLINED, Reply.EXPIRED}
    return gone and row.replaced_by_id is None and not row.relaxation


def _can_enter(row: Decision, features: dict[int, Features]) -> bool:
    waits = row.outcome == Outcome.WAITLIST and row.reply == Reply.NONE
    return waits and row.application.erased_at is None and row.application_id in features


def _move_as_decided(found: Standing, rows: Sequence[Decision]) -> None:
    """What people changed by hand before the announcement moved limits, and so did every relaxation after it."""
    if ManualChange.objects.filter(decision__call=found.call).exists():
        announced = [row for row in rows if row.outcome == Outcome.PLACE and not row.offered_from_waitlist]
        known = [found.features[row.application_id] for row in announced if row.application_id in found.features]
        # Of who is erased nothing is known: they may have had any value, so no minimum moves on their account.
        found.move(*limits.steps_to_hold(found.rules, known, more=len(announced) - len(known)))
    for row in rows:
        if row.relaxed_limits:
            found.move(*limits.from_data(row.relaxed_limits))
