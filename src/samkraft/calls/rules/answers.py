"""What stands in the form of an application, and whether an answer is one. Plain values, no database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samkraft.ui import numbers

from ..models import Question, QuestionKind

YES = "yes"
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
TEXTS = {QuestionKind.TEXT, QuestionKind.LONG_TEXT}


@dataclass(frozen=True)
class Typed:
    """Everything that stands in the form, as it was typed. `place` is an area's key, such as SE-1493.

    `answers` are by the ids of the questions; the files are kept as attachments of the application.
    """

    name: str = ""
    place: str = ""
    role: str = ""
    sector: str = ""
    actor_name: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, working: Mapping[str, Any]) -> "Typed":
        """As it is kept in an application's `working`."""
        about = {name: str(working.get(name, "")) for name in ABOUT}
        answers = {int(key): str(text) for key, text in working.get("answers", {}).items()}
        return cls(**about, answers=answers)

    def as_working(self) -> dict[str, Any]:
        about = {name: getattr(self, name) for name in ABOUT if getattr(self, name)}
        answers = {str(key): text for key, text in sorted(self.answers.items()) if text}
        return {**about, **({"answers": answers} if answers else {})}

    def answer(self, question: Question) -> str:
        return self.answers.get(question.pk, "")


ABOUT = ("name", "place", "role", "sector", "actor_name")


def number_in(text: str) -> Decimal | None:
    """The number that was typed, with comma or point and spaces wherever; None when it is none.

    >>> number_in("1 250,50"), number_in("many")
    (Decimal('1250.50'), None)
    """
    plain = "".join(text.split()).replace(",", ".").replace(numbers.MINUS, "-")
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def kept(question: Question, text: str) -> str:
    """The answer as it is kept when it is sent in."""
    text = text.strip()
    if question.kind == QuestionKind.NUMBER:
        number = number_in(text)
        return "" if number is None else format(number, "f")
    return text


def shown(question: Question, text: str) -> str:
    """The answer in words: of a choice its label, of a number as the language writes it."""
    if question.kind == QuestionKind.CHOICE:
        return {choice["value"]: choice["label"] for choice in question.choices}.get(text, text)
    if question.kind == QuestionKind.CONSENT:
        return _("Yes") if text == YES else ""
    number = number_in(text) if question.kind == QuestionKind.NUMBER else None
    if number is not None:
        return numbers.number(float(number), max(0, -int(number.as_tuple().exponent)))
    return text


def fault(question: Question, text: str, *, has_file: bool = False) -> str:
    """What is wrong with an answer, as one sentence; empty when nothing is."""
    text = text.strip()
    if question.kind == QuestionKind.FILE:
        return _("Add a file.") if question.is_required and not has_file else ""
    if not text:
        return _missing(question) if question.is_required else ""
    if question.kind in TEXTS:
        return _fault_of_text(question, text)
    if question.kind == QuestionKind.NUMBER:
        return _fault_of_number(question, text)
    if question.kind == QuestionKind.CHOICE and text not in {choice["value"] for choice in question.choices}:
        return _("Choose one of the answers.")
    return ""


def _missing(question: Question) -> str:
    if question.kind == QuestionKind.CHOICE:
        return _("Choose one of the answers.")
    if question.kind == QuestionKind.CONSENT:
        return _("You need to agree to this to apply.")
    return _("Write a number.") if question.kind == QuestionKind.NUMBER else _("Write an answer.")


def _fault_of_text(question: Question, text: str) -> str:
    length = len(text)
    if question.most is not None and length > question.most:
        over = length - question.most
        return ngettext(
            "The answer is %(over)s character too long.", "The answer is %(over)s characters too long.", over
        ) % {"over": numbers.number(over)}
    if question.least is not None and length < question.least:
        return _("Write at least %(least)s characters. Now there are %(length)s.") % {
            "least": numbers.number(question.least),
            "length": numbers.number(length),
        }
    return ""


def _fault_of_number(question: Question, text: str) -> str:
    number = number_in(text)
    if number is None:
        return _("Write a number with digits.")
    if question.least is not None and number < question.least:
        return _("The number is to be at least %(least)s.") % {"least": numbers.number(question.least)}
    if question.most is not None and number > question.most:
        return _("The number is to be at most %(most)s.") % {"most": numbers.number(question.most)}
    return ""
