"""How well a call's reviewers agree, and where they differ most."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..models import Application, Call, ReviewState, Scale, Score
from ..rules import agreement
from ..rules.agreement import Agreement
from . import merit

DIFFER_SHOWN = 10
DIFFERS = {Agreement.WEAK, Agreement.NONE}
IN_WORDS = {
    Agreement.TOO_FEW: gettext_lazy(
        "Too few applications have been judged by two reviewers to say how well they agree."
    ),
    Agreement.SAME: gettext_lazy("All reviewers have given the same points."),
    Agreement.GOOD: gettext_lazy("The reviewers agree well."),
    Agreement.FAIR: gettext_lazy("The reviewers agree fairly well. Talk through those on which they differ most."),
    Agreement.WEAK: gettext_lazy("The reviewers often differ. Talk through what the points mean before you go on."),
    Agreement.NONE: gettext_lazy(
        "The reviewers agree no more than chance would have it. Talk through what the points mean before you go on."
    ),
}


@dataclass(frozen=True)
class Row:
    """How well the reviewers agree on one scale, or in all. `alpha` and `difference` are None where nobody can say.

    `differing` is of the points in all: on how many scales they often differ although the points in all agree.
    """

    label: str
    standing: Agreement
    alpha: float | None
    difference: float | None
    differing: int = 0

    @property
    def words(self) -> str:
        if not self.differing:
            return str(IN_WORDS[self.standing])
        return ngettext(
            "Summed up the points agree, but on %(number)d scale the reviewers often differ: who gives more there "
            "gives less elsewhere. Talk through what the points mean before you go on.",
            "Summed up the points agree, but on %(number)d scales the reviewers often differ: who gives more there "
            "gives less elsewhere. Talk through what the points mean before you go on.",
            self.differing,
        ) % {"number": self.differing}


@dataclass(frozen=True)
class Differing:
    """An application on which the reviewers differ, by how many points, and the least and the most of them."""

    application: int
    spread: float
    least: Decimal
    most: Decimal
    reviewers: int


def rows_of(call: Call) -> list[Row]:
    """One row a scale and, last, one for the points in all. Three queries."""
    units = _units(call)
    whole = [list(given.values()) for given in merit.points_by_review(call).values()]
    rows = [_row(scale.label, units[scale.pk]) for scale in merit.scales_of(call)]
    return [*rows, _in_all(_row(_("In all"), whole), rows)]


def in_all(call: Call) -> Row:
    """Of the points in all, with what the scales say against it. Three queries."""
    return rows_of(call)[-1]


def _in_all(row: Row, scales: Sequence[Row]) -> Row:
    """The weakest scale decides the words: in the sum, what one reviewer gives more and less can even out."""
    if row.standing == Agreement.TOO_FEW:
        return row
    differing = 0 if row.standing in DIFFERS else sum(scale.standing in DIFFERS for scale in scales)
    return replace(row, standing=agreement.weakest([row.standing, *(s.standing for s in scales)]), differing=differing)


def _row(label: str, units: Sequence[Sequence[int | Decimal]]) -> Row:
    return Row(label, agreement.standing(units), agreement.alpha(units), agreement.mean_difference(units))


def _units(call: Call) -> dict[int, list[list[int]]]:
    """For each scale the points of every application, from reviews that are done."""
    rows = Score.objects.filter(
        review__application__call=call, review__application__is_sample=False, review__state=ReviewState.DONE
    ).values_list("scale_id", "review__application_id", "points")
    by_scale: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for scale, application, points in rows:
        by_scale[scale][application].append(points)
    return defaultdict(list, {scale: list(units.values()) for scale, units in by_scale.items()})


def most_differing(call: Call) -> list[Differing]:
    """The applications on which the reviewers differ most, the most first. Two queries."""
    found = []
    for application, given in merit.points_by_review(call).items():
        points = list(given.values())
        spread = agreement.spread(points)
        if len(points) > 1 and spread > 0:
            found.append(Differing(application, spread, min(points), max(points), len(points)))
    return sorted(found, key=lambda row: (-row.spread, row.application))[:DIFFER_SHOWN]


@dataclass(frozen=True)
class SampleScale:
    """The points that each reviewer gave a sample on one scale, in the order of the reviewers; None where none yet."""

    scale: Scale
    points: list[int | None]

    @property
    def given(self) -> list[int]:
        return [points for points in self.points if points is not None]

    @property
    def differ(self) -> int:
        return max(self.given) - min(self.given) if self.given else 0


@dataclass(frozen=True)
class SampleCompared:
    """One sample: its reviewers, their points on each scale, and their comments beside each other."""

    application: Application
    reviewers: list[str]
    scales: list[SampleScale]
    comments: list[tuple[str, str]]
    is_done_by: int

    @property
    def sentence(self) -> str:
        """Where the reviewers differ most, in words."""
        if self.is_done_by < 2:
            return _("When two reviewers have judged the sample, you see here how their points differ.")
        widest = max(self.scales, key=lambda row: row.differ, default=None)
        if widest is None or widest.differ == 0:
            return _("All have given the same points.")
        words = {"scale": widest.scale.label, "least": min(widest.given), "most": max(widest.given)}
        if widest.differ == 1:
            return _("The points differ by one at most: you understand the scales in the same way.")
        return (
            _("The points differ most on “%(scale)s”: from %(least)s to %(most)s. Talk through what they mean there.")
            % words
        )


def samples_compared(call: Call) -> list[SampleCompared]:
    """Every sample with what those reviewers gave it who are done with it. Four queries."""
    scales = merit.scales_of(call)
    samples = Application.objects.in_call(call).filter(is_sample=True).order_by("pk")
    samples = samples.prefetch_related("reviews__reviewer", "reviews__scores")
    return [_compared(sample, scales) for sample in samples]


def _compared(sample: Application, scales: Sequence[Scale]) -> SampleCompared:
    done = [review for review in sample.reviews.all() if review.state == ReviewState.DONE]
    points = [{score.scale_id: score.points for score in review.scores.all()} for review in done]
    names = [str(review.reviewer) for review in done]
    return SampleCompared(
        application=sample,
        reviewers=names,
        scales=[SampleScale(scale, [given.get(scale.pk) for given in points]) for scale in scales],
        comments=[(name, review.comment) for name, review in zip(names, done, strict=True) if review.comment],
        is_done_by=len(done),
    )
