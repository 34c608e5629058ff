"""Forms of the steps by which a network is started."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samkraft.ui.fields import WebAddressField

from ..models import Actor


class ActorForm(forms.Form):
    """Which of one's own actors convenes."""

    actor = forms.ModelChoiceField(
        label=_("Which actor convenes?"),
        help_text=_("The convening actor calls the first meeting and checks once a year that the members keep to it."),
        queryset=Actor.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, actors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = actors


class PeopleForm(forms.Form):
    """Who takes part from the beginning. Those named get a mail when the network begins, not before."""

    shown = forms.BooleanField(
        label=_("Show my name as the network's contact"),
        help_text=_("You are the contact person to begin with. Your e-mail address is never shown."),
        required=False,
    )
    edits = forms.BooleanField(
        label=_("I am one of the editors"),
        help_text=_("Editors write in the local feed and answer for the pictures in it."),
        required=False,
        initial=True,
    )
    editor_1 = forms.EmailField(
        label=_("E-mail address of another editor"),
        help_text=_("One editor is enough, two are better. The person gets an invitation when the network begins."),
        required=False,
    )
    editor_2 = forms.EmailField(label=_("E-mail address of one more editor"), required=False)
    contact_email = forms.EmailField(
        label=_("The network's own e-mail address"),
        help_text=_("If you have one. It gets what readers write to you, and nobody sees it on the site."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors and not answers["edits"] and not self._addresses(answers):
            raise forms.ValidationError(_("The network needs at least one editor: you, or somebody you name."))
        return answers

    def people(self) -> dict[str, Any]:
        answers = self.cleaned_data
        return {"shown": answers["shown"], "edits": answers["edits"], "editors": self._addresses(answers)}

    @staticmethod
    def _addresses(answers: dict[str, Any]) -> list[str]:
        given = (answers.get(name, "").strip().lower() for name in ("editor_1", "editor_2"))
        return list(dict.fromkeys(address for address in given if address))


class ProposalForm(forms.Form):
    """A newspaper area that is missing."""

    newspaper = forms.CharField(label=_("What is the newspaper called?"), max_length=120)
    url = WebAddressField(label=_("The newspaper's site"), required=False)
    places = forms.CharField(
        label=_("Which municipalities does it write about?"),
        help_text=_("Write their names with commas between them."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
