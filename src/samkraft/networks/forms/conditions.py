"""Forms in which a condition is written and published."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samkraft.ui.fields import WebAddressField
from samkraft.ui.rich_text import RichTextField

from ..models import ConditionVersion, EvidenceKind
from ..operations.conditions import Wording
from ..rules.conditions import lasts_in_words

MONTHS = (6, 12, 18, 24, 36)


class ConditionForm(forms.Form):
    """One wording. `seen` says which state of the draft the writer began from."""

    title = forms.CharField(
        label=_("What is the condition called?"),
        help_text=_("A few words, such as: The regional climate pledge."),
        max_length=160,
    )
    text = RichTextField(
        label=_("What does an actor promise?"),
        help_text=_("Write so that everybody understands what it takes, and what it does not take."),
        max_length=8000,
    )
    evidence_kind = forms.ChoiceField(
        label=_("How does the actor show it?"),
        choices=[(kind.value, capfirst(kind.label)) for kind in EvidenceKind],
        widget=forms.RadioSelect,
    )
    pledge_url = WebAddressField(
        label=_("Where is the pledge signed?"),
        help_text=_("The address of the page, if the condition is a pledge."),
        required=False,
    )
    lasts_months = forms.TypedChoiceField(
        label=_("How long does it last?"),
        help_text=_("After that the actor shows it anew. A year is usual."),
        coerce=int,
        initial=12,
    )
    additions = forms.CharField(
        label=_("What can an actor add of its own will?"),
        help_text=_("Examples of what goes further. Nobody has to."),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.initial.get("lasts_months")
        months = sorted({*MONTHS, *([kept] if kept else [])})
        self.fields["lasts_months"].choices = [(number, capfirst(lasts_in_words(number))) for number in months]

    def wording(self) -> Wording:
        return Wording(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


def initial_of(version: ConditionVersion | None, *, draft: bool) -> dict[str, Any]:
    """What the form begins with: the draft, or for a new version the latest wording."""
    if version is None:
        return {}
    fields = ("title", "text", "evidence_kind", "pledge_url", "lasts_months", "additions")
    found = {name: getattr(version, name) for name in fields}
    return {**found, "seen": version.drafted_at.isoformat() if draft else ""}


class PublishForm(forms.Form):
    """The last step: by when members meet the new wording, where there are any."""

    to_be_met_by = forms.DateField(
        label=_("By when do the members meet it?"),
        help_text=_("At least two weeks from now. Until then they count as members by what they have shown before."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_members: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_members:
            del self.fields["to_be_met_by"]
