"""Dates to answer by, and which limits people keep. Plain values, no database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from samkraft.engines.selection import Rules, Step
from samkraft.engines.selection.replacement import Entry, relaxed

LAST_MINUTE = time(23, 59)
MEAN = "mean"

Features = Mapping[str, str]


def answer_by(now: datetime, days: int, zone: str) -> datetime:
    """The last minute of the day, so many days after today, by the clock of the zone.

    >>> from datetime import UTC
    >>> answer_by(datetime(2026, 3, 20, 23, 30, tzinfo=UTC), 10, "Europe/Stockholm").isoformat()
    '2026-03-31T23:59:00+02:00'
    """
    clock = ZoneInfo(zone)
    return datetime.combine(now.astimezone(clock).date() + timedelta(days=days), LAST_MINUTE, tzinfo=clock)


@dataclass(frozen=True)
class Held:
    """One limit, and how it stands with some people. `count` is how many have the value, `mean` the floor's mean.

    `side` is "quota", "cap" (count: of the value that most people have) or "floor".
    """

    feature: str
    value: str
    side: str
    count: int = 0
    minimum: int = 0
    maximum: int | None = None
    mean: Fraction | None = None
    least_mean: Fraction | None = None

    @property
    def gap(self) -> Fraction:
        """How far the people are from keeping the limit; 0 when they keep it."""
        if self.side == "floor":
            return max(Fraction(), (self.least_mean or Fraction()) - self.mean) if self.mean is not None else Fraction()
        above = 0 if self.maximum is None else self.count - self.maximum
        return Fraction(max(0, above, self.minimum - self.count))

    @property
    def holds(self) -> bool:
        return not self.gap


def held(rules: Rules, people: Sequence[Features]) -> list[Held]:
    """Every limit of the rules, in their order, with how these people keep it. The number of seats is not looked at."""
    tally = Counter((name, value) for person in people for name, value in person.items())
    found = [Held(q.feature, q.value, "quota", tally[q.feature, q.value], q.minimum, q.maximum) for q in rules.quotas]
    for cap in rules.caps:
        most = max((count for (name, value), count in tally.items() if name == cap.feature and value), default=0)
        found.append(Held(cap.feature, "", "cap", most, 0, cap.at_most))
    if rules.floor is not None:
        points = [rules.floor.points[person.get(rules.floor.feature, "")] for person in people]
        mean = sum(points, Fraction()) / len(points) if points else None
        found.append(Held(rules.floor.feature, "", "floor", mean=mean, least_mean=rules.floor.mean))
    return found


def broken(before: Sequence[Held], after: Sequence[Held]) -> list[Held]:
    """Of the limits after a change, those that are broken by more than before it."""
    return [new for old, new in zip(before, after, strict=True) if new.gap > old.gap]


def steps_to_hold(
    rules: Rules, people: Sequence[Features], *, more: int = 0
) -> tuple[tuple[Step, ...], Fraction | None]:
    """How far the limits have to move for these people to keep them, and the mean that the floor has to come down to.

    With `more`, so many people may still come to those, so that a minimum that they can reach does not move.
    """
    steps: list[Step] = []
    mean = None
    for limit in held(rules, people):
        if limit.side == "floor":
            mean = None if limit.holds or more else limit.mean
        elif limit.side == "quota" and limit.count + more < limit.minimum:
            steps.append(Step(limit.feature, limit.value, "minimum", limit.minimum, limit.count + more))
        elif limit.maximum is not None and limit.count > limit.maximum:
            side = "cap" if limit.side == "cap" else "maximum"
            steps.append(Step(limit.feature, limit.value, side, limit.maximum, limit.count))
    return tuple(steps), mean


def moved(rules: Rules, steps: Sequence[Step], mean: Fraction | None) -> Rules:
    """The rules with limits moved. A limit that is wider already stays, in whichever order moves are made."""
    wider = tuple(step for step in steps if _widens(rules, step))
    if rules.floor is None or (mean is not None and mean >= rules.floor.mean):
        mean = None
    return relaxed(rules, Entry("", 0, wider, mean))


def _widens(rules: Rules, step: Step) -> bool:
    if step.side == "cap":
        return any(cap.feature == step.feature and cap.at_most < step.new for cap in rules.caps)
    same = [quota for quota in rules.quotas if (quota.feature, quota.value) == (step.feature, step.value)]
    if step.side == "maximum":
        return any(quota.maximum < step.new for quota in same)
    return step.side == "minimum" and any(quota.minimum > step.new for quota in same)


def as_data(steps: Sequence[Step], mean: Fraction | None, floor: Fraction | None) -> list[dict[str, Any]]:
    """Steps as they are kept; the floor's mean is one more, in fractions such as "7/2"."""
    kept: list[dict[str, Any]] = [
        {"feature": step.feature, "value": step.value, "side": step.side, "old": step.old, "new": step.new}
        for step in steps
    ]
    if mean is not None:
        kept.append({"feature": "", "value": "", "side": MEAN, "old": str(floor), "new": str(mean)})
    return kept


def from_data(kept: Sequence[Mapping[str, Any]]) -> tuple[tuple[Step, ...], Fraction | None]:
    """The steps and the mean that were kept."""
    steps = tuple(
        Step(step["feature"], step["value"], step["side"], step["old"], step["new"])
        for step in kept
        if step["side"] != MEAN
    )
    means = [Fraction(step["new"]) for step in kept if step["side"] == MEAN]
    return steps, means[-1] if means else None
