"""Of a file's own tags none are left, and gain is applied."""

from pathlib import Path

import msgspec
import pytest
from mutagen.id3 import ID3, PRIV
from tests.integration.media.transcode.converting import (
    Run,
    collect,
    decoded,
    encode,
    ffmpeg,
    made_of,
    spec,
)

from hydrophone.media.transcode import (
    TranscodeSpec,
    format_named,
)


@pytest.fixture(scope="module", params=["song.flac", "song.ogg", "song.mp3"])
def full_of_tags(
    song: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Path:
    """The song with a long comment, and as MP3 with two megabytes more."""
    source = tmp_path_factory.mktemp("tags") / str(request.param)
    own = "x" * 2_000_000
    ffmpeg("-i", str(song), *("-metadata", f"comment={own[:100_000]}"), str(source))
    if source.suffix == ".mp3":
        tags = ID3(source)
        tags.add(PRIV(owner="big", data=own.encode()))
        tags.save()
    return source


@pytest.mark.parametrize("name", ["mp3", "opus", "flac", "mp4"])
def test_given_tags_are_written_and_no_others(full_of_tags: Path, run: Run, name: str) -> None:
    tagged = msgspec.structs.replace(spec(name), tags=(("title", "Three Tones"),))

    async def check() -> None:
        data = await collect(encode(full_of_tags, tagged))
        assert b"Three Tones" in data or "Three Tones".encode("utf-16-le") in data
        for other in ("Two Tones", "xxxxxxxxxxxx"):
            assert other.encode() not in data
            assert other.encode("utf-16-le") not in data
        assert decoded(data)

    run(check())


def loudness(samples: bytes) -> int:
    return max(memoryview(samples).cast("h"))


@pytest.fixture(scope="module", params=["song.flac", "song.ogg"])
def with_gains(
    song: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[Path, int]:
    """The song with tags of ReplayGain, and how loud it is."""
    source = tmp_path_factory.mktemp("gains") / str(request.param)
    tag = ("-metadata", "replaygain_track_gain=-3 dB", "-metadata", "R128_TRACK_GAIN=256")
    ffmpeg("-i", str(song), *tag, str(source))
    return source, loudness(decoded(source.read_bytes()))


@pytest.mark.parametrize(("gain", "factor"), [(-6.0206, 0.5), (0.0, 1.0), (6.0206, 2.0)])
def test_gain_is_applied_and_its_tags_go(
    with_gains: tuple[Path, int], gain: float, factor: float
) -> None:
    source, before = with_gains
    for name in ("flac", "opus", "mp3"):
        wanted = TranscodeSpec(format=format_named(name), gain=gain)
        result = made_of(wanted, source)
        assert loudness(decoded(result)) == pytest.approx(before * factor, rel=0.05)
        assert b"_track_gain" not in result.lower()
