"""Addresses that people type: of the open web, and no other."""

import pytest
from django.core.exceptions import ValidationError

from samkraft.ui.fields import WebAddressField


def test_an_address_without_its_beginning_is_taken_for_https() -> None:
    assert WebAddressField().clean(" www.example.org/klimat ") == "https://www.example.org/klimat"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://name:password@example.org/",
        "https://example.org@elsewhere.example/",
        "https://exa mple.org/",
        "https://",
        "https://example.org/" + "x" * 500,
    ],
)
def test_anything_else_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        WebAddressField().clean(address)


def test_a_field_that_need_not_be_filled_in_may_be_empty() -> None:
    assert WebAddressField(required=False).clean("") == ""
