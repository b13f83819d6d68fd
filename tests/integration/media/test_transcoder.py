"""One ffmpeg for many listeners, whatever they and the disk do."""

import asyncio
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import ByteCount, Kbps, Seconds
from hydrophone.errors import MediaError, NotFoundError, UnavailableError
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.media.transcode import TranscodeSpec, format_named
from hydrophone.media.transcode_cache import TranscodeCache
from hydrophone.media.transcoder import Transcode, Transcoder

pytestmark = pytest.mark.anyio

FFMPEG = find_ffmpeg()
ANNA, BERTA = UserId(1), UserId(2)
LENGTH, LONG, LOUD = 20.0, 1200.0, 120.0
GIB = 1024**3


def generate(path: Path, sound: str) -> Path:
    argv = ("-f", "lavfi", "-i", sound, "-sample_fmt", "s16", str(path))
    subprocess.run([FFMPEG, "-v", "error", *argv], check=True, timeout=60)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("music")


@pytest.fixture(scope="module")
def song(folder: Path) -> Path:
    return generate(folder / "song.flac", f"sine=440:d={LENGTH}")


@pytest.fixture(scope="module")
def long_song(folder: Path) -> Path:
    """What takes much longer to convert than any test listens."""
    return generate(folder / "long.flac", f"sine=440:d={LONG}")


@pytest.fixture(scope="module")
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


def starts(program: Path) -> int:
    file = program.with_name("starts")
    return file.read_text().count("started") if file.exists() else 0


Make = Callable[..., Transcoder]


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


def encoders() -> set[str]:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {pid for pid in children if "ffmpeg" in Path(f"/proc/{pid}/comm").read_text()}


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
    for _ in range(500):
        if condition():
            return True
        await asyncio.sleep(0.01)
    return False


def expected(source: Path, name: str = "mp3") -> bytes:
    spec = TranscodeSpec(format=format_named(name), bit_rate=Kbps(96))
    argv = [str(FFMPEG), *spec.arguments(source)]
    return subprocess.run(argv, capture_output=True, check=True, timeout=60).stdout


async def test_the_second_listener_gets_the_file(make: Make, song: Path, counted: Path) -> None:
    transcoder = make(counted)
    transcode = await look_up(transcoder, song)
    assert transcode.ready is None
    data = await collect(transcoder.listen(transcode, user=ANNA))
    assert data == expected(song)
    again = await look_up(transcoder, song)
    assert again.name == transcode.name
    assert again.ready is not None
    assert again.ready.read_bytes() == data
    assert starts(counted) == 1
    assert (await look_up(transcoder, song, name="opus")).ready is None


async def test_listeners_at_the_same_time_share_one_ffmpeg(
    make: Make, noise: Path, counted: Path
) -> None:
    transcoder = make(counted, slots=1, each=1)
    transcode = await look_up(transcoder, noise, name="flac", seconds=LOUD)
    first = transcoder.listen(transcode, user=ANNA)
    beginning = [await anext(first) for _ in range(3)]
    second = asyncio.create_task(collect(transcoder.listen(transcode, user=BERTA)))
    await asyncio.sleep(0.1)
    assert not second.done()
    # He who began it leaves: the other hears it to its end, from the first byte on.
    await first.aclose()
    data = await second
    assert data.startswith(b"".join(beginning))
    assert data == expected(noise, "flac")
    assert starts(counted) == 1


async def test_the_last_who_leaves_ends_ffmpeg_and_nothing_is_kept(
    make: Make, long_song: Path, tmp_path: Path
) -> None:
    transcoder = make()
    transcode = await look_up(transcoder, long_song, seconds=LONG)
    listeners = [transcoder.listen(transcode, user=ANNA) for _ in range(2)]
    for listener in listeners:
        await anext(listener)
    await listeners[0].aclose()
    assert len(encoders()) == 1
    await listeners[1].aclose()
    assert encoders() == set()
    assert kept(tmp_path) == []


async def test_what_is_nearly_done_is_finished_without_listeners(
    make: Make, song: Path, tmp_path: Path
) -> None:
    """Twenty seconds of music take well under a second."""
    body = f'{FFMPEG} "$@" && sleep 0.3'
    slow = tmp_path / "ffmpeg"
    slow.write_text(f"#!/bin/sh\n{body}\n")
    slow.chmod(0o755)
    transcoder = make(slow)
    transcode = await look_up(transcoder, song)
    listener = transcoder.listen(transcode, user=ANNA)
    got = 0
    while got < len(expected(song)):
        got += len(await anext(listener))
    await listener.aclose()
    assert await eventually(lambda: [path.suffix for path in kept(tmp_path)] == [".mp3"])


async def test_a_paused_listener_holds_no_slot(make: Make, song: Path) -> None:
    transcoder = make(slots=1, each=1)
    paused = transcoder.listen(await look_up(transcoder, song), user=ANNA)
    beginning = await anext(paused)
    other = await look_up(transcoder, song, name="opus")
    assert await collect(transcoder.listen(other, user=BERTA)) == expected(song, "opus")
    assert beginning + await collect(paused) == expected(song)


async def test_too_many_is_a_clear_answer(make: Make, long_song: Path, song: Path) -> None:
    transcoder = make(slots=2, each=1)
    running = []
    for user, name in ((ANNA, "mp3"), (BERTA, "opus")):
        transcode = await look_up(transcoder, long_song, name=name, seconds=LONG)
        listener = transcoder.listen(transcode, user=user)
        await anext(listener)
        running.append(listener)
    wanted = [await look_up(transcoder, song, name=name) for name in ("mp3", "aac")]
    waiting = (
        anext(transcoder.listen(transcode, user=user), b"")
        for transcode, user in zip(wanted, (ANNA, UserId(3)), strict=True)
    )
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 2
    assert "1 transcodes of yours are running" in str(outcomes[0])
    assert "Too many" in str(outcomes[1])
    patient = asyncio.create_task(collect(transcoder.listen(wanted[0], user=UserId(3))))
    await asyncio.sleep(0.1)
    await running[0].aclose()
    assert await patient == expected(song)
    await running[1].aclose()


async def test_a_replaced_file_is_transcoded_anew(make: Make, song: Path, tmp_path: Path) -> None:
    source = tmp_path / "song.flac"
    shutil.copy2(song, source)
    transcoder = make()
    first = await look_up(transcoder, source)
    await collect(transcoder.listen(first, user=ANNA))
    assert (await look_up(transcoder, source)).ready is not None
    # With the old size and date, as copying tools set them.
    status = source.stat()
    other = tmp_path / "other.flac"
    shutil.copy2(source, other)
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(source)
    assert source.stat().st_mtime_ns == status.st_mtime_ns
    second = await look_up(transcoder, source)
    assert second.ready is None
    assert second.name != first.name


async def test_a_file_that_is_replaced_meanwhile_is_not_kept(
    make: Make, song: Path, tmp_path: Path
) -> None:
    source = tmp_path / "song.flac"
    shutil.copy(song, source)
    transcoder = make()
    listener = transcoder.listen(await look_up(transcoder, source), user=ANNA)
    await anext(listener)
    os.utime(source)
    await collect(listener)
    assert kept(tmp_path) == []


async def test_what_is_too_short_is_not_kept(
    make: Make, song: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Of a truncated file ffmpeg converts what there is, and says that all is well."""
    transcoder = make()
    transcode = await look_up(transcoder, song, seconds=LENGTH + 5)
    assert await collect(transcoder.listen(transcode, user=ANNA)) == expected(song)
    assert kept(tmp_path) == []
    assert "20.0 seconds long instead of 25.0" in caplog.text


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


async def test_at_the_end_everything_is_ended(make: Make, long_song: Path, tmp_path: Path) -> None:
    transcoder = make()
    transcode = await look_up(transcoder, long_song, seconds=LONG)
    listening = asyncio.create_task(collect(transcoder.listen(transcode, user=ANNA)))
    assert await eventually(lambda: encoders() != set())
    await transcoder.close()
    with pytest.raises(UnavailableError, match="stopped"):
        await listening
    assert encoders() == set()
    assert kept(tmp_path) == []


@pytest.mark.parametrize("step", range(8))
async def test_leaving_at_any_moment_leaves_nothing(
    make: Make, noise: Path, tmp_path: Path, step: int
) -> None:
    transcoder = make()
    transcode = await look_up(transcoder, noise, name="flac", seconds=LONG)
    for attempt in range(10):
        task = asyncio.create_task(collect(transcoder.listen(transcode, user=ANNA)))
        await asyncio.sleep((10 * step + attempt) * 0.0005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert kept(tmp_path) == []
    assert open_files() == set()


async def test_without_a_limit_to_keep_nothing_is_kept(
    make: Make, song: Path, tmp_path: Path
) -> None:
    transcoder = make(limit=0)
    transcode = await look_up(transcoder, song)
    assert await collect(transcoder.listen(transcode, user=ANNA)) == expected(song)
    assert kept(tmp_path) == []


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
    started = time.monotonic()
    cache.clean()
    assert kept(tmp_path) == []
    assert time.monotonic() - started < 1
