"""Finds the audio in a file, leaving out all that a tagger may rewrite.

Each function named `*_payload` takes a file descriptor and the size of its file, reads a few
blocks of it by position, and returns a `Payload`. They raise `MediaError` where the file is cut
off or is not what its name says, and `OSError` if it cannot be read. Containers made of chunks
and Ogg have modules of their own.
"""

import os
from collections.abc import Sequence
from typing import NamedTuple

from hydrophone.domain.units import ByteCount
from hydrophone.errors import MediaError
from hydrophone.scanner.mp4_atoms import atoms

SAMPLE = 16 * 1024
"""Bytes of each of the three pieces that stand for a payload."""

_TAIL_TAG = 160
"""Enough bytes from the end of a file to recognise any tag that may stand there."""


class Payload(NamedTuple):
    """The audio of a file: how much there is, and what stands for the whole of it."""

    size: ByteCount
    pieces: tuple[bytes, bytes, bytes]
    """From the head, the middle and the tail; they overlap in a short payload."""


def mpeg_payload(fd: int, size: int) -> Payload:
    """Take what lies between the ID3v2 tags at the start and all kinds of tags at the end."""
    return sampled(fd, [(after_id3(fd), before_tail_tags(fd, size))])


def flac_payload(fd: int, size: int) -> Payload:
    """Take the frames: what follows the last metadata block (RFC 9639, section 6)."""
    at = after_id3(fd)
    if os.pread(fd, 4, at) != b"fLaC":
        raise MediaError("not a FLAC file")
    at += 4
    last = False
    while not last:
        header = os.pread(fd, 4, at)
        at += 4 + int.from_bytes(header[1:], "big")
        if len(header) < 4 or at > size:
            raise MediaError("cut off within the FLAC metadata")
        last = header[0] >= 0x80
    return sampled(fd, [(at, before_tail_tags(fd, size))])


def mp4_payload(fd: int, size: int) -> Payload:
    """Take the contents of all `mdat` atoms, wherever a tagger moved them (ISO 14496-12)."""
    stretches = [
        (begin, end) for name, begin, end in atoms(fd, 0, size) if name == b"mdat" and end > begin
    ]
    return sampled(fd, stretches)


def sampled(fd: int, stretches: Sequence[tuple[int, int]]) -> Payload:
    """Sample what lies between these positions, as if it were in one piece; never of no bytes."""
    size = sum(end - begin for begin, end in stretches)
    if size <= 0:
        raise MediaError("contains no audio")

    def read(offset: int) -> bytes:
        data = b""
        for begin, end in stretches:
            wanted = min(SAMPLE - len(data), end - begin - offset)
            if wanted > 0:
                data += os.pread(fd, wanted, begin + offset)
            offset = max(0, offset - (end - begin))
        return data

    return Payload(ByteCount(size), (read(0), read(size // 2), read(max(0, size - SAMPLE))))


def after_id3(fd: int) -> int:
    """Return the position after all ID3v2 tags at the start; some programs stack them."""
    at = 0
    while (header := os.pread(fd, 10, at))[:3] == b"ID3" and len(header) == 10:
        footer = 10 if header[5] & 0x10 else 0
        at += 10 + _syncsafe(header[6:]) + footer
    return at


def before_tail_tags(fd: int, size: int) -> int:
    """Return the position before all tags at the end, in whatever order they were added."""
    end = size
    while end > 0:
        begin = max(0, end - _TAIL_TAG)
        length = _tail_tag_length(os.pread(fd, end - begin, begin))
        if length == 0:
            break
        end -= length
    return end


def _tail_tag_length(tail: bytes) -> int:
    """Return the length of the tag that ends here, 0 if there is none.

    APEv2 (https://wiki.hydrogenaud.io/index.php?title=APEv2_specification), Lyrics3v2
    (https://id3.org/Lyrics3v2), ID3v2.4 with its footer, ID3v1.
    """
    if tail[-32:-24] == b"APETAGEX":
        has_header = tail[-9] & 0x80
        return max(32, int.from_bytes(tail[-20:-16], "little")) + (32 if has_header else 0)
    if tail[-9:] == b"LYRICS200" and tail[-15:-9].isdigit():
        return int(tail[-15:-9]) + 15
    if tail[-10:-7] == b"3DI":
        return _syncsafe(tail[-4:]) + 20
    if tail[-128:-125] == b"TAG":
        return 128
    return 0


def _syncsafe(data: bytes) -> int:
    """Decode a number of which each byte carries 7 bits (ID3v2.4, section 6.2)."""
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number
