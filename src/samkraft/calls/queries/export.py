"""A call's applications as rows of a table, for files: with names, or without what tells who applied."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samkraft.places.models import AreaKind

from ..models import Answer, Applicants, Application, Call, Question, QuestionKind
from ..rules.answers import TEXTS, number_in, shown
from . import filters, merit
from .reviews_blind import hidden_in

_AT_ONCE = 500


def headings(call: Call, questions: Sequence[Question], *, personal: bool) -> list[str]:
    return [
        _("Application"),
        *([_("Name"), _("E-mail address")] if personal else []),
        *([_("Actor")] if _of_actors(call) and personal else []),
        _("Municipality or county"),
        _("County"),
        _("Role"),
        _("Sector of work"),
        _("State"),
        _("Sent in"),
        _("Points"),
        _("Outcome"),
        *(question.label for question in asked(questions, personal=personal)),
    ]


def asked(questions: Sequence[Question], *, personal: bool) -> list[Question]:
    """The questions whose answers are in the file: without names, none about personal data."""
    return [question for question in questions if personal or not question.is_personal]


def rows(call: Call, ids: Sequence[int], questions: Sequence[Question], *, personal: bool) -> Iterator[list[Any]]:
    """One row for each application of these ids, in their order, in a few queries for every five hundred.

    Without personal data, names and addresses are hidden in the texts too, as far as they can be found.
    """
    points = merit.points_of(call)
    kept = asked(questions, personal=personal)
    for start in range(0, len(ids), _AT_ONCE):
        applications = filters.in_order(ids[start : start + _AT_ONCE])
        answers = _answers([application.pk for application in applications])
        for application in applications:
            given = [
                _cell(application, question, answers.get((application.pk, question.pk)), personal) for question in kept
            ]
            yield [*_about(call, application, personal), *_became(application, points.get(application.pk)), *given]


def _of_actors(call: Call) -> bool:
    return call.applicants == Applicants.ACTOR


def _about(call: Call, application: Application, personal: bool) -> list[Any]:
    place = application.place
    county = place if place is None or place.kind == AreaKind.COUNTY else place.parent
    who = [application.name, application.email if application.erased_at is None else ""]
    return [
        application.pk,
        *(who if personal else []),
        *([application.actor_name] if _of_actors(call) and personal else []),
        place.display_name if place else "",
        county.full_name if county else "",
        capfirst(application.get_role_display()),
        application.get_sector_display(),
    ]


def _became(application: Application, points: Any) -> list[Any]:
    decision = getattr(application, "decision", None)
    return [
        capfirst(application.get_state_display()),
        application.submitted_at,
        "" if points is None else float(points),
        capfirst(decision.get_outcome_display()) if decision else "",
    ]


def _answers(applications: Collection[int]) -> dict[tuple[int, int], Answer]:
    rows = Answer.objects.filter(application__in=applications).select_related("file")
    return {(row.application_id, row.question_id): row for row in rows}


def _cell(application: Application, question: Question, answer: Answer | None, personal: bool) -> Any:
    if answer is None:
        return ""
    if question.kind == QuestionKind.FILE:
        if answer.file is None:
            return ""
        return answer.file.name if personal else _("a file")
    if question.kind == QuestionKind.NUMBER:
        number = number_in(answer.text)
        return answer.text if number is None else float(number)
    text = shown(question, answer.text)
    return hidden_in(text, application, places=False) if question.kind in TEXTS and not personal else text
