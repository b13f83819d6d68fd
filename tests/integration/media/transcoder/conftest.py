"""Sounds that take short or long to convert, and transcoders that leave no ffmpeg."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.media.transcoder.listening import (
    FFMPEG,
    GIB,
    LENGTH,
    LONG,
    LOUD,
    Make,
    encoders,
)

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.media.transcode_cache import TranscodeCache
from hydrophone.media.transcoder import Transcoder


def generate(path: Path, sound: str) -> Path:
    argv = ("-f", "lavfi", "-i", sound, "-sample_fmt", "s16", str(path))
    subprocess.run([FFMPEG, "-v", "error", *argv], check=True, timeout=120)
    return path


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("music")


@pytest.fixture(scope="session")
def song(folder: Path) -> Path:
    return generate(folder / "song.flac", f"sine=440:d={LENGTH}")


@pytest.fixture(scope="session")
def long_song(folder: Path) -> Path:
    """What takes much longer to convert than any test listens."""
    return generate(folder / "long.flac", f"sine=440:d={LONG}")


@pytest.fixture(scope="session")
def noise(folder: Path) -> Path:
    """What is quickly converted to FLAC of 10 MB."""
    return generate(folder / "noise.flac", f"anoisesrc=d={LOUD}:r=44100:a=0.9")


@pytest.fixture
def counted(tmp_path: Path) -> Path:
    """An ffmpeg that writes a line each time it starts."""
    program = tmp_path / "ffmpeg"
    program.write_text(f'#!/bin/sh\necho started >> "{tmp_path}/starts"\nexec {FFMPEG} "$@"\n')
    program.chmod(0o755)
    return program


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    made = []

    def make(
        ffmpeg: Path = FFMPEG, *, slots: int = 2, each: int = 2, limit: int = GIB
    ) -> Transcoder:
        cache = TranscodeCache(tmp_path / "cache", limit=ByteCount(limit))
        transcoder = Transcoder(
            ffmpeg,
            cache=cache,
            max_concurrent=slots,
            max_per_user=each,
            time_limit=Seconds(20),
        )
        made.append(transcoder)
        return transcoder

    yield make
    for transcoder in made:
        await transcoder.close()
    assert encoders() == set()
