"""ffmpeg as a child process: how its output comes, and that it ends whatever happens."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from pathlib import Path

import pytest

from hydrophone.domain.units import Kbps, Seconds
from hydrophone.errors import MediaError, UnsupportedError
from hydrophone.media.ffmpeg import find_ffmpeg, run_ffmpeg, why_no_video_segments
from hydrophone.media.transcode import TranscodeSpec, format_named
from hydrophone.testing.processes import children_named

FFMPEG = find_ffmpeg()

Run = Callable[[Coroutine[None, None, None]], None]


@pytest.fixture(scope="module")
def long_song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("music") / "long.wav"
    command = [str(FFMPEG), "-v", "error", "-f", "lavfi", "-i", "sine=440:d=600", str(path)]
    subprocess.run(command, check=True, timeout=120)
    return path


def encode(
    source: Path, spec: TranscodeSpec, *, ffmpeg: Path = FFMPEG, limit: float = 20.0
) -> AsyncGenerator[bytes, None]:
    argv = [str(ffmpeg), *spec.arguments(source)]
    return run_ffmpeg(argv, time_limit=Seconds(limit))


def spec(name: str = "mp3", *, bit_rate: int = 0, offset: float = 0.0) -> TranscodeSpec:
    return TranscodeSpec(format=format_named(name), bit_rate=Kbps(bit_rate), offset=Seconds(offset))


async def collect(chunks: AsyncGenerator[bytes, None]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


@pytest.mark.parametrize("case", ["missing", "folder", "past the end"])
def test_no_sound_is_an_error(song: Path, run_on_each_loop: Run, tmp_path: Path, case: str) -> None:
    source = {"missing": tmp_path / "x.mp3", "folder": tmp_path}.get(case, song)

    async def check() -> None:
        with pytest.raises(MediaError, match="ffmpeg failed"):
            await collect(encode(source, spec("aac", offset=100)))

    run_on_each_loop(check())


def test_chunks_come_early_and_are_bounded(long_song: Path, run_on_each_loop: Run) -> None:
    async def check() -> None:
        async with aclosing(encode(long_song, spec("flac"))) as chunks:
            async for chunk in chunks:
                assert 0 < len(chunk) <= 65536
                assert len(children_named("ffmpeg")) == 1
                break

    run_on_each_loop(check())


@pytest.mark.parametrize("name", ["mp3", "flac"])
@pytest.mark.parametrize("read", [0, 1, 5])
def test_closing_ends_ffmpeg_at_once(
    long_song: Path, run_on_each_loop: Run, name: str, read: int
) -> None:
    async def check() -> None:
        chunks = encode(long_song, spec(name))
        for _ in range(read):
            await anext(chunks)
        # Time to fill the pipe and all buffers: a writer that waits must be ended too.
        await asyncio.sleep(0.2)
        assert len(children_named("ffmpeg")) == min(read, 1)
        await chunks.aclose()
        assert children_named("ffmpeg") == set()

    run_on_each_loop(check())


@pytest.mark.parametrize("delay", [0.0, 0.001, 0.005, 0.02, 0.1])
def test_cancelling_ends_ffmpeg_at_any_moment(
    long_song: Path, run_on_each_loop: Run, delay: float
) -> None:
    async def check() -> None:
        task = asyncio.create_task(collect(encode(long_song, spec("flac"))))
        await asyncio.sleep(delay)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_on_each_loop(check())


def script(folder: Path, body: str) -> Path:
    """Make a program that stands in for ffmpeg when it misbehaves."""
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("body", ["sleep 60", "sleep 60 & wait", "trap '' TERM; sleep 60"])
def test_a_silent_ffmpeg_is_ended(
    song: Path, run_on_each_loop: Run, tmp_path: Path, body: str
) -> None:
    program = script(tmp_path, body)

    async def check() -> None:
        started = time.monotonic()
        with pytest.raises(MediaError, match=r"gave nothing for 0\.3 seconds"):
            await collect(encode(song, spec(), ffmpeg=program, limit=0.3))
        assert time.monotonic() - started < 30

    run_on_each_loop(check())


def test_a_failure_in_the_middle_comes_after_the_bytes(
    song: Path, run_on_each_loop: Run, tmp_path: Path
) -> None:
    program = script(tmp_path, "printf abc; echo no more >&2; exit 3")

    async def check() -> None:
        chunks = encode(song, spec(), ffmpeg=program)
        assert await anext(chunks) == b"abc"
        with pytest.raises(MediaError, match=r"status 3.*no more"):
            await anext(chunks)

    run_on_each_loop(check())


def test_a_talkative_ffmpeg_does_not_block(
    song: Path, run_on_each_loop: Run, tmp_path: Path
) -> None:
    body = "i=0; while [ $i -lt 20000 ]; do echo complaint $i >&2; i=$((i+1)); done; exit 1"
    program = script(tmp_path, body)

    async def check() -> None:
        with pytest.raises(MediaError, match="complaint 19999") as caught:
            await collect(encode(song, spec(), ffmpeg=program))
        assert len(str(caught.value)) < 4000

    run_on_each_loop(check())


def test_a_program_that_is_not_there(song: Path, run_on_each_loop: Run, tmp_path: Path) -> None:
    async def check() -> None:
        with pytest.raises(MediaError, match="cannot be started"):
            await collect(encode(song, spec(), ffmpeg=tmp_path / "none"))

    run_on_each_loop(check())


def test_a_slow_listener_is_no_silent_ffmpeg(long_song: Path, run: Run) -> None:
    async def check() -> None:
        chunks = run_ffmpeg(
            [str(FFMPEG), "-v", "error", "-i", str(long_song), "-f", "wav", "pipe:1"],
            time_limit=Seconds(3.0),
        )
        async with aclosing(chunks):
            await anext(chunks)
            await asyncio.sleep(3.3)
            assert await anext(chunks)

    run(check())


SERVER = """
import asyncio, os, sys
from pathlib import Path
from hydrophone.domain.units import Seconds
from hydrophone.media.ffmpeg import run_ffmpeg
from hydrophone.media.transcode import TranscodeSpec, format_named

async def main():
    spec = TranscodeSpec(format=format_named("flac"))
    argv = [sys.argv[1], *spec.arguments(Path(sys.argv[2]))]
    async for chunk in run_ffmpeg(argv, time_limit=Seconds(20)):
        print(Path(f"/proc/self/task/{os.getpid()}/children").read_text(), flush=True)
        await asyncio.sleep(60)

with asyncio.Runner(loop_factory=__import__(sys.argv[3]).new_event_loop) as runner:
    runner.run(main())
"""


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_ffmpeg_does_not_outlive_a_killed_server(long_song: Path, loop: str) -> None:
    argv = [sys.executable, "-c", SERVER, str(FFMPEG), str(long_song), loop]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        child = int(server.stdout.readline())
        assert is_running(child)
        server.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not is_running(child)


def is_running(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_ffmpeg_is_found_as_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = script(tmp_path, "exit 0")
    assert find_ffmpeg(str(program)) == program
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_ffmpeg() == program
    with pytest.raises(UnsupportedError, match="'nowhere/ffmpeg' is no program"):
        find_ffmpeg("nowhere/ffmpeg")


def test_without_any_ffmpeg_it_is_said_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)

    with pytest.raises(UnsupportedError, match="pip install"):
        find_ffmpeg()


@pytest.mark.parametrize(
    ("says", "refused"),
    [
        ("ffmpeg version 4.3.9-0+deb11u1 Copyright (c) 2000-2024", "this server has 4.3.9"),
        ("ffmpeg version n4.4 Copyright", "this server has 4.4"),
        ("ffmpeg version 5.1.9-0+deb12u1 Copyright", ""),
        ("ffmpeg version 7.0.2-static https://johnvansickle.com", ""),
        ("ffmpeg version N-118000-g1234567 Copyright", ""),
        ("", ""),
    ],
)
def test_an_old_one_cannot_cut_videos(tmp_path: Path, says: str, refused: str) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    why = why_no_video_segments(program)
    assert why.endswith(f"{refused}.") if refused else why == ""


def test_one_that_does_not_run_is_not_called_old(tmp_path: Path) -> None:
    assert why_no_video_segments(tmp_path / "gone") == ""
    assert why_no_video_segments(FFMPEG) == ""
