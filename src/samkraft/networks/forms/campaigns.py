"""Forms of campaigns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samkraft.ui.rich_text import RichTextField

from ..models import Actor, Campaign, CampaignKind, CampaignTask, PartAnswer
from ..queries.campaigns import Helper

_BEGIN_ANEW = _("Open the page again and make your change there.")


class SeenForm(forms.Form):
    """A form that knows when the campaign was last changed, as its reader saw it."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput, error_messages={"required": _BEGIN_ANEW})

    def clean_seen(self) -> datetime:
        try:
            seen = parse_datetime(self.cleaned_data["seen"])
        except ValueError as error:
            raise forms.ValidationError(_BEGIN_ANEW) from error
        if seen is None or seen.tzinfo is None:
            raise forms.ValidationError(_BEGIN_ANEW)
        return seen


class CampaignForm(forms.ModelForm):
    class Meta:
        model = Campaign
        fields = ("kind", "title", "goal", "starts_on", "ends_on", "lead")
        labels = {
            "kind": _("What kind of campaign is it?"),
            "title": _("Title"),
            "goal": _("What do we want to achieve?"),
            "starts_on": _("Begins"),
            "ends_on": _("Ends"),
            "lead": _("Which actor leads it?"),
        }
        help_texts = {
            "title": _("What people will call it, such as “The bicycle week”."),
            "goal": _("One or two sentences, such as “A hundred households try the bus for a week”."),
            "starts_on": _("You can leave the dates out while it is an idea."),
            "lead": _("Everyone who writes for the actor can then change the campaign. You can, too."),
        }
        widgets = {
            "kind": forms.RadioSelect,
            "goal": forms.Textarea(attrs={"rows": 3}),
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, actors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in CampaignKind]
        self.fields["lead"].queryset = actors
        self.fields["lead"].empty_label = _("Nobody in particular")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("It cannot end before it begins."))
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        """What an operation needs."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CampaignEditForm(CampaignForm, SeenForm):
    """Changing a campaign; of two who do at once, the second is told."""


class ReasonForm(forms.Form):
    """Why a campaign is dropped, for those in the network."""

    why = forms.CharField(
        label=_("Why?"),
        help_text=_("Only those who take part in the network read it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PartForm(forms.Form):
    answer = forms.ChoiceField(label=_("Do you take part?"), widget=forms.RadioSelect)
    contribution = forms.CharField(
        label=_("What do you contribute?"),
        help_text=_("Such as people, a room, money or a text. Everyone can read it when you take part."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {PartAnswer.YES: _("Yes"), PartAnswer.MAYBE: _("Perhaps"), PartAnswer.NO: _("Not this time")}
        self.fields["answer"].choices = [(answer.value, words[answer]) for answer in PartAnswer]


class TaskForm(forms.Form):
    title = forms.CharField(label=_("What is to be done?"), max_length=200)
    helper = forms.ChoiceField(label=_("Who does it?"), required=False)
    due_on = forms.DateField(
        label=_("By when?"),
        help_text=_("We remind the one who does it on that day."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, helpers: Sequence[Helper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helpers = {helper.key: helper for helper in helpers}
        listed = [(helper.key, helper.label) for helper in helpers]
        self.fields["helper"].choices = [("", _("Nobody yet")), *listed]

    @classmethod
    def of(cls, task: CampaignTask, data: Any, helpers: Sequence[Helper]) -> "TaskForm":
        initial = {"title": task.title, "due_on": task.due_on, "helper": ""}
        if task.owner_id:
            initial["helper"] = f"{task.owner_id}-{task.actor_id or 0}"
        return cls(data, helpers=helpers, initial=initial)

    def clean_helper(self) -> Helper | None:
        return self.helpers.get(self.cleaned_data["helper"])


class TextForm(forms.Form):
    """The text that is written together. `version` is the one that the writer began from."""

    text = RichTextField(
        label=_("Text"),
        help_text=_("Everyone who takes part in the network can write. Each saving is kept as a version."),
        required=False,
        max_length=20_000,
    )
    version = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)


class ResultForm(SeenForm):
    result = forms.CharField(
        label=_("What came of it?"),
        help_text=_("What you did, how many took part, what changed. Everyone can read it."),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def part_of(actor: Actor, parts: Any) -> dict[str, Any]:
    """What an actor has answered, as a form begins with it."""
    mine = next((part for part in parts if part.actor_id == actor.pk), None)
    return {"answer": mine.answer, "contribution": mine.contribution} if mine else {}
