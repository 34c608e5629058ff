"""Addresses that are put together are those that Django would resolve."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from samkraft.ui.addresses import address


@pytest.mark.parametrize("language", ["sv", "nb", "da", "en"])
@pytest.mark.parametrize(
    ("route", "keys"),
    [
        ("feeds:post", [1_020_000]),
        ("feeds:report", [7]),
        ("networks:actor", ["bageriet-2"]),
        ("networks:network", ["mariestad"]),
        ("feeds:area", ["se", "mariestad"]),
        ("feeds:area", ["no", "oslo"]),
    ],
)
def test_address_is_that_of_the_route_in_the_language(language, route, keys):
    with override(language):
        assert address(route, *keys) == reverse(route, args=keys)
