"""Which addresses may be called: the public internet, and what the configuration lists.

A URL from outside (a feed, a redirect) must not make the server ask its own network for things,
such as the router's pages or a cloud's secrets at 169.254.169.254 (server-side request forgery).
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection

import httpx

from hydrophone.errors import InvalidInputError, ProviderUnavailableError

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""From a host's name and a port to its addresses, the best first; raises OSError."""

LOOPBACK = "127.0.0.0/8"
"""In a list of what may be called: this machine, at whichever of its own addresses."""
_LONGEST_URL = 2000
_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65535
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Say whether an address is one of the public internet; what is no address is not."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return is_public(str(inner))
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that a packet to this one would end at, if there is one."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class Gatekeeper:
    """Says which URLs may be called, and at which addresses."""

    def __init__(self, allow: Collection[str], resolver: Resolver) -> None:
        """`allow` has hosts with ports (or `*`), as they stand in URLs, that may be private."""
        self._allow = frozenset(entry.lower() for entry in allow)
        self._resolve = resolver

    def check(self, url: str) -> httpx.URL:
        """Take a URL apart, without asking anybody.

        Raises:
            InvalidInputError: It is no address of the web, or names a private address.
        """
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, ValueError) as error:
            raise InvalidInputError("This is no address of the web.") from error
        if len(url) > _LONGEST_URL or parsed.scheme not in _PORTS or not parsed.host:
            raise InvalidInputError("This is no address of the web: it must begin with http(s)://.")
        port = parsed.port or _PORTS[parsed.scheme]
        if port > _LAST_PORT:
            raise InvalidInputError("This is no address of the web: there is no such port.")
        if _is_address(parsed.host):
            self._refuse_private(parsed.host, port, [parsed.host])
        return parsed

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses at which a host may be called now, the best first.

        Raises:
            InvalidInputError: All of them are private.
            ProviderUnavailableError: The name is unknown.
        """
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise ProviderUnavailableError(f"The name {host} cannot be found.") from error
        return self._refuse_private(host, port, found)

    def _refuse_private(self, host: str, port: int, found: list[str]) -> list[str]:
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if not self._allow.isdisjoint((place.lower(), place.rpartition(":")[0].lower() + ":*")):
            return found
        if LOOPBACK in self._allow and all(map(_is_loopback, found)):
            return found
        public = [address for address in found if is_public(address)]
        if not public:
            raise InvalidInputError(
                f"{place} is not on the public internet; [outbound] allow can permit it."
            )
        return public


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
