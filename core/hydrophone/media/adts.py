"""Segments of AAC for HLS: the frames of ADTS, counted off, behind a timestamp (RFC 8216, 3.4)."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from msgspec import Struct

from hydrophone.errors import MediaError

FRAME = 1024
"""Samples of each channel in a frame of AAC."""

_HEADER = 7
_SYNC, _SYNC_MASK = 0xFFF0, 0xFFF6
"""Twelve bits, and two for the layer, which are 0."""
_OWNER = b"com.apple.streaming.transportStreamTimestamp\0"


class FrameCut(Struct, frozen=True, kw_only=True):
    """Which frames of an encoder's output are a segment, and when the first of them sounds."""

    skip: int
    keep: int
    timestamp: int
    """Ninety-thousandths of a second."""


async def cut_frames(
    chunks: AsyncGenerator[bytes, None], cut: FrameCut
) -> AsyncGenerator[bytes, None]:
    """Yield a timestamp and then the wanted frames of a stream of ADTS; closes the stream.

    The stream is read to its end, so that its errors are seen. Fewer frames than wanted are no
    error: files may be shorter than they say.

    Raises:
        MediaError: It is no ADTS.
    """
    first, end = cut.skip, cut.skip + cut.keep
    number = 0
    rest = b""
    yield _timestamp(cut.timestamp)
    async with aclosing(chunks):
        async for chunk in chunks:
            data = rest + chunk
            at = begin = stop = 0
            while len(data) - at >= _HEADER and len(data) - at >= (size := _size(data, at)):
                if number == first:
                    begin = at
                at += size
                number += 1
                if first < number <= end:
                    stop = at
            if stop > begin:
                yield data[begin:stop]
            rest = data[at:]


def _size(data: bytes, at: int) -> int:
    if int.from_bytes(data[at : at + 2], "big") & _SYNC_MASK != _SYNC:
        raise MediaError("ffmpeg wrote no frames of AAC.")
    size: int = (data[at + 3] & 0b11) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    if size < _HEADER:
        raise MediaError("ffmpeg wrote damaged frames of AAC.")
    return size


def _timestamp(ticks: int) -> bytes:
    """Write the ID3 tag by which players know where a segment belongs."""
    content = _OWNER + (ticks & 0x1_FFFF_FFFF).to_bytes(8, "big")
    frame = b"PRIV" + _synchsafe(len(content)) + b"\0\0" + content
    return b"ID3\x04\0\0" + _synchsafe(len(frame)) + frame


def _synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
