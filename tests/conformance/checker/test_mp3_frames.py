"""The bit rate of MP3 as ffmpeg makes it."""

import subprocess
from pathlib import Path

import pytest

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone_subsonic.conformance.mp3_frames import bit_rate


def made(path: Path, *options: str) -> bytes:
    sound = ["-f", "lavfi", "-i", "anoisesrc=d=3:a=0.5"]
    command = [str(find_ffmpeg()), "-v", "error", *sound, *options, str(path)]
    subprocess.run(command, check=True, timeout=30)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("kbps", "hertz"),
    [(64, 44100), (320, 48000), (128, 32000), (32, 22050), (16, 11025)],
    ids=["usual", "high", "low-sampling", "mpeg-2", "mpeg-2.5"],
)
def test_the_bit_rate_is_measured(kbps: int, hertz: int, tmp_path: Path) -> None:
    content = made(tmp_path / "1.mp3", "-b:a", f"{kbps}k", "-ar", str(hertz))
    for part in (content, content[: len(content) * 2 // 3]):
        assert bit_rate(part) == pytest.approx(kbps, rel=0.05)


def test_what_is_no_mp3_has_none(tmp_path: Path) -> None:
    assert bit_rate(made(tmp_path / "1.flac")) is None
    assert bit_rate(b"") is None
    assert bit_rate(b"ID3\4\0\0\0\0\0\0") is None
