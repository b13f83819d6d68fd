"""Finds where a FLAC stream ends by the header of its last frame (RFC 9639, section 9.1)."""

import struct
from typing import NamedTuple

_STREAMINFO = 42
"""Bytes of the marker, the first metadata block's header and what it says of the stream."""
_FIXED_SIZES = {1: 192, 2: 576, 3: 1152, 4: 2304, 5: 4608} | {n: 1 << n for n in range(8, 16)}
"""Samples of a block by their code; those of 6 and 7 stand behind the number."""
_RATE_BYTES = {12: 1, 13: 2, 14: 2}
_LONGEST_HEADER = 16
_NUMBER_BYTES = 7


class StreamInfo(NamedTuple):
    """What the first metadata block says (RFC 9639, section 8.2)."""

    shortest_block: int
    """Samples, the last block aside."""
    longest_block: int
    longest_frame: int
    """Bytes; 0 if unknown."""
    sample_count: int
    """Of each channel; 0 if unknown."""


def read_stream_info(begin: bytes) -> StreamInfo:
    """Decode the begin of a FLAC stream, at least 42 bytes; all is 0 if they are fewer."""
    if len(begin) < _STREAMINFO:
        return StreamInfo(0, 0, 0, 0)
    shortest, longest = struct.unpack_from(">HH", begin, 8)
    samples = int.from_bytes(begin[21:26], "big") & 0xF_FFFF_FFFF
    return StreamInfo(shortest, longest, int.from_bytes(begin[15:18], "big"), samples)


def last_sample(tail: bytes, first_frame: bytes, info: StreamInfo) -> int | None:
    """Return the number of samples up to the end of the last frame that begins in these bytes.

    `first_frame` is the begin of the stream's first frame, to which all others are alike. `None`
    if no frame begins here.
    """
    sync = first_frame[:2]
    at = tail.rfind(sync)
    while at >= 0:
        end = _end_of_frame(tail[at : at + _LONGEST_HEADER], first_frame, info)
        if end is not None:
            return end
        at = tail.rfind(sync, 0, at)
    return None


def _end_of_frame(header: bytes, first_frame: bytes, info: StreamInfo) -> int | None:
    """Return which sample a frame ends with; `None` if this is no header of a frame.

    By chance the two bytes of the sync code are found in sound, too: the checksum has to be
    right, and what does not change within a stream has to be as in the first frame.
    """
    if len(header) < 6 or len(first_frame) < 4:
        return None
    same_rate = header[2] & 0x0F == first_frame[2] & 0x0F
    if not same_rate or header[3] & 0x0F != first_frame[3] & 0x0F:
        return None
    number, at = _coded_number(header, 4)
    if number is None:
        return None
    code = header[2] >> 4
    size = _FIXED_SIZES.get(code, 0)
    if code in {6, 7}:
        size = int.from_bytes(header[at : at + code - 5], "big") + 1
        at += code - 5
    at += _RATE_BYTES.get(header[2] & 0x0F, 0)
    if not size or at >= len(header) or _crc8(header[:at]) != header[at]:
        return None
    is_by_sample = header[1] & 1
    end = (number if is_by_sample else number * info.longest_block) + size
    return end if end <= info.sample_count or not info.sample_count else None


def _coded_number(header: bytes, at: int) -> tuple[int | None, int]:
    """Decode a number that is written like a character of UTF-8; return what follows it, too."""
    first = header[at]
    if first < 0x80:
        return first, at + 1
    length = 8 - (first ^ 0xFF).bit_length()
    if not 2 <= length <= _NUMBER_BYTES or at + length > len(header):
        return None, at
    number = first & (0x7F >> length)
    for byte in header[at + 1 : at + length]:
        if byte & 0xC0 != 0x80:
            return None, at
        number = number << 6 | byte & 0x3F
    return number, at + length


def _crc8(data: bytes) -> int:
    """Compute the checksum of a header: polynomial x^8 + x^2 + x + 1, starting with 0."""
    crc = 0
    for byte in data:
        crc = _CRC8[crc ^ byte]
    return crc


def _crc8_of(byte: int) -> int:
    for _ in range(8):
        byte = byte << 1 ^ (0x107 if byte & 0x80 else 0)
    return byte


_CRC8 = [_crc8_of(byte) for byte in range(256)]
