"""What of a source's streams goes into a part: checked, written, and safe from a crash."""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic

from hydrophone.domain.units import ByteCount
from hydrophone.errors import BadAnswerError, ProviderUnavailableError, UnavailableError
from hydrophone.host.guard import GuardedStream
from hydrophone.media.in_thread import in_thread
from hydrophone.media.sparse_file import PartMap, SparseFile
from hydrophone.services.remote_origin import RemoteOrigin

logger = logging.getLogger(__name__)

_CHECKPOINT_BYTES = 8 * 1024 * 1024
_CHECKPOINT_SECONDS = 2.0
_LOOK_AT_DISK = 16 * 1024 * 1024
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
        is_other = bool(self._validator and stream.validator != self._validator)
        if stream.size is not None and self.size is not None and stream.size != self.size:
            is_other = True
        if is_other:
            self.is_void = True
            raise ProviderUnavailableError("The file was changed at its source; it begins anew.")
        if stream.size is not None:
            self.size, self.is_size_told = stream.size, True
        self._validator = stream.validator

    async def put(self, at: int, chunk: bytes) -> int:
        """Put what is missing of a chunk into the part; return where the next one begins.

        Raises ProviderError, and UnavailableError if the disk is full.
        """
        if at == 0 and chunk.lstrip()[:1] in (b"<", b"{"):
            raise ProviderUnavailableError("The source sends a page of text in place of the music.")
        if self.is_void:
            raise ProviderUnavailableError("The file was changed at its source; it begins anew.")
        if self.size is not None and at + len(chunk) > self.size:
            self.is_void = True
            raise BadAnswerError(f"The file is longer than {self.size} bytes, as was said.")
        end = at + len(chunk)
        view = memoryview(chunk)
        while at < end:
            there = min(end, self.part.spans.end_of(at))
            if there == at:
                behind = self.part.spans.next_after(at)
                there = end if behind is None else min(end, behind)
                await self._write(at, bytes(view[: there - at]))
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
            raise UnavailableError("The disk is full.") from error

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
