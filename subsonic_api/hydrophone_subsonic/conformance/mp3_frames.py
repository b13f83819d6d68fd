"""Measures the bit rate of MP3 by its frames (ISO/IEC 11172-3, 2.4.1.3, and 13818-3, 2.4.1.3)."""

from typing import NamedTuple

_RATES = (44100, 48000, 32000)
_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Of MPEG-2 and MPEG-2.5, which have half and a quarter of the sampling rates."""
_DIVISORS = {3: 1, 2: 2, 0: 4}
"""From the version bits of a header to what the sampling rate is divided by."""
_LAYER_3 = 1


class _Frame(NamedTuple):
    size: int
    """In bytes."""
    seconds: float


def bit_rate(content: bytes) -> float | None:
    """Return the mean of the frames at the beginning, in kbit/s; None for what is no MP3.

    The last frame may be cut.
    """
    at = _after_id3(content)
    size, seconds = 0, 0.0
    while frame := _frame(content[at : at + 4]):
        size += frame.size
        seconds += frame.seconds
        at += frame.size
    return size * 8 / 1000 / seconds if seconds else None


def _after_id3(content: bytes) -> int:
    """Return where a tag at the beginning ends: its size has seven bits in each byte."""
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame(header: bytes) -> _Frame | None:
    """Read the header of a frame; None for other bytes, and for a rate that no table has."""
    if len(header) < 4 or header[0] != 0xFF or header[1] < 0xE0:
        return None
    divisor = _DIVISORS.get(header[1] >> 3 & 3)
    speed, rate = header[2] >> 4, header[2] >> 2 & 3
    if divisor is None or header[1] >> 1 & 3 != _LAYER_3 or speed in (0, 15) or rate == 3:
        return None
    kbps = (_KBPS if divisor == 1 else _KBPS_LOW)[speed]
    samples = 1152 if divisor == 1 else 576
    hertz = _RATES[rate] / divisor
    size = int(samples / 8 * 1000 * kbps / hertz) + (header[2] >> 1 & 1)
    return _Frame(size, samples / hertz)
