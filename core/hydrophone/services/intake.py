"""What of a source's streams goes into a part: checked, written, and safe from a crash."""

import asyncio
import errno
import logging
from collections.abc import Callable
from time import monotonic

from hydrophone.domain.units import ByteCount
from hydrophone.errors import BadAnswerError, ProviderUnavailableError, UnavailableError
from hydrophone.host.guarded_stream import GuardedStream
from hydrophone.media.in_thread import in_thread
from hydrophone.media.sparse_file import PartMap, SparseFile
from hydrophone.plugin.capabilities.source import LARGEST_FILE
from hydrophone.services.remote_origin import RemoteOrigin

logger = logging.getLogger(__name__)

_CHECKPOINT_BYTES = 8 * 1024 * 1024
_CHECKPOINT_SECONDS = 2.0
_LOOK_AT_DISK = 16 * 1024 * 1024
_OVERLAP = 64 * 1024
"""Bytes that are asked for again where nothing else says that the file is still the same."""
_GLANCE = 4 * 1024
"""And where a name of it does: some servers send other bytes than those they say."""
_NO_MUSIC = frozenset(
    ("text/html", "application/xhtml+xml", "application/json", "application/xml", "text/xml")
)


class Intake:
    """The way of bytes into one part; it lets in those of one representation alone."""

    def __init__(
        self,
        *,
        origin: RemoteOrigin,
        part: SparseFile,
        known: PartMap,
        check_room: Callable[[int], None],
        told: Callable[[], None],
    ) -> None:
        """`part` is open; `check_room` blocks; `told` is called when there are new bytes."""
        self.origin = origin
        self.part = part
        self.size = origin.handle.size if known.size is None else known.size
        """`None` until somebody says it."""
        self.is_size_told = self.size is not None
        """Whether the size was said, rather than found at the end."""
        self.is_void = False
        """Whether the part is of no use any more."""
        self.is_superseded = False
        """Whether the source gives other bytes by now: their handle is the origin's."""
        self.is_disk_full = False
        self._validator = known.validator
        self._check_room = check_room
        self._told = told
        self._looked_at = part.spans.total
        self._checkpoint_at = (part.spans.total, monotonic())
        self._checkpointing = asyncio.Lock()

    @property
    def done(self) -> ByteCount:
        """How many bytes are there."""
        return ByteCount(self.part.spans.total)

    def look_at(self, stream: GuardedStream) -> None:
        """Refuse a stream that is no music, or not of these bytes.

        Raises ProviderError; `is_void` says then whether the part is of no use any more.
        """
        if stream.content_type.lower() in _NO_MUSIC:
            raise ProviderUnavailableError("The source sends a web page in place of the music.")
        told = self.origin.handle.size
        if stream.size is not None and told is not None and stream.size != told:
            self.is_void = True
            raise BadAnswerError(f"The file has {stream.size} bytes, not {told} as was said.")
        if stream.size is not None and stream.size > LARGEST_FILE:
            self.is_void = True
            raise BadAnswerError(f"The file has {stream.size} bytes: no track is as large.")
        # With a checksum the bytes decide: data nodes may have each a name of their own for a file.
        is_renamed = bool(self._validator and stream.validator != self._validator)
        is_other = is_renamed and not self.origin.handle.checksum
        if stream.size is not None and self.size is not None and stream.size != self.size:
            is_other = True
        if is_other:
            self.is_void = True
            raise _changed()
        if stream.size is not None:
            self.size, self.is_size_told = stream.size, True
        self._validator = stream.validator

    def begin_at(self, wanted: int) -> int:
        """Return where a stream should begin that is to bring the byte at `wanted`.

        That is before it, if something is there: what comes twice tells whether the file was
        changed meanwhile, or other bytes come than were asked for.
        """
        first = max(0, wanted - (_GLANCE if self._validator else _OVERLAP))
        return first if self.part.spans.end_of(first) >= wanted else wanted

    async def put(self, at: int, chunk: bytes) -> int:
        """Put what is missing of a chunk into the part; return where the next one begins.

        Raises ProviderError, and UnavailableError if the disk is full.
        """
        if at == 0 and chunk.lstrip()[:1] in (b"<", b"{"):
            raise ProviderUnavailableError("The source sends a page of text in place of the music.")
        if self.is_void:
            raise _changed()
        if self.size is not None and at + len(chunk) > self.size:
            self.is_void = True
            raise BadAnswerError(f"The file is longer than {self.size} bytes, as was said.")
        if at + len(chunk) > LARGEST_FILE:
            self.is_void = True
            raise BadAnswerError("The file does not end: no track is as large.")
        end = at + len(chunk)
        view = memoryview(chunk)
        while at < end:
            there = min(end, self.part.spans.end_of(at))
            if there == at:
                behind = self.part.spans.next_after(at)
                there = end if behind is None else min(end, behind)
                await self._write(at, bytes(view[: there - at]))
            else:
                await self._compare(at, bytes(view[: there - at]))
            view, at = view[there - at :], there
        self._told()
        await self._look_after_disk()
        return at

    async def _write(self, at: int, data: bytes) -> None:
        try:
            await self.part.write(at, data)
        except OSError as error:
            logger.warning("%s is not written any further: %s", self.part.path, error.strerror)
            self.is_disk_full = True
            is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            reason = "The disk is full." if is_full else "The track cannot be written to the disk."
            raise UnavailableError(reason) from error

    async def _compare(self, at: int, data: bytes) -> None:
        """Hold what comes a second time against what is there: they may be of two files."""
        view = memoryview(data)
        while view:
            try:
                there = await self.part.read(at, len(view))
            except OSError as error:
                raise UnavailableError(f"Reading back failed: {error.strerror}.") from error
            if not there or there != view[: len(there)]:
                self.is_void = True
                raise _changed()
            view, at = view[len(there) :], at + len(there)

    async def _look_after_disk(self) -> None:
        if self.done - self._looked_at >= _LOOK_AT_DISK:
            self._looked_at = self.done
            try:
                await in_thread(self._check_room, 0)
            except UnavailableError:
                self.is_disk_full = True
                raise
        size, moment = self._checkpoint_at
        is_time = monotonic() - moment >= _CHECKPOINT_SECONDS
        if (is_time or self.done - size >= _CHECKPOINT_BYTES) and not self._checkpointing.locked():
            await self.checkpoint()

    async def checkpoint(self) -> None:
        """Have a later process know what is there."""
        known = PartMap(
            representation=self.origin.handle.representation,
            validator=self._validator,
            size=self.size,
        )
        async with self._checkpointing:
            self._checkpoint_at = (self.done, monotonic())
            try:
                await self.part.checkpoint(known)
            except OSError as error:
                logger.warning("The map of %s is not written: %s", self.part.path, error.strerror)


def _changed() -> ProviderUnavailableError:
    return ProviderUnavailableError("The file was changed at its source; it begins anew.")
