"""One download of a track: from its source into a part, and to listeners while it comes."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from time import time

from hydrophone.domain.job import JobPriority
from hydrophone.domain.units import ByteCount
from hydrophone.errors import (
    BadAnswerError,
    HydrophoneError,
    MediaError,
    ProviderError,
    ProviderUnavailableError,
    RetryLaterError,
    UnavailableError,
)
from hydrophone.media.sparse_file import CHUNK, PartMap, SparseFile
from hydrophone.plugin.capabilities.source import OpenRequest
from hydrophone.services.intake import Intake
from hydrophone.services.remote_origin import RemoteOrigin
from hydrophone.services.source_turns import SourceTurns

logger = logging.getLogger(__name__)

_NEAR = 1024 * 1024
"""Bytes ahead of a stream for which a listener waits before another stream is opened."""
_PATIENCE = 10.0
_RESUMES = 3
_PROGRESS = 1024 * 1024
"""Bytes after which earlier failures are forgotten."""
_WAITS = (0.1, 0.5, 2.0)
_LONGEST_WAIT = 5.0
_MOST_AHEAD = 2
"""Streams besides the first that fetch what listeners have sought."""
_EXPIRES_SOON_MS = 5000


@dataclass(eq=False)
class _Reader:
    offset: int
    is_waiting: bool = False


class _Filler:
    """One stream on its way into the part."""

    def __init__(self, fetch: "Fetch", position: int) -> None:
        self.position = position
        self.is_open = False
        self.leash: asyncio.Timeout | None = None
        self._fetch = fetch

    @property
    def rank(self) -> int:
        """0 while somebody waits for just these bytes, else by the priority of the whole."""
        return 0 if self._fetch.is_awaited(self) else 1 + self._fetch.priority

    def recall(self) -> None:
        """End the stream as soon as may be; what is there stays."""
        if self.leash is not None and self._fetch.intake.origin.handle.takes_ranges:
            self.leash.reschedule(0.0)


class Fetch:
    """The bytes of one representation; readers never meet those of another.

    It goes on without listeners. A seek far ahead opens a second stream into the same part; what
    breaks off is taken up again where it ended, three times.
    """

    def __init__(
        self,
        *,
        origin: RemoteOrigin,
        turns: SourceTurns,
        part: SparseFile,
        known: PartMap,
        check_room: Callable[[int], None],
        priority: JobPriority,
    ) -> None:
        """`part` is open; `check_room` blocks, and raises UnavailableError on a full disk."""
        self.intake = Intake(
            origin=origin, part=part, known=known, check_room=check_room, told=self._came
        )
        self.priority = priority
        self.begun = asyncio.Event()
        """Set when there are bytes or none will come: the size is as certain as it gets."""
        self.is_superseded = False
        """Whether the source gives other bytes by now: their handle is the origin's."""
        self._turns = turns
        self._readers: set[_Reader] = set()
        self._fillers: set[_Filler] = set()
        self._ahead: set[asyncio.Task[None]] = set()
        self._failure: HydrophoneError | None = None
        """Of a stream besides the first, and not its alone."""
        self._failures = 0
        self._failed_at = 0
        self._news = asyncio.Event()
        self._is_over = False
        self._error: HydrophoneError | None = None

    @property
    def done(self) -> ByteCount:
        """How many bytes are there."""
        return self.intake.done

    @property
    def told_size(self) -> ByteCount | None:
        """The size as a reader may be told it: from the first byte on, or never."""
        return self.intake.size if self.intake.is_size_told else None

    @property
    def reader_count(self) -> int:
        """How many are listening."""
        return len(self._readers)

    async def run(self) -> None:
        """Fetch what is missing. Cancelled, it leaves the part so that another can go on.

        Raises:
            ProviderError: The source lets us down for good, or for now.
            UnavailableError: The disk is full.
        """
        try:
            while (gap := await self._gap()) is not None:
                await self._take(gap)
        finally:
            for task in self._ahead:
                task.cancel()
            if self._ahead:
                await asyncio.wait(self._ahead)
            if not self.intake.is_void and self.intake.part.spans.total:
                await self.intake.checkpoint()

    def end(self, error: HydrophoneError | None = None) -> None:
        """Say that nothing more comes; readers get the error behind the last byte there is."""
        self._is_over, self._error = True, error
        self.begun.set()
        self._tell()
        self._close()

    async def read(self, first: int, end: int | None) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from `first` on to before `end`, waiting for what is still to come.

        Raises what `end` was given, and MediaError if the disk fails. Behind the last byte of a
        file whose length nobody knew it waits until the whole was found to be good.
        """
        reader = _Reader(first)
        self._readers.add(reader)
        try:
            while (stop := self._stop(end)) is None or reader.offset < stop:
                there = self.intake.part.spans.end_of(reader.offset)
                if there > reader.offset:
                    length = (there if stop is None else min(there, stop)) - reader.offset
                    chunk = await self._read(reader.offset, length)
                    reader.offset += len(chunk)
                    yield chunk
                elif self._is_over:
                    break
                else:
                    await self._wait(reader)
            if self._is_over and self._error and (stop is None or reader.offset < stop):
                raise self._error
        finally:
            self._readers.discard(reader)
            self._close()

    async def pass_through(self, first: int, end: int | None) -> AsyncGenerator[bytes, None]:
        """Yield bytes from a stream of one's own, without the disk. Raises ProviderError."""
        filler = _Filler(self, first)
        provider, handle = self.intake.origin.provider, self.intake.origin.handle
        offset = ByteCount(first if handle.takes_ranges else 0)
        opening = provider.it.open_stream(OpenRequest(handle=handle, offset=offset))
        async with self._turns.turn(filler), provider.open(opening) as stream:
            self.intake.look_at(stream)
            at = int(stream.offset)
            async with aclosing(stream.chunks()) as chunks:
                async for chunk in chunks:
                    wanted = chunk[max(0, first - at) : None if end is None else max(0, end - at)]
                    at += len(chunk)
                    if wanted:
                        yield wanted
                    if end is not None and at >= end:
                        return
            if self.intake.is_size_told and self.intake.size is not None and at < self.intake.size:
                raise ProviderUnavailableError("The download broke off.")

    def is_awaited(self, filler: _Filler) -> bool:
        """Say whether somebody waits for what a stream will bring next."""
        return any(
            one.is_waiting and self._is_near(filler, one.offset) for one in set(self._readers)
        )

    async def _gap(self) -> int | None:
        """Return where bytes are missing that nobody fetches yet; `None` when all are there."""
        while True:
            if self._failure is not None:
                raise self._failure
            offset = self.intake.part.spans.end_of(0)
            if self.intake.size is not None and offset >= self.intake.size:
                return None
            taken = {filler.position for filler in self._fillers}
            while offset in taken:
                behind = self.intake.part.spans.next_after(offset)
                offset = -1 if behind is None else self.intake.part.spans.end_of(behind)
            if offset >= 0 and (self.intake.size is None or offset < self.intake.size):
                return offset
            await self._news.wait()

    async def _take(self, gap: int) -> None:
        """Fill a gap, or some of it. Goes on where it broke off, but not for ever."""
        filler = _Filler(self, gap)
        self._fillers.add(filler)
        await self._fill_surely(filler)

    async def _fill_surely(self, filler: _Filler) -> None:
        try:
            while True:
                try:
                    await self._fill(filler)
                except ProviderError as error:
                    await self._look_at_failure(filler, error)
                else:
                    return
        finally:
            self._fillers.discard(filler)

    async def _look_at_failure(self, filler: _Filler, error: ProviderError) -> None:
        """Wait and renew what has to be; raises the error if it is no use to go on."""
        if self.intake.is_void:
            raise error
        if self.done - self._failed_at >= _PROGRESS:
            self._failures = 0
        self._failed_at = self.done
        self._failures += 1
        wait = error.after if isinstance(error, RetryLaterError) else 0.0
        if self._failures > _RESUMES or wait > _LONGEST_WAIT:
            raise error
        logger.info(
            "%s is taken up again at byte %d: %s", self.intake.origin, filler.position, error
        )
        jitter = random.uniform(1.0, 1.5)  # noqa: S311 - nothing secret
        await asyncio.sleep(max(wait, _WAITS[self._failures - 1]) * jitter)
        if not filler.is_open:
            await self._renew()

    async def _renew(self) -> None:
        """Have a new handle for the same bytes. Raises if there are only others."""
        try:
            is_same = await self.intake.origin.renew()
        except ProviderUnavailableError as error:
            # The old one may be good enough: it counts as the next failure if not.
            logger.info("%s cannot be resolved now: %s", self.intake.origin, error)
            return
        if not is_same:
            self.intake.is_void = self.is_superseded = True
            raise ProviderUnavailableError("Its source has another file now; it begins anew.")

    async def _fill(self, filler: _Filler) -> None:
        """Have one stream bring what it can, until others have the rest or need its place."""
        filler.is_open = False
        try:
            async with self._turns.turn(filler), asyncio.timeout(None) as filler.leash:
                await self._stream(filler)
        except TimeoutError:
            logger.debug("%s makes way at byte %d", self.intake.origin, filler.position)
        finally:
            filler.leash = None

    async def _stream(self, filler: _Filler) -> None:
        expires = self.intake.origin.handle.expires
        if expires is not None and expires < time() * 1000 + _EXPIRES_SOON_MS:
            await self._renew()
        provider, handle = self.intake.origin.provider, self.intake.origin.handle
        wanted = filler.position
        offset = ByteCount(wanted if handle.takes_ranges else 0)
        opening = provider.it.open_stream(OpenRequest(handle=handle, offset=offset))
        async with provider.open(opening) as stream:
            self.intake.look_at(stream)
            filler.is_open = True
            at = int(stream.offset)
            if at > wanted:
                raise BadAnswerError("Another part of the file comes than was asked for.")
            async with aclosing(stream.chunks()) as chunks:
                async for chunk in chunks:
                    at = await self.intake.put(at, chunk)
                    filler.position = max(at, wanted)
                    if self._is_enough(at, wanted):
                        return
        if self.intake.size is None:
            self.intake.size = ByteCount(at)
        elif at < self.intake.size:
            raise ProviderUnavailableError("The download broke off.")

    def _is_enough(self, at: int, wanted: int) -> bool:
        """Say whether the rest of a stream is not needed.

        One that had to begin before the place that was wanted brings it in the end.
        """
        is_end = self.intake.size is not None and at >= self.intake.size
        return is_end or (at >= wanted and self.intake.part.spans.end_of(at) > at)

    def _stop(self, end: int | None) -> int | None:
        if end is not None or self.intake.is_size_told:
            return end if end is not None else self.intake.size
        return self.intake.size if self._is_over and self._error is None else None

    async def _read(self, offset: int, length: int) -> bytes:
        try:
            chunk = await self.intake.part.read(offset, min(length, CHUNK))
        except OSError as error:
            raise MediaError(f"Reading back failed: {error.strerror}.") from error
        if not chunk:
            raise MediaError("A file was cut while it was read.")
        return chunk

    async def _wait(self, reader: _Reader) -> None:
        """Wait for the next byte, ten seconds at most; then, or if it is far, go for it."""
        reader.is_waiting = True
        try:
            if not any(self._is_near(filler, reader.offset) for filler in self._fillers):
                self._seek(reader.offset)
            self._turns.look()
            async with asyncio.timeout(_PATIENCE):
                while (
                    self.intake.part.spans.end_of(reader.offset) == reader.offset
                    and not self._is_over
                ):
                    await self._news.wait()
        except TimeoutError:
            self._seek(reader.offset)
        finally:
            reader.is_waiting = False

    def _is_near(self, filler: _Filler, offset: int) -> bool:
        if not self._has_ranges():
            return True
        return 0 <= offset - filler.position <= _NEAR

    def _has_ranges(self) -> bool:
        return self.intake.origin.handle.takes_ranges and self.intake.is_size_told

    def _seek(self, offset: int) -> None:
        """Open another stream at a place, unless one begins just there or nobody can."""
        is_possible = (
            self.intake.origin.handle.takes_ranges
            and self.intake.is_size_told
            and self.begun.is_set()
        )
        if not is_possible or any(one.position == offset for one in self._fillers):
            return
        if len(self._ahead) >= _MOST_AHEAD:
            idle = [one for one in self._fillers if not self.is_awaited(one)]
            for filler in idle:
                filler.recall()
            return
        filler = _Filler(self, offset)
        self._fillers.add(filler)
        task = asyncio.create_task(self._fill_ahead(filler))
        self._ahead.add(task)
        task.add_done_callback(self._ahead.discard)

    async def _fill_ahead(self, filler: _Filler) -> None:
        try:
            await self._fill_surely(filler)
        except (ProviderError, UnavailableError) as error:
            # Whoever waits gets it from the first stream, or that stream's own error.
            logger.info(
                "%s: nothing from byte %d on: %s", self.intake.origin, filler.position, error
            )
            if self.intake.is_void or self.intake.is_disk_full:
                self._failure = error
                for other in self._fillers:
                    other.recall()
        finally:
            self._tell()

    def _came(self) -> None:
        self.begun.set()
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _close(self) -> None:
        """Close the part as soon as nobody reads it."""
        if self._is_over and not self._readers:
            self.intake.part.close()
