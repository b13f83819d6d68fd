"""Attributes of Windows Media files, as Microsoft's SDK and Picard name them."""

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from hydrophone.scanner.tags.pictures import choose_picture
from hydrophone.scanner.tags.texts import Texts, reader_of

Attributes = Iterable[tuple[str, Any]]
"""Names and attributes of mutagen's; repeated names are several values of one tag."""

_PICTURE = "WM/Picture"

_by_our_names = reader_of(lambda keys: keys.asf)


def read_asf_texts(attributes: Attributes) -> Texts:
    """Return all texts under our names; numbers and truths as other formats write them."""
    native: defaultdict[str, list[str]] = defaultdict(list)
    for name, attribute in attributes:
        value = attribute.value
        if not isinstance(value, bytes):
            native[name.upper()].append(str(int(value)) if isinstance(value, bool) else str(value))
    return _by_our_names(native)


def read_asf_picture(attributes: Attributes) -> bytes:
    """Return the picture that stands for the file, `b""` if there is none or none is whole."""
    return choose_picture(
        picture
        for name, attribute in attributes
        if name == _PICTURE and isinstance(attribute.value, bytes)
        for picture in _picture(attribute.value)
    )


def _picture(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Take apart a WM_PICTURE: kind, length, MIME type and description in UTF-16, data."""
    if len(data) < 5:
        return
    kind, length = struct.unpack_from("<BI", data)
    at = 5
    for _ in range(2):
        while at + 1 < len(data) and data[at : at + 2] != b"\x00\x00":
            at += 2
        at += 2
    if at + length <= len(data):
        yield kind, data[at : at + length]
