"""Who may apply, by what those who are chosen are mixed, with their limits, and what reviewers judge."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.places import facts
from samkraft.records.refusals import Refused

from ..models import Call, CallPart, Criterion, Eligibility, FeatureSource, Limit, Question, QuestionKind, Scale, Score
from ..queries import features
from ..rules.limits import Bound, problems
from .editing import check_change, held, log_change

Limits = Mapping[str, tuple[int, int | None]]
MOST_RULES = 12
MOST_CRITERIA = 10
MOST_SCALES = 8


@transaction.atomic
def add_rule(
    *, call: Call, fact: str, comparison: str, value: Any, edition: str = "", why: str = "", by: User, now: datetime
) -> Eligibility:
    """One more rule for who may apply. `value` is a number, a list of keys, or None for yes and no. Raises Refused."""
    fresh = held(call)
    check_change(fresh, [CallPart.WHO], why)
    facts.named(fact)
    if fresh.eligibility.count() >= MOST_RULES:
        raise Refused(_("There can be at most %(most)d rules.") % {"most": MOST_RULES})
    try:
        with transaction.atomic():
            rule = Eligibility.objects.create(
                call=fresh,
                position=fresh.eligibility.count() + 1,
                fact=fact,
                comparison=comparison,
                value=value,
                edition=edition,
            )
    except IntegrityError as error:
        raise Refused(_("There is such a rule already. Take it away first.")) from error
    log_change(fresh, [CallPart.WHO], why, by, now)
    return rule


@transaction.atomic
def remove_rule(*, rule: Eligibility, why: str = "", by: User, now: datetime) -> None:
    fresh = held(rule.call)
    check_change(fresh, [CallPart.WHO], why)
    Eligibility.objects.filter(pk=rule.pk).delete()
    log_change(fresh, [CallPart.WHO], why, by, now)


@transaction.atomic
def add_criterion(
    *, call: Call, source: str, question: Question | None = None, why: str = "", by: User, now: datetime
) -> Criterion:
    """One more feature by which those who are chosen are mixed; without limits to begin with. Raises Refused."""
    fresh = held(call)
    check_change(fresh, [CallPart.CRITERIA], why)
    if question is not None and (question.call_id != fresh.pk or question.kind != QuestionKind.CHOICE):
        raise Refused(_("Only a question with choices can be a criterion."))
    if fresh.criteria.count() >= MOST_CRITERIA:
        raise Refused(_("More than %(most)d criteria leave hardly anybody to choose from.") % {"most": MOST_CRITERIA})
    last = fresh.criteria.order_by("-position").values_list("position", flat=True).first() or 0
    try:
        with transaction.atomic():
            criterion = Criterion.objects.create(
                call=fresh,
                position=last + 1,
                source=FeatureSource.QUESTION if question is not None else source,
                question=question,
            )
    except IntegrityError as error:
        raise Refused(_("Those who are chosen are mixed by this already.")) from error
    log_change(fresh, [CallPart.CRITERIA], why, by, now)
    return criterion


@transaction.atomic
def remove_criterion(*, criterion: Criterion, why: str = "", by: User, now: datetime) -> None:
    fresh = held(criterion.call)
    check_change(fresh, [CallPart.CRITERIA], why)
    Criterion.objects.filter(pk=criterion.pk).delete()
    log_change(fresh, [CallPart.CRITERIA], why, by, now)


def limit_problems(criterion: Criterion, limits: Limits, call: Call) -> list[str]:
    """Why limits cannot hold for the call's places, in words; empty when they can."""
    bounds = [Bound(word, *limits.get(value, (0, None))) for value, word in features.values_of(criterion, call)]
    return problems(features.label_of(criterion), bounds, call.seats)


@transaction.atomic
def set_limits(*, criterion: Criterion, limits: Limits, why: str = "", by: User, now: datetime) -> bool:
    """Set the limits of one criterion, (at least, at most) by value; (0, None) is no limit. Returns whether any is new.

    Values that are not named lose their limit. Raises Refused for limits that cannot be kept, and for a published
    call without a reason.
    """
    fresh = held(criterion.call)
    wanted = {value: bounds for value, bounds in limits.items() if bounds != (0, None)}
    before = {row.value: (row.minimum, row.maximum) for row in Limit.objects.filter(criterion=criterion)}
    if wanted == before:
        return False
    check_change(fresh, [CallPart.CRITERIA], why)
    unfit = limit_problems(criterion, wanted, fresh)
    if unfit:
        raise Refused(unfit[0])
    known = {value for value, _word in features.values_of(criterion, fresh)}
    if not wanted.keys() <= known:
        raise Refused(_("One of the values is no longer there. Open the page again."))
    Limit.objects.filter(criterion=criterion).delete()
    Limit.objects.bulk_create(
        Limit(criterion=criterion, value=value, minimum=least, maximum=most) for value, (least, most) in wanted.items()
    )
    log_change(fresh, [CallPart.CRITERIA], why, by, now)
    return True


@transaction.atomic
def save_scale(
    *, call: Call, scale: Scale | None = None, fields: Mapping[str, Any], why: str = "", by: User, now: datetime
) -> Scale:
    """A new scale on which reviewers judge, or another wording, weight or length of one. Raises Refused."""
    fresh = held(call)
    check_change(fresh, [CallPart.REVIEW], why)
    if scale is None:
        if fresh.scales.count() >= MOST_SCALES:
            raise Refused(_("There can be at most %(most)d scales.") % {"most": MOST_SCALES})
        scale = Scale(call=fresh, position=fresh.scales.count() + 1)
    for name, value in fields.items():
        setattr(scale, name, value)
    scale.save()
    log_change(fresh, [CallPart.REVIEW], why, by, now)
    return scale


@transaction.atomic
def remove_scale(*, scale: Scale, why: str = "", by: User, now: datetime) -> None:
    fresh = held(scale.call)
    check_change(fresh, [CallPart.REVIEW], why)
    if Score.objects.filter(scale=scale).exists():
        raise Refused(_("Somebody has given points on this scale, on a sample or an application, so it stays."))
    Scale.objects.filter(pk=scale.pk).delete()
    log_change(fresh, [CallPart.REVIEW], why, by, now)
