"""How organisers narrow the list of applications, and say why one is not taken up."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..models import (
    ApplicantRole,
    Applicants,
    ApplicationState,
    Call,
    Criterion,
    FeatureSource,
    Outcome,
    Question,
    QuestionKind,
)
from ..queries.features import values_of
from ..queries.filters import EVERY, SENT_IN, SORTS, AnswerWanted, Wanted

ALL = ("", _("All"))
LONGEST = 80
_YES_NO = [ALL, ("yes", _("Yes")), ("no", _("No"))]


def _choice(label: Any, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    named = [(value, capfirst(str(words))) for value, words in choices]
    return forms.ChoiceField(label=label, choices=[ALL, *named], required=False)


def _number(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, max_digits=16, decimal_places=6)


class FilterForm(forms.Form):
    """The filters of one call. What is not valid does not narrow: an address is typed by hand now and then."""

    q = forms.CharField(label=_("Name or place"), max_length=LONGEST, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    sort = forms.ChoiceField(label=_("In order of"), required=False)

    def __init__(self, *args: Any, call: Call, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.questions = questions
        states = [("", ApplicationState.SUBMITTED.label), *((s.value, s.label) for s in SENT_IN[1:])]
        every = (EVERY, _("all that were sent in"))
        self.fields["state"].choices = [(value, capfirst(str(words))) for value, words in [*states, every]]
        self.fields["sort"].choices = [(key, capfirst(str(words))) for key, words in SORTS.items()]
        if call.applicants != Applicants.ACTOR:
            self.fields["role"] = _choice(_("Role"), ApplicantRole.choices)
            self.fields["sector"] = _choice(
                _("Sector of work"), values_of(Criterion(source=FeatureSource.SECTOR), call)
            )
        self.fields["part"] = _choice(_("Part of the country"), values_of(Criterion(source=FeatureSource.PART), call))
        if call.size_bounds:
            self.fields["size"] = _choice(
                _("Size of the municipality"), values_of(Criterion(source=FeatureSource.SIZE), call)
            )
        self.fields["points"] = _number(_("Points, at least"))
        self.fields["outcome"] = _choice(_("Outcome"), Outcome.choices)
        self.about_answers: list[str] = []
        for question in questions:
            self._ask(question)
        self.order_fields([name for name in self.fields if name != "sort"])

    def _ask(self, question: Question) -> None:
        for name, field in _FIELDS[QuestionKind(question.kind)](question).items():
            self.fields[f"a{question.pk}{name}"] = field
            self.about_answers.append(f"a{question.pk}{name}")

    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.about_answers]

    def by_answers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.about_answers]

    def narrowed(self) -> dict[str, list[str]]:
        """What narrows or orders, as it stands in an address; nothing that is not valid."""
        self.is_valid()
        found = {}
        for name in self.fields:
            if self.cleaned_data.get(name) in (None, "", []):
                continue
            given = self.data.getlist(name) if hasattr(self.data, "getlist") else self.data[name]
            found[name] = [given] if isinstance(given, str) else list(given)
        return found

    def is_narrowed(self) -> bool:
        return bool(self.narrowed().keys() - {"sort"})

    def has_answers(self) -> bool:
        return bool(self.narrowed().keys() & set(self.about_answers))

    def wanted(self) -> Wanted:
        self.is_valid()
        data = self.cleaned_data
        text = {name: data.get(name) or "" for name in ("role", "sector", "part", "size", "outcome")}
        return Wanted(
            search=data.get("q") or "",
            state=data.get("state") or ApplicationState.SUBMITTED,
            least_points=data.get("points"),
            answers=tuple(asked for question in self.questions if (asked := self._about(question, data))),
            sort=data.get("sort") or "sent",
            **text,
        )

    @staticmethod
    def _about(question: Question, data: Mapping[str, Any]) -> AnswerWanted | None:
        key = f"a{question.pk}"
        least, most = data.get(f"{key}-least"), data.get(f"{key}-most")
        given = {"yes": True, "no": False}.get(data.get(f"{key}-given") or "")
        values, text = tuple(data.get(f"{key}-is") or ()), data.get(f"{key}-has") or ""
        if not values and not text and given is None and least is None and most is None:
            return None
        return AnswerWanted(question, values, text, _decimal(least), _decimal(most), given)


def _decimal(number: Any) -> Decimal | None:
    return None if number is None else Decimal(number)


def _of_text(question: Question) -> dict[str, forms.Field]:
    label = _("Words in the answer: %(question)s") % {"question": question.label}
    return {"-has": forms.CharField(label=label, max_length=LONGEST, required=False)}


def _of_choice(question: Question) -> dict[str, forms.Field]:
    choices = [(choice["value"], choice["label"]) for choice in question.choices]
    field = forms.MultipleChoiceField(
        label=question.label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    return {"-is": field}


def _of_number(question: Question) -> dict[str, forms.Field]:
    words = {"question": question.label}
    return {
        "-least": _number(_("At least: %(question)s") % words),
        "-most": _number(_("At most: %(question)s") % words),
    }


def _of_yes_no(question: Question) -> dict[str, forms.Field]:
    label = question.label
    if question.kind == QuestionKind.FILE:
        label = _("Has a file: %(question)s") % {"question": question.label}
    return {"-given": forms.ChoiceField(label=label, choices=_YES_NO, required=False)}


_FIELDS: dict[QuestionKind, Callable[[Question], dict[str, forms.Field]]] = {
    QuestionKind.TEXT: _of_text,
    QuestionKind.LONG_TEXT: _of_text,
    QuestionKind.CHOICE: _of_choice,
    QuestionKind.NUMBER: _of_number,
    QuestionKind.FILE: _of_yes_no,
    QuestionKind.CONSENT: _of_yes_no,
}


class ExcludeForm(forms.Form):
    why = forms.CharField(
        label=_("Reason"),
        help_text=_("The applicant gets your words by mail."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
