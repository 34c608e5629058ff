"""Forms of the pages about meetings."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samkraft.records.file_fields import DocumentField
from samkraft.ui.fields import WebAddressField
from samkraft.ui.rich_text import RichTextField

from . import rules
from .models import AgendaItem, Answer, Attendance, Meeting, MeetingDecision, Rhythm

ONCE = "once"


class DateInput(forms.DateInput):
    """A day as browsers ask for it, whatever way the language writes days."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class MeetingForm(forms.ModelForm):
    """Title, time and place. Times are those of clocks in the host's country."""

    day = forms.DateField(label=_("Day"), widget=DateInput)
    begins = forms.TimeField(label=_("Begins"), widget=TimeInput)
    ends = forms.TimeField(label=_("Ends"), widget=TimeInput)
    video_url = WebAddressField(
        label=_("Video link"),
        help_text=_("Only those who are invited see it."),
        required=False,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Meeting
        fields = ["title", "place", "description"]
        labels = {
            "title": _("What the meeting is called"),
            "place": _("Place"),
            "description": _("What it is about"),
        }
        help_texts = {
            "place": _("Everybody can read this: a name and an address that one finds."),
            "description": _("Only those who are invited see it."),
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}

    field_order = ["title", "day", "begins", "ends", "place", "video_url", "description"]

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        self.zone = zone
        meeting = kwargs.get("instance")
        if meeting is not None and meeting.pk:
            starts, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
            kwargs["initial"] = {
                "day": starts.date(),
                "begins": starts.time(),
                "ends": ends.time(),
                "video_url": meeting.video_url,
                "seen": meeting.changed_at.isoformat(),
                **kwargs.get("initial", {}),
            }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, begins, ends = cleaned.get("day"), cleaned.get("begins"), cleaned.get("ends")
        if day and begins and ends:
            self._set_moments(day, begins, ends)
        return cleaned

    def _set_moments(self, day: date, begins: time, ends: time) -> None:
        if ends <= begins:
            self.add_error("ends", _("The meeting has to end after it begins, on the same day."))
            return
        for name, clock, moment in (("begins", begins, "starts_at"), ("ends", ends, "ends_at")):
            try:
                self.cleaned_data[moment] = rules.moment(day, clock, self.zone)
            except rules.NoSuchTime:
                self.add_error(name, _("The clock is put forward that night, so this time does not occur."))

    def meeting_fields(self) -> dict[str, Any]:
        """What the operations take."""
        names = ("title", "description", "place", "video_url", "starts_at", "ends_at")
        return {name: self.cleaned_data[name] for name in names}

    def _post_clean(self) -> None:
        """The instance is left as it is: the operation compares with it and saves."""


class PlanForm(MeetingForm):
    """A new meeting, or a series of them."""

    rhythm = forms.ChoiceField(
        label=_("How often"), choices=[(ONCE, _("Once")), *((r.value, capfirst(r.label)) for r in Rhythm)]
    )
    how_many = forms.IntegerField(
        label=_("How many meetings"),
        help_text=_("For meetings that come back: fill in this, or the last day."),
        min_value=2,
        max_value=rules.MOST_IN_SERIES,
        required=False,
    )
    until = forms.DateField(label=_("Last day"), widget=DateInput, required=False)

    field_order = ["title", "day", "begins", "ends", "rhythm", "how_many", "until", "place", "video_url", "description"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("rhythm", ONCE) != ONCE and not (cleaned.get("how_many") or cleaned.get("until")):
            self.add_error("how_many", _("Say how many meetings there will be, or the last day."))
        return cleaned

    @property
    def is_series(self) -> bool:
        return self.cleaned_data["rhythm"] != ONCE


class ReasonForm(forms.Form):
    why = forms.CharField(
        label=_("Why"),
        help_text=_("One sentence. Those who are invited read it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AgendaItemForm(forms.ModelForm):
    minutes_long = forms.IntegerField(
        label=_("How many minutes"), help_text=_("How long it may take."), min_value=1, max_value=600, initial=15
    )

    class Meta:
        model = AgendaItem
        fields = ["title", "text", "minutes_long"]
        labels = {"title": _("Point"), "text": _("Background")}
        help_texts = {"text": _("What one should know beforehand, and what you want the meeting to decide.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}


class AnswerForm(forms.Form):
    """Whether one comes; for which parties one can decide; who comes instead."""

    answer = forms.ChoiceField(
        label=_("Are you coming?"),
        choices=[
            (a.value, label)
            for a, label in (
                (Answer.YES, _("Yes, I am coming")),
                (Answer.MAYBE, _("Perhaps")),
                (Answer.NO, _("No, I cannot come")),
            )
        ],
        widget=forms.RadioSelect,
    )
    decides_for = forms.MultipleChoiceField(
        label=_("Can you decide?"),
        help_text=_("Tick if you can say yes to something on the spot."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    instead_name = forms.CharField(
        label=_("Name of somebody who comes instead of you"),
        help_text=_("We send that person an invitation, and note that you are not coming."),
        max_length=120,
        required=False,
    )
    instead_email = forms.EmailField(
        label=_("That person's e-mail address"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, rows: Sequence[Attendance], **kwargs: Any) -> None:
        self.rows = rows
        first = rows[0]
        kwargs.setdefault(
            "initial",
            {
                "answer": None if first.answer == Answer.NONE else first.answer,
                "decides_for": [row.party_name for row in rows if row.is_decision_maker],
            },
        )
        super().__init__(*args, **kwargs)
        words = _("I can decide for %(party)s")
        parties = [(row.party_name, words % {"party": row.party_name}) for row in rows if row.party_name]
        if parties:
            self.fields["decides_for"].choices = parties
        else:
            del self.fields["decides_for"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("instead_name")) != bool(cleaned.get("instead_email")) and not self.has_error(
            "instead_email"
        ):
            missing = "instead_name" if cleaned.get("instead_email") else "instead_email"
            self.add_error(missing, _("To send somebody else we need both the name and the e-mail address."))
        return cleaned

    def answer_fields(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("decides_for", [])
        return {
            "answer": self.cleaned_data["answer"],
            "decides_for": {row.pk for row in self.rows if row.party_name and row.party_name in chosen},
            "instead_name": self.cleaned_data["instead_name"],
            "instead_email": self.cleaned_data["instead_email"],
        }


class PresentForm(forms.Form):
    """Somebody who came without having been invited."""

    name = forms.CharField(label=_("Name"), max_length=120)
    party_name = forms.CharField(label=_("For which actor or organisation"), max_length=160, required=False)
    is_decision_maker = forms.BooleanField(label=_("Can decide for it"), required=False)


class TextForm(forms.Form):
    """A part of the minutes, with the number of the version that the person saw."""

    text = RichTextField(label=_("Text"), max_length=50_000, required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class DecisionForm(forms.ModelForm):
    """A decision; who sees to it is one of those invited, or a name."""

    who = forms.TypedChoiceField(label=_("Who sees to it"), required=False, coerce=int, empty_value=None)

    class Meta:
        model = MeetingDecision
        fields = ["text", "item", "responsible_name", "due_on"]
        labels = {
            "text": _("What was decided"),
            "item": _("Under which point"),
            "responsible_name": _("Or the name of somebody else"),
            "due_on": _("To be done by"),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "due_on": DateInput}

    field_order = ["text", "item", "who", "responsible_name", "due_on"]

    def __init__(self, *args: Any, items: Any, people: Sequence[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {row.user_id: row.user for row in people if row.user_id}
        self.fields["item"].queryset = items
        self.fields["item"].empty_label = _("None of them")
        self.fields["responsible_name"].required = False
        names = {row.user_id: row for row in people if row.user_id}
        shown = [(pk, f"{row.shown_name}, {row.party_name}".rstrip(", ")) for pk, row in names.items()]
        self.fields["who"].choices = [("", _("Choose")), *shown]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("who") and not cleaned.get("responsible_name"):
            self.add_error("who", _("Say who sees to it: choose somebody, or write a name."))
        return cleaned

    def decision_fields(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "text": cleaned["text"],
            "item": cleaned["item"],
            "responsible": self.people.get(cleaned["who"]),
            "responsible_name": cleaned["responsible_name"],
            "due_on": cleaned["due_on"],
        }


class FileForm(forms.Form):
    upload = DocumentField(label=_("File"))
    title = forms.CharField(
        label=_("What it is"), help_text=_("Leave it out to use the name of the file."), max_length=160, required=False
    )
