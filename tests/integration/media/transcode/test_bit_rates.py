"""Bit rates are bounded, and kept to."""

from pathlib import Path

import msgspec
import pytest
from tests.integration.media.transcode.converting import (
    LENGTH,
    Run,
    collect,
    encode,
    ffmpeg,
    made_of,
    spec,
)

from hydrophone.domain.units import Hertz


@pytest.mark.parametrize(
    ("name", "bit_rate", "expected"),
    [
        ("mp3", 0, 192),
        ("mp3", 64, 64),
        ("mp3", 90, 80),
        ("mp3", 9999, 320),
        ("opus", 320, 256),
        ("flac", 64, 0),
    ],
)
def test_bit_rates_are_bounded(name: str, bit_rate: int, expected: int) -> None:
    assert spec(name, bit_rate=bit_rate).effective_bit_rate == expected


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Swept tones and bursts of noise: left free, libopus takes 214 kbit/s for them."""
    sides = (
        f"0.4*sin({tone}*2*PI*t)+0.3*sin(2*PI*t*({low}+3000*mod(t,1)))"
        f"+0.2*random({side})*lt(mod(t,0.5),0.05)"
        for side, (tone, low) in enumerate(((440, 300), (523, 900)))
    )
    sound = "|".join(sides).replace(",", r"\,")
    source = tmp_path_factory.mktemp("hard") / "hard.flac"
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc={sound}:d=10:s=48000", str(source))
    return source


@pytest.mark.parametrize(
    ("name", "excess"),
    # With all that the container adds; ffmpeg's own AAC has no way to be held closer.
    [("mp3", 1.01), ("opus", 1.02), ("aac", 1.1), ("mp4", 1.1)],
)
def test_sound_that_is_hard_to_encode_keeps_to_the_bit_rate(
    hard: Path, name: str, excess: float
) -> None:
    size = len(made_of(spec(name, bit_rate=128), hard))
    assert size * 8 / 10_000 < 128 * excess


@pytest.mark.parametrize(
    ("sample_rate", "bit_rate", "expected"),
    [(48_000, 8, 32), (24_000, 21, 16), (22_050, 320, 160), (12_000, 320, 64), (8_000, 5, 8)],
)
def test_an_mp3_has_the_bit_rate_that_is_said(
    song: Path, sample_rate: int, bit_rate: int, expected: int
) -> None:
    wanted = msgspec.structs.replace(spec("mp3", bit_rate=bit_rate), sample_rate=Hertz(sample_rate))
    assert wanted.effective_bit_rate == expected
    # A file this short is a frame or two longer than it plays.
    assert len(made_of(wanted, song)) * 8 / LENGTH / 1000 == pytest.approx(expected, rel=0.2)


def test_the_bit_rate_is_what_was_asked_for(song: Path, run: Run) -> None:
    async def check() -> None:
        data = await collect(encode(song, spec("mp3", bit_rate=64)))
        assert abs(len(data) * 8 / LENGTH / 64000 - 1) < 0.1

    run(check())
