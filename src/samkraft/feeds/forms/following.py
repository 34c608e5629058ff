"""Forms of those who follow a feed by mail."""

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..models import Frequency


class ChoicesForm(forms.Form):
    """How often, and in which language."""

    frequency = forms.ChoiceField(
        label=_("How often?"),
        help_text=_("We mail only when there is something new, at seven in the morning. Weekly is on Mondays."),
        widget=forms.RadioSelect,
        choices=[(choice.value, capfirst(choice.label)) for choice in Frequency],
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"),
        help_text=_("The posts themselves are in the language in which they were written."),
        choices=settings.LANGUAGES,
    )


class FollowForm(ChoicesForm):
    """As above, for an address. `website` is a trap for programs: people do not see it."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We use it for this alone, and erase it when you stop."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ("email", "frequency", "language", "website")
