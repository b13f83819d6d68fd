"""The part of a download: written in any order, read while it comes, and safe from a crash.

Beside the part lies its map, which says of which bytes they are and which of them are there. It
never names bytes that are not on the disk, whatever ends the process or the machine: the bytes are
synced first, and the map is put in its place whole.
"""

import logging
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from hydrophone.domain.spans import Spans
from hydrophone.domain.units import ByteCount
from hydrophone.media.file_reader import FileReader
from hydrophone.media.in_thread import in_thread

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
_MAP = ".map"


class PartMap(Struct, frozen=True, kw_only=True):
    """What is known of a part."""

    representation: str
    """Names the very bytes, as its source calls them."""
    validator: str = ""
    """What the other side called them when they came; empty if it did not."""
    size: ByteCount | None = None
    """Of the whole; `None` if nobody knows."""
    spans: tuple[tuple[int, int], ...] = ()


class SparseFile:
    """One part, written by several tasks at different places, and read by any number."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.spans = Spans()
        self._descriptor = -1
        self._reader = FileReader(path)
        self._buffer = bytearray(CHUNK)
        """Of all readers: it is never in use across an await."""

    async def open(self, representation: str) -> PartMap:
        """Open the part of these bytes, or begin one; what is there of others is dropped.

        Raises OSError.
        """
        try:
            return await in_thread(self._open, representation)
        finally:
            if self._descriptor >= 0:
                await self._reader.open()

    async def write(self, offset: int, data: bytes) -> None:
        """Put bytes where they belong. Raises OSError if the disk does not take them."""
        await in_thread(self._write, offset, data)
        self.spans.add(offset, offset + len(data))

    async def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes that are there, 64 KiB at most. Raises OSError."""
        return await self._reader.read(self._buffer, offset, min(length, CHUNK))

    async def checkpoint(self, known: PartMap) -> None:
        """Have the bytes that are there survive everything, and the map say so. Raises OSError."""
        told = msgspec.structs.replace(known, spans=self.spans.pairs)
        await in_thread(self._checkpoint, told)

    def sync(self) -> None:
        """Wait until the bytes are on the disk. Blocks; raises OSError."""
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Close the files; calling it again is harmless."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
        self._reader.close()

    def _open(self, representation: str) -> PartMap:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        known = read_map(self.path)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        length = os.fstat(descriptor).st_size
        is_ours = known is not None and known.representation == representation
        if known is None or not is_ours or any(end > length for _, end in known.spans):
            os.ftruncate(descriptor, 0)
            map_path(self.path).unlink(missing_ok=True)
            known = PartMap(representation=representation)
        self._descriptor = descriptor
        self.spans = Spans(known.spans)
        return known

    def _write(self, offset: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            written = os.pwrite(self._descriptor, view, offset)
            view, offset = view[written:], offset + written

    def _checkpoint(self, told: PartMap) -> None:
        os.fsync(self._descriptor)
        target = map_path(self.path)
        temporary = target.with_name(f"{target.name}.new")
        with temporary.open("wb") as file:
            file.write(msgspec.json.encode(told))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)


def map_path(part: Path) -> Path:
    """Return where the map of a part lies."""
    return part.with_name(part.name + _MAP)


def read_map(part: Path) -> PartMap | None:
    """Return what is known of a part; `None` if that is nothing of use. Blocks."""
    try:
        return msgspec.json.decode(map_path(part).read_bytes(), type=PartMap)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        logger.warning("The map of %s cannot be read: %s", part, error)
        return None


def remove_part(part: Path) -> None:
    """Remove a part and its map. Blocks; raises OSError."""
    for path in (part, map_path(part), map_path(part).with_name(f"{part.name}{_MAP}.new")):
        path.unlink(missing_ok=True)
