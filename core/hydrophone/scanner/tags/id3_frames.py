"""Frames of ID3v2 whose texts are not in the encoding that they name, read as they were meant."""

from collections.abc import Mapping
from typing import Any

from mutagen.id3 import USLT, Frame, Frames, Frames_2_2, PairedTextFrame, TextFrame

_LATIN_1 = b"\x00"
_UTF_16 = b"\x01"
_UTF_8 = b"\x03"
_BIG_ENDIAN = _UTF_16 + b"\xfe\xff"


class _Mended(Frame):
    """A frame that begins with its encoding (https://id3.org/id3v2.4.0-structure, section 4)."""

    def _readData(self, id3: Any, data: bytes) -> Any:  # noqa: ANN401, N802 - Mutagen's method
        return super()._readData(id3, _mended(data))  # type: ignore[no-untyped-call] # Mutagen's


def _mended(data: bytes) -> bytes:
    """Return what a frame holds, with the encoding that its texts have.

    Of a list in UTF-16 often the first text alone tells the order of bytes, and Mutagen takes
    those that follow for little-endian. Bytes that say Latin-1 and are UTF-8 are UTF-8.
    """
    if data.startswith(_BIG_ENDIAN):
        even = len(data) - 1 & ~1
        swapped = bytearray(data)
        swapped[1 : even + 1 : 2], swapped[2 : even + 1 : 2] = (
            data[2 : even + 1 : 2],
            data[1:even:2],
        )
        return bytes(swapped)
    if data.startswith(_LATIN_1) and not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            return data
        return _UTF_8 + data[1:]
    return data


def _known_frames() -> Mapping[str, type[Frame]]:
    """Return all frames by name; those of v2.2 have to descend directly from what they become."""
    texts = (TextFrame, PairedTextFrame, USLT)
    known = {
        name: type(name, (_Mended, frame), {}) if issubclass(frame, texts) else frame
        for name, frame in Frames.items()
    }
    for name, frame in Frames_2_2.items():
        same = frame.__mro__[1].__name__
        known[name] = type(name, (known[same],), {}) if issubclass(frame, texts) else frame
    return known


KNOWN_FRAMES = _known_frames()
"""What Mutagen is to read frames by."""
