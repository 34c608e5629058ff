"""What reviewers and those who lead them fill in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from samkraft.people.models import User

from ..models import Question, QuestionKind, Review, Scale
from ..rules.answers import TEXTS

DONE = "done"


class ReviewForm(forms.Form):
    """Points on each scale as choices that say in words what they mean, and a comment.

    Who says that they are done is asked for every scale; who saves on the way is not.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, scales: Sequence[Scale], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scales = scales
        self.is_done = self.is_bound and self.data.get("act") == DONE
        for scale in scales:
            self.fields[f"scale{scale.pk}"] = forms.TypedChoiceField(
                label=scale.label,
                # The help of a field is HTML to the template that draws it, and this is what organisers wrote.
                help_text=escape(scale.help_text),
                choices=[(number, words_of(scale, number)) for number in range(1, scale.highest + 1)],
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose how many points."), "invalid_choice": _("Choose one of these.")},
            )
        self.fields["comment"] = forms.CharField(
            label=_("Comment"),
            help_text=_("The organisers read it, the applicant does not."),
            max_length=3000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 5}),
        )

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_done or not self.is_bound:
            return
        for name, errors in list(self.errors.as_data().items()):
            if all(error.code == "required" for error in errors):
                del self.errors[name]

    def points(self) -> dict[int, int]:
        given = {scale.pk: self.cleaned_data.get(f"scale{scale.pk}") for scale in self.scales}
        return {scale: points for scale, points in given.items() if points is not None}

    @staticmethod
    def kept(review: Review) -> dict[str, Any]:
        """What the form is filled in with."""
        points = {f"scale{score.scale_id}": score.points for score in review.scores.all()}
        return {**points, "comment": review.comment}


def words_of(scale: Scale, number: int) -> str:
    """A number of points, with what it means where the call says so."""
    points = ngettext("%(number)s point", "%(number)s points", number) % {"number": number}
    meaning = str(scale.anchors.get(str(number), "")).strip()
    return f"{points} – {meaning}" if meaning else points


class ConflictForm(forms.Form):
    why = forms.CharField(
        label=_("Why can you not judge it?"),
        help_text=_("A few words, such as that you work together. Only the organisers read them."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AskForm(forms.Form):
    """One more reviewer for an application."""

    reviewer = forms.ModelChoiceField(
        label=_("Who reads it too?"), queryset=User.objects.none(), empty_label=_("Choose a reviewer")
    )

    def __init__(self, *args: Any, reviewers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = User.objects.filter(pk__in=[user.pk for user in reviewers])


class SampleForm(forms.Form):
    """The answers of a made-up or anonymised application, all but the files."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = [asked for asked in questions if asked.kind not in {QuestionKind.FILE, QuestionKind.CONSENT}]
        for question in self.questions:
            self.fields[f"q{question.pk}"] = _answer_to(question)

    def answers(self) -> dict[int, str]:
        return {question.pk: str(self.cleaned_data[f"q{question.pk}"] or "") for question in self.questions}

    @staticmethod
    def begun_with(answers: Mapping[int, str]) -> dict[str, str]:
        return {f"q{question}": text for question, text in answers.items()}


def _answer_to(question: Question) -> forms.Field:
    shared = {"label": question.label, "required": False}
    if question.kind == QuestionKind.CHOICE:
        choices = [("", gettext("No answer")), *((choice["value"], choice["label"]) for choice in question.choices)]
        return forms.ChoiceField(**shared, choices=choices)
    if question.kind in TEXTS:
        rows = 8 if question.kind == QuestionKind.LONG_TEXT else 2
        return forms.CharField(**shared, max_length=20_000, widget=forms.Textarea(attrs={"rows": rows}))
    return forms.CharField(**shared, max_length=40)
