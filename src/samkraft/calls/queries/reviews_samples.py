"""Where samples come from: applications whose texts are freed of what tells who wrote them."""

from collections.abc import Sequence

from django.db.models import QuerySet

from ..models import Answer, Application, Call
from ..rules.answers import TEXTS
from . import filters
from .reviews_blind import hidden_in

OFFERED = 100


def copied_from(calls: Sequence[Call]) -> QuerySet[Application]:
    """The applications of these calls that a sample can begin with."""
    rows = Application.objects.real().filter(call__in=calls, state__in=filters.SENT_IN, erased_at=None)
    rows = rows.select_related("call", "place__parent", "actor")
    return rows.defer("working", "place__outline", "place__parent__outline")


def to_copy(calls: Sequence[Call]) -> list[Application]:
    return list(copied_from(calls).order_by("call_id", "pk")[:OFFERED])


def anonymised(application: Application, call: Call) -> dict[int, str]:
    """Its answers by the ids of the call's questions, names and places hidden in the texts.

    Answers to questions about personal data are left out. Those of an earlier call go to the questions that are
    asked in the same words.
    """
    asked = {question.label: question.pk for question in call.questions.all()}
    found = {}
    for answer in Answer.objects.filter(application=application).select_related("question"):
        question = answer.question
        if question.is_personal or question.label not in asked:
            continue
        text = hidden_in(answer.text, application) if question.kind in TEXTS else answer.text
        found[asked[question.label]] = text
    return found
