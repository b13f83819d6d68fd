"""Counts the frames of Musepack streams, of which none has to be decoded for it."""

import os
import struct

from hydrophone.domain.units import ByteCount
from hydrophone.scanner.payload import Payload

FRAME = 1152
"""Samples."""
LEAST_BITS = 28
"""Of a frame of version 7: its length, and a band without anything."""
_MAX_STREAM = 8 * 1024 * 1024
"""Bytes; who asks for more has no small file that claims to be long."""
_WORD = 32
_LENGTH_BITS = 20
_HEADER_WORDS = 6
_ENCODER_BITS = 8
_MAX_PACKETS = 200_000
"""More than two days of the usual packets, or an hour of the smallest."""


def frames_of_version_7(fd: int, begin: int, payload: Payload) -> int | None:
    """Return how many frames follow each other; `None` if they are too many bytes to look at.

    Each begins with its length in bits, and words have their bytes turned around.
    """
    if payload.size > _MAX_STREAM:
        return None
    data = os.pread(fd, payload.size, begin)
    words = len(data) // 4
    bits = struct.pack(f">{words}I", *struct.unpack(f"<{words}I", data[: words * 4]))
    at, frames = _HEADER_WORDS * _WORD + _ENCODER_BITS, 0
    while at + _LENGTH_BITS <= words * _WORD:
        word = int.from_bytes(bits[at // 8 : at // 8 + 4].ljust(4, b"\0"), "big")
        length = word >> (_WORD - _LENGTH_BITS - at % 8) & 0xFFFFF
        at += _LENGTH_BITS + length
        if length < LEAST_BITS - _LENGTH_BITS or at > words * _WORD:
            break
        frames += 1
    return frames


def samples_of_version_8(fd: int, begin: int, size: ByteCount) -> int | None:
    """Return how many samples the packets hold; `None` if they are too many to count.

    http://trac.musepack.net/musepack/wiki/SV8Specification: a key of two letters, a length that
    counts all of the packet, and content. What was cut off is not counted.
    """
    at, end = begin + 4, begin + size
    per_packet = samples = 0
    for _ in range(_MAX_PACKETS):
        header = os.pread(fd, 32, at)
        length, content = _length(header)
        if at + length > end or length < content:
            return samples
        if header[:2] == b"SH":
            # Behind it are five bits of other things; a packet has a power of four frames.
            per_packet = FRAME << 2 * (os.pread(fd, 1, at + length - 1)[0] & 7)
        elif header[:2] == b"AP":
            samples += per_packet
        elif header[:2] == b"SE":
            return samples
        at += length
    return None


def _length(header: bytes) -> tuple[int, int]:
    """Return the length of a packet, and where in it its content is; 0 and 1 if it is none."""
    length = 0
    for at, byte in enumerate(header[2:12], 2):
        length = length << 7 | byte & 0x7F
        if byte < 0x80:
            return length, at + 1
    return 0, 1
