"""The form of one question."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Question, QuestionKind
from ..operations.questions import choices_of
from ..rules.changing import Freedom
from .calls import WithReason

_TEXTS = {QuestionKind.TEXT, QuestionKind.LONG_TEXT}
LONGEST = 20_000
# Of a bound of a number: as much as the database keeps, in a round number.
LARGEST = 2_000_000_000


class QuestionForm(WithReason):
    """A question of a kind. Once somebody has begun to answer, only its words are asked for."""

    label = forms.CharField(label=_("The question"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    help_text = forms.CharField(
        label=_("Help"),
        help_text=_("Stands under the question, above the answer."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    choices = forms.CharField(
        label=_("Choices"), help_text=_("One a line."), widget=forms.Textarea(attrs={"rows": 6}), max_length=6000
    )
    least = forms.IntegerField(label=_("At least"), min_value=-LARGEST, max_value=LARGEST, required=False)
    most = forms.IntegerField(label=_("At most"), min_value=-LARGEST, max_value=LARGEST, required=False)
    is_required = forms.BooleanField(label=_("It has to be answered"), required=False, initial=True)
    is_personal = forms.BooleanField(
        label=_("The answer holds personal data"),
        help_text=_("It is left out of lists without names, and is erased first."),
        required=False,
    )
    is_hidden = forms.BooleanField(
        label=_("Hide it from reviewers"),
        help_text=_("Such as what tells who somebody is, or what has nothing to do with the choice."),
        required=False,
    )

    def __init__(self, *args: Any, kind: str, question: Question | None = None, **kwargs: Any) -> None:
        self.kind, self.question = kind, question
        wording_only = kwargs.get("freedom") == Freedom.WORDING
        if wording_only:
            kwargs["freedom"] = Freedom.FREE
        if question is not None:
            names = ("label", "help_text", "least", "most", "is_required", "is_personal", "is_hidden")
            kwargs["initial"] = {name: getattr(question, name) for name in names}
            kwargs["initial"]["choices"] = "\n".join(choice["label"] for choice in question.choices)
        super().__init__(*args, **kwargs)
        self._drop_fields(wording_only)

    def _drop_fields(self, wording_only: bool) -> None:
        has_bounds = self.kind in _TEXTS or self.kind == QuestionKind.NUMBER
        dropped = [] if self.kind == QuestionKind.CHOICE else ["choices"]
        if wording_only or not has_bounds:
            dropped += ["least", "most"]
        if wording_only:
            dropped += ["is_required", "is_personal", "is_hidden"]
        for name in dropped:
            del self.fields[name]
        if self.kind in _TEXTS and not wording_only:
            del self.fields["least"]
            self.fields["most"].help_text = _("Characters. Leave it out for no limit.")
            self.fields["most"].min_value = 1
            self.fields["most"].label = _("How long can the answer be?")
        if self.kind == QuestionKind.CONSENT:
            self.fields["label"].label = _("What is agreed to")

    def clean_choices(self) -> list[dict[str, str]]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines()]
        labels = [line[:200] for line in lines if line]
        if len(labels) < 2:
            raise forms.ValidationError(_("Write at least two choices, one a line."))
        if len(set(labels)) < len(labels):
            raise forms.ValidationError(_("Each choice can stand there once."))
        return choices_of(labels, self.question.choices if self.question is not None else None)

    def clean_most(self) -> int | None:
        most: int | None = self.cleaned_data.get("most")
        if most is not None and self.kind in _TEXTS and not 1 <= most <= LONGEST:
            raise forms.ValidationError(_("Write a number from 1 to 20,000."))
        return most

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        least, most = cleaned.get("least"), cleaned.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", _("At most cannot be less than at least."))
        return cleaned
