"""Converts with the real ffmpeg, and decodes what comes of it."""

import subprocess
from collections.abc import AsyncGenerator, Callable, Coroutine
from pathlib import Path

from hydrophone.domain.units import Kbps, Seconds
from hydrophone.media.ffmpeg import find_ffmpeg, run_ffmpeg
from hydrophone.media.transcode import (
    TranscodeSpec,
    format_named,
)

LENGTH = 3.0
SAMPLES = 44100
FFMPEG = find_ffmpeg()
Run = Callable[[Coroutine[None, None, None]], None]


def ffmpeg(*arguments: str, data: bytes = b"") -> bytes:
    argv = [str(FFMPEG), "-v", "error", *arguments]
    return subprocess.run(argv, input=data, capture_output=True, check=True, timeout=120).stdout


def decoded(data: bytes) -> bytes:
    """Return samples of 16 bits, one channel."""
    to_samples = ("-f", "s16le", "-ac", "1", "-ar", str(SAMPLES), "pipe:1")
    return ffmpeg("-i", "pipe:0", *to_samples, data=data)


def decoded_file(path: Path) -> bytes:
    return ffmpeg("-i", str(path), "-f", "s16le", "-ac", "1", "-ar", str(SAMPLES), "pipe:1")


def encode(
    source: Path, spec: TranscodeSpec, *, ffmpeg: Path = FFMPEG, limit: float = 20.0
) -> AsyncGenerator[bytes, None]:
    argv = [str(ffmpeg), *spec.arguments(source)]
    return run_ffmpeg(argv, time_limit=Seconds(limit))


def made_of(spec: TranscodeSpec, source: Path) -> bytes:
    """Encode with a plain child process, where only the arguments matter."""
    return ffmpeg(*spec.arguments(source))


def spec(name: str = "mp3", *, bit_rate: int = 0, offset: float = 0.0) -> TranscodeSpec:
    return TranscodeSpec(format=format_named(name), bit_rate=Kbps(bit_rate), offset=Seconds(offset))


async def collect(chunks: AsyncGenerator[bytes, None]) -> bytes:
    return b"".join([chunk async for chunk in chunks])
