"""Forms of newspaper areas."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from samkraft.places.fields import MunicipalitiesField
from samkraft.ui.fields import WebAddressField


class SeenForm(forms.Form):
    """A form that knows which version of the area its reader saw; empty: as nobody has touched it."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        text = self.cleaned_data["seen"]
        try:
            seen = parse_datetime(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("Open the page again and make your change there.")) from error
        if text and (seen is None or seen.tzinfo is None):
            raise forms.ValidationError(_("Open the page again and make your change there."))
        return seen


class NewspaperAreaForm(SeenForm):
    """An area's name, its newspaper and the municipalities of one country that the newspaper is read in."""

    name = forms.CharField(
        label=_("Name of the area"),
        help_text=_("What people call it. Often it is the newspaper's name, or the name of the district."),
        max_length=120,
    )
    newspaper = forms.CharField(label=_("Newspaper"), max_length=120)
    url = WebAddressField(
        label=_("The newspaper's site"),
        help_text=_("Begins with https://"),
        required=False,
    )
    municipalities = MunicipalitiesField(
        label=_("Municipalities where it is the local newspaper"),
        help_text=_("They can lie in several counties. A municipality can belong to several newspapers' areas."),
    )
    is_confirmed = forms.BooleanField(
        label=_("I know that this is right: show the area as confirmed"), required=False, initial=True
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipalities"].limit_to(country)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_newspaper(self) -> str:
        return " ".join(self.cleaned_data["newspaper"].split())
