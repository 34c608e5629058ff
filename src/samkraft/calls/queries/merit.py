"""The points of applications: what the reviewers' scores come to."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from ..models import Call, ReviewState, Scale, Score

HUNDREDTH = Decimal("0.01")


def scales_of(call: Call) -> list[Scale]:
    return list(call.scales.all())


def highest_points(scales: Iterable[Scale]) -> Decimal:
    """The most points that an application can have: the weighted mean of each scale's highest; the least is 1."""
    known = list(scales)
    weight = sum((scale.weight for scale in known), Decimal(0))
    if not known:
        return Decimal(5)
    return sum((scale.weight * scale.highest for scale in known), Decimal(0)) / weight


def points_by_review(call: Call, *, samples: bool = False) -> dict[int, dict[int, Decimal]]:
    """For each application the points that each reviewer gives it: the weighted mean over the call's scales.

    Keys are the ids of application and reviewer. A review counts when it is done and every scale has points.
    """
    weights = {scale.pk: scale.weight for scale in scales_of(call)}
    rows = Score.objects.filter(
        review__application__call=call, review__application__is_sample=samples, review__state=ReviewState.DONE
    ).values_list("review__application_id", "review__reviewer_id", "scale_id", "points")
    given: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for application, reviewer, scale, points in rows:
        given[application, reviewer][scale] = points
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    total = sum(weights.values(), Decimal(0))
    for (application, reviewer), points_of in given.items():
        if weights and points_of.keys() >= weights.keys():
            whole = sum((weights[scale] * points_of[scale] for scale in weights), Decimal(0))
            found[application][reviewer] = whole / total
    return dict(found)


def points_of(call: Call) -> dict[int, Decimal]:
    """Each reviewed application's points, by its id: the mean over its reviewers, to a hundredth."""
    return {application: mean(by_reviewer.values()) for application, by_reviewer in points_by_review(call).items()}


def mean(points: Iterable[Decimal]) -> Decimal:
    known = list(points)
    return (sum(known, Decimal(0)) / len(known)).quantize(HUNDREDTH, ROUND_HALF_UP)
