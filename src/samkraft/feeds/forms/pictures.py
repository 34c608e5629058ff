"""Forms of a post's pictures."""

from django import forms
from django.utils.translation import gettext_lazy as _

from samkraft.records.file_fields import PictureField


class WordsForm(forms.Form):
    """What a picture shows, and who took it."""

    alt = forms.CharField(
        label=_("What does the picture show?"),
        help_text=_("One sentence, for those who cannot see it: “Three pupils plant an apple tree.”"),
        max_length=300,
    )
    photographer = forms.CharField(label=_("Photographer"), max_length=120)


class PermissionForm(WordsForm):
    """As above, with the promise that the picture may be shown."""

    has_permission = forms.BooleanField(
        label=_("The photographer, and those who can be recognised in the picture, have said that we may show it"),
    )


class PictureForm(PermissionForm):
    """A picture to add."""

    upload = PictureField(label=_("Picture"))

    field_order = ("upload", "alt", "photographer", "has_permission")
