"""What a new call of each kind begins with: who applies, what is asked, what is judged. The organiser changes it.

Words are kept in the organiser's language when the call begins; from then on they are the organiser's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Applicants, CallKind, FeatureSource, Merit, QuestionKind


@dataclass(frozen=True)
class QuestionOf:
    """A question as a template has it. `choices` are values with their words."""

    kind: QuestionKind
    label: str | Promise
    help_text: str | Promise = ""
    most: int | None = None
    choices: Sequence[tuple[str, str | Promise]] = ()
    is_required: bool = True
    is_personal: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class ScaleOf:
    """What reviewers judge, with what some of the points from 1 to 5 mean."""

    label: str | Promise
    anchors: dict[str, str | Promise] = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    applicants: Applicants
    seats: int
    questions: Sequence[QuestionOf]
    scales: Sequence[ScaleOf] = ()
    criteria: Sequence[FeatureSource] = ()
    fields: dict[str, Any] = field(default_factory=dict)


_MOTIVATION = QuestionOf(
    QuestionKind.LONG_TEXT,
    _("Why do you want to take part?"),
    _("What you work on now, and what you want to do with what you learn. Do not write your name here."),
    most=2000,
)
_EXPERIENCE = QuestionOf(
    QuestionKind.CHOICE,
    _("How long have you worked with this?"),
    choices=(
        ("new", _("Less than a year")),
        ("few", _("One to four years")),
        ("many", _("Five years or more")),
    ),
)
_CONSENT = QuestionOf(
    QuestionKind.CONSENT,
    _("I agree that what I write here is read by those who organise and review this call."),
    is_personal=True,
    is_hidden=True,
)
_ANCHORS: dict[str, str | Promise] = {
    "1": _("Says nothing about it"),
    "3": _("Says what, but not how"),
    "5": _("Says what, how and with whom"),
}
_MOTIVATED = ScaleOf(_("Motivation"), _ANCHORS)
_PLANNED = ScaleOf(_("The plan"), _ANCHORS)

TEMPLATES: dict[CallKind, Template] = {
    CallKind.WORKSHOP: Template(
        Applicants.PERSON,
        20,
        (_MOTIVATION, _EXPERIENCE, _CONSENT),
        (_MOTIVATED,),
        (FeatureSource.SECTOR, FeatureSource.PART),
        {"merit": Merit.THRESHOLD, "merit_threshold": 2, "municipality_cap": 2},
    ),
    CallKind.PROGRAMME: Template(
        Applicants.MUNICIPALITY,
        20,
        (
            QuestionOf(
                QuestionKind.LONG_TEXT,
                _("What does the municipality want to reach with the programme?"),
                most=3000,
            ),
            QuestionOf(QuestionKind.LONG_TEXT, _("Who in the municipality takes part, and who leads?"), most=1500),
            QuestionOf(
                QuestionKind.FILE,
                _("The decision to apply"),
                _("Minutes or a letter, if there is a decision already."),
                is_required=False,
                is_hidden=True,
            ),
            _CONSENT,
        ),
        criteria=(FeatureSource.PART, FeatureSource.SIZE),
        fields={"size_bounds": [15_000, 50_000]},
    ),
    CallKind.GRANT: Template(
        Applicants.ACTOR,
        10,
        (
            QuestionOf(QuestionKind.LONG_TEXT, _("What do you want to do, and what changes by it?"), most=4000),
            QuestionOf(QuestionKind.NUMBER, _("How much do you apply for?"), _("In whole kronor.")),
            QuestionOf(QuestionKind.FILE, _("The budget"), is_hidden=True),
            _CONSENT,
        ),
        (_PLANNED, ScaleOf(_("What changes by it"), _ANCHORS)),
        fields={"merit": Merit.THRESHOLD, "merit_threshold": 3},
    ),
    CallKind.AWARD: Template(
        Applicants.ACTOR,
        1,
        (
            QuestionOf(QuestionKind.LONG_TEXT, _("What have you done?"), most=3000),
            QuestionOf(QuestionKind.LONG_TEXT, _("What came of it?"), _("Figures where you have them."), most=3000),
            _CONSENT,
        ),
        (ScaleOf(_("What came of it"), _ANCHORS), ScaleOf(_("What others can learn"), _ANCHORS)),
        fields={"merit": Merit.THRESHOLD, "merit_threshold": 4},
    ),
}
