"""One download of a track: from its source into a part, and to listeners while it comes."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from hydrophone.domain.job import JobPriority
from hydrophone.domain.units import ByteCount
from hydrophone.errors import (
    HydrophoneError,
    MediaError,
    ProviderError,
    UnavailableError,
)
from hydrophone.media.sparse_file import CHUNK, PartMap, SparseFile
from hydrophone.services.filler import Failures, Filler
from hydrophone.services.intake import Intake
from hydrophone.services.past_disk import pass_through
from hydrophone.services.remote_origin import RemoteOrigin
from hydrophone.services.source_turns import SourceTurns

logger = logging.getLogger(__name__)

_NEAR = 1024 * 1024
"""Bytes ahead of a stream for which a listener waits before another stream is opened."""
_PATIENCE = 10.0
_MOST_AHEAD = 2
"""Streams besides the first that fetch what listeners have sought."""
_FIRST_READ = 0.5
"""Seconds from the first byte until whoever waited for it reads it."""


@dataclass(eq=False)
class _Reader:
    offset: int


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
        self._priority = priority
        self.begun = asyncio.Event()
        """Set when there are bytes or none will come: the size is as certain as it gets."""
        self._turns = turns
        self._readers: set[_Reader] = set()
        self._fillers: set[Filler] = set()
        self._ahead: set[asyncio.Task[None]] = set()
        self._failure: HydrophoneError | None = None
        """Of a stream besides the first, and not its alone."""
        self._failures = Failures()
        self._news = asyncio.Event()
        self._is_over = False
        self._is_left = False
        """Whether nobody will begin to read any more."""
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
    def has_failed(self) -> bool:
        """Whether it has ended, and not well."""
        return self._is_over and self._error is not None

    @property
    def is_queued(self) -> bool:
        """Whether it gets nothing because the source allows no more streams now."""
        return bool(self._fillers) and all(self._turns.is_waiting(one) for one in self._fillers)

    @property
    def reader_count(self) -> int:
        """How many are listening."""
        return len(self._readers)

    def hurry(self, priority: JobPriority) -> None:
        """Let it be this urgent while nobody listens."""
        self._priority = priority
        self._turns.look()

    async def begin(self) -> None:
        """Wait until `begun`, as a listener: he goes before all that nobody hears."""
        reader = _Reader(0)
        self._readers.add(reader)
        self._turns.look()
        try:
            await self.begun.wait()
        except asyncio.CancelledError:
            self._leave(reader)
            raise
        asyncio.get_running_loop().call_later(_FIRST_READ, self._leave, reader)

    async def run(self) -> None:
        """Fetch what is missing. Cancelled, it leaves the part so that another can go on.

        Raises:
            ProviderError: The source lets us down for good, or for now.
            UnavailableError: The disk is full.
        """
        try:
            while (gap := await self._gap()) is not None:
                await self._fill(self._filler(gap))
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
        # Who has been given it a moment ago has not begun to read.
        asyncio.get_running_loop().call_later(_PATIENCE, self._let_go)

    async def read(self, first: int, end: int | None) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from `first` on to before `end`, waiting for what is still to come.

        Raises what `end` was given, and MediaError if the disk fails. Before the last byte, or
        behind it where nobody knew the length, it waits until the whole was found to be good: a
        player takes no end that breaks off for that of the music.
        """
        reader = _Reader(first)
        self._readers.add(reader)
        try:
            while (stop := self._stop(end)) is None or reader.offset < stop:
                there = self._readable(reader.offset)
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
            self._leave(reader)

    def pass_through(self, first: int, end: int | None) -> AsyncGenerator[bytes, None]:
        """Yield bytes from a stream of one's own, without the disk. Raises ProviderError."""
        return pass_through(self.intake, self._turns, first, end)

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

    def _filler(self, position: int) -> Filler:
        return Filler(
            position,
            intake=self.intake,
            turns=self._turns,
            failures=self._failures,
            rank=self._rank,
        )

    def _rank(self, filler: Filler) -> int:
        if self._is_needed(filler):
            return 0
        return 1 if self._readers else 2 + self._priority

    async def _fill(self, filler: Filler) -> None:
        self._fillers.add(filler)
        try:
            await filler.fill()
        finally:
            self._fillers.discard(filler)

    def _stop(self, end: int | None) -> int | None:
        if end is not None or self.intake.is_size_told:
            return end if end is not None else self.intake.size
        return self.intake.size if self._is_over and self._error is None else None

    def _readable(self, offset: int) -> int:
        """Return the end of what may be read from there on."""
        there = self.intake.part.spans.end_of(offset)
        size = self.intake.size
        is_good = self._is_over and self._error is None
        if is_good or size is None or self.done < size or there < size:
            return there
        # All is there, and is being checked or was found to be bad.
        return max(offset, size - 1)

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
        try:
            if not any(self._is_near(filler, reader.offset) for filler in self._fillers):
                self._seek(reader.offset)
            async with asyncio.timeout(_PATIENCE):
                while self._readable(reader.offset) == reader.offset and not self._is_over:
                    await self._news.wait()
        except TimeoutError:
            self._seek(reader.offset)

    def _is_needed(self, filler: Filler) -> bool:
        """Say whether somebody waits for what a stream will bring next, or will very soon.

        Who reads as fast as it comes is to be no less urgent between two chunks.
        """
        if not self.begun.is_set():
            return bool(self._readers)
        for reader in self._readers:
            end = self.intake.part.spans.end_of(reader.offset)
            if end - reader.offset <= _NEAR and self._is_near(filler, end):
                return True
        return False

    def _is_near(self, filler: Filler, offset: int) -> bool:
        if not self._has_ranges():
            return True
        return 0 <= offset - filler.position <= _NEAR

    def _has_ranges(self) -> bool:
        return self.intake.origin.handle.takes_ranges and self.intake.is_size_told

    def _seek(self, offset: int) -> None:
        """Open another stream at a place, unless it is there or coming, or nobody can."""
        is_possible = (
            self.intake.part.spans.end_of(offset) == offset
            and self.intake.origin.handle.takes_ranges
            and self.intake.is_size_told
            and self.begun.is_set()
        )
        if not is_possible or any(one.position == offset for one in self._fillers):
            return
        if len(self._ahead) >= _MOST_AHEAD:
            idle = [one for one in self._fillers if not self._is_needed(one)]
            for filler in idle:
                filler.recall()
            return
        filler = self._filler(offset)
        self._fillers.add(filler)
        task = asyncio.create_task(self._fill_ahead(filler))
        self._ahead.add(task)
        task.add_done_callback(self._ahead.discard)

    async def _fill_ahead(self, filler: Filler) -> None:
        try:
            await self._fill(filler)
        except (ProviderError, UnavailableError) as error:
            # Whoever waits gets it from the first stream, or that stream's own error.
            logger.info(
                "%s: nothing from byte %d on: %s", self.intake.origin, filler.position, error
            )
            if self.intake.is_void or self.intake.is_disk_full:
                self._failure = error
                for other in self._fillers:
                    other.recall()
        except Exception:  # the border: the first stream goes on, and brings that part too
            logger.exception(
                "%s: the stream at byte %d failed", self.intake.origin, filler.position
            )
        finally:
            self._tell()

    def _came(self) -> None:
        self.begun.set()
        self._tell()
        # A listener may have enough of it for a while.
        self._turns.look()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _leave(self, reader: _Reader) -> None:
        self._readers.discard(reader)
        self._turns.look()
        self._close()

    def _let_go(self) -> None:
        self._is_left = True
        self._close()

    def _close(self) -> None:
        """Close the part as soon as nobody reads it, or will."""
        if self._is_left and not self._readers:
            self.intake.part.close()
