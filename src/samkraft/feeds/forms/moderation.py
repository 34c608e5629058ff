"""Forms of those who report posts, and of those who decide about them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Decision


class ReportForm(forms.Form):
    """What a reader says about a post. `website` is a trap for programs: people do not see it."""

    text = forms.CharField(
        label=_("What should we look at?"),
        help_text=_("Say what is wrong or harmful, and why."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Fill it in if you want an answer. We use it for nothing else and erase it afterwards."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class DecisionForm(forms.Form):
    """What is decided about a post, why, and what those who reported it are answered."""

    step = "decide"

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        choices=[
            (Decision.KEPT, _("The post stays")),
            (Decision.UNPUBLISHED, _("Unpublish the post: nobody can read it any more")),
        ],
    )
    why = forms.CharField(
        label=_("Why?"),
        help_text=_("If you unpublish the post, those who wrote it are told this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    answer = forms.CharField(
        label=_("Answer to those who reported it"),
        help_text=_("It is sent by e-mail to those who left an address."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class UnreportedForm(DecisionForm):
    """As above, for a post that nobody has reported: it is unpublished, and nobody is answered."""

    step = "unpublish"

    decision = None
    answer = None


class RestoreForm(forms.Form):
    step = "restore"

    why = forms.CharField(
        label=_("Why is it published again?"),
        help_text=_("Those who wrote it are told this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
