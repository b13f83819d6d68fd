"""What is made of music: the right sound, in every format, from any source."""

from itertools import pairwise
from pathlib import Path

import pytest
from tests.integration.media.transcode.converting import (
    LENGTH,
    SAMPLES,
    Run,
    collect,
    decoded,
    encode,
    ffmpeg,
    made_of,
    spec,
)

from hydrophone.domain.units import Hertz
from hydrophone.errors import UnsupportedError
from hydrophone.media.transcode import (
    FORMATS,
    TranscodeSpec,
    format_named,
)


def pitch(samples: bytes, start: float, stop: float) -> float:
    """Count the rising zero crossings of a part: its frequency, for a pure tone."""
    part = memoryview(samples).cast("h")[int(start * SAMPLES) : int(stop * SAMPLES)]
    crossings = sum(1 for a, b in pairwise(part) if a < 0 <= b)
    return crossings / (stop - start)


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("offset", [0.0, 1.25])
def test_the_sound_has_the_right_length_and_pitch(
    song: Path, run: Run, name: str, offset: float
) -> None:
    async def check() -> None:
        data = await collect(encode(song, spec(name, offset=offset)))
        samples = decoded(data)
        assert abs(len(samples) / 2 / SAMPLES - (LENGTH - offset)) < 0.06
        change = 1.5 - offset
        assert abs(pitch(samples, change / 4, change - 0.06) - 440) < 20
        assert abs(pitch(samples, change + 0.1, LENGTH - offset - 0.1) - 880) < 20

    run(check())


@pytest.fixture(
    scope="module",
    params=[
        "channel_layouts=5.1(side):sample_rates=44100",
        "sample_rates=192000",
        "sample_rates=8000",
    ],
)
def unusual(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Half a second in a layout that few files have."""
    source = tmp_path_factory.mktemp("unusual") / "odd.wav"
    ffmpeg("-f", "lavfi", "-i", f"sine=440:d=0.5,aformat={request.param}", str(source))
    return source


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_unusual_sources_are_taken(unusual: Path, run: Run, name: str) -> None:
    async def check() -> None:
        for bit_rate in (8, 9999):
            assert await collect(encode(unusual, spec(name, bit_rate=bit_rate)))

    run(check())


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_second_run_gives_the_same_bytes(song: Path, name: str) -> None:
    """What a player has of a transcode that was given up goes on with the next one."""
    assert made_of(spec(name), song) == made_of(spec(name), song)


@pytest.mark.parametrize(("depth", "expected"), [(16, 16), (24, 24)])
def test_rate_and_depth(tmp_path: Path, depth: int, expected: int) -> None:
    source = tmp_path / "fine.flac"
    tone = ("-f", "lavfi", "-i", "sine=440:d=0.5:r=96000", "-sample_fmt", "s32")
    ffmpeg(*tone, str(source))
    wanted = TranscodeSpec(format=format_named("flac"), sample_rate=Hertz(48000), bit_depth=depth)
    # STREAMINFO (RFC 9639, 8.2): after 8 + 10 bytes 20 bits of rate, 3 of channels, 5 of depth.
    stream_info = int.from_bytes(made_of(wanted, source)[18:26], "big")
    assert stream_info >> 44 == 48000
    assert (stream_info >> 36 & 31) + 1 == expected


def test_aac_of_a_file_of_unknown_rate_has_48_khz_at_most(tmp_path: Path) -> None:
    source = tmp_path / "fine.flac"
    ffmpeg("-f", "lavfi", "-i", "sine=440:d=0.5:r=96000", str(source))
    # ADTS (ISO 13818-7, 6.2): behind 18 bits the index of the rate, 3 for 48,000 Hz.
    assert made_of(spec("aac"), source)[2] >> 2 & 15 == 3


def test_lossy_music_does_not_become_lossless_of_24_bits(song: Path, tmp_path: Path) -> None:
    source = tmp_path / "song.mp3"
    ffmpeg("-i", str(song), str(source))
    stream_info = int.from_bytes(made_of(spec("flac"), source)[18:26], "big")
    assert (stream_info >> 36 & 31) + 1 == 16


def test_there_is_no_other_format() -> None:
    assert format_named("MP3").suffix == "mp3"
    with pytest.raises(UnsupportedError, match="only to aac, flac"):
        format_named("-f lavfi")
