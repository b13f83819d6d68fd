"""All formats that are scanned, by suffix and by how their files begin.

Mutagen's classes are called by name, never through `mutagen.File`, which opens each file with
all of them in turn to see which one fits.
"""

import os
from collections.abc import Callable

from hydrophone.scanner.formats.aiff import AIFF
from hydrophone.scanner.formats.ape_tagged import MONKEYS_AUDIO, WAVPACK
from hydrophone.scanner.formats.asf import ASF, HEADER
from hydrophone.scanner.formats.contents import Format
from hydrophone.scanner.formats.dsd import DSDIFF, DSF
from hydrophone.scanner.formats.flac import FLAC
from hydrophone.scanner.formats.mp4 import MP4
from hydrophone.scanner.formats.mpeg import ADTS, MPEG
from hydrophone.scanner.formats.musepack import MUSEPACK
from hydrophone.scanner.formats.ogg import BEGIN, CODECS, OGG_FLAC, OPUS, SPEEX, VORBIS
from hydrophone.scanner.formats.wav import WAV
from hydrophone.scanner.payload import after_id3

FORMATS = (
    MPEG,
    FLAC,
    VORBIS,
    OPUS,
    OGG_FLAC,
    SPEEX,
    MP4,
    ADTS,
    ASF,
    WAV,
    AIFF,
    MONKEYS_AUDIO,
    WAVPACK,
    MUSEPACK,
    DSF,
    DSDIFF,
)
"""Of two formats with the same suffix the first is the likelier one."""

BY_SUFFIX = {suffix: one for one in reversed(FORMATS) for suffix in one.suffixes}
"""In lower case and without the dot."""

_BEGINS: dict[bytes, Format] = {
    b"fLaC": FLAC,
    b"MAC ": MONKEYS_AUDIO,
    b"wvpk": WAVPACK,
    b"MPCK": MUSEPACK,
    b"DSD ": DSF,
}
_FORMS: dict[tuple[bytes, bytes], Format] = {
    (b"RIFF", b"WAVE"): WAV,
    (b"RF64", b"WAVE"): WAV,
    (b"BW64", b"WAVE"): WAV,
    (b"FORM", b"AIFF"): AIFF,
    (b"FORM", b"AIFC"): AIFF,
}
"""First four bytes, and those after a length of four bytes."""


def recognise(fd: int, suffix: str) -> Format:
    """Return the format that a file has, whatever its name says.

    Where the bytes tell nothing (junk before the first MPEG frame, MP4 without `ftyp`), the
    suffix decides, which has to be a known one. Raises `OSError`.
    """
    begin = os.pread(fd, BEGIN, after_id3(fd))
    for test in _TESTS:
        found = test(begin)
        if found is not None:
            return found
    return BY_SUFFIX[suffix]


def _by_magic(begin: bytes) -> Format | None:
    found = _BEGINS.get(begin[:4]) or _FORMS.get((begin[:4], begin[8:12]))
    if found is None and begin[4:8] == b"ftyp":
        return MP4
    if found is None and begin[:4] == b"FRM8" and begin[12:16] == b"DSD ":
        return DSDIFF
    return found


def _by_longer_magic(begin: bytes) -> Format | None:
    if begin.startswith(b"OggS"):
        codecs = (one for magic, one in CODECS.items() if magic in begin)
        return next(codecs, None)
    if begin.startswith(b"MP+"):
        return MUSEPACK
    return ASF if begin.startswith(HEADER) else None


def _by_sync_word(begin: bytes) -> Format | None:
    """Tell frames of MPEG audio from those of ADTS, whose two bits for the layer are 0."""
    if len(begin) < 4 or begin[0] != 0xFF or begin[1] & 0xE0 != 0xE0:
        return None
    if begin[1] & 0xF6 == 0xF0:
        return ADTS
    has_version = begin[1] & 0x18 != 0x08
    has_rates = begin[2] & 0xF0 not in {0x00, 0xF0} and begin[2] & 0x0C != 0x0C
    return MPEG if has_version and begin[1] & 0x06 and has_rates else None


_TESTS: tuple[Callable[[bytes], Format | None], ...] = (_by_magic, _by_longer_magic, _by_sync_word)
