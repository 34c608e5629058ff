"""A mail to a group of applicants."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..operations.group_mail import problem


class MailForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=160)
    text = forms.CharField(
        label=_("Text"),
        help_text=_(
            "Plain text. Where you write {name}, each reads their own name. The mail says which call it is about, and"
            " leads to the application."
        ),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def clean_subject(self) -> str:
        return self._checked(" ".join(str(self.cleaned_data["subject"]).split()))

    def clean_text(self) -> str:
        return self._checked(str(self.cleaned_data["text"]))

    @staticmethod
    def _checked(text: str) -> str:
        if sentence := problem(text):
            raise forms.ValidationError(sentence)
        return text
