"""Pictures embedded in audio files: which one stands for the file."""

from collections.abc import Iterable

from hydrophone.domain.picture import refusal

LINK = "-->"
"""The MIME type of a picture whose data is an address; nothing is ever fetched for a tag."""

FRONT_COVER = 3
"""The picture type that ID3v2 (section 4.14) and FLAC (RFC 9639, section 8.8) share."""


def choose_picture(pictures: Iterable[tuple[int, bytes]]) -> bytes:
    """Return the front cover, else the first picture, of pairs of type and bytes; else `b""`.

    One that is not shown (`domain.picture`) stands for the file only if there is no other.
    """
    first = refused = b""
    for kind, data in pictures:
        if not data:
            continue
        if refusal(data):
            refused = refused or data
        elif kind == FRONT_COVER:
            return data
        else:
            first = first or data
    return first or refused
