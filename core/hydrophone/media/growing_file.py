"""A file that one task writes while others read it, each from its first byte on."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import HydrophoneError, MediaError, NotFoundError
from hydrophone.media.file_reader import FileReader
from hydrophone.media.in_thread import in_thread

logger = logging.getLogger(__name__)

NOTHING = ByteCount(0)
_CHUNK = 64 * 1024
_MOST_IN_MEMORY = 4 * 1024 * 1024
_READER_TIMEOUT = Seconds(300.0)
"""How long the writer waits for a reader who has paused, if there is no disk to write to."""


@dataclass(eq=False)
class _Reader:
    offset: int = 0


class GrowingFile:
    """Bytes on their way to readers, over the disk as long as it takes them.

    With a disk the writer never waits for a reader. Where the disk is full, the rest stays in
    memory until everybody has read it, and the writer goes at the pace of the slowest.
    """

    def __init__(self) -> None:
        """Begin in memory; see `use_disk`."""
        self.size = ByteCount(0)
        self._path: Path | None = None
        self._descriptor = -1
        self._reader: FileReader | None = None
        self._on_disk = NOTHING
        """How many bytes from the first on are in the file."""
        self._may_write = False
        self._memory = bytearray()
        """The last bytes, up to the newest."""
        self._readers: set[_Reader] = set()
        self._is_over = False
        self._error: HydrophoneError | None = None
        self._news = asyncio.Event()

    @property
    def has_beginning(self) -> bool:
        """Whether somebody who comes now can read from the first byte on."""
        return self._on_disk + len(self._memory) == self.size

    @property
    def is_on_disk(self) -> bool:
        """Whether all bytes so far are in the file."""
        return self._path is not None and self._on_disk == self.size

    @property
    def reader_count(self) -> int:
        """How many are reading."""
        return len(self._readers)

    async def use_disk(self, path: Path, descriptor: int, *, present: ByteCount = NOTHING) -> None:
        """Write to this file from now on; the descriptor is closed by `close`.

        To be called before the first bytes but those that are `present` in it already, behind
        which the descriptor stands. The file may be renamed or removed meanwhile.
        """
        self._path, self._descriptor = path, descriptor
        reader = FileReader(path)
        try:
            await reader.open()
            self._reader = reader
            self._may_write = True
            self.size = self._on_disk = present
        except (OSError, NotFoundError) as error:
            logger.warning("%s cannot be read back: %s", path, error)
        finally:
            # It may be open all the same: no regular file, or a caller who was cancelled.
            if self._reader is None:
                reader.close()

    def leave_disk(self) -> None:
        """Write no more to the file; what is in it stays there for the readers."""
        self._may_write = False

    async def append(self, data: bytes) -> None:
        """Add bytes; waits for the disk, or for readers if there is none.

        Raises:
            MediaError: All is in memory, and a reader took nothing for five minutes.
        """
        written = 0
        if self._may_write:
            written = await in_thread(self._write, data)
            self._on_disk = ByteCount(self._on_disk + written)
            self._may_write = written == len(data)
        self._memory += data[written:]
        self.size = ByteCount(self.size + len(data))
        self._tell()
        try:
            async with asyncio.timeout(_READER_TIMEOUT):
                while len(self._memory) >= _MOST_IN_MEMORY:
                    await self._news.wait()
        except TimeoutError as error:
            raise MediaError("The disk is full, and a listener has paused.") from error

    def end(self, error: HydrophoneError | None = None) -> None:
        """Say that nothing more comes; readers get the error after the last byte."""
        self._is_over = True
        self._error = error
        self._tell()

    async def read(self, first: int = 0) -> AsyncGenerator[bytes, None]:
        """Yield everything from the byte `first` on, waiting for what is still to come.

        It may lie behind all that is there yet. The time of a wait is bounded by whoever writes.
        Raises what `end` was given.
        """
        reader = _Reader(first)
        self._readers.add(reader)
        buffer = bytearray(_CHUNK)
        try:
            while True:
                news = self._news
                chunk = await self._next(reader, buffer)
                if chunk:
                    yield chunk
                elif self._is_over:
                    break
                else:
                    await news.wait()
            if self._error is not None:
                raise self._error
        finally:
            self._readers.discard(reader)
            self._forget()
            if self._is_over:
                self.close()

    def close(self) -> None:
        """Close the file as soon as nobody reads it; calling it again is harmless."""
        if self._readers or not self._is_over:
            return
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    async def _next(self, reader: _Reader, buffer: bytearray) -> bytes:
        if self._reader is not None and reader.offset < self._on_disk:
            length = min(_CHUNK, self._on_disk - reader.offset)
            try:
                chunk = await self._reader.read(buffer, reader.offset, length)
            except OSError as error:
                raise MediaError(f"Reading back failed: {error.strerror}.") from error
            if not chunk:
                raise MediaError("A file was cut while it was read.")
            reader.offset += len(chunk)
            return chunk
        start = reader.offset - (self.size - len(self._memory))
        chunk = bytes(self._memory[start : start + _CHUNK])
        reader.offset += len(chunk)
        self._forget()
        return chunk

    def _write(self, data: bytes) -> int:
        """Write as much as the disk takes; return how much that was."""
        written = 0
        try:
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
        except OSError as error:
            logger.warning("%s is not written any further: %s", self._path, error.strerror)
        return written

    def _forget(self) -> None:
        """Drop from memory what every reader has; without readers nothing, for one may come."""
        if not self._memory or not self._readers:
            return
        least = min(reader.offset for reader in self._readers)
        passed = least - (self.size - len(self._memory))
        if passed > 0:
            del self._memory[:passed]
            self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
