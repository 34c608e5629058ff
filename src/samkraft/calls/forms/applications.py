"""The form of an application, made of what its call asks; it keeps whatever is typed, and tells what is missing."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.people.models import Sector
from samkraft.records.documents import ACCEPT
from samkraft.records.models import StoredFile
from samkraft.ui import numbers

from ..models import ApplicantRole, Call, Question, QuestionKind
from ..queries import applications as queries
from ..rules.answers import ABOUT, YES, Typed

# More than any question allows, so that what is too long is kept and told, and what is sent to harm is not.
LONGEST = 50_000


class ApplyForm(forms.Form):
    """An address to which the link is mailed. `website` is a trap for programs: people do not see it."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("We send the link to the form there, and what becomes of your application."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def typed_in(post: Mapping[str, str], before: Typed, questions: Sequence[Question]) -> Typed:
    """What was typed, as it came. What the page did not ask for stays as it was."""
    about = {name: _clean(post[name]) if name in post else getattr(before, name) for name in ABOUT}
    answers = dict(before.answers)
    for question in questions:
        name = queries.field_of(question)
        if question.kind == QuestionKind.CONSENT:
            answers[question.pk] = YES if post.get(name) == YES else ""
        elif question.kind != QuestionKind.FILE and name in post:
            answers[question.pk] = _clean(post[name])
    return Typed(**about, answers=answers)


def _clean(text: str) -> str:
    """With one sign for the end of a line, and without signs that no database keeps."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32)[:LONGEST]


class ApplicationForm(forms.Form):
    """What stands in an application, to be drawn. Its faults come from the rules and not from its fields."""

    use_required_attribute = False

    def __init__(
        self,
        *,
        call: Call,
        questions: Sequence[Question],
        typed: Typed,
        files: Mapping[int, StoredFile],
        faults: Sequence[queries.Fault] = (),
    ) -> None:
        values = {name: getattr(typed, name) for name in ABOUT}
        values.update({queries.field_of(question): typed.answer(question) for question in questions})
        super().__init__(data=values)
        self._faults = faults
        self._questions = questions
        self._files = files
        labels = queries.labels_of(call)
        for name in queries.asked_about(call):
            self.fields[name] = _ABOUT[name](labels[name], call)
        for question in questions:
            self.fields[queries.field_of(question)] = _field(question)

    def full_clean(self) -> None:
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data = {}
        for fault in self._faults:
            if fault.field in self.fields:
                self.add_error(fault.field, fault.sentence)

    @property
    def faults(self) -> Sequence[queries.Fault]:
        return self._faults

    @property
    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in ABOUT]

    @property
    def asked(self) -> list[dict[str, Any]]:
        """Each question with its field, and the file that stands there."""
        return [
            {
                "question": question,
                "field": self[queries.field_of(question)],
                "file": self._files.get(question.pk),
                "is_file": question.kind == QuestionKind.FILE,
                "counts": question.kind in {QuestionKind.TEXT, QuestionKind.LONG_TEXT} and bool(question.most),
            }
            for question in self._questions
        ]


def _name(label: str, call: Call) -> forms.Field:
    return forms.CharField(label=label, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))


def _actor_name(label: str, call: Call) -> forms.Field:
    widget = forms.TextInput(attrs={"autocomplete": "organization"})
    return forms.CharField(label=label, max_length=160, help_text=_("The name by which people know it."), widget=widget)


def _place(label: str, call: Call) -> forms.Field:
    groups = groupby(queries.places_of(call), key=queries.county_of)
    choices = [(county.full_name, [(area.key, area.display_name) for area in areas]) for county, areas in groups]
    return forms.ChoiceField(label=label, choices=[("", _("Choose")), *choices])


def _role(label: str, call: Call) -> forms.Field:
    choices = [(role.value, capfirst(role.label)) for role in ApplicantRole]
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


def _sector(label: str, call: Call) -> forms.Field:
    choices = [("", _("Choose")), *((sector.value, capfirst(sector.label)) for sector in Sector)]
    return forms.ChoiceField(label=label, choices=choices, help_text=_("The one that comes closest to your work."))


_ABOUT = {"name": _name, "actor_name": _actor_name, "place": _place, "role": _role, "sector": _sector}


def _field(question: Question) -> forms.Field:
    asks = {"label": question.label, "help_text": _help(question), "required": question.is_required}
    match question.kind:
        case QuestionKind.LONG_TEXT:
            rows = 4 if question.most and question.most <= 400 else 8
            return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **asks)
        case QuestionKind.CHOICE:
            choices = [(choice["value"], choice["label"]) for choice in question.choices]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **asks)
        case QuestionKind.NUMBER:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 12}), **asks)
        case QuestionKind.CONSENT:
            return forms.BooleanField(widget=forms.CheckboxInput(attrs={"value": YES}, check_test=_is_yes), **asks)
        case QuestionKind.FILE:
            return forms.FileField(widget=forms.FileInput(attrs={"accept": ACCEPT}), **asks)
    return forms.CharField(**asks)


def _is_yes(value: object) -> bool:
    return value in {YES, True}


def _help(question: Question) -> str:
    """The organiser's words, and the limits."""
    words = [question.help_text]
    if question.kind in {QuestionKind.TEXT, QuestionKind.LONG_TEXT} and question.most is not None:
        words.append(_("At most %(most)s characters.") % {"most": numbers.number(question.most)})
    if question.kind == QuestionKind.NUMBER:
        words.append(_bounds(question))
    if question.kind == QuestionKind.FILE:
        words.append(_("PDF, Word, Excel, OpenDocument, text, PNG or JPEG, at most 20 megabytes."))
    # The help of a field is HTML to the template that draws it, and this is what people wrote.
    return escape(" ".join(word for word in words if word))


def _bounds(question: Question) -> str:
    words = {"least": numbers.number(question.least), "most": numbers.number(question.most)}
    if question.least is not None and question.most is not None:
        return _("From %(least)s to %(most)s.") % words
    if question.least is not None:
        return _("At least %(least)s.") % words
    return _("At most %(most)s.") % words if question.most is not None else ""
