"""The features of applications: which values a criterion has, in words, and which value each application has."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samkraft.people.models import Sector
from samkraft.places import facts, parts
from samkraft.ui import numbers

from ..models import (
    Answer,
    ApplicantRole,
    Application,
    Call,
    Criterion,
    FeatureSource,
    Limit,
)
from ..rules.features import UNKNOWN, class_of, classes
from . import merit

MUNICIPALITY = "municipality"


@dataclass(frozen=True)
class Feature:
    """A criterion in words: its key in the pool, its values with their words, and the limits that are set."""

    criterion: Criterion
    key: str
    label: str
    values: Sequence[tuple[str, str]]
    limits: dict[str, Limit] = field(default_factory=dict)

    def word(self, value: str) -> str:
        return dict(self.values).get(value, _("not known") if value in {UNKNOWN, ""} else value)


def features_of(call: Call) -> list[Feature]:
    """The call's criteria in their order, in the reader's language. Two queries and one for a choice of counties."""
    return [feature_of(criterion, call) for criterion in call.criteria.with_limits()]


def feature_of(criterion: Criterion, call: Call) -> Feature:
    limits = {limit.value: limit for limit in criterion.limits.all()}
    return Feature(criterion, criterion.key, label_of(criterion), values_of(criterion, call), limits)


def label_of(criterion: Criterion) -> str:
    if criterion.question is not None:
        return criterion.question.label
    return capfirst(str(FeatureSource(criterion.source).label))


def values_of(criterion: Criterion, call: Call) -> list[tuple[str, str]]:
    """Every value that an application can have for the criterion, with its words."""
    if criterion.question is not None:
        return [(choice["value"], choice["label"]) for choice in criterion.question.choices]
    return _VALUES[FeatureSource(criterion.source)](call)


def _named(choices: Sequence[tuple[str, object]]) -> list[tuple[str, str]]:
    return [(str(value), capfirst(str(label))) for value, label in choices]


def _counties(call: Call) -> list[tuple[str, str]]:
    choices = facts.named("county").choices
    return list(choices(call.country)) if choices else []


_VALUES: dict[FeatureSource, Callable[[Call], list[tuple[str, str]]]] = {
    FeatureSource.SECTOR: lambda call: _named(Sector.choices),
    FeatureSource.ROLE: lambda call: _named(ApplicantRole.choices),
    FeatureSource.PART: lambda call: _named(parts.parts_of(call.country)),
    FeatureSource.COUNTY: _counties,
    FeatureSource.SIZE: lambda call: [(value, _size(above, most)) for value, above, most in classes(call.size_bounds)],
    FeatureSource.MERIT: lambda call: [
        (value, _tier(above, most)) for value, above, most in classes(merit_bounds(call))
    ],
}


def merit_bounds(call: Call) -> list[Decimal]:
    return [Decimal(str(bound)) for bound in call.merit_bounds]


def _size(above: int | Decimal | None, most: int | Decimal | None) -> str:
    words = {"above": numbers.number(_float(above)), "most": numbers.number(_float(most))}
    if above is None and most is None:
        return _("Any number of inhabitants")
    if above is None:
        return _("At most %(most)s inhabitants") % words
    if most is None:
        return _("More than %(above)s inhabitants") % words
    return _("More than %(above)s and at most %(most)s inhabitants") % words


def _tier(above: int | Decimal | None, most: int | Decimal | None) -> str:
    words = {"above": numbers.number(_float(above), 1), "most": numbers.number(_float(most), 1)}
    if above is None and most is None:
        return _("Any points")
    if above is None:
        return _("At most %(most)s points") % words
    if most is None:
        return _("More than %(above)s points") % words
    return _("More than %(above)s and at most %(most)s points") % words


def _float(number: int | Decimal | None) -> float | None:
    return None if number is None else float(number)


def values_by_application(
    call: Call, applications: Collection[Application], criteria: Collection[Criterion]
) -> dict[int, dict[str, str]]:
    """For each application, by its id, its value of every criterion (by the feature's key) and its municipality.

    The number of queries is the same however many applications there are.
    """
    places = {application.place_id for application in applications if application.place_id}
    known = _place_facts(call, places, {criterion.source for criterion in criteria})
    answers = _answers([c.question_id for c in criteria if c.question_id], [a.pk for a in applications])
    points = merit.points_of(call) if any(c.source == FeatureSource.MERIT for c in criteria) else {}
    found = {}
    for application in applications:
        values = {MUNICIPALITY: f"place-{application.place_id}" if application.place_id else ""}
        for criterion in criteria:
            values[criterion.key] = _value(criterion, application, call, known, answers, points)
        found[application.pk] = values
    return found


def _value(
    criterion: Criterion,
    application: Application,
    call: Call,
    known: dict[str, dict[int, object]],
    answers: dict[tuple[int, int], str],
    points: dict[int, Decimal],
) -> str:
    match criterion.source:
        case FeatureSource.SECTOR:
            return application.sector or UNKNOWN
        case FeatureSource.ROLE:
            return application.role or UNKNOWN
        case FeatureSource.PART | FeatureSource.COUNTY:
            return str(known[criterion.source].get(application.place_id or 0, UNKNOWN))
        case FeatureSource.SIZE:
            persons = known[FeatureSource.SIZE].get(application.place_id or 0)
            return class_of(persons if isinstance(persons, int) else None, call.size_bounds)
        case FeatureSource.MERIT:
            return class_of(points.get(application.pk), merit_bounds(call))
    return answers.get((application.pk, criterion.question_id or 0)) or UNKNOWN


_FACTS = {FeatureSource.PART: "part", FeatureSource.COUNTY: "county", FeatureSource.SIZE: "population"}


def _place_facts(call: Call, places: Collection[int], sources: Collection[str]) -> dict[str, dict[int, object]]:
    wanted = {source: fact for source, fact in _FACTS.items() if source in sources}
    return {source: dict(facts.values(fact, places, edition_of(call, fact))) for source, fact in wanted.items()}


def edition_of(call: Call, fact: str) -> str:
    """The publication that the call's rules name for a fact, so that size classes go by the same one."""
    if facts.named(fact).editions is None:
        return ""
    named = call.eligibility.filter(fact=fact).exclude(edition="").values_list("edition", flat=True)
    return named.first() or ""


def _answers(questions: Collection[int], applications: Collection[int]) -> dict[tuple[int, int], str]:
    if not questions:
        return {}
    rows = Answer.objects.filter(question__in=questions, application__in=applications)
    return {(row[0], row[1]): row[2] for row in rows.values_list("application_id", "question_id", "text")}
