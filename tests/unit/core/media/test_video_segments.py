"""Which pictures are in which segment, without ffmpeg."""

from fractions import Fraction
from pathlib import Path

import pytest

from hydrophone.domain.units import Kbps, Seconds
from hydrophone.media.h264 import h264_level
from hydrophone.media.video_segments import SegmentSpec, video_cutting


@pytest.mark.parametrize("seconds", [0.01, 1.0, 2.99, 3.0, 3.5, 60.0, 7200.0])
@pytest.mark.parametrize("rate", [0.0, 1.0, 12.5, 23.98, 24.0, 25.0, 29.97, 50.0, 59.94, 240.0])
def test_segments_cover_everything_once(seconds: float, rate: float) -> None:
    cut = video_cutting(Seconds(seconds), rate)
    lengths = cut.seconds()
    assert len(lengths) == cut.count
    assert sum(lengths) == pytest.approx(seconds, abs=float(1 / cut.rate))
    assert max(lengths) <= 3.05
    assert min(lengths) > 0
    assert all(length == lengths[0] for length in lengths[:-1])


@pytest.mark.parametrize(
    ("said", "rate"),
    [
        (0.0, Fraction(25)),
        (25.0, Fraction(25)),
        (23.98, Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (12.5, Fraction(25, 2)),
        (14.99, Fraction(1499, 100)),
        (119.88, Fraction(60)),
    ],
)
def test_rates_are_those_that_are_meant(said: float, rate: Fraction) -> None:
    assert video_cutting(Seconds(10), said).rate == rate


def test_a_segment_reads_little_more_than_itself() -> None:
    cut = video_cutting(Seconds(3600), 25.0)
    spec = SegmentSpec(
        cutting=cut, number=100, bit_rate=Kbps(1000), width=640, height=360, audio_track=0
    )
    told = spec.arguments(Path("film.mkv"))
    begin, length = (float(told[told.index(option) + 1]) for option in ("-ss", "-t"))
    assert 299 < begin < 300
    assert 303 < begin + length < 304
    first = SegmentSpec(
        cutting=cut, number=0, bit_rate=Kbps(1000), width=640, height=360, audio_track=0
    )
    assert "-ss" not in first.arguments(Path("film.mkv"))


@pytest.mark.parametrize(
    ("size", "rate", "level"),
    [
        ((160, 120), 25, 30),
        ((640, 480), 30, 30),
        ((1280, 720), 30, 31),
        ((1280, 720), 60, 32),
        ((1920, 1080), 30, 40),
        ((1080, 1920), 30, 40),
        ((1920, 1080), 60, 42),
        ((3840, 2160), 30, 51),
        ((3840, 2160), 60, 52),
    ],
)
def test_levels(size: tuple[int, int], rate: int, level: int) -> None:
    assert h264_level(*size, Fraction(rate), Kbps(2000)) == level
