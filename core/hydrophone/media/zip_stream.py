"""One zip archive, written while it is sent: nothing on the disk, and no file in memory.

Members are stored, not compressed: music is already. All have ZIP64's sizes behind their bytes
(APPNOTE.TXT 4.3.9 and 4.5.3), as nobody can go back in a stream; names are UTF-8 and say so.
"""

import zipfile
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime

from msgspec import Struct

from hydrophone.domain.units import ByteCount, Timestamp
from hydrophone.errors import MediaError

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_LATEST = (2107, 12, 31, 23, 59, 58)
"""The first and the last time that a zip archive can say."""
_LOCAL_HEADER = 30 + 20
"""Bytes of it, and of its ZIP64 extra field, without the name."""
_DESCRIPTOR = 24
_CENTRAL_HEADER = 46
_END = 22
_END_64 = 56 + 20
"""Of ZIP64's own end and of the locator that leads to it."""


class Member(Struct, frozen=True, kw_only=True):
    """One file of an archive."""

    name: str
    """With slashes between folders; no two members have the same."""
    size: ByteCount | None
    """`None` if nobody knows before its end."""
    modified: Timestamp
    chunks: Callable[[], AsyncGenerator[bytes, None]]
    """Begin to read it; called once, when it is its turn."""


async def zip_chunks(members: Sequence[Member]) -> AsyncGenerator[bytes, None]:
    """Yield the archive.

    A member that is not of the size that it was said to have raises MediaError, and what the
    members raise is passed on: there is no end of the archive then, so nobody takes it for whole.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload] # write and flush do
        for member in members:
            with archive.open(_info(member), "w", force_zip64=True) as part:
                length = 0
                async with aclosing(member.chunks()) as chunks:
                    async for chunk in chunks:
                        length += len(chunk)
                        part.write(chunk)
                        yield sink.take()
                if member.size not in (None, length):
                    raise MediaError(f"{member.name} has {length} bytes instead of {member.size}.")
    yield sink.take()


def zip_length(members: Sequence[Member]) -> ByteCount | None:
    """Return how many bytes `zip_chunks` yields; `None` if the size of a member is not known."""
    limit = zipfile.ZIP64_LIMIT
    offset = directory = 0
    for member in members:
        if member.size is None:
            return None
        name = len(member.name.encode())
        far = 16 * (member.size > limit) + 8 * (offset > limit)
        directory += _CENTRAL_HEADER + name + (far + 4 if far else 0)
        offset += _LOCAL_HEADER + name + member.size + _DESCRIPTOR
    needs_64 = len(members) > zipfile.ZIP_FILECOUNT_LIMIT or max(offset, directory) > limit
    return ByteCount(offset + directory + _END + (_END_64 if needs_64 else 0))


class _Sink:
    """What `zipfile` writes into as into a pipe."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: `take` has everything at once."""

    def take(self) -> bytes:
        """Return what was written since it was asked last."""
        parts, self._parts = self._parts, []
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _info(member: Member) -> zipfile.ZipInfo:
    modified = datetime.fromtimestamp(member.modified / 1000, UTC).timetuple()[:6]
    info = zipfile.ZipInfo(member.name, max(_EARLIEST, min(modified, _LATEST)))
    # A regular file that everybody may read, as unpackers on Unix understand it.
    info.external_attr = 0o100644 << 16
    return info
