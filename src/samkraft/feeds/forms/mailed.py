"""Forms of those who handle what was mailed in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RejectForm(forms.Form):
    why = forms.CharField(
        label=_("Why is it not used?"),
        help_text=_("A sender whom the network knows is told this by e-mail."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
