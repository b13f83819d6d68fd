"""Connections to the very address that was checked, so that no name can change in between."""

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from hydrophone.errors import ProviderUnavailableError
from hydrophone.outbound.addresses import Gatekeeper

_MOST_TRIED = 3
"""Addresses of a host; what has more of them has the first ones too."""
_OLD_STATUS = b"ICY "
_NEW_STATUS = b"HTTP/1.0 "


class CheckedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport, over connections that a gatekeeper lets through."""

    def __init__(
        self, gatekeeper: Gatekeeper, context: ssl.SSLContext, *, most_connections: int
    ) -> None:
        super().__init__(verify=context)
        # httpx has no parameter for this; the pool is what it would make itself.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=most_connections,
            max_keepalive_connections=0,
            network_backend=_CheckedNetwork(gatekeeper),
        )


class _CheckedNetwork(httpcore.AsyncNetworkBackend):
    def __init__(self, gatekeeper: Gatekeeper) -> None:
        self._gatekeeper = gatekeeper
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of a host that answers.

        Raises InvalidInputError and ProviderUnavailableError as the gatekeeper does, and what
        httpcore raises.
        """
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._gatekeeper.addresses(host, port)
        except TimeoutError as error:
            raise ProviderUnavailableError(f"Nobody knows the name {host} for now.") from error
        *others, last = addresses[:_MOST_TRIED]
        for address in others:
            try:
                return _Stream(await self._network.connect_tcp(address, port, timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return _Stream(await self._network.connect_tcp(last, port, timeout))

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection on which `ICY 200 OK`, as old radio servers say it, is HTTP."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._is_new = True

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        data = await self._stream.read(max_bytes, timeout)
        if self._is_new and data.startswith(_OLD_STATUS):
            data = _NEW_STATUS + data.removeprefix(_OLD_STATUS)
        self._is_new = False
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(self, *arguments: Any, **options: Any) -> httpcore.AsyncNetworkStream:  # noqa: ANN401 - handed on
        return await self._stream.start_tls(*arguments, **options)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's
        return self._stream.get_extra_info(info)
