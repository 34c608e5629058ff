"""Forms by which outcomes are changed, letters written and free places given."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..models import Outcome
from ..operations.letters import problem

EMPTY, ALL_EMPTY = "empty", "all empty"


class ChangeForm(forms.Form):
    """Another outcome, with the reason, and who gets the place that somebody loses."""

    to = forms.ChoiceField(label=_("New outcome"), widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "Your reason stands in the public report, without the applicant's name. Do not name anybody in it."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, now: str, waiting: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(o.value, capfirst(str(o.label))) for o in Outcome if o != now]
        if waiting:
            self.fields["instead"] = forms.TypedChoiceField(
                label=_("Who gets the place instead?"),
                help_text=_("The same reason stands for both changes."),
                choices=[("", _("Nobody yet: the place is empty")), *waiting],
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.order_fields(["to", "instead", "why"])


class LetterForm(forms.Form):
    """The organiser's wording. What stands in braces is looked at in both parts."""

    subject = forms.CharField(label=_("Subject"), max_length=160)
    text = forms.CharField(
        label=_("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 16}),
    )

    def __init__(self, *args: Any, outcome: str, can_fill_in: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome = outcome
        self.fields["text"].help_text = can_fill_in

    def _checked(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        sentence = problem(text, self.outcome)
        if sentence:
            raise forms.ValidationError(sentence)
        return text

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_text(self) -> str:
        return self._checked("text")


class ReplaceForm(forms.Form):
    """Whom to let in by which relaxation, or nobody."""

    chosen = forms.ChoiceField(
        label=_("What do you choose?"),
        help_text=_("What you choose stands in the public report, without names."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], all_empty: int = 0, **kwargs: Any) -> None:
        """`all_empty` offers to leave so many places empty at once."""
        super().__init__(*args, **kwargs)
        choices = [*choices, (EMPTY, _("Nobody: the place stays empty."))]
        if all_empty:
            choices.append((ALL_EMPTY, _("Nobody: all %(count)d free places stay empty.") % {"count": all_empty}))
        self.fields["chosen"].choices = choices
