"""Who takes part in the selection of a call, and by which rules: what the engine of fair selection is given."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samkraft.engines.selection import Cap, Floor, Pool, Quota, Rules, pool_of

from ..models import Application, ApplicationState, Call, Draw, Merit
from ..rules.features import UNKNOWN, class_of, tier_midpoints
from . import features, merit
from .features import MUNICIPALITY, Feature

LEAST_POINTS = Decimal(1)
# The column that a floor for the mean goes by: tiers of points, each of which stands for its middle.
MOTIVATION = "motivation"
TIERS = 5
Values = dict[str, str]


@dataclass(frozen=True)
class Targets:
    """What an organiser sets: places, limits by feature and value as (at least, at most), and what else limits.

    A most of None is no limit. `points` is the threshold or the floor, where the call has one.
    """

    seats: int
    limits: Mapping[tuple[str, str], tuple[int, int | None]] = field(default_factory=dict)
    cap: int | None = None
    points: Decimal | None = None

    def limit(self, feature: str, value: str) -> tuple[int, int | None]:
        return self.limits.get((feature, value), (0, None))


@dataclass(frozen=True)
class Candidates:
    """The applications that were sent in, each with what it has of every feature, and its points.

    Samples and what was withdrawn are not among them; `excluded` says how many the organiser does not take up.
    """

    call: Call
    features: list[Feature]
    values: dict[int, Values]
    points: dict[int, Decimal]
    excluded: int

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def unscored(self) -> int:
        """How many have no points although points count."""
        if self.call.merit == Merit.NONE:
            return 0
        return sum(application not in self.points for application in self.values)

    def taking_part(self, targets: Targets) -> list[int]:
        """The applications in the pool, by their ids, in the order in which they were begun.

        Who does not reach the threshold is not among them; nor, where nothing can be said without them, is who has
        no points yet.
        """
        if self.call.merit == Merit.THRESHOLD and targets.points is not None:
            return [pk for pk in self.values if self.points.get(pk, Decimal(0)) >= targets.points]
        if self.call.merit == Merit.FLOOR:
            return [pk for pk in self.values if pk in self.points]
        return list(self.values)

    def below(self, targets: Targets) -> int:
        """How many have points, but not enough of them."""
        if self.call.merit != Merit.THRESHOLD or targets.points is None:
            return 0
        return sum(self.points[pk] < targets.points for pk in self.values if pk in self.points)

    def counts(self, applications: Iterable[int]) -> dict[str, Counter[str]]:
        """How many of the applications have each value, by feature."""
        counted: dict[str, Counter[str]] = {feature.key: Counter() for feature in self.features}
        for pk in applications:
            for feature in self.features:
                counted[feature.key][self.values[pk][feature.key]] += 1
        return counted


def candidates_of(call: Call) -> Candidates:
    """Everybody who applied, as far as selection asks. The number of queries does not hang on how many they are."""
    rows = Application.objects.in_call(call).real()
    sent = list(rows.submitted().only("pk", "call_id", "place_id", "role", "sector").order_by("pk"))
    known = features.features_of(call)
    values = features.values_by_application(call, sent, [feature.criterion for feature in known])
    points = merit.points_of(call) if call.merit != Merit.NONE else {}
    if call.merit == Merit.FLOOR:
        bounds = floor_bounds(call)
        for pk, own in values.items():
            own[MOTIVATION] = class_of(points.get(pk), bounds)
    excluded = rows.filter(state=ApplicationState.EXCLUDED).count()
    return Candidates(call, known, values, points, excluded)


def targets_of(call: Call, known: Iterable[Feature]) -> Targets:
    """What is set now."""
    limits = {
        (feature.key, value): (feature.limits[value].minimum, feature.limits[value].maximum)
        for feature in known
        for value, _word in feature.values
        if value in feature.limits
    }
    return Targets(call.seats, limits, call.municipality_cap, call.merit_threshold)


def without_limits(targets: Targets) -> Targets:
    return replace(targets, limits={}, cap=None)


def pool_from(candidates: Candidates, targets: Targets) -> Pool:
    """The pool as the engine takes it, its ids those of the applications."""
    members = candidates.taking_part(targets)
    return _pool({str(pk): candidates.values[pk] for pk in members}, _columns(candidates))


def _columns(candidates: Candidates) -> list[str]:
    floor = [MOTIVATION] if candidates.call.merit == Merit.FLOOR else []
    return list(dict.fromkeys([*(feature.key for feature in candidates.features), MUNICIPALITY, *floor]))


def _pool(values: Mapping[str, Values], columns: Iterable[str]) -> Pool:
    return pool_of(list(values), {name: [own.get(name, "") for own in values.values()] for name in columns})


def rules_from(candidates: Candidates, targets: Targets) -> Rules:
    """The rules as the engine takes them. A feature without any limit is left out; a value without one has 0 to all."""
    counts = candidates.counts(candidates.taking_part(targets))
    quotas: list[Quota] = []
    for feature in candidates.features:
        named = [value for value, _word in feature.values]
        values = [*named, *sorted(set(counts[feature.key]) - set(named))]
        limits = [targets.limit(feature.key, value) for value in values]
        if any(least > 0 or (most is not None and most < targets.seats) for least, most in limits):
            quotas += [
                Quota(feature.key, value, least, targets.seats if most is None else min(most, targets.seats))
                for value, (least, most) in zip(values, limits, strict=True)
            ]
    caps = () if targets.cap is None else (Cap(MUNICIPALITY, targets.cap),)
    return Rules(targets.seats, tuple(quotas), caps, _floor(candidates.call, targets))


def _floor(call: Call, targets: Targets) -> Floor | None:
    if call.merit != Merit.FLOOR or targets.points is None:
        return None
    points = tier_midpoints(floor_bounds(call), LEAST_POINTS, merit.highest_points(merit.scales_of(call)))
    return Floor(MOTIVATION, points, Fraction(targets.points))


def floor_bounds(call: Call) -> list[Decimal]:
    """The tiers by whose middles a mean is taken: the call's own, or else five as wide as each other."""
    own = features.merit_bounds(call)
    if own:
        return own
    width = (merit.highest_points(merit.scales_of(call)) - LEAST_POINTS) / TIERS
    return [LEAST_POINTS + width * number for number in range(1, TIERS)]


def rules_of(call: Call) -> Rules:
    """The rules of the call: those that were committed to, once they are; before, those that stand in its limits."""
    draw = call.draws.standing().exclude(limits={}).first()
    if draw is not None:
        return rules_of_draw(draw)
    candidates = candidates_of(call)
    return rules_from(candidates, targets_of(call, candidates.features))


def missing(candidates: Candidates, targets: Targets) -> list[str]:
    """Why nobody can be selected yet, one sentence each: what is missing of the points."""
    call, found = candidates.call, []
    if candidates.unscored:
        found.append(
            ngettext(
                "%(count)d application has no points yet, although points count. Let it be reviewed, or do not take "
                "it up.",
                "%(count)d applications have no points yet, although points count. Let them be reviewed, or do not "
                "take them up.",
                candidates.unscored,
            )
            % {"count": candidates.unscored}
        )
    if call.merit in {Merit.THRESHOLD, Merit.FLOOR} and targets.points is None:
        found.append(_("Say how many points are needed."))
    return found


# --- What a draw was made of ----------------------------------------------------------------------------------------


def rules_as_data(rules: Rules) -> dict[str, Any]:
    """The rules as a draw keeps them; fractions are texts such as "7/2"."""
    floor = rules.floor and {
        "feature": rules.floor.feature,
        "mean": str(rules.floor.mean),
        "points": {value: str(points) for value, points in rules.floor.points.items()},
    }
    return {
        "seats": rules.seats,
        "quotas": [[quota.feature, quota.value, quota.minimum, quota.maximum] for quota in rules.quotas],
        "caps": [[cap.feature, cap.at_most] for cap in rules.caps],
        "floor": floor,
    }


def rules_of_draw(draw: Draw) -> Rules:
    """The rules that the draw was begun with."""
    kept = draw.limits["rules"]
    floor = kept["floor"] and Floor(
        kept["floor"]["feature"],
        {value: Fraction(points) for value, points in kept["floor"]["points"].items()},
        Fraction(kept["floor"]["mean"]),
    )
    return Rules(
        kept["seats"],
        tuple(Quota(*quota) for quota in kept["quotas"]),
        tuple(Cap(*cap) for cap in kept["caps"]),
        floor or None,
    )


def pool_of_draw(draw: Draw) -> Pool:
    """The pool that the draw was begun with, by the public ids; who was erased since is not in it."""
    rows = draw.pool.exclude(features={}).values_list("public_id", "features")
    return _pool(dict(rows), rules_of_draw(draw).columns)


def tally(values: Iterable[Values], known: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many of these have each value, by feature, as it is kept."""
    counted: dict[str, Counter[str]] = {key: Counter() for key in known}
    for own in values:
        for key, counts in counted.items():
            counts[own.get(key, UNKNOWN)] += 1
    return {key: dict(counts) for key, counts in counted.items()}
