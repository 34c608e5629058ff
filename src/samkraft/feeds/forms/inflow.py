"""Forms of those who look after what a county takes in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from samkraft.ui.fields import WebAddressField


class SourceForm(forms.Form):
    url = WebAddressField(
        label=_("Address of the feed"),
        help_text=_("The address of an RSS or Atom feed. It often ends in feed, rss or xml. We look there at once."),
    )
    title = forms.CharField(
        label=_("Name"),
        help_text=_("What editors see. Leave it empty, and we take the feed's own."),
        max_length=160,
        required=False,
    )
