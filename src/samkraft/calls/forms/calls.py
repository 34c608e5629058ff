"""Forms of a call's own pages: opening one, what it tells, when it is, why it is changed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samkraft.meetings.forms import DateInput, TimeInput
from samkraft.meetings.rules import NoSuchTime, moment
from samkraft.networks.models import Actor
from samkraft.places.models import Area
from samkraft.ui.rich_text import RichTextField

from ..models import Call, CallKind, SeedKind
from ..rules.changing import Freedom

WHAT_KINDS_ARE = {
    CallKind.WORKSHOP: _("Workshop: people who work or are elected in municipalities apply for a place."),
    CallKind.PROGRAMME: _("Programme: municipalities apply to take part."),
    CallKind.GRANT: _("Grant: actors apply for money for something that they want to do."),
    CallKind.AWARD: _("Award: actors tell what they have done."),
}
_HOW_MANY = {
    CallKind.GRANT: _("How many grants are there?"),
    CallKind.AWARD: _("How many awards are there?"),
}
END_OF_DAY = time(23, 59)


def deadline(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When a call closes: what is sent in during the last minute of the day is in time. Raises NoSuchTime."""
    at = moment(day, clock, zone)
    return at + timedelta(seconds=59) if (clock.hour, clock.minute) == (END_OF_DAY.hour, END_OF_DAY.minute) else at


def reason_field(freedom: str) -> forms.CharField:
    """Why a published call is changed. The operation asks for it where it is needed."""
    is_needed = freedom == Freedom.REASON
    helps = _("The call is published, so everybody can read the reason on its page.")
    if not is_needed:
        helps = _("Needed if you change the number of places. Everybody can read it on the call's page.")
    return forms.CharField(
        label=_("Why do you change it?"),
        help_text=helps,
        max_length=500,
        required=is_needed,
        error_messages={"required": _("Say why you change it. Everybody can read the reason.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def only_under(field: forms.Field, choice: str, *values: str) -> None:
    """Show a field only while one of these values of another field is chosen; it is needed there, and not optional."""
    field.is_under_choice = True  # type: ignore[attr-defined]
    field.widget.attrs["data-only-under"] = " ".join([choice, *values])


class WithReason(forms.Form):
    """A form that has a field for the reason when the call is published."""

    def __init__(self, *args: Any, freedom: str = Freedom.FREE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if freedom != Freedom.FREE:
            self.fields["why"] = reason_field(freedom)

    @property
    def why(self) -> str:
        return str(self.cleaned_data.get("why", ""))

    @property
    def told(self) -> dict[str, Any]:
        """What was filled in, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "why"}


class NewCallForm(forms.Form):
    """In whose name, of what kind, under which title."""

    kind = forms.ChoiceField(
        label=_("What do you offer?"),
        help_text=_("You begin with questions and rules that fit, and can change all of it."),
        choices=[(kind.value, WHAT_KINDS_ARE[kind]) for kind in CallKind],
        widget=forms.RadioSelect,
    )
    whose = forms.ChoiceField(label=_("In whose name?"), help_text=_("The place or the actor that organises."))
    title = forms.CharField(
        label=_("What is it called?"), help_text=_("The address of the page is made from it."), max_length=160
    )

    def __init__(self, *args: Any, places: Sequence[Area], actors: Sequence[Actor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._named: dict[str, Area | Actor] = {f"place-{place.pk}": place for place in places}
        self._named |= {f"actor-{actor.pk}": actor for actor in actors}
        choices = [(key, getattr(who, "full_name", "") or str(who)) for key, who in self._named.items()]
        self.fields["whose"].choices = choices if len(choices) == 1 else [("", _("Choose")), *choices]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def call_fields(self) -> dict[str, Any]:
        """What the operation takes."""
        who = self._named[self.cleaned_data["whose"]]
        name = "area" if isinstance(who, Area) else "actor"
        return {"kind": self.cleaned_data["kind"], "title": self.cleaned_data["title"], name: who}


class TitleForm(forms.Form):
    title = forms.CharField(label=_("What is the new call called?"), max_length=160)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class AboutForm(WithReason):
    """What one gets, from whom, and whom to ask."""

    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("In two sentences"),
        help_text=_("It stands in lists and where the page is shared."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    offer = RichTextField(
        label=_("What do you offer?"),
        help_text=_("What one gets, when and where it is, what it costs, what is expected of those who take part."),
        max_length=12_000,
    )
    organiser_name = forms.CharField(
        label=_("Who organises, as it is to stand on the page"),
        help_text=_("Leave it out to use the name of the place or the actor."),
        max_length=160,
        required=False,
    )
    contact_email = forms.EmailField(
        label=_("E-mail address for questions"), help_text=_("Everybody can read it on the call's page.")
    )
    seats = forms.IntegerField(label=_("How many places are there?"), min_value=1, max_value=5000)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seats"].label = _HOW_MANY.get(kind, self.fields["seats"].label)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class WhenForm(WithReason):
    """Days and times by the organiser's clocks. Of a published call, opening and closing are not asked for here."""

    opens_on = forms.DateField(label=_("Opens on"), widget=DateInput)
    opens_clock = forms.TimeField(label=_("Opens at"), widget=TimeInput, initial=time(9))
    closes_on = forms.DateField(label=_("Closes on"), widget=DateInput)
    closes_clock = forms.TimeField(
        label=_("Closes at"),
        widget=TimeInput,
        initial=END_OF_DAY,
    )
    announce_on = forms.DateField(
        label=_("Applicants hear by"),
        help_text=_("The day by which all who apply know whether they have a place."),
        widget=DateInput,
        required=False,
    )
    answer_days = forms.IntegerField(
        label=_("How many days has one to answer an offer?"),
        help_text=_("What is not answered in time goes to the waiting list."),
        min_value=1,
        max_value=90,
    )
    WINDOW = ("opens_on", "opens_clock", "closes_on", "closes_clock")

    def __init__(self, *args: Any, call: Call, is_draft: bool, **kwargs: Any) -> None:
        self.zone = ZoneInfo(call.time_zone)
        self.call = call
        initial: dict[str, Any] = {"announce_on": call.announce_on, "answer_days": call.answer_days}
        for name, at in (("opens", call.opens_at), ("closes", call.closes_at)):
            if at is not None:
                local = at.astimezone(self.zone)
                initial |= {f"{name}_on": local.date(), f"{name}_clock": local.time()}
        super().__init__(*args, initial=initial, **kwargs)
        if not is_draft:
            for name in self.WINDOW:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("opens", "closes"):
            if cleaned.get(f"{name}_on") and cleaned.get(f"{name}_clock"):
                self._set_moment(name, cleaned[f"{name}_on"], cleaned[f"{name}_clock"])
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_on", _("The call has to close after it opens."))
        last = closes or self.call.closes_at
        if last and cleaned.get("announce_on") and cleaned["announce_on"] < last.astimezone(self.zone).date():
            self.add_error("announce_on", _("Applicants cannot hear before the call closes."))
        return cleaned

    def _set_moment(self, name: str, day: date, clock: time) -> None:
        try:
            make = deadline if name == "closes" else moment
            self.cleaned_data[f"{name}_at"] = make(day, clock, self.zone)
        except NoSuchTime:
            self.add_error(f"{name}_clock", _("The clock is put forward that night, so this time does not occur."))

    @property
    def told(self) -> dict[str, Any]:
        names = ("opens_at", "closes_at", "announce_on", "answer_days")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class DeadlineForm(forms.Form):
    """Another deadline for a published call, and why."""

    closes_on = forms.DateField(label=_("Closes on"), widget=DateInput)
    closes_clock = forms.TimeField(label=_("Closes at"), widget=TimeInput, initial=END_OF_DAY)
    why = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody can read it, and those who have begun an application get it by mail."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        self.zone = ZoneInfo(call.time_zone)
        initial: dict[str, Any] = {}
        if call.closes_at is not None:
            local = call.closes_at.astimezone(self.zone)
            initial = {"closes_on": local.date(), "closes_clock": local.time()}
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("closes_on") and cleaned.get("closes_clock"):
            try:
                self.closes_at: datetime = deadline(cleaned["closes_on"], cleaned["closes_clock"], self.zone)
            except NoSuchTime:
                self.add_error("closes_clock", _("The clock is put forward that night, so this time does not occur."))
        return cleaned


class ReasonForm(forms.Form):
    """Why something is done that others are told of."""

    why = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody can read it on the call's page, and those who applied get it by mail."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NumberForm(WithReason):
    """Where the number comes from that decides the draw."""

    seed_kind = forms.ChoiceField(
        label=_("Where does the number come from?"),
        help_text=_("The draw is made by a number that nobody can know or choose when all else is fixed."),
        choices=[(kind.value, capfirst(kind.label)) for kind in SeedKind],
        widget=forms.RadioSelect,
    )
    seed_source = forms.CharField(
        label=_("Which number, of which day?"),
        help_text=_(
            "So exactly that everybody finds the same one, such as “The seven numbers of the first draw of Lotto on "
            "Saturday 3 July 2027, in the order of their size”."
        ),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_under(self.fields["seed_source"], "seed_kind", SeedKind.PUBLIC)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seed_kind") == SeedKind.PUBLIC and not cleaned.get("seed_source"):
            self.add_error("seed_source", _("Say which number it is, so that everybody can look it up."))
        return cleaned
