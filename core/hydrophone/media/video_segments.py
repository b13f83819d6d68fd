"""How a film is cut into segments of MPEG-TS, each of which can be made without those before it.

Pictures are brought to a steady rate, so a segment is so many of them and begins with one that
needs no other. Sound is cut as in `hls_segments`: it is encoded from some frames before the
segment on, always on the same grid of frames of the whole film, and what belongs to the
neighbours is left out. So segments made in any order, by different runs of ffmpeg, fit without
a gap or an overlap.
"""

import math
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from hydrophone.domain.units import Kbps, Seconds
from hydrophone.media.adts import FRAME, FrameCut
from hydrophone.media.h264 import h264_level
from hydrophone.media.video_transcode import (
    AAC,
    BARE,
    COMMON,
    X264,
    audio_rate,
    picture_rate,
    scaling,
    source_arguments,
)

_SECONDS = 3
"""Half of what Apple advises (HLS Authoring Specification, 7.5): the first one must be made before
anything is seen, and so must the next after each seek."""
_BEFORE = Fraction(1, 4)
"""Seconds; eight frames of AAC at least, as for music, and pictures to begin with."""
_WITHOUT_INDEX = frozenset((".mpg", ".mpeg", ".vob", ".ts", ".m2ts", ".mts"))
_FAR_BEFORE = Fraction(3)
"""Seconds. In these ffmpeg seeks by guessing, and may come out behind the key picture that it
needs: all pictures to the next one would be missing."""
_BEHIND = Fraction(1, 2)
"""Seconds that are read behind the end, for pictures that stay on the screen for long."""
_AUDIO_RATE = 48_000
_START = 10
"""Seconds; timestamps must not be negative, and players want to look back a bit."""
_USUAL_RATES = tuple(Fraction(rate * 1000, 1001) for rate in (24, 30, 48, 60, 120))
"""Of films for American television; ffmpeg says 23.98."""
_ROUNDING = 0.006
_USUAL = Fraction(25)
_FASTEST = Fraction(60)


class VideoCutting(Struct, frozen=True, kw_only=True):
    """The segments of one film."""

    duration: Seconds
    rate: Fraction
    """Pictures a second, in the segments."""

    @property
    def length(self) -> int:
        """How many pictures a segment has, but the last one."""
        return round(_SECONDS * self.rate)

    @property
    def picture_count(self) -> int:
        """How many pictures there are in all."""
        # A length is rounded: what is less than half a picture is none.
        return max(1, round(self.duration * self.rate))

    @property
    def count(self) -> int:
        """How many segments there are."""
        return math.ceil(self.picture_count / self.length)

    def seconds(self) -> tuple[Seconds, ...]:
        """Return how long each segment is."""
        return tuple(map(self.seconds_of, range(self.count)))

    def seconds_of(self, number: int) -> Seconds:
        """Return how long a segment is, counted from 0."""
        return Seconds(float(self.pictures_of(number) / self.rate))

    def pictures_of(self, number: int) -> int:
        """Return how many pictures a segment has."""
        return min(self.length, self.picture_count - number * self.length)


class SegmentSpec(Struct, frozen=True, kw_only=True):
    """One segment of a film."""

    cutting: VideoCutting
    number: int
    """From 0."""
    bit_rate: Kbps
    """The most that pictures and sound may take together, for some seconds."""
    width: int
    """Pixels, an even number."""
    height: int
    audio_track: int
    """Which of the sounds, from 0; without any there is silence."""
    suffix: str = "ts"
    content_type: str = "video/mp2t"
    frames: FrameCut | None = None
    sample_count: int = 0

    @property
    def effective_bit_rate(self) -> Kbps:
        """What was asked for: segments are made to it."""
        return self.bit_rate

    def arguments(self, source: Path) -> list[str]:
        """Return what follows ffmpeg's name, to write the segment to standard output.

        ffmpeg has to be of version 5 or newer, which can leave out packets by their time.
        """
        cut, rate = self.cutting, self.cutting.rate
        first = self.number * cut.length
        keep = cut.pictures_of(self.number)
        before = _FAR_BEFORE if source.suffix.lower() in _WITHOUT_INDEX else _BEFORE
        skip = min(first, math.ceil(before * rate))
        begin = (first - skip) / rate
        start, end = skip / rate, (skip + keep) / rate
        pictures = ",".join(
            (
                f"fps={rate}:start_time=0",
                # Where the pictures end before the sound, the last one stays.
                "tpad=stop=-1:stop_mode=clone",
                f"trim=start_frame={skip}:end_frame={skip + keep}",
                scaling(self.width, self.height),
            )
        )
        level = h264_level(self.width, self.height, rate, self.bit_rate)
        return [
            *COMMON,
            *source_arguments(source, Seconds(float(begin)), Seconds(float(end + _BEHIND))),
            # V leaves out covers that are attached as streams.
            *("-map", "0:V:0", "-map", f"0:a:{self.audio_track}?", *BARE),
            # One key picture, which is the first.
            *("-vf", pictures, *X264, "-g", f"{cut.length}", "-sc_threshold", "0"),
            *("-level:v", f"{level / 10}", *picture_rate(self.bit_rate)),
            *_sound(begin, start, end),
            *(*AAC, "-aac_coder", "fast", *audio_rate(self.bit_rate)),
            # The counters of packets begin anew with each segment, which has to be said.
            *("-mpegts_flags", "+initial_discontinuity", "-muxdelay", "0", "-muxpreload", "0"),
            *("-output_ts_offset", f"{float(begin) + _START:.6f}"),
            *("-fflags", "+bitexact", "-f", "mpegts", "pipe:1"),
        ]


def video_cutting(duration: Seconds, frame_rate: float) -> VideoCutting:
    """Return how a film is cut; `frame_rate` is as ffmpeg says it, or 0."""
    return VideoCutting(duration=duration, rate=_exact(frame_rate))


def _sound(begin: Fraction, start: Fraction, end: Fraction) -> list[str]:
    """Tell ffmpeg to encode from the film's first frame of AAC at or after `begin`.

    What is kept are the frames that begin between `start` and `end`, both counted from `begin`.
    """
    samples = begin * _AUDIO_RATE
    first = math.ceil(samples / FRAME) * FRAME - samples
    last = math.ceil((end + _BEHIND) * _AUDIO_RATE)
    # Counted, for times are in one unit before ffmpeg has written the header and in another
    # behind it. The frame 0 is the encoder's delay.
    skip, stop = (1 + math.ceil((time * _AUDIO_RATE - first) / FRAME) for time in (start, end))
    whole = f"aresample={_AUDIO_RATE}:async=1:first_pts=0,apad"
    return [
        *("-af", f"{whole},atrim=start_sample={round(first)}:end_sample={last}"),
        *("-bsf:a", f"noise=drop=lt(n\\,{skip})+gte(n\\,{stop})"),
    ]


def _exact(said: float) -> Fraction:
    if not said:
        return _USUAL
    near = (usual for usual in _USUAL_RATES if abs(float(usual) - said) < _ROUNDING)
    return min(next(near, Fraction(said).limit_denominator(100)), _FASTEST)
