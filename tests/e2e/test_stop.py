"""However the server ends, nothing is lost and nothing is left behind."""

import os
import shutil
import signal
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.processes import alive, descendants
from hydrophone.testing.server import RunningServer, running_server


@pytest.fixture
def large_library(music: Path, tmp_path: Path) -> Path:
    """Copy one file so often that its scan takes seconds."""
    root = tmp_path / "large"
    source = music / "Anna" / "First" / "01 Song.mp3"
    for album in range(150):
        folder = root / f"Album {album}"
        folder.mkdir(parents=True)
        for number in range(20):
            shutil.copyfile(source, folder / f"{number:02}.mp3")
    return root


def await_gone(pids: set[int], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while left := alive(pids):
        commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]
        assert time.monotonic() < deadline, f"left behind: {commands}"
        time.sleep(0.05)


def begin_stream(server: RunningServer, **parameters: Any) -> threading.Thread:
    """Read a stream slowly in a thread of its own until it ends."""
    started = threading.Event()

    def read() -> None:
        with server.client() as client:
            song = client.songs()[0]["id"]
            url = f"/rest/stream?id={song}"
            try:
                with client.http.stream(
                    "GET", url, params={**client.login, **parameters}
                ) as response:
                    for _ in response.iter_raw(1024):
                        started.set()
                        time.sleep(0.05)
            except httpx.HTTPError:
                pass

    thread = threading.Thread(target=read)
    thread.start()
    assert started.wait(20), "no byte of the stream came"
    return thread


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_graceful_stop_takes_five_seconds_at_most(
    large_library: Path, music: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with running_server(tmp_path / "data", music=[music, large_library]) as server:
        with server.client() as client:
            while not client.songs():
                time.sleep(0.05)
        streams = [begin_stream(server), begin_stream(server, format="mp3", maxBitRate=64)]
        children = descendants(server.process.pid)
        assert children
        assert server.stop(number) <= 5.0
        await_gone(children, 1.0)
        for stream in streams:
            stream.join(10)
            assert not stream.is_alive()


@pytest.mark.slow
def test_no_process_outlives_a_killed_server(
    large_library: Path, music: Path, tmp_path: Path
) -> None:
    with running_server(tmp_path / "data", music=[music, large_library]) as server:
        with server.client() as client:
            while not client.songs():
                time.sleep(0.05)
        stream = begin_stream(server, format="mp3", maxBitRate=64)
        children = descendants(server.process.pid)
        assert children
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(10)
        await_gone(children)
        stream.join(10)


def test_what_was_acknowledged_survives_a_kill(music: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    acknowledged: list[str] = []
    with running_server(data, music=[music]) as server:
        password = server.password
        with server.client() as client:
            client.await_scan(tracks=5)
            ids = [song["id"] for song in client.songs()]
            made = client.ask("createPlaylist", name="List", songId=[])["playlist"]["id"]

            def edit() -> None:
                with server.client(name="editor") as editor:
                    for round_ in range(10_000):
                        track = ids[round_ % len(ids)]
                        try:
                            editor.ask("updatePlaylist", playlistId=made, songIdToAdd=track)
                        except httpx.HTTPError:
                            return
                        acknowledged.append(track)

            thread = threading.Thread(target=edit)
            thread.start()
            while len(acknowledged) < 20:
                time.sleep(0.01)
            os.kill(server.process.pid, signal.SIGKILL)
            thread.join(20)
    with (
        running_server(data, music=[music]) as server,
        SubsonicClient(server.url, "admin", password) as client,
    ):
        entries = client.ask("getPlaylist", id=made)["playlist"]["entry"]
        kept = [entry["id"] for entry in entries]
        # One more may have been written whose answer did not arrive.
        assert kept[: len(acknowledged)] == acknowledged
        assert len(kept) - len(acknowledged) in (0, 1)
        assert [song["id"] for song in client.songs()] == ids
