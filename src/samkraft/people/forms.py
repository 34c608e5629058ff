"""Forms of people's pages. Those built on allauth's are in `signin_forms`, since allauth loads this file."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .models import Invitation, Role, Sector, User


class SignupForm(forms.Form):
    """What is asked besides the address when somebody signs up: a name, if they like."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("This is how others see you. You can leave it out and add it later."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name, and the language of the page on which the person signed up."""
        user.name = " ".join(self.cleaned_data["name"].split())
        user.language = get_language() or user.language
        user.save(update_fields=["name", "language"])


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": _("Your name"), "language": _("Language of e-mail to you")}
        help_texts = {"name": _("This is how others see you.")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class InvitationForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ["email", "role", "sector"]
        labels = {"email": _("E-mail address"), "role": _("Role"), "sector": _("Sector of work")}
        help_texts = {"email": _("Only the holder of exactly this address can accept the invitation.")}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "off"}), "role": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, capfirst(role.label)) for role in Role]
        sectors = [(sector.value, capfirst(sector.label)) for sector in Sector]
        self.fields["sector"].choices = [("", _("Choose")), *sectors]


class VisitorMessageForm(forms.Form):
    """What a visitor wants to tell. `website` is a trap for programs: people do not see it."""

    text = forms.CharField(
        label=_("What did not work?"),
        help_text=_("Say what you tried to do and what happened instead."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    page_address = forms.CharField(
        label=_("On which page?"),
        help_text=_("The address or the name of the page."),
        max_length=500,
        required=False,
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Fill it in if you want an answer. We use it for nothing else and erase it afterwards."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class ContentReportForm(VisitorMessageForm):
    """As above, about something on the site that should be looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What should we look at?")
        self.fields["text"].help_text = _("Say what is wrong or harmful, and why.")


class AnswerForm(forms.Form):
    """How a steward settles a visitor's message."""

    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("It is sent by e-mail if the visitor has left an address."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ClosingCodeForm(forms.Form):
    """The code by which somebody without a password shows that the account is theirs to close."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}),
    )
