"""Addresses and the networks that they belong to."""

import pytest

from hydrophone.services.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
        ("x" * 1000, "x" * 64),
    ],
)
def test_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_wider_network_of_ipv6_only() -> None:
    assert network_of("2001:db8:1:2::9", prefix=48) == "2001:db8:1::/48"
    assert network_of("192.0.2.7", prefix=48) == "192.0.2.7"
