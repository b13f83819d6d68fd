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

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.processes import alive, descendants
from hydrophone.testing.server import RunningServer, running_server


@pytest.fixture
def large_library(music: Path, tmp_path: Path) -> Path:
    """Make a song that no buffer holds, and copy another so often that its scan takes seconds."""
    root = tmp_path / "large"
    source = music / "Anna" / "First" / "01 Song.mp3"
    make_audio(root / "A" / "long.wav", seconds=600.0)
    for album in range(150):
        folder = root / f"Album {album}"
        folder.mkdir(parents=True)
        for number in range(20):
            shutil.copyfile(source, folder / f"{number:02}.mp3")
    return root


def await_gone(pids: set[int]) -> None:
    deadline = time.monotonic() + 30
    while left := alive(pids):
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.05)


def begin_stream(
    server: RunningServer, ended: threading.Event, **parameters: Any
) -> threading.Thread:
    """Read the beginning of a long song in a thread of its own, and no more until the end."""
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
                        ended.wait(60)
            except httpx.HTTPError:
                pass

    thread = threading.Thread(target=read)
    thread.start()
    assert started.wait(60), "no byte of the stream came"
    return thread


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_graceful_stop_waits_for_no_listener(
    large_library: Path, music: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with running_server(tmp_path / "data", music=[large_library]) as server:
        with server.client() as client:
            while not client.songs():
                time.sleep(0.05)
        ended = threading.Event()
        streams = [
            begin_stream(server, ended),
            begin_stream(server, ended, format="mp3", maxBitRate=64),
        ]
        children = descendants(server.process.pid)
        assert children
        # The streams would never end; some seconds more are for busy machines.
        assert server.stop(number) <= 20
        await_gone(children)
        ended.set()
        for stream in streams:
            stream.join(60)
            assert not stream.is_alive()


def test_no_process_outlives_a_killed_server(
    large_library: Path, music: Path, tmp_path: Path
) -> None:
    with running_server(tmp_path / "data", music=[large_library]) as server:
        with server.client() as client:
            while not client.songs():
                time.sleep(0.05)
        ended = threading.Event()
        stream = begin_stream(server, ended, format="mp3", maxBitRate=64)
        children = descendants(server.process.pid)
        assert children
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(30)
        await_gone(children)
        ended.set()
        stream.join(60)


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
            thread.join(60)
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
