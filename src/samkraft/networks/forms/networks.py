"""Forms of a network's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samkraft.places.models import Area
from samkraft.ui.fields import WebAddressField
from samkraft.ui.rich_text import RichTextField

from ..models import Variant

WORDS_OF_VARIANT = {
    Variant.MINI: _("Mini: one actor begins, with a contact person and one or two editors. You add the rest in time."),
    Variant.TOTAL: _("Total: umbrella meetings, campaigns, several actors and editors from the beginning."),
}


class TextsForm(forms.Form):
    """What a network says about itself."""

    name = forms.CharField(
        label=_("What is the network called?"),
        help_text=_("Often the newspaper's area or the municipality."),
        max_length=120,
    )
    description = RichTextField(
        label=_("Who are you?"),
        help_text=_("Tell somebody who has not heard of you why you pull together, and for what."),
        max_length=6000,
    )
    organisation = RichTextField(
        label=_("How do you work together?"),
        help_text=_("How often you meet, who calls the meetings, who writes in the feed."),
        max_length=6000,
        required=False,
    )
    variant = forms.ChoiceField(
        label=_("How large do you begin?"),
        help_text=_("You can change this at any time."),
        choices=[(variant.value, WORDS_OF_VARIANT[variant]) for variant in Variant],
        widget=forms.RadioSelect,
        initial=Variant.MINI,
    )
    facebook_url = WebAddressField(
        label=_("Facebook page"),
        help_text=_("If you have one already. It stays connected to the network's page."),
        required=False,
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class NetworkForm(TextsForm):
    """As above, for a network that has begun. `seen` says which state of it the writer began from."""

    contact_email = forms.EmailField(
        label=_("The network's own e-mail address"),
        help_text=_("Gets what readers write to you. Nobody sees it on the site."),
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["variant"].label = _("How large are you?")


class ReasonForm(forms.Form):
    """Why a network changes its state, for its own people."""

    why = forms.CharField(
        label=_("Why?"),
        help_text=_("Your members and conveners read this. It is not shown to others."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ContactForm(forms.Form):
    """What a reader writes to a network. `website` is a trap for programs: people do not see it."""

    text = forms.CharField(
        label=_("What do you want to say or ask?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The network's contacts answer to it. We use it for nothing else and do not keep it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class FacebookForm(forms.Form):
    """The Facebook page of a county or of one of its municipalities."""

    area = forms.ModelChoiceField(label=_("Of which place?"), queryset=Area.objects.none(), empty_label=None)
    title = forms.CharField(label=_("What is the page called?"), max_length=120)
    url = WebAddressField(label=_("Its address"))

    def __init__(self, *args: Any, county: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = Area.objects.filter(parent=county) | Area.objects.filter(pk=county.pk)
        self.fields["area"].queryset = inside.defer("outline").order_by("kind", "name")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if not url.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(_("Write a web address that begins with https://."))
        return url
