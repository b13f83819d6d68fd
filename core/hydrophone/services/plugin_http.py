"""The way of plugins to other servers: our one client, bound to the hosts that they declared."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from types import MappingProxyType

import httpx

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import BadAnswerError, InvalidInputError, NotAuthorizedError
from hydrophone.outbound import Incoming, Outbound
from hydrophone.plugin import HttpAnswer, HttpBody
from hydrophone.plugin.capabilities.source import LARGEST_FILE

_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_PARAMETERS: Mapping[str, str | list[str]] = MappingProxyType({})
_TIME_LIMIT = Seconds(10.0)
_LARGEST_ANSWER = ByteCount(8 * 1024 * 1024)
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class PluginHttp:
    """Requests of one instance; implements `HttpClient`."""

    def __init__(self, outbound: Outbound, hosts: Collection[str]) -> None:
        """`hosts` are those that it may call: `archive.org` stands for its subdomains too."""
        self._outbound = outbound
        self._hosts = frozenset(host.lower() for host in hosts)

    async def get(
        self,
        url: str,
        *,
        parameters: Mapping[str, str | list[str]] = _NO_PARAMETERS,
        headers: Mapping[str, str] = _NOTHING,
        time_limit: Seconds = _TIME_LIMIT,
        largest: ByteCount = _LARGEST_ANSWER,
    ) -> HttpAnswer:
        """Get a whole document; see `HttpClient`."""
        full = self._checked(url)
        if parameters:
            full = str(httpx.URL(full).copy_merge_params(parameters))
        with _translated():
            document = await self._outbound.fetch(
                full, largest=largest, time_limit=time_limit, headers=headers
            )
        return HttpAnswer(
            url=document.url,
            status=document.status,
            headers=_lower(document.headers),
            content=document.content,
        )

    async def post(
        self,
        url: str,
        *,
        content: bytes,
        content_type: str,
        headers: Mapping[str, str] = _NOTHING,
        time_limit: Seconds = _TIME_LIMIT,
        largest: ByteCount = _LARGEST_ANSWER,
    ) -> HttpAnswer:
        """Send something and get the whole answer; see `HttpClient`."""
        with _translated():
            document = await self._outbound.fetch(
                self._checked(url),
                largest=largest,
                time_limit=time_limit,
                headers={**headers, "Content-Type": content_type},
                content=content,
            )
        return HttpAnswer(
            url=document.url,
            status=document.status,
            headers=_lower(document.headers),
            content=document.content,
        )

    @asynccontextmanager
    async def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] = _NOTHING,
        largest: ByteCount = LARGEST_FILE,
    ) -> AsyncIterator[HttpBody]:
        """Get something large piece by piece; see `HttpClient`."""
        with _translated():
            async with self._outbound.open(
                self._checked(url), largest=largest, headers=headers
            ) as incoming:
                yield _Body(incoming)

    def _checked(self, url: str) -> str:
        host = self._outbound.check(url).lower()
        if host in self._hosts or any(host.endswith(f".{parent}") for parent in self._hosts):
            return url
        raise InvalidInputError(f"{host} is not among the hosts that this plugin has declared.")


class _Body:
    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self.url = incoming.url
        self.status = incoming.status
        self.headers = _lower(incoming.headers)

    def chunks(self) -> AsyncIterator[bytes]:
        return self._incoming.chunks()


@contextmanager
def _translated() -> Iterator[None]:
    """Tell apart what only a new login can mend."""
    try:
        yield
    except BadAnswerError as error:
        if error.status in _REFUSED:
            raise NotAuthorizedError(str(error)) from error
        raise


def _lower(headers: Mapping[str, str]) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}
