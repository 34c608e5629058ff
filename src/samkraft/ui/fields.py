"""Fields of forms that every part of the site uses."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

LONGEST_ADDRESS = 500


def _without_password(address: str) -> None:
    if "@" in address.partition("://")[2].partition("/")[0]:
        raise ValidationError(_("The address must not hold a name or a password."))


class WebAddressField(forms.URLField):
    """An address of the open web, and no other: neither scripts, data nor files, nor a name or password in it.

    One that is typed without its beginning, such as www.example.org, is taken for https.
    """

    default_validators = [
        URLValidator(schemes=["http", "https"], message=_("This is not an address of a page.")),
        _without_password,
    ]

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}
        defaults = {"max_length": LONGEST_ADDRESS, "assume_scheme": "https", "widget": forms.URLInput(attrs=attrs)}
        super().__init__(**{**defaults, **kwargs})
