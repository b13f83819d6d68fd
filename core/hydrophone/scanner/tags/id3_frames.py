"""Frames of ID3v2 that are not as the standard wants them, read as they were meant.

Texts may be in another encoding than they name, dates in other words than ISO 8601, and some
frames are Picard's own.
"""

from collections.abc import Mapping
from typing import Any, BinaryIO

from mutagen.id3 import ID3, USLT, Frame, Frames, Frames_2_2, PairedTextFrame, TextFrame

_LATIN_1 = b"\x00"
_UTF_16 = b"\x01"
_UTF_8 = b"\x03"
_BIG_ENDIAN = _UTF_16 + b"\xfe\xff"
_DATES = ("TDRC", "TDRL", "TDOR")
_OF_PICARD = ("XSOP", "XDOR")
"""TSOP and TDOR in ID3v2.3, where they are none of the standard's (picard/formats/id3.py)."""
_YEARS = (("TYER", "TDRC"), ("TORY", "TDOR"))
"""Frames before ID3v2.4, and what they have become."""


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
    # Mutagen takes `12.3.1999` for the year 12, and nothing for `c. 1999`.
    for name in (*_DATES, *_OF_PICARD):
        known[name] = type(name, (_Mended, TextFrame), {})
    return known


KNOWN_FRAMES = _known_frames()
"""What Mutagen is to read frames by."""


class MendedID3(ID3):
    """A tag with the frames above."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the tag at the file's place; raises what Mutagen raises."""
        super().__init__(file, known_frames=KNOWN_FRAMES, load_v1=False)  # type: ignore[no-untyped-call] # Mutagen's

    def update_to_v24(self) -> None:
        """Keep years as they were written, where Mutagen would drop or misread them."""
        written = {new: self[old].text for old, new in _YEARS if old in self and new not in self}
        super().update_to_v24()  # type: ignore[no-untyped-call] # Mutagen's
        for name, texts in written.items():
            # A year alone has become a date, with the day and the month of TDAT.
            if name != "TDRC" or name not in self:
                self[name] = KNOWN_FRAMES[name](encoding=_UTF_8[0], text=texts)
