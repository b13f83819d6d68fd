"""Which network an address belongs to: whoever has one address has its whole network."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

CROWD_PREFIX = 48
"""What one customer may have of IPv6."""
_MAX_LENGTH = 64


@lru_cache(maxsize=4096)
def network_of(address: str, *, prefix: int = 64) -> str:
    """Return the network of an address: of IPv6 that of a prefix, of IPv4 the address itself.

    A customer of an IPv6 provider has at least a /64 (RFC 6177), often a /48. Neighbours in IPv4
    are strangers to each other, and must not pay for each other. What is no address, such as the
    name that a proxy made up, stands for itself.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_MAX_LENGTH]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        # So a socket for both kinds shows clients of IPv4.
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, prefix), strict=False))
