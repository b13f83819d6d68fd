"""Requests to other servers, as plugins make them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import BadAnswerError

T = TypeVar("T")


class HttpAnswer(Struct, frozen=True, kw_only=True):
    """A whole answer of another server, with a status below 400."""

    url: str
    """Where it came from in the end, behind redirects."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes

    def json(self, *, of: type[T]) -> T:
        """Decode the content.

        Raises:
            BadAnswerError: It is no JSON, or not of this shape; a web page in place of an
                answer ends here.
        """
        try:
            return msgspec.json.decode(self.content, type=of)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            host = urlsplit(self.url).hostname
            raise BadAnswerError(f"{host} sends something unexpected: {error}") from error


class HttpBody(Protocol):
    """An answer whose body is still to come."""

    @property
    def url(self) -> str:
        """Where it comes from in the end, behind redirects."""
        ...

    @property
    def status(self) -> int:
        """Below 400."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in lower case."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes, with no content coding undone.

        Raises ProviderUnavailableError if it breaks off or falls silent, BadAnswerError if more
        comes than allowed.
        """
        ...


class HttpClient(Protocol):
    """The way to other servers: one for the whole process, with one queue and breaker a host.

    Only hosts of the manifest's permissions and redirects from them are called. Addresses of
    this machine and of private networks are refused unless the configuration names them as the
    plugin's own. All methods raise:

        InvalidInputError: The address is none, or one that may not be called.
        RetryLaterError: The host has had enough for now.
        NotAuthorizedError: It answers 401 or 403.
        ProviderUnavailableError: It cannot be reached, is in trouble, or is too slow.
        BadAnswerError: It refuses, or sends more than allowed; `status` says which.
    """

    async def get(
        self,
        url: str,
        *,
        parameters: Mapping[str, str | list[str]] = ...,
        headers: Mapping[str, str] = ...,
        time_limit: Seconds = ...,
        largest: ByteCount = ...,
    ) -> HttpAnswer:
        """Get a whole document; `time_limit` (10 s) is for all of it, `largest` is 8 MiB."""
        ...

    async def post(
        self,
        url: str,
        *,
        content: bytes,
        content_type: str,
        headers: Mapping[str, str] = ...,
        time_limit: Seconds = ...,
        largest: ByteCount = ...,
    ) -> HttpAnswer:
        """Send something and get the whole answer."""
        ...

    def stream(
        self, url: str, *, headers: Mapping[str, str] = ..., largest: ByteCount = ...
    ) -> AbstractAsyncContextManager[HttpBody]:
        """Get something large piece by piece (`largest` is 4 GiB); leaving it ends the transfer."""
        ...
