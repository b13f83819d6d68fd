"""An answer that is coming in: its head, and its body in bounded pieces."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager

import httpx

from hydrophone.domain.units import ByteCount
from hydrophone.errors import BadAnswerError, ProviderUnavailableError

_PIECE = 64 * 1024
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class Incoming:
    """The answer to one request, after all redirects."""

    def __init__(self, response: httpx.Response, *, permanent_url: str, largest: ByteCount) -> None:
        self._response = response
        self._largest = largest
        self._encoding = response.headers.get("content-encoding", "").strip().lower()
        self.host = response.url.host
        self.url = str(response.url)
        """Where it comes from in the end."""
        self.permanent_url = permanent_url
        """Where to ask the next time: other than before if the first redirects were for good."""
        self.status = response.status_code
        """200, 206, or 304 to a conditional request."""
        self.headers: Mapping[str, str] = response.headers
        """Names in any case."""
        if self.length is not None and self.length > largest:
            raise _too_large(self.host, largest)

    @property
    def content_type(self) -> str:
        """Return the type without its parameters, in lower case; empty if not told."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def length(self) -> ByteCount | None:
        """Return how many bytes the body will have; `None` if that is not known."""
        text = self.headers.get("content-length", "")
        known = text.isascii() and text.isdecimal() and self._encoding in ("", "identity")
        return ByteCount(int(text)) if known else None

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body, unpacked.

        Raises:
            BadAnswerError: It is too large, or packed in a way that cannot be read.
            ProviderUnavailableError: It broke off, or nothing came for too long.
        """
        total = 0
        with translated(self.host):
            async for piece in self._pieces():
                total += len(piece)
                if total > self._largest:
                    raise _too_large(self.host, self._largest)
                yield piece
                # A bomb of a few bytes is a million pieces, all of them there at once.
                await asyncio.sleep(0)

    async def _pieces(self) -> AsyncIterator[bytes]:
        if self._encoding in ("", "identity"):
            async for raw in self._response.aiter_raw():
                yield raw
            return
        if self._encoding not in _WINDOWS:
            raise BadAnswerError(f"{self.host} has packed its answer in an unknown way.")
        unpacking = zlib.decompressobj(_WINDOWS[self._encoding])
        try:
            async for raw in self._response.aiter_raw():
                rest = raw
                while rest and not unpacking.eof:
                    yield unpacking.decompress(rest, _PIECE)
                    rest = unpacking.unconsumed_tail
        except zlib.error as error:
            raise BadAnswerError(f"{self.host} has packed its answer wrongly.") from error
        while not unpacking.eof and (piece := unpacking.decompress(b"", _PIECE)):
            yield piece
        if not unpacking.eof:
            raise ProviderUnavailableError(f"{self.host} broke off in the middle.")


@contextmanager
def translated(host: str) -> Iterator[None]:
    """Turn httpx's errors into ours; the sentences name the host and no more of the URL."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise ProviderUnavailableError(f"{host} did not answer in time.") from error
    except httpx.RemoteProtocolError as error:
        raise ProviderUnavailableError(f"{host} broke off or does not speak HTTP.") from error
    except httpx.InvalidURL as error:
        # httpx looks at the target of a redirect although it is not to follow it.
        raise BadAnswerError(f"A redirect of {host} is refused: it leads nowhere.") from error
    except httpx.HTTPError as error:
        raise ProviderUnavailableError(f"{host} cannot be reached.") from error


def _too_large(host: str, largest: ByteCount) -> BadAnswerError:
    return BadAnswerError(f"{host} sends more than {largest} bytes.")
