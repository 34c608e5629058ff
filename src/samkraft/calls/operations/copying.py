"""A new call that asks and chooses as an earlier one did."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction

from samkraft.people.models import User

from ..models import Call, Criterion, Eligibility, Letter, Limit, Question, Scale
from .calls import save_new

Row = TypeVar("Row", Question, Eligibility, Scale, Letter)
COPIED = (
    "kind", "summary", "offer", "organiser_name", "area", "actor", "country", "contact_email", "applicants", "seats",
    "time_zone", "answer_days", "municipality_cap", "size_bounds", "is_blind", "hides_municipality", "reviews_wanted",
    "merit", "merit_threshold", "merit_bounds", "seed_kind",
)  # fmt: skip


@transaction.atomic
def copy_call(*, call: Call, title: str, by: User, now: datetime) -> Call:
    """A draft with everything of the call but its people, its applications, its dates and the draw's number.

    Who copies it is its organiser. The number is left out, since one that is known already is no lottery.
    """
    made = Call(title=title, copied_from=call, **{name: getattr(call, name) for name in COPIED})
    copy = save_new(made, by=by, now=now)
    questions = {kept.pk: _copied(kept, copy) for kept in call.questions.all()}
    for kept in call.eligibility.all():
        _copied(kept, copy)
    for scale in call.scales.all():
        _copied(scale, copy)
    for letter in call.letters.all():
        _copied(letter, copy)
    for criterion in call.criteria.prefetch_related("limits"):
        _copy_criterion(criterion, copy, questions)
    return copy


def _copied(row: Row, call: Call) -> Row:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del fields["id"], fields["call_id"]
    return type(row).objects.create(call=call, **fields)


def _copy_criterion(criterion: Criterion, call: Call, questions: dict[int, Question]) -> None:
    question = questions[criterion.question_id] if criterion.question_id else None
    made = call.criteria.create(position=criterion.position, source=criterion.source, question=question)
    Limit.objects.bulk_create(
        Limit(criterion=made, value=kept.value, minimum=kept.minimum, maximum=kept.maximum)
        for kept in criterion.limits.all()
    )
