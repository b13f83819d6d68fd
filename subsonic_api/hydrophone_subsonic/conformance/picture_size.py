"""Reads how large a picture is, from the beginning of its bytes."""

from struct import unpack_from

_SMALLEST_HEADER = 30
_NO_SIZE = {0xC4, 0xC8, 0xCC}
"""JPEG's markers among those of frames that are none: DHT, JPG and DAC."""


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels; None for what is no PNG, JPEG, GIF or WebP, or is cut."""
    if len(content) < _SMALLEST_HEADER:
        return None
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = unpack_from(">II", content, 16)
        return width, height
    if content.startswith(b"GIF8"):
        width, height = unpack_from("<HH", content, 6)
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _of_jpeg(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _of_webp(content)
    return None


def _of_jpeg(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the first frame header (ITU T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_SIZE:
            height, width = unpack_from(">HH", content, at + 5)
            return width, height
        if marker == 0xFF:
            at += 1
        else:
            at += 2 + int(unpack_from(">H", content, at + 2)[0])
    return None


def _of_webp(content: bytes) -> tuple[int, int] | None:
    """Read the first chunk, by RFC 9649 and RFC 6386, section 9.1."""
    match content[12:16]:
        case b"VP8X":
            width, height = (int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
            return width + 1, height + 1
        case b"VP8L":
            (bits,) = unpack_from("<I", content, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = unpack_from("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF
    return None
