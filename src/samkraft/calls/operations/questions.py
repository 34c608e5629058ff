"""The questions of a call: added, changed, put in another order, taken away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.places.rules import slug
from samkraft.records.refusals import Refused

from ..models import Answer, Call, CallPart, Limit, Question, QuestionKind
from ..rules.changing import Freedom
from .editing import check_change, freedom_of, held, log_change

MOST_QUESTIONS = 60
MOST_CHOICES = 40
# What can be changed although somebody has answered: how it is said, not what is asked.
WORDING = frozenset({"label", "help_text", "choices"})
PART = (CallPart.QUESTIONS,)


def choices_of(labels: list[str], before: list[dict[str, str]] | None = None) -> list[dict[str, str]]:
    """Choices from their words, each with a value that stays when its words are changed.

    A label that was there keeps its value. As many labels as before, one of them new, is one that was worded anew.
    """
    kept = before or []
    by_label = {choice["label"]: choice["value"] for choice in kept}
    same_length = len(labels) == len(kept)
    taken = {by_label[label] for label in labels if label in by_label}
    found = []
    for place, label in enumerate(labels):
        value = by_label.get(label, "")
        if not value and same_length and kept[place]["value"] not in taken:
            value = kept[place]["value"]
        value = value or _new_value(label, taken | {choice["value"] for choice in kept})
        taken.add(value)
        found.append({"value": value, "label": label})
    return found


def _new_value(label: str, taken: set[str]) -> str:
    wanted = slug(label)[:60] or "choice"
    value, number = wanted, 1
    while value in taken:
        number += 1
        value = f"{wanted}-{number}"
    return value


@transaction.atomic
def add_question(*, call: Call, fields: Mapping[str, Any], why: str = "", by: User, now: datetime) -> Question:
    """A new question, after the others. Raises Refused."""
    fresh = held(call)
    check_change(fresh, PART, why)
    if fresh.questions.count() >= MOST_QUESTIONS:
        raise Refused(_("There can be at most %(most)d questions.") % {"most": MOST_QUESTIONS})
    _check(fields)
    last = fresh.questions.order_by("-position").values_list("position", flat=True).first() or 0
    question = Question.objects.create(call=fresh, position=last + 1, **fields)
    log_change(fresh, PART, why, by, now)
    return question


@transaction.atomic
def change_question(
    *, question: Question, fields: Mapping[str, Any], why: str = "", by: User, now: datetime
) -> Question:
    """Change a question. With applications begun, only its wording. Raises Refused."""
    fresh = held(question.call)
    kept = Question.objects.get(pk=question.pk)
    others = {name: value for name, value in fields.items() if getattr(kept, name) != value}
    if not others:
        return kept
    wording = others.keys() <= WORDING and _same_values(kept, others)
    check_change(fresh, PART, why, wording=wording)
    _check({"kind": kept.kind, "choices": kept.choices, "least": kept.least, "most": kept.most, **others})
    _check_criterion(kept, others)
    for name, value in others.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(others))
    log_change(fresh, PART, why, by, now)
    return kept


def _same_values(kept: Question, others: Mapping[str, Any]) -> bool:
    """Whether a change leaves the values that can be chosen as they were."""
    choices = others.get("choices", kept.choices)
    return [choice["value"] for choice in choices] == [choice["value"] for choice in kept.choices]


def _check(fields: Mapping[str, Any]) -> None:
    least, most = fields.get("least"), fields.get("most")
    if least is not None and most is not None and least > most:
        raise Refused(_("At least cannot be more than at most."))
    if fields["kind"] == QuestionKind.CHOICE and len(fields.get("choices") or []) < 2:
        raise Refused(_("Write at least two choices, one a line."))
    if len(fields.get("choices") or []) > MOST_CHOICES:
        raise Refused(_("Write at most %(most)d choices.") % {"most": MOST_CHOICES})


def _check_criterion(kept: Question, others: Mapping[str, Any]) -> None:
    """A question that those who are chosen are mixed by stays a choice, and keeps the values that have limits."""
    if not kept.call.criteria.filter(question=kept).exists():
        return
    if others.get("kind", kept.kind) != QuestionKind.CHOICE:
        raise Refused(_("Those who get a place are mixed by this question, so it has to stay a choice."))
    values = {choice["value"] for choice in others.get("choices", kept.choices)}
    if Limit.objects.filter(criterion__question=kept).exclude(value__in=values).exists():
        raise Refused(_("A choice that you took away has limits among the criteria. Take the limits away first."))


@transaction.atomic
def remove_question(*, question: Question, why: str = "", by: User, now: datetime) -> None:
    """Take a question away, as long as nobody has begun to answer. Raises Refused."""
    fresh = held(question.call)
    if freedom_of(fresh, CallPart.QUESTIONS) == Freedom.WORDING or Answer.objects.filter(question=question).exists():
        raise Refused(_("Somebody has begun to answer, so no question can be taken away."))
    check_change(fresh, PART, why)
    if fresh.criteria.filter(question=question).exists():
        raise Refused(_("Those who get a place are mixed by this question. Take it out of the criteria first."))
    Question.objects.filter(pk=question.pk).delete()
    log_change(fresh, PART, why, by, now)


@transaction.atomic
def move_question(*, question: Question, up: bool, by: User, now: datetime) -> None:
    """Put a question before the one above it, or after the one below. The order asks nothing of anybody."""
    fresh = held(question.call)
    if freedom_of(fresh, CallPart.QUESTIONS) == Freedom.NO:
        check_change(fresh, PART, "")
    rows = list(fresh.questions.order_by("position", "pk"))
    place = next((place for place, row in enumerate(rows) if row.pk == question.pk), None)
    if place is None:
        raise Refused(_("This question has just been taken away."))
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, start=1):
        row.position = position
    Question.objects.bulk_update(rows, ["position"])
    log_change(fresh, (), "", by, now)
