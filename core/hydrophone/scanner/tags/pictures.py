"""Pictures embedded in audio files: which one stands for the file."""

from collections.abc import Iterable

MAX_PICTURE = 32 * 1024 * 1024
"""Bytes; larger ones are taken for damage and passed over."""

LINK = "-->"
"""The MIME type of a picture whose data is an address; nothing is ever fetched for a tag."""

FRONT_COVER = 3
"""The picture type that ID3v2 (section 4.14) and FLAC (RFC 9639, section 8.8) share."""


def choose_picture(pictures: Iterable[tuple[int, bytes]]) -> bytes:
    """Return the front cover, else the first picture, of pairs of type and bytes; else `b""`."""
    first = b""
    for kind, data in pictures:
        if not 0 < len(data) <= MAX_PICTURE:
            continue
        if kind == FRONT_COVER:
            return data
        first = first or data
    return first
