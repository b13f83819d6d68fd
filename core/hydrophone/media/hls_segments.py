"""How a track is cut into segments of AAC, each of which can be made without those before it.

Segments consist of whole frames. AAC overlaps its frames, so a frame sounds right only behind the
one before it as the same encoder made it. Each segment is therefore encoded from some frames
before its beginning on, and these are left out of it; in tests the seams then differ from the
source no more than any other place. The very first frame holds but the encoder's own delay.
"""

import math

from msgspec import Struct

from hydrophone.domain.units import Hertz, Kbps, Seconds
from hydrophone.media.adts import FRAME, FrameCut
from hydrophone.media.transcode import HLS_AAC, TranscodeSpec

_SECONDS = 6.0
"""As Apple advises (HLS Authoring Specification, 7.5)."""
_BEFORE = 8
"""Frames; with four the seams cannot be heard, and decoders of MP3 and Opus need some, too."""
_BEHIND = 2
"""Frames that the encoder looks at before it decides on the one that it writes."""
_TICKS = 90_000
_START = 10 * _TICKS
"""Timestamps must not be negative, which that of the first frame would be."""
_RATES = (Hertz(48_000), Hertz(44_100))


class Cutting(Struct, frozen=True, kw_only=True):
    """The segments of one track."""

    duration: Seconds
    rate: Hertz
    """Sampling rate of the segments."""

    @property
    def frame_count(self) -> int:
        """How many frames there are in all."""
        return 1 + math.ceil(self.duration * self.rate / FRAME)

    @property
    def length(self) -> int:
        """How many frames a segment has, but the last one."""
        return round(_SECONDS * self.rate / FRAME)

    @property
    def count(self) -> int:
        """How many segments there are."""
        return math.ceil(self.frame_count / self.length)

    def seconds(self) -> tuple[Seconds, ...]:
        """Return how long each segment is."""
        *whole, last = range(0, self.frame_count, self.length)
        full = Seconds(self.length * FRAME / self.rate)
        return (*[full] * len(whole), Seconds((self.frame_count - last) * FRAME / self.rate))

    def spec(self, number: int, bit_rate: Kbps, gain: float | None) -> TranscodeSpec:
        """Return how a segment is made, counted from 0."""
        first = number * self.length
        keep = min(self.length, self.frame_count - first)
        # The frame 0 is the encoder's delay: frame 1 begins where the music does.
        begin = max(0, first - 1 - _BEFORE)
        offset = begin * FRAME / self.rate
        wanted = (first + keep + _BEHIND - begin) * FRAME / self.rate
        return TranscodeSpec(
            format=HLS_AAC,
            bit_rate=bit_rate,
            offset=Seconds(offset),
            length=Seconds(min(wanted, self.duration - offset)),
            sample_rate=self.rate,
            gain=gain,
            frames=FrameCut(
                skip=first - begin,
                keep=keep,
                timestamp=_START + round((first - 1) * FRAME * _TICKS / self.rate),
            ),
        )


def cutting(duration: Seconds, rate: Hertz) -> Cutting:
    """Return how a track of so many seconds and of this sampling rate is cut."""
    return Cutting(
        duration=duration,
        rate=next((one for one in _RATES if rate and not (rate % one and one % rate)), _RATES[0]),
    )
