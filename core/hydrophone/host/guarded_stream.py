"""A stream of a source that can neither fall silent for ever nor raise what nobody expects.

All code of the source, from opening to closing, runs in one task that is its own: it is cancelled
when the listener leaves, and left to itself if it does not end then.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import ProviderUnavailableError
from hydrophone.host.stranger import MistakeError, Strays, abandon, awaited, describe
from hydrophone.plugin.capabilities.source import OpenedStream

RequestT = TypeVar("RequestT")
Opening = Callable[[RequestT], AbstractAsyncContextManager[OpenedStream]]
"""`Source.open_stream`."""

_SILENCE = Seconds(30.0)
"""Seconds without a byte of a stream."""
_GRACE = 0.5
"""Seconds that a stream has to close."""
_LONGEST_TEXT = 500
_LARGEST_SIZE = 2**63


class GuardedStream:
    """The bytes of a source on their way, and what it says of them."""

    def __init__(
        self,
        opening: Opening[RequestT],
        request: RequestT,
        *,
        failed: Callable[[Exception], Exception],
    ) -> None:
        """`failed` counts a fault, and returns what is to be raised for it."""
        self.offset = ByteCount(0)
        self.size: ByteCount | None = None
        self.content_type = ""
        self.validator = ""
        self._failed = failed
        self._news: asyncio.Queue[bytes | None] = asyncio.Queue(1)
        """Chunks; `None` tells that there is news of another kind."""
        self._is_open = False
        self._is_over = False
        self._is_left = False
        self._error: Exception | None = None
        self._task = asyncio.create_task(self._run(opening, request))

    async def opened(self, limit: Seconds) -> None:
        """Wait until it is open. Raises what the source raised, unchanged, or TimeoutError."""
        await self._next(limit)
        if not self._is_open:
            raise self._error or MistakeError("Its stream cannot be used.")

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield bytes until the end; to be called once.

        Raises ProviderError if it breaks off or falls silent.
        """
        while True:
            try:
                chunk = await self._some()
            except Exception as error:  # the border: a stranger's code
                raise self._failed(error) from error
            if chunk is None:
                return
            yield chunk

    async def close(self, strays: Strays) -> None:
        """End it; whatever does not end within half a second comes to the strays."""
        try:
            if self._is_over:
                # All bytes were had: it may close in peace.
                await asyncio.wait((self._task,), timeout=_GRACE)
        finally:
            self._is_left = True
            abandon(self._task, strays)
        if not self._is_over:
            await asyncio.wait((self._task,), timeout=_GRACE)

    async def _some(self) -> bytes | None:
        """Return the next chunk that is not empty; `None` at the end."""
        async with asyncio.timeout(_SILENCE):
            while (chunk := await self._next(None)) is not None:
                if chunk:
                    return chunk
        if self._error is not None:
            raise self._error
        return None

    async def _next(self, limit: Seconds | None) -> bytes | None:
        if self._is_over and self._news.empty():
            return None
        async with asyncio.timeout(limit):
            return await self._news.get()

    async def _run(self, opening: Opening[RequestT], request: RequestT) -> None:
        try:
            await awaited(self._pass_on, opening, request)
        except asyncio.CancelledError:
            if self._is_left:
                raise
            # Of its own accord, or because the loop ends: then nobody reads this.
            self._end(ProviderUnavailableError("It gave up."))
        except Exception as error:  # noqa: BLE001 - the border: handed to whoever reads
            self._end(error)
        else:
            self._end(None)

    async def _pass_on(self, opening: Opening[RequestT], request: RequestT) -> None:
        async with opening(request) as stream:
            self._look_at(stream)
            self._is_open = True
            await self._news.put(None)
            chunks = aiter(stream.chunks())
            try:
                async for chunk in chunks:
                    # Empty ones as well: to wait for the reader lets others have their turn.
                    await self._news.put(_bytes(chunk))
            finally:
                # Else the loop would close it some day, where nobody catches what it raises.
                if isinstance(chunks, AsyncGenerator):
                    await chunks.aclose()
            self._end(None)

    def _look_at(self, stream: OpenedStream) -> None:
        try:
            self.offset = _count("offset", stream.offset)
            self.size = None if stream.size is None else _count("size", stream.size)
            self.content_type = _text("content_type", stream.content_type)
            self.validator = _text("validator", stream.validator)
        except AttributeError as error:
            raise MistakeError(f"What it opens is no stream: {describe(error)}.") from error

    def _end(self, error: Exception | None) -> None:
        """Note how it ended; what comes later, while it closes, changes nothing."""
        if self._is_over:
            return
        self._is_over, self._error = True, error
        if self._news.empty():
            self._news.put_nowait(None)


def _bytes(chunk: object) -> bytes:
    if not isinstance(chunk, bytes | bytearray | memoryview):
        raise MistakeError(f"Its stream has {type(chunk).__name__} in it, not bytes.")
    return bytes(chunk)


def _count(name: str, value: object) -> ByteCount:
    if not isinstance(value, int) or not 0 <= value < _LARGEST_SIZE:
        raise MistakeError(f"The {name} of its stream is no count of bytes.")
    return ByteCount(value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise MistakeError(f"The {name} of its stream is no short text.")
    return value
