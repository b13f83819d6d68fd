"""A failing ffmpeg, a full disk and a killed server leave nothing half done."""

import asyncio
import logging
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.integration.media.transcoder.listening import (
    ANNA,
    BERTA,
    FFMPEG,
    GIB,
    LENGTH,
    LOUD,
    Make,
    collect,
    expected,
    kept,
    look_up,
    starts,
)

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import MediaError, NotFoundError
from hydrophone.media.transcode import TranscodeSpec, format_named
from hydrophone.media.transcode_cache import TranscodeCache

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("body", ["printf abc; exit 3", "exit 3", "kill -9 $$"])
async def test_a_failure_leaves_nothing(make: Make, song: Path, tmp_path: Path, body: str) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    transcoder = make(program)
    transcode = await look_up(transcoder, song)
    both = [collect(transcoder.listen(transcode, user=ANNA)) for _ in range(2)]
    for outcome in await asyncio.gather(*both, return_exceptions=True):
        assert isinstance(outcome, MediaError)
        assert "ffmpeg failed" in str(outcome)
    assert kept(tmp_path) == []


async def test_a_source_that_is_gone(make: Make, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        await look_up(make(), tmp_path / "none.flac")


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 100_000, 5_000_001])
async def test_a_full_disk_stops_no_music(
    make: Make, noise: Path, tmp_path: Path, size: int
) -> None:
    """10 MB, of which 4 are held in memory; one listener is slower than the other."""
    transcoder = make()
    transcode = await look_up(transcoder, noise, name="flac", seconds=LOUD)

    async def slowly() -> bytes:
        data = b""
        async for chunk in transcoder.listen(transcode, user=BERTA):
            data += chunk
            await asyncio.sleep(0.002)
        return data

    with largest_file(size):
        both = await asyncio.gather(collect(transcoder.listen(transcode, user=ANNA)), slowly())
    assert set(both) == {expected(noise, "flac")}
    assert kept(tmp_path) == []


async def test_without_a_disk_the_memory_is_bounded_and_others_begin_anew(
    make: Make, noise: Path, tmp_path: Path, counted: Path
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    transcoder = make(counted)
    transcode = await look_up(transcoder, noise, name="flac", seconds=LOUD)
    first = transcoder.listen(transcode, user=ANNA)
    beginning = [await anext(first) for _ in range(100)]
    # Who comes now finds the beginning gone.
    second = asyncio.create_task(collect(transcoder.listen(transcode, user=BERTA)))
    assert b"".join(beginning) + await collect(first) == await second == expected(noise, "flac")
    assert starts(counted) == 2


@pytest.fixture(scope="module")
def long_noise(folder: Path, noise: Path) -> Path:
    """What is converted to FLAC of 40 MB."""
    path = folder / "long_noise.flac"
    argv = ("-stream_loop", "3", "-i", str(noise), "-c:a", "flac", str(path))
    subprocess.run([FFMPEG, "-v", "error", *argv], check=True, timeout=120)
    return path


@pytest.mark.parametrize("replaced", [False, True], ids=["removed", "replaced"])
async def test_a_cache_that_is_removed_stops_no_music(
    make: Make, long_noise: Path, tmp_path: Path, replaced: bool
) -> None:
    """After 16 MB it is looked again whether there is room."""
    transcoder = make()
    transcode = await look_up(transcoder, long_noise, name="flac", seconds=4 * LOUD)
    chunks = transcoder.listen(transcode, user=ANNA)
    beginning = await anext(chunks)
    shutil.rmtree(tmp_path / "cache")
    if replaced:
        (tmp_path / "cache").write_text("")
    assert beginning + await collect(chunks) == expected(long_noise, "flac")


class Broken(TranscodeSpec, frozen=True, kw_only=True):
    """A recipe that fails as only a mistake of ours does, as soon as ffmpeg shall start."""

    asked: list[Path]

    def arguments(self, source: Path) -> list[str]:
        self.asked.append(source)
        if len(self.asked) > 1:
            raise LookupError("a mistake")
        return super().arguments(source)


async def test_a_mistake_reaches_listeners_and_log(
    make: Make, song: Path, caplog: pytest.LogCaptureFixture
) -> None:
    transcoder = make()
    spec = Broken(format=format_named("mp3"), asked=[])
    transcode = await transcoder.look_up(song, spec, Seconds(LENGTH))
    with caplog.at_level(logging.ERROR), pytest.raises(MediaError) as caught:
        await collect(transcoder.listen(transcode, user=ANNA))
    assert isinstance(caught.value.__cause__, LookupError)
    assert "a mistake" in caplog.text


KILLED = """
import asyncio, sys
from pathlib import Path
from hydrophone.domain.ids import UserId
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.media.transcode import TranscodeSpec, format_named
from hydrophone.media.transcode_cache import TranscodeCache
from hydrophone.media.transcoder import Transcoder

async def main(ffmpeg, source, folder):
    cache = TranscodeCache(Path(folder), limit=ByteCount(10**9))
    transcoder = Transcoder(
        Path(ffmpeg), cache=cache, max_concurrent=1, max_per_user=1, time_limit=Seconds(20)
    )
    spec = TranscodeSpec(format=format_named("mp3"))
    transcode = await transcoder.look_up(Path(source), spec, Seconds(1200))
    async for chunk in transcoder.listen(transcode, user=UserId(1)):
        print("running", flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


def test_a_killed_server_leaves_no_half_transcode(long_song: Path, tmp_path: Path) -> None:
    cache = TranscodeCache(tmp_path / "cache", limit=ByteCount(GIB))
    argv = [sys.executable, "-c", KILLED, str(FFMPEG), str(long_song), str(tmp_path / "cache")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        [part] = kept(tmp_path)
        assert part.suffix == ".part"
        # Another server that starts beside it leaves it alone.
        cache.clean()
        assert kept(tmp_path) == [part]
        process.kill()
    cache.clean()
    assert kept(tmp_path) == []
