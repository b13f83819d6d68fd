"""Requests to other servers, with limits on everything that another server decides."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import time
from types import MappingProxyType

import httpx
from msgspec import Struct

from hydrophone._version import __version__
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import BadAnswerError, InvalidInputError, ProviderUnavailableError
from hydrophone.outbound.addresses import Gatekeeper, Resolver, resolve
from hydrophone.outbound.connecting import CheckedTransport
from hydrophone.outbound.hosts import FileUnavailableError, Hosts
from hydrophone.outbound.incoming import Incoming, translated

_MOST_HOPS = 8
"""Redirects in a row; episodes of podcasts go through three to six trackers."""
_MOST_PER_HOST = 6
_MOST_STREAMS_PER_HOST = 8
"""Besides; a source may have as many downloads at once (`SourceInfo.downloads_at_once`)."""
_MOST_CONNECTIONS = 64
_CONNECT = 10.0
_SILENCE = 20.0
"""Seconds without a byte."""
_DEFAULT_PAUSE = 60.0
"""Seconds for which a host is left alone that says `too much` and not for how long."""
_FOR_GOOD = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
_SAME_METHOD = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
_FOR_ANYBODY = frozenset(
    ("accept", "accept-language", "if-modified-since", "if-none-match", "if-range", "range")
)
"""Headers that are no secret of the host that was asked first."""
_WANTED = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED)
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Document(Struct, frozen=True, kw_only=True):
    """A whole answer."""

    url: str
    """Where it came from in the end."""
    status: int
    headers: Mapping[str, str]
    """Names in any case."""
    permanent_url: str
    """See `Incoming`."""
    is_unchanged: bool
    """The server has nothing newer than what the conditional headers name; `content` is empty."""
    content: bytes
    content_type: str
    etag: str
    """As the server writes it; empty if there is none."""
    last_modified: str
    """As the server writes it; empty if it does not say."""


@cache
def _tls() -> ssl.SSLContext:
    """Return the one of this process: to read all certificates takes 30 ms."""
    return httpx.create_ssl_context()


class Outbound:
    """The client that all of the server shares. Keeps no cookies and no connections."""

    def __init__(
        self,
        *,
        allow: Collection[str] = (),
        contact: str = "",
        resolver: Resolver = resolve,
        hosts: Hosts | None = None,
    ) -> None:
        """`allow` lists `host:port` that may be private addresses, `host:*` for any port.

        `contact` tells the others in each request whom to ask about it (RFC 9110, 10.1.5).
        `hosts` is for `with_allowed`.
        """
        self._contact = contact
        self._resolver = resolver
        self._gatekeeper = Gatekeeper(allow, resolver)
        self._hosts = hosts or Hosts(most=_MOST_PER_HOST, most_streams=_MOST_STREAMS_PER_HOST)
        self._client = httpx.AsyncClient(
            transport=CheckedTransport(
                self._gatekeeper, _tls(), most_connections=_MOST_CONNECTIONS
            ),
            headers={
                "User-Agent": f"hydrophone/{__version__}" + (f" ( {contact} )" if contact else ""),
                "Accept-Encoding": "gzip",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(_SILENCE, connect=_CONNECT),
            trust_env=False,
        )

    def with_allowed(self, allow: Collection[str]) -> "Outbound":
        """Return another client, for which other private addresses are open; see `__init__`.

        Both keep to the same limits and pauses of hosts. It is to be closed by itself.
        """
        return Outbound(
            allow=allow, contact=self._contact, resolver=self._resolver, hosts=self._hosts
        )

    def limit_rate(self, host: str, per_second: float) -> None:
        """Ask a host no more often than that, whoever asks; the least that was ever said counts."""
        self._hosts.limit_rate(host, per_second)

    def check(self, url: str) -> str:
        """See at once, without asking anybody, that a URL could be called; return its host.

        Raises:
            InvalidInputError: It is no address of the web, or a private one.
        """
        return self._gatekeeper.check(url).host

    async def close(self) -> None:
        """Close what is open."""
        await self._client.aclose()

    async def fetch(
        self,
        url: str,
        *,
        largest: ByteCount,
        time_limit: Seconds,
        headers: Mapping[str, str] = _NO_HEADERS,
        content: bytes | None = None,
    ) -> Document:
        """Get a whole document; `time_limit` is for all of it, from name to last byte.

        With `content` it is sent by POST. Raises as `open` and `Incoming.chunks` do.
        """
        try:
            async with (
                asyncio.timeout(time_limit),
                self._open(
                    url, largest=largest, headers=headers, content=content, is_stream=False
                ) as incoming,
            ):
                is_unchanged = incoming.status == HTTPStatus.NOT_MODIFIED
                parts = [] if is_unchanged else [part async for part in incoming.chunks()]
        except TimeoutError as error:
            host = httpx.URL(url).host
            raise ProviderUnavailableError(
                f"{host} needed longer than {time_limit:g} seconds."
            ) from error
        return Document(
            url=incoming.url,
            status=incoming.status,
            headers=incoming.headers,
            permanent_url=incoming.permanent_url,
            is_unchanged=is_unchanged,
            content=b"".join(parts),
            content_type=incoming.content_type,
            etag=incoming.headers.get("etag", ""),
            last_modified=incoming.headers.get("last-modified", ""),
        )

    @asynccontextmanager
    async def open(
        self,
        url: str,
        *,
        largest: ByteCount,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> AsyncIterator[Incoming]:
        """Ask for something, following redirects, and give its answer while the body runs.

        Bounds every wait for the other side but not the whole: that is the caller's. It may take
        as long as it likes: documents of the same host do not wait for it. A user and a password
        in the URL, and headers that may be keys, are sent to its own host only.

        Raises:
            InvalidInputError: The URL is none, or leads to a private address.
            RetryLaterError: The host has had enough for now.
            ProviderUnavailableError: It cannot be reached, or is in trouble itself.
            BadAnswerError: It refuses, redirects in circles or to where nobody may go, or
                announces more than `largest` bytes.
        """
        async with self._open(
            url, largest=largest, headers=headers, content=None, is_stream=True
        ) as incoming:
            yield incoming

    @asynccontextmanager
    async def _open(
        self,
        url: str,
        *,
        largest: ByteCount,
        headers: Mapping[str, str],
        content: bytes | None,
        is_stream: bool,
    ) -> AsyncIterator[Incoming]:
        place = self._gatekeeper.check(url)
        permanent, is_permanent = place, True
        for hop in range(_MOST_HOPS + 1):
            request = self._client.build_request(
                "GET" if content is None else "POST", place, headers=headers, content=content
            )
            async with (
                self._hosts.turn(place.netloc.decode("ascii"), is_stream=is_stream),
                self._response(request, is_redirect=hop > 0) as answer,
            ):
                if not answer.has_redirect_location:
                    self._refuse_failure(answer, is_stream=is_stream)
                    yield Incoming(answer, permanent_url=str(permanent), largest=largest)
                    return
                is_permanent = is_permanent and answer.status_code in _FOR_GOOD
                asked, place = place, self._next(place, answer.headers["location"])
                if answer.status_code not in _SAME_METHOD:
                    content = None
                if place.netloc != asked.netloc:
                    headers = {
                        name: value
                        for name, value in headers.items()
                        if name.lower() in _FOR_ANYBODY
                    }
            if is_permanent:
                permanent = place
        raise BadAnswerError(f"{place.host} redirects too often.")

    @asynccontextmanager
    async def _response(
        self, request: httpx.Request, *, is_redirect: bool
    ) -> AsyncIterator[httpx.Response]:
        try:
            with translated(request.url.host):
                response = await self._client.send(request, stream=True)
        except InvalidInputError as error:
            if not is_redirect:
                raise
            raise BadAnswerError(f"A redirect is refused: {error}") from error
        try:
            yield response
        finally:
            await response.aclose()

    def _next(self, place: httpx.URL, location: str) -> httpx.URL:
        try:
            return self._gatekeeper.check(str(place.join(location)))
        except (httpx.InvalidURL, ValueError, InvalidInputError) as error:
            reason = str(error) if isinstance(error, InvalidInputError) else "it leads nowhere."
            raise BadAnswerError(f"A redirect of {place.host} is refused: {reason}") from error

    def _refuse_failure(self, answer: httpx.Response, *, is_stream: bool) -> None:
        host, status = answer.url.host, answer.status_code
        if status in _WANTED:
            return
        after = _retry_after(answer.headers.get("retry-after", ""))
        if status == HTTPStatus.TOO_MANY_REQUESTS or (
            status == HTTPStatus.SERVICE_UNAVAILABLE and after is not None
        ):
            place = answer.url.netloc.decode("ascii")
            raise self._hosts.pause(place, _DEFAULT_PAUSE if after is None else after)
        said = f"{host} answers {status} {answer.reason_phrase}".rstrip() + "."
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise FileUnavailableError(said) if is_stream else ProviderUnavailableError(said)
        raise BadAnswerError(said, status=status)


def _retry_after(text: str) -> float | None:
    """Read a number of seconds or a date (RFC 9110, section 10.2.3); `None` if it is neither."""
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return parsedate_to_datetime(text).timestamp() - time()
    except (ValueError, OverflowError):
        return None
