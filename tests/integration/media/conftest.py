"""Loops to run ffmpeg on, and a song for it."""

import asyncio
import subprocess
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
import uvloop

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.processes import children_named

Run = Callable[[Coroutine[None, None, None]], None]


@pytest.fixture
def run() -> Run:
    """Run a coroutine on the loop that the server uses, and see that it leaves no process."""
    return runner(uvloop.new_event_loop)


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run_on_each_loop(request: pytest.FixtureRequest) -> Run:
    """Do so on the other loop too, for each treats child processes in its own way."""
    return runner(request.param)


def runner(loop_factory: Callable[[], asyncio.AbstractEventLoop]) -> Run:
    def run(work: Coroutine[None, None, None]) -> None:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(asyncio.wait_for(work, 60))
        assert children_named("ffmpeg") == set()

    return run


@pytest.fixture(scope="session")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tone of 440 Hz for half of the time, then 880 Hz, with tags."""
    path = tmp_path_factory.mktemp("music") / "song.flac"
    tones = "sine=440:d=1.5[a];sine=880:d=1.5[b];[a][b]concat=n=2:v=0:a=1"
    command = [str(find_ffmpeg()), "-v", "error", "-filter_complex", tones]
    subprocess.run([*command, "-metadata", "title=Two Tones", str(path)], check=True, timeout=120)
    return path
