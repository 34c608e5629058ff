"""Whose address a request has, and whom we believe about it."""

import pytest
from django.test import RequestFactory

from samkraft.records.addresses import client_address


def address(remote, forwarded=None):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


def test_address_without_proxies_is_the_connections(settings):
    settings.TRUSTED_PROXIES = []
    assert address("192.0.2.7") == "192.0.2.7"


def test_forged_header_without_a_proxy_is_not_believed(settings):
    settings.TRUSTED_PROXIES = []
    assert address("192.0.2.7", "198.51.100.1") == "192.0.2.7"


def test_header_from_somebody_who_is_not_our_proxy_is_not_believed(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert address("192.0.2.7", "198.51.100.1") == "192.0.2.7"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("198.51.100.1, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.2", "10.0.0.2"),
        ("nonsense", "10.0.0.1"),
        ("192.0.2.7, nonsense", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("[2001:db8::5]:443", "2001:db8::5"),
        ("192.0.2.7:5123", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_header_from_our_proxy_is_walked_from_the_right(settings, forwarded, expected):
    settings.TRUSTED_PROXIES = ["10.0.0.0/30"]
    assert address("10.0.0.1", forwarded) == expected


def test_connection_without_an_address_has_the_unknown_one(settings):
    settings.TRUSTED_PROXIES = []
    assert address("") == "0.0.0.0"
