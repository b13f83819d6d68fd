"""Which pictures are shown, by how their files begin: nothing is decoded."""

import struct
from collections.abc import Callable

from hydrophone.domain.units import ByteCount

MAX_PIXELS = 40_000_000
"""20 KB of PNG can claim 13,000 x 13,000 pixels, which is 500 MB of memory."""
LARGEST_PICTURE = ByteCount(32 * 1024 * 1024)

_MOST_SEGMENTS = 10_000
"""Of a JPEG before its frame; those of comments and profiles are some hundreds at most."""
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers behind which the size stands (ITU T.81, table B.1)."""
_WITHOUT_LENGTH = frozenset({0x00, 0x01, *range(0xD0, 0xD9), 0xFF})

Size = tuple[int, int]


def refusal(data: bytes) -> str:
    """Return why a picture (the bytes of its file) is not shown; empty if nothing is seen so far.

    It may turn out to be damaged when it is decoded. Takes some microseconds; never raises.
    """
    if len(data) > LARGEST_PICTURE:
        return "the picture is larger than 32 MiB"
    size_of = next((read for begin, read in _FORMATS if data.startswith(begin)), None)
    if size_of is None or (size_of is _webp and data[8:12] != b"WEBP"):
        return "the picture is none of a known format"
    try:
        width, height = size_of(data)
    except (struct.error, IndexError, ValueError):
        return "the picture is cut off within its header, or damaged"
    if width * height > MAX_PIXELS:
        return f"the picture of {width} x {height} pixels is too large"
    return ""


def _png(data: bytes) -> Size:
    """ISO 15948, section 11.2.2."""
    return _pair(">II", data, 16)


def _gif(data: bytes) -> Size:
    return _pair("<HH", data, 6)


def _bmp(data: bytes) -> Size:
    """Read the size; it is short in files of OS/2, and lines from the top have a height below 0."""
    if data[14] == 12:
        return _pair("<HH", data, 18)
    width, height = _pair("<ii", data, 18)
    return abs(width), abs(height)


def _webp(data: bytes) -> Size:
    """RFC 9649, sections 2.5 to 2.7: lossy, lossless, or with more than one picture."""
    if data[12:16] == b"VP8 ":
        width, height = _pair("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if data[12:16] == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    low, width, high, height = struct.unpack_from("<HBHB", data, 24)
    return (low | width << 16) + 1, (high | height << 16) + 1


def _jpeg(data: bytes) -> Size:
    """Look for the frame; rubbish between segments is passed over, as decoders do."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        at = data.index(b"\xff", at) + 1
        marker = data[at]
        if marker in _FRAMES:
            height, width = _pair(">HH", data, at + 4)
            return width, height
        if marker not in _WITHOUT_LENGTH:
            at += 1 + struct.unpack_from(">H", data, at + 1)[0]
    raise ValueError("too many segments")


def _pair(form: str, data: bytes, at: int) -> Size:
    first, second = struct.unpack_from(form, data, at)
    return int(first), int(second)


_FORMATS: tuple[tuple[bytes, Callable[[bytes], Size]], ...] = (
    (b"\xff\xd8\xff", _jpeg),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"RIFF", _webp),
    (b"GIF87a", _gif),
    (b"GIF89a", _gif),
    (b"BM", _bmp),
)
