"""Two who listen, and what can be seen of it: processes, open files, kept files."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Kbps, Seconds
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.media.transcode import TranscodeSpec, format_named
from hydrophone.media.transcode_flight import Transcode
from hydrophone.media.transcoder import Transcoder
from hydrophone.testing.processes import children_named

FFMPEG = find_ffmpeg()
ANNA, BERTA = UserId(1), UserId(2)
LENGTH, LONG, LOUD = 20.0, 1200.0, 120.0
GIB = 1024**3
Make = Callable[..., Transcoder]


def starts(program: Path) -> int:
    file = program.with_name("starts")
    return file.read_text().count("started") if file.exists() else 0


def encoders() -> set[int]:
    return children_named("ffmpeg")


def open_files() -> set[str]:
    """Return the files of the cache that this process has open."""
    descriptors = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return {str(path) for path in descriptors if "/cache/" in str(path)}


def kept(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "cache"
    return sorted(folder.iterdir()) if folder.exists() else []


async def look_up(
    transcoder: Transcoder, source: Path, *, name: str = "mp3", seconds: float = LENGTH
) -> Transcode:
    spec = TranscodeSpec(format=format_named(name), bit_rate=Kbps(96))
    return await transcoder.look_up(source, spec, Seconds(seconds))


async def collect(chunks: AsyncGenerator[bytes, None]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def eventually(condition: Callable[[], bool]) -> bool:
    for _ in range(3000):
        if condition():
            return True
        await asyncio.sleep(0.01)
    return False


def expected(source: Path, name: str = "mp3") -> bytes:
    spec = TranscodeSpec(format=format_named(name), bit_rate=Kbps(96))
    argv = [str(FFMPEG), *spec.arguments(source)]
    return subprocess.run(argv, capture_output=True, check=True, timeout=120).stdout
