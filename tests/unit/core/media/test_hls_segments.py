"""Which frames are in which segment, without ffmpeg."""

from collections.abc import AsyncGenerator

import pytest

from hydrophone.domain.units import Hertz, Kbps, Seconds
from hydrophone.errors import MediaError
from hydrophone.media.adts import FrameCut, cut_frames
from hydrophone.media.hls_segments import cutting

pytestmark = pytest.mark.anyio

TAG = 73
"""Bytes of the timestamp in front."""


@pytest.mark.parametrize("seconds", [0.01, 1.0, 5.99, 6.0, 6.5, 60.0, 3600.0])
@pytest.mark.parametrize(
    ("source", "rate"),
    [
        (44_100, 44_100),
        (48_000, 48_000),
        (96_000, 48_000),
        (88_200, 44_100),
        (22_050, 44_100),
        (32_000, 48_000),
        (0, 48_000),
    ],
)
def test_segments_cover_everything_once(seconds: float, source: int, rate: int) -> None:
    cut = cutting(Seconds(seconds), Hertz(source))
    assert cut.rate == rate
    lengths = cut.seconds()
    assert len(lengths) == cut.count
    assert sum(lengths) == pytest.approx(seconds, abs=2 * 1024 / rate)
    assert max(lengths) <= 6.0
    expected = 0
    for number in range(cut.count):
        spec = cut.spec(number, Kbps(128), None)
        frames = spec.frames
        assert frames is not None
        assert frames.keep == pytest.approx(lengths[number] * rate / 1024)
        # Frame 0 is the encoder's delay, and ten seconds are added to each timestamp.
        at = 900_000 + (expected - 1) * 1024 / rate * 90_000
        assert frames.timestamp == pytest.approx(at, abs=1)
        # What is encoded begins in time, and as many frames earlier as are left out.
        assert spec.offset * rate / 1024 == pytest.approx(expected - frames.skip)
        assert spec.length is not None
        assert spec.offset + spec.length <= seconds + 1e-9
        expected += frames.keep
    assert expected == cut.frame_count


def frame(number: int, size: int = 20) -> bytes:
    header = bytes((0xFF, 0xF1, 0x50, 0x80 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5, 0xFC))
    return header + bytes([number]) * (size - 7)


async def stream(data: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


@pytest.mark.parametrize("size", [1, 7, 19, 20, 21, 64, 1000])
async def test_frames_are_counted_in_chunks_of_any_size(size: int) -> None:
    frames = [frame(number, 20 + number) for number in range(10)]
    for skip, keep in ((0, 10), (0, 3), (3, 4), (9, 1), (8, 5), (10, 3)):
        cut = FrameCut(skip=skip, keep=keep, timestamp=900_000)
        cutter = cut_frames(stream(b"".join(frames), size), cut)
        got = b"".join([chunk async for chunk in cutter])
        assert got[:3] == b"ID3"
        assert int.from_bytes(got[TAG - 8 : TAG], "big") == 900_000
        assert got[TAG:] == b"".join(frames[skip : skip + keep])


@pytest.mark.parametrize("data", [b"no frames of AAC", frame(1, 20)[:3] + bytes(20)])
async def test_what_is_no_adts(data: bytes) -> None:
    with pytest.raises(MediaError):
        async for _ in cut_frames(stream(data, 64), FrameCut(skip=0, keep=1, timestamp=0)):
            pass
