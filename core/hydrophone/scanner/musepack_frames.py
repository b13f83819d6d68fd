"""Counts the frames of Musepack streams, of which none has to be decoded for it."""

import os
import sys
from array import array

from hydrophone.domain.units import ByteCount

FRAME = 1152
"""Samples."""
_LEAST_BITS = 8
"""Of a frame of version 7 behind its length: a band without anything."""
_LENGTH_BITS = 20
_LAST_BITS = 11
_FIRST_FRAME = 200
"""Bits before the first frame of version 7: six words of header, and the encoder's version."""
_WINDOW = 256 * 1024
"""Bytes to look at in one go; the length of a frame can say half of that."""
_LONGEST_FRAME = 32_768
"""Bits; that would be more than a megabit a second."""
_MAX_FRAMES = 200_000
"""Nearly ninety minutes; who asks for more has no small file that claims to be long."""
_MAX_PACKETS = 200_000
"""More than two days of the usual packets, or an hour of the smallest."""


def frames_of_version_7(fd: int, begin: int, size: ByteCount) -> int | None:
    """Return how many whole frames follow each other; `None` if they are too many to count.

    Each begins with its length in bits, and words have their bytes turned around.
    """
    at, frames = _FIRST_FRAME, 0
    while frames <= _MAX_FRAMES:
        offset = at // 32 * 4
        words = _words(os.pread(fd, max(0, min(_WINDOW, size - offset)), begin + offset))
        found, end = _follow(words, at % 32)
        if not found:
            return frames
        frames += found
        at = offset * 8 + end
    return None


def ends_whole(tail: bytes, last: int) -> bool:
    """Say whether frames of version 7 end where these bytes do, so that nothing was cut off.

    `tail` begins with a word of the stream, somewhere in a frame: the right begin is the one
    from which each frame leads to the next, up to the end. There, encoders write again how many
    samples of the last frame are music (`last`), and fill the word.
    """
    words = _words(tail)
    bits = len(words) * 32 - 32
    for begin in range(min(_LONGEST_FRAME, bits)):
        end = _follow(words, begin)[1]
        if bits - 64 <= end <= bits - _LAST_BITS and _bits(words, end, _LAST_BITS) == last:
            return True
    return False


def _words(data: bytes) -> "array[int]":
    """Return the words of a stream, and one more, so that each has a next one."""
    words = array("I", data[: len(data) // 4 * 4] + bytes(4))
    if sys.byteorder == "big":
        words.byteswap()
    return words


def _bits(words: "array[int]", at: int, count: int) -> int:
    pair = words[at >> 5] << 32 | words[(at >> 5) + 1]
    return pair >> (64 - count - (at & 31)) & (1 << count) - 1


def _follow(words: "array[int]", at: int) -> tuple[int, int]:
    """Return how many frames are whole from this bit on, and which bit follows them."""
    frames, bits = 0, len(words) * 32 - 32
    while at + _LENGTH_BITS <= bits:
        length = _bits(words, at, _LENGTH_BITS)
        if length < _LEAST_BITS or at + _LENGTH_BITS + length > bits:
            break
        at += _LENGTH_BITS + length
        frames += 1
    return frames, at


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
