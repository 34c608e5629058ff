"""Who takes the seat of somebody who declines: the first on the waitlist whose entry keeps all limits.

With one seat open, entry is possible where all limits hold with the person in. With several, where the seats still
open can be filled by others on the waitlist so that all limits hold. Where nobody's entry is possible, what would have
to move for each of them is told, so that the organiser can choose a stated relaxation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from .model import Pool, Rules, Step
from .tallies import Key, points_of, tally_of


@dataclass(frozen=True, slots=True)
class Entry:
    """What has to move so that somebody can enter: nothing, where no limit stands in the way.

    `place` on the waitlist counts from 1. `steps` are limits moved, `mean` what the floor would have to be lowered to
    (None where it holds), `size` how much moves in sum, the floor counted as one.
    """

    id: str
    place: int
    steps: tuple[Step, ...] = ()
    mean: Fraction | None = None

    @property
    def possible(self) -> bool:
        """Whether all limits can be kept."""
        return not self.steps and self.mean is None

    @property
    def size(self) -> int:
        """How much moves in sum."""
        return sum(abs(step.new - step.old) for step in self.steps) + (self.mean is not None)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who enters, and who could not though they stand before them, with what stands in their way.

    Where nobody enters, `relaxations` holds what would have to move, least first and then in the order of the
    waitlist; of people who have the same in all columns of the rules only the first stands there.
    """

    entry: Entry | None
    passed_over: tuple[Entry, ...]
    relaxations: tuple[Entry, ...]


def replacement(
    seated: Sequence[str], waitlist: Sequence[str], pool: Pool, rules: Rules, *, leaving: Collection[str] = ()
) -> Replacement:
    """Who is the next to take an open seat; call it again with that person seated for the next open one.

    `seated` are the ids of those who have a seat, or an offer that they have not answered; those of `leaving` give
    theirs up. `waitlist` are the ids of those who can still be asked, the first to be asked first. Seats that earlier
    departures left open count as open. Raises ValueError when no seat is open, an id is unknown, or somebody is
    seated and waits.
    """
    kept = [identity for identity in seated if identity not in leaving]
    _check_ids(kept, seated, waitlist, rules, leaving)
    keys = _keys([*kept, *waitlist], pool, rules)
    search = _Search(rules, Counter(keys[identity] for identity in kept), Counter(keys[i] for i in waitlist))
    found: dict[Key, Entry] = {}
    passed: list[Entry] = []
    for place, identity in enumerate(waitlist, 1):
        key = keys[identity]
        if key not in found:
            steps, mean = search.obstacles(key)
            found[key] = Entry(identity, place, steps, mean)
        entry = replace(found[key], id=identity, place=place)
        if entry.possible:
            return Replacement(entry, tuple(passed), ())
        passed.append(entry)
    relaxations = sorted(found.values(), key=lambda entry: (entry.size, len(entry.steps), entry.place))
    return Replacement(None, tuple(passed), tuple(relaxations))


def relaxed(rules: Rules, entry: Entry) -> Rules:
    """The rules with the limits moved as an entry needs it."""
    moved = {(step.feature, step.value, step.side): step.new for step in entry.steps}
    return replace(
        rules,
        seats=moved.get(("", "", "seats"), rules.seats),
        quotas=tuple(
            replace(
                quota,
                minimum=moved.get((quota.feature, quota.value, "minimum"), quota.minimum),
                maximum=moved.get((quota.feature, quota.value, "maximum"), quota.maximum),
            )
            for quota in rules.quotas
        ),
        caps=tuple(replace(cap, at_most=moved.get((cap.feature, "", "cap"), cap.at_most)) for cap in rules.caps),
        floor=replace(rules.floor, mean=entry.mean) if rules.floor and entry.mean is not None else rules.floor,
    )


def _check_ids(
    kept: Sequence[str], seated: Sequence[str], waitlist: Sequence[str], rules: Rules, leaving: Collection[str]
) -> None:
    if unseated := [identity for identity in leaving if identity not in seated]:
        raise ValueError(f"{unseated[0]} has no seat to leave.")
    if len(kept) >= rules.seats:
        raise ValueError("No seat is open.")
    if len({*kept, *waitlist}) != len(kept) + len(waitlist):
        raise ValueError("Each person may be seated or wait once only.")


def _keys(ids: Sequence[str], pool: Pool, rules: Rules) -> Mapping[str, Key]:
    """What these people have in the columns of the rules."""
    wanted = set(ids)
    columns = [pool.columns[name] for name in rules.columns]
    keys = {
        identity: tuple(column.values[column.codes[person]] for column in columns)
        for person, identity in enumerate(pool.ids)
        if identity in wanted
    }
    if unknown := [identity for identity in ids if identity not in keys]:
        raise ValueError(f"{unknown[0]} is not in the pool.")
    return keys


class _Search:
    """Looks for the panel with the least moved, given those who keep their seats and those who wait, by their keys."""

    def __init__(self, rules: Rules, kept: Counter[Key], waiting: Counter[Key]) -> None:
        self.rules = rules
        self.kept = kept
        self.waiting = waiting
        self.open = rules.seats - kept.total()

    def obstacles(self, key: Key) -> tuple[tuple[Step, ...], Fraction | None]:
        """What has to move so that somebody with this key can enter: steps, and the mean that the floor can have."""
        panel, others = self.kept + Counter([key]), self.waiting - Counter([key])
        more = min(self.open - 1, others.total())
        if more:
            panel += self._best(panel, others, more)
        return self._obstacles_of(panel)

    def _obstacles_of(self, panel: Counter[Key]) -> tuple[tuple[Step, ...], Fraction | None]:
        rules, tally = self.rules, tally_of(self.rules, panel)
        size = panel.total()
        steps = [] if size == rules.seats else [Step("", "", "seats", rules.seats, size)]
        for quota in rules.quotas:
            count = tally[quota.feature, quota.value]
            if count < quota.minimum:
                steps.append(Step(quota.feature, quota.value, "minimum", quota.minimum, count))
            elif count > quota.maximum:
                steps.append(Step(quota.feature, quota.value, "maximum", quota.maximum, count))
        for cap in rules.caps:
            most = max((count for (name, value), count in tally.items() if name == cap.feature and value), default=0)
            if most > cap.at_most:
                steps.append(Step(cap.feature, "", "cap", cap.at_most, most))
        mean = None
        if rules.floor and (found := points_of(rules, rules.floor, panel) / size) < rules.floor.mean:
            mean = found
        return tuple(steps), mean

    def _best(self, panel: Counter[Key], others: Counter[Key], more: int) -> Counter[Key]:
        """Of the others, as many `more` people as make the limits move least: an exact search over whole people."""
        # The solver takes seconds to import, and is needed only where several seats are open at once.
        from .completion import best_completion

        return best_completion(self.rules, panel, others, more)
