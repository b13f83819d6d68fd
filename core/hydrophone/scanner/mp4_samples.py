"""How much sound the tables of an MP4 account for, whatever its headers say."""

import os
import struct

from hydrophone.domain.units import Seconds
from hydrophone.scanner.mp4_atoms import content_of, place_of, sound_track
from hydrophone.scanner.mp4_fragments import fragmented_duration
from hydrophone.scanner.mp4_trim import mp4_time

_TABLES = (b"mdia", b"minf", b"stbl")
_MAX_HEADER = 64
_MAX_TABLE = 1024 * 1024
"""Bytes of `stts`, which has eight for each run of equal samples: mostly one or two runs."""
_LARGEST_AAC = 2048
"""Sound in a packet of AAC, with the band that is synthesised (ISO/IEC 14496-3)."""
_LARGEST = 65_536
"""In that of any other codec."""


def held_seconds(fd: int, size: int, *, codec: str, sampling_rate: int) -> Seconds | None:
    """Return how long the packets of the sound are; `None` if the tables do not tell.

    By the times in `stts`, for as many packets as `stsz` has sizes of (ISO 14496-12, sections
    8.6.1 and 8.7.3), and no longer than a packet can be.
    """
    begin, end = sound_track(fd, size)
    scale = mp4_time(content_of(fd, begin, end, _MAX_HEADER, b"mdia", b"mdhd"))[0]
    first, last = place_of(fd, begin, end, *_TABLES, b"stts")
    if not scale or not sampling_rate or last - first > _MAX_TABLE:
        return None
    runs = os.pread(fd, last - first, first)[8:]
    if not runs:
        return Seconds(fragmented_duration(fd, size)) or None
    packets = left = _packets(fd, *place_of(fd, begin, end, *_TABLES, b"stsz"), size)
    ticks = 0
    for count, length in struct.iter_unpack(">II", runs[: len(runs) // 8 * 8]):
        ticks += min(count, left) * length
        left -= min(count, left)
    largest = _LARGEST_AAC if codec == "aac" else _LARGEST
    return Seconds(min(ticks / scale, packets * largest / sampling_rate))


def _packets(fd: int, begin: int, end: int, size: int) -> int:
    """Return for how many packets there are sizes, or bytes if all have the same size.

    Some files have sizes of a few bits instead (`stz2`): each has at least half a byte.
    """
    header = os.pread(fd, 12, begin) if end - begin >= 12 else b""
    if not header:
        return 2 * size
    each, count = (int.from_bytes(header[at : at + 4], "big") for at in (4, 8))
    return min(count, size // each if each else (end - begin - len(header)) // 4)
