"""Samples: made-up or anonymised applications on which the reviewers agree how to judge before they begin."""

from collections.abc import Mapping
from datetime import datetime

import rules
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samkraft.people.models import User
from samkraft.records.refusals import Refused

from ..models import Answer, Application, ApplicationState, Call
from ..queries import reviews as queries
from ..rules.answers import kept
from .reviews import NOT_YOURS, for_samples, held

MOST = 2
# Nobody gets mail there.
ADDRESS = "sample@samkraft.invalid"


@transaction.atomic
def make_sample(*, call: Call, answers: Mapping[int, str], by: User, now: datetime) -> Application:
    """A sample with answers by the ids of the questions, to be judged by each reviewer. Raises Refused.

    It stands as not taken up, so that nothing that counts or draws among applications ever finds it.
    """
    current = _organised(call, by)
    if Application.objects.in_call(current).filter(is_sample=True).count() >= MOST:
        raise Refused(_("There are two samples already. Remove one of them first."))
    questions = [question for question in current.questions.all() if answers.get(question.pk, "").strip()]
    if not questions:
        raise Refused(_("Write at least one answer, so that there is something to judge."))
    sample = Application.objects.create(
        call=current,
        email=ADDRESS,
        language=by.language,
        state=ApplicationState.EXCLUDED,
        is_sample=True,
        begun_at=now,
        submitted_at=now,
        changed_at=now,
    )
    Answer.objects.bulk_create(
        Answer(application=sample, question=question, text=kept(question, answers[question.pk]))
        for question in questions
    )
    for_samples(current, queries.reviewers_of(current), now=now)
    return sample


@transaction.atomic
def remove_sample(*, sample: Application, by: User) -> None:
    """Remove a sample with what the reviewers have said of it. Raises Refused."""
    current = _organised(sample.call, by)
    removed, _kinds = Application.objects.in_call(current).filter(is_sample=True, pk=sample.pk).delete()
    if not removed:
        raise Refused(_("This sample has already been removed."))


def _organised(call: Call, by: User) -> Call:
    if not rules.test_rule("calls.organises", by, call):
        raise Refused(NOT_YOURS)
    current = held(call)
    if not queries.is_open(current, samples=True):
        raise Refused(_("Samples can be made and removed while the call is open or in review."))
    return current
