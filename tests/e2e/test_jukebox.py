"""The jukebox of a real server: who may use it, and that nothing of it outlives the server."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.waiting import until

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import running_server

CONFIG = '[jukebox]\nenabled = true\ndevice = "null/"\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    (data / "config.toml").write_text(CONFIG)
    make_audio(tmp_path / "music" / "1.flac", seconds=30.0, tags={"title": "Long"})
    return data


def players(server: int) -> set[Path]:
    """Return the processes that play for a server, by their folders in /proc."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            status = (process / "status").read_text()
        except OSError:
            continue
        if b"--input-ipc-server" in command and f"PPid:\t{server}\n" in status:
            found.add(process)
    return found


@pytest.mark.skipif(shutil.which("mpv") is None, reason="there is no mpv here")
@pytest.mark.skipif(sys.platform != "linux", reason="parent-death signals are Linux's")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_mpv_ends_with_the_server(data: Path, number: signal.Signals) -> None:
    with running_server(data, music=[data.parent / "music"]) as server:
        with server.client() as client:
            client.await_scan(tracks=1)
            [song] = client.songs()
            client.ask("jukeboxControl", action="set", id=song["id"])
            status = client.ask("jukeboxControl", action="start")["jukeboxStatus"]
            assert status["playing"]
            assert status["position"] == 0
            client.ask("jukeboxControl", action="skip", index=0, offset=10)
            assert role(client, server.user) is True
            # mpv begins a moment before it has found the place.
            until(lambda: playlist(client)["position"] >= 10, "the place that was asked for")
            found = playlist(client)
            assert [entry["id"] for entry in found["entry"]] == [song["id"]]
        [player] = players(server.process.pid)
        server.stop(number)
        deadline = time.monotonic() + 30
        while player.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not player.exists()


@pytest.mark.skipif(shutil.which("mpv") is None, reason="there is no mpv here")
def test_without_an_output_for_sound_an_app_is_told(data: Path) -> None:
    (data / "config.toml").write_text(CONFIG.replace("null/", "no-such-output/"))
    with running_server(data, music=[data.parent / "music"]) as server:
        with server.client() as client:
            client.await_scan(tracks=1)
            [song] = client.songs()
            client.ask("jukeboxControl", action="set", id=song["id"])
            for action in ({"action": "start"}, {"action": "skip", "index": 0}):
                answer = client.get("jukeboxControl", **action).json()["subsonic-response"]
                assert answer["error"]["code"] == 0
                assert "no output for sound" in answer["error"]["message"]
            # It is where it was, and may be tried again.
            found = client.ask("jukeboxControl", action="get")["jukeboxPlaylist"]
            assert (found["playing"], found["currentIndex"]) == (False, 0)
            assert [entry["id"] for entry in found["entry"]] == [song["id"]]
        assert "no output for sound (device: no-such-output/)" in server.log.read_text()


def test_only_who_has_the_role_may_and_without_a_jukebox_it_is_said(data: Path) -> None:
    (data / "config.toml").unlink()
    command = [sys.executable, "-m", "hydrophone", "users", "add", "anna", "--json"]
    with running_server(data) as server:
        made = subprocess.run(
            [*command, "--data", str(data)], capture_output=True, check=True, timeout=120
        )
        password = str(json.loads(made.stdout)["password"])
        with SubsonicClient(server.url, "anna", password) as anna, server.client() as admin:
            assert anna.error("jukeboxControl", action="status") == 50
            assert admin.error("jukeboxControl", action="status") == 0
            words = admin.get("jukeboxControl", action="status").json()["subsonic-response"]
            assert "enabled" in words["error"]["message"]
            # Apps show a control by the user's own role. What was given is kept all the same.
            admin.ask("updateUser", username="anna", jukeboxRole="true")
            assert role(anna, "anna") is False
            assert role(admin, "anna") is True
            # A form sends back what it was shown of oneself.
            admin.ask("updateUser", username="admin", jukeboxRole="false")
            everybody = admin.ask("getUsers")["users"]["user"]
            stored = {one["username"]: one["jukeboxRole"] for one in everybody}
            assert (stored["anna"], stored["admin"]) == (True, True)


def playlist(client: SubsonicClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.ask("jukeboxControl", action="get")["jukeboxPlaylist"]
    return answer


def role(client: SubsonicClient, name: str) -> bool:
    return bool(client.ask("getUser", username=name)["user"]["jukeboxRole"])
