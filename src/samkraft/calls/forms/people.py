"""Inviting to help with a call."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..models import CallRole


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Only the holder of exactly this address can accept the invitation."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        help_text=_("An organiser can do all that you can do. A reviewer judges the applications that they are given."),
        choices=[(role.value, capfirst(role.label)) for role in CallRole],
        widget=forms.RadioSelect,
    )
