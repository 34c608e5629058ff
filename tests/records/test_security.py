"""Addresses by which a fetch could be led into a closed network."""

import pytest

from samkraft.records.fetch import is_public


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "::7f00:1",
        "::a00:1",
        "fec0::1",
        "64:ff9b:1::1",
        "192.0.0.8",
        "::ffff:0:7f00:1",
    ],
)
def test_is_public_closed_network_behind_a_gateway(address: str) -> None:
    assert is_public(address) is False


def test_is_public_open_address_behind_a_gateway() -> None:
    """Whoever passes on decides where it leads, so none is tried."""
    assert is_public("64:ff9b::808:808") is False
