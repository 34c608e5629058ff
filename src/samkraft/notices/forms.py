"""What a person chooses about notices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import kinds


class MailChoiceForm(forms.Form):
    """One box for each kind of notice: ticked when it is wanted by mail."""

    wanted = forms.MultipleChoiceField(
        label=_("Send me e-mail about"),
        help_text=_("You can always read your notices on the site. Codes for signing in are always sent."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(kind.key, kind.title) for kind in kinds.to_choose_from()]
        self.fields["wanted"].choices = offered  # type: ignore[attr-defined]
