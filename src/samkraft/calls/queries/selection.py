"""What limits mean for a call's applicants: whether they can be kept, what they cost, and what could be changed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from samkraft.engines.selection import (
    Change,
    NoPanel,
    ProblemCode,
    Rules,
    Step,
    WhatIf,
    feasibility,
    problems,
    type_table,
    what_if,
)
from samkraft.ui import numbers

from ..models import Application, Call, Draw, DrawState, PoolMember
from .features import Feature
from .pool import Candidates, Targets, missing, pool_from, rules_from
from .selection_words import Words, in_hundred

MOST_PRICES = 5
_WIDER = {
    "maximum": gettext_lazy("with one more: the least chance is %(chance)s"),
    "minimum": gettext_lazy("with one fewer: the least chance is %(chance)s"),
}
WORTH_NAMING = 0.0005
MOST_PLACES = 100_000
# Told by what is missing of the points, in better words, or by the form.
_SAID_ELSEWHERE = {ProblemCode.VALUE_WITHOUT_POINTS, ProblemCode.VALUE_WITHOUT_QUOTA, ProblemCode.REPEATED_QUOTA}
_WITHOUT_A_WAY = {ProblemCode.NO_SEATS, ProblemCode.CAP_BELOW_ONE, ProblemCode.UNKNOWN_COLUMN, ProblemCode.NEGATIVE}


@dataclass(frozen=True)
class Way:
    """A smallest change that makes the limits possible, as a sentence, and as the steps that a button sends."""

    sentence: str
    steps: str


@dataclass(frozen=True)
class Row:
    """One value of a feature: how many applicants have it, its limits, how many of them to expect, what they cost.

    `number` is its place among the feature's values, None for one that the organiser did not name and cannot limit.
    """

    number: int | None
    value: str
    word: str
    applicants: int
    minimum: int
    maximum: int | None
    expected: float | None
    cost: str


@dataclass(frozen=True)
class Group:
    """A feature with its values."""

    feature: Feature
    rows: list[Row]


@dataclass(frozen=True)
class Outlook:
    """What can be said at once of some targets. Chances are from 0 to 1, None where they cannot be told.

    `possible` tells whether a panel keeps all limits, of whole people; `missing` what stands in the way of any
    selection, `problems` what is wrong with the limits, `ways` how to mend them.
    """

    targets: Targets
    applicants: int
    taking_part: int
    below: int
    without_limits: float | None
    least: float | None
    possible: bool
    missing: list[str]
    problems: list[str]
    ways: list[Way]
    prices: list[str]
    groups: list[Group] = field(default_factory=list)

    @property
    def is_short(self) -> bool:
        """Whether fewer take part than there are places."""
        return 0 < self.taking_part < self.targets.seats

    @property
    def fewer_places(self) -> str:
        """What a button sends that lowers the places to those who take part."""
        return steps_as_text([Step("", "", "seats", self.targets.seats, self.taking_part)])

    @property
    def least_in_words(self) -> str:
        return "" if self.least is None else in_hundred(self.least)

    @property
    def without_in_words(self) -> str:
        return "" if self.without_limits is None else in_hundred(self.without_limits)

    @property
    def costs(self) -> bool:
        """Whether the limits together cost the least likely applicant anything worth naming."""
        if self.least is None or self.without_limits is None:
            return False
        return self.without_limits - self.least >= WORTH_NAMING


def outlook(candidates: Candidates, targets: Targets) -> Outlook:
    """Compute what the targets mean. No query but those that words need; milliseconds for some hundred applicants."""
    members = candidates.taking_part(targets)
    pool, rules = pool_from(candidates, targets), rules_from(candidates, targets)
    words = Words(candidates.features)
    table = type_table(pool, rules) if members else None
    found = [problem for problem in problems(pool, rules) if members and problem.code not in _SAID_ELSEWHERE]
    outcome: WhatIf | None = None
    possible, ways = False, []
    if table is not None and not any(problem.code in _WITHOUT_A_WAY for problem in found):
        if not found:
            outcome = _what_if(table, rules)
        kept = feasibility(table, rules)
        possible, ways = kept.possible, [_way(change, words) for change in kept.changes]
    expected = _expected(table, outcome, rules)
    costs = {(price.feature, price.value, price.side): price.price for price in outcome.prices} if outcome else {}
    counts = candidates.counts(members)
    return Outlook(
        targets=targets,
        applicants=len(candidates),
        taking_part=len(members),
        below=candidates.below(targets),
        without_limits=min(targets.seats / len(members), 1.0) if members else None,
        least=outcome.least if outcome is not None and possible else None,
        possible=possible,
        missing=missing(candidates, targets),
        problems=[words.problem(problem) for problem in found],
        ways=ways,
        prices=[words.price(price, outcome.least) for price in outcome.prices[:MOST_PRICES]] if outcome else [],
        groups=[
            _group(feature, counts[feature.key], targets, expected, outcome.least if outcome else 0.0, costs)
            for feature in candidates.features
        ],
    )


def _what_if(table: Any, rules: Rules) -> WhatIf | None:
    try:
        return what_if(table, rules)
    except NoPanel:
        return None


def _expected(table: Any, outcome: WhatIf | None, rules: Rules) -> dict[tuple[str, str], float]:
    """How many of those chosen have each value of the features with limits, on average."""
    found: dict[tuple[str, str], float] = {}
    if outcome is None:
        return found
    for key, people in zip(table.keys, (outcome.chances * table.counts).tolist(), strict=True):
        for name, value in zip(rules.columns, key, strict=True):
            found[name, value] = found.get((name, value), 0.0) + people
    return found


def _group(
    feature: Feature,
    counts: Any,
    targets: Targets,
    expected: dict[tuple[str, str], float],
    lowest: float,
    costs: dict[tuple[str, str, str], float],
) -> Group:
    named = [value for value, _word in feature.values]
    rows = []
    for number, value in enumerate([*named, *sorted(set(counts) - set(named))]):
        least, most = targets.limit(feature.key, value)
        rows.append(
            Row(
                number=number if number < len(named) else None,
                value=value,
                word=feature.word(value),
                applicants=counts[value],
                minimum=least,
                maximum=most,
                expected=expected.get((feature.key, value)),
                cost=_cost(feature.key, value, lowest, costs),
            )
        )
    return Group(feature, rows)


def _cost(feature: str, value: str, least: float, costs: dict[tuple[str, str, str], float]) -> str:
    """What a limit costs, short enough to stand beside it: the least chance if it were one wider."""
    for side, words in _WIDER.items():
        gain = costs.get((feature, value, side), 0.0)
        if gain > 0:
            return str(words) % {"chance": in_hundred(min(1.0, least + gain))}
    return ""


def _way(change: Change, words: Words) -> Way:
    sentences = [words.step(step) for step in change.steps]
    if len(sentences) > 1:
        sentence = _(", and ").join([", ".join(sentences[:-1]), sentences[-1]])
    else:
        sentence = "".join(sentences)
    return Way(f"{sentence[:1].upper()}{sentence[1:]}.", steps_as_text(change.steps))


# --- Steps as a button sends them -----------------------------------------------------------------------------------


def steps_as_text(steps: Sequence[Step]) -> str:
    """Steps as the value of a button."""
    return json.dumps([[step.side, step.new, step.feature, step.value] for step in steps], ensure_ascii=False)


def apply_steps(targets: Targets, text: str, known: Iterable[Feature]) -> Targets:
    """The targets with the steps of a button taken. Raises ValueError for what no button of ours sends."""
    try:
        steps = [(str(side), int(new), str(feature), str(value)) for side, new, feature, value in json.loads(text)]
    except (TypeError, OverflowError, RecursionError) as error:
        raise ValueError("These are no steps.") from error
    if not steps:
        raise ValueError("There are no steps.")
    named = {(feature.key, value) for feature in known for value, _word in feature.values}
    limits, seats, cap = dict(targets.limits), targets.seats, targets.cap
    for side, number, feature, value in steps:
        if not 0 <= number <= MOST_PLACES:
            raise ValueError("There are not so many places.")
        least, most = limits.get((feature, value), (0, None))
        if side == "seats" and number >= 1:
            seats = number
        elif side == "cap" and number >= 1:
            cap = number
        elif side in {"minimum", "maximum"} and (feature, value) in named:
            limits[feature, value] = (number, most) if side == "minimum" else (least, number)
        else:
            raise ValueError("There is no such limit.")
    return Targets(seats, limits, cap, targets.points)


# --- One's own chance -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chance:
    """What an applicant may know of the draw: their own chances, and how to find their own line in its files.

    `optimal` is the chance of the fairest lottery, `drawn` that of the panels that the draw is made from.
    `own` is the command's arguments that check one's own line: the columns with one's own values.
    """

    optimal: float
    drawn: float
    public_id: str
    salt: str
    own: list[str]

    @property
    def in_words(self) -> str:
        return in_hundred(self.drawn)

    @property
    def optimal_in_words(self) -> str:
        return in_hundred(self.optimal)


def chance_of(application: Application) -> Chance | None:
    """The applicant's chance, from the commitment on. For the applicant alone. One query."""
    rows = PoolMember.objects.filter(
        application=application,
        draw__is_test=False,
        draw__state__in=[DrawState.COMMITTED, DrawState.DRAWN],
        drawn__isnull=False,
        optimal__isnull=False,
    )
    member = rows.select_related("draw").order_by("-draw").first()
    if member is None or member.optimal is None or member.drawn is None:
        return None
    columns = member.draw.results.get("leaf_columns", [])
    own = [f"{name}={member.features.get(name, '')}" for name in columns]
    return Chance(member.optimal, member.drawn, member.public_id, member.salt, own)


STEPS = {
    "types": gettext_lazy("Looking who has the same in all that counts."),
    "panels": gettext_lazy("Looking for groups that keep all limits."),
    "mixing": gettext_lazy("Mixing them so that everybody has as good a chance as can be."),
    "rounding": gettext_lazy("Writing a thousand groups down, one of which is drawn."),
}

# --- Draws of a call ------------------------------------------------------------------------------------------------


def standing_draw(call: Call) -> Draw | None:
    """The draw that counts: being computed, committed to, or drawn. One query."""
    return call.draws.standing().select_related("begun_by").first()


def trials_of(call: Call, limit: int = 10) -> list[Draw]:
    return list(call.draws.filter(is_test=True).select_related("begun_by")[:limit])


def earlier_draws(call: Call) -> list[Draw]:
    """Those that failed, were stopped or taken back, the newest first."""
    states = [DrawState.FAILED, DrawState.CANCELLED, DrawState.WITHDRAWN]
    return list(call.draws.real().filter(state__in=states).select_related("begun_by")[:10])


def applicants_in_words(number: int) -> str:
    return ngettext("%(count)s applicant", "%(count)s applicants", number) % {"count": numbers.number(number)}
