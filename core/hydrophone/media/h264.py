"""Levels of H.264: what a decoder must be able to do (ITU-T H.264, table A-1)."""

import math
from fractions import Fraction

from hydrophone.domain.units import Kbps

_LEVELS = (
    (30, 1_620, 40_500, Kbps(10_000)),
    (31, 3_600, 108_000, Kbps(14_000)),
    (32, 5_120, 216_000, Kbps(20_000)),
    (40, 8_192, 245_760, Kbps(20_000)),
    (42, 8_704, 522_240, Kbps(50_000)),
    (51, 36_864, 983_040, Kbps(240_000)),
)
"""The level times ten, and the most blocks of a picture, blocks a second, and bit rate in it."""
_HIGHEST = 52
_BLOCK = 16


def h264_level(width: int, height: int, rate: Fraction, bit_rate: Kbps) -> int:
    """Return the lowest usual level for pictures of this size and so many a second, times ten."""
    blocks = math.ceil(width / _BLOCK) * math.ceil(height / _BLOCK)
    return next(
        (
            level
            for level, most, most_a_second, fastest in _LEVELS
            if blocks <= most and blocks * rate <= most_a_second and bit_rate <= fastest
        ),
        _HIGHEST,
    )


def h264_codec(width: int, height: int, rate: Fraction, bit_rate: Kbps) -> str:
    """Return the name of the constrained baseline profile at such a level (RFC 6381, 3.3)."""
    return f"avc1.42c0{h264_level(width, height, rate, bit_rate):02x}"
