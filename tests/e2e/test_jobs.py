"""A download as a job of a real server: followed, killed with the server, and cancelled."""

import json
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.commands import run

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.loopback import Loopback, Request, loopback
from hydrophone.testing.server import running_server

_PART = 50_000


def command(data: Path, *words: str) -> str:
    """Run `hydrophone jobs`; return what it wrote to standard output."""
    return run("jobs", *words, "--data", data, code=0).stdout


def job(data: Path) -> dict[str, Any]:
    [found] = json.loads(command(data, "--json"))
    assert isinstance(found, dict)
    return found


def until(data: Path, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    # Each look is a command, which takes seconds on a busy machine.
    deadline = time.monotonic() + 200
    while not condition(found := job(data)):
        assert time.monotonic() < deadline, found
    return found


def download(client: SubsonicClient, url: str) -> None:
    client.ask("createPodcastChannel", url=url)
    deadline = time.monotonic() + 30
    while (channel := client.ask("getPodcasts")["podcasts"]["channel"][0])["title"] != "Sea":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    client.ask("downloadPodcastEpisode", id=channel["episode"][0]["id"])


def status(client: SubsonicClient) -> str:
    [channel] = client.ask("getPodcasts")["podcasts"]["channel"]
    return str(channel["episode"][0]["status"])


def hang_first(remote: Loopback, audio: bytes) -> None:
    """Send a part and then hardly more, but to those who have that part."""
    whole = remote.serve_file("/whole", audio)
    assert whole

    def route(request: Request, connection: socket.socket) -> None:
        if "range" in request.headers:
            remote.routes["/whole"](request, connection)
            return
        head = f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(audio)}\r\n\r\n'
        connection.sendall(head.encode() + audio[:_PART])
        # Who sends nothing at all is left, before commands on a busy machine have looked at it.
        for place in range(_PART, len(audio)):
            time.sleep(5)
            connection.sendall(audio[place : place + 1])

    remote.routes["/One.mp3"] = route
    remote.serve(
        "/feed",
        b"<rss><channel><title>Sea</title><item><title>One</title><guid>1</guid>"
        b'<enclosure url="%b/One.mp3" length="7" type="audio/mpeg"/></item></channel></rss>'
        % remote.url.encode(),
    )


def test_a_download_outlives_kill_9(tmp_path: Path) -> None:
    make_audio(tmp_path / "a.mp3", seconds=30.0)
    audio = (tmp_path / "a.mp3").read_bytes()
    data = tmp_path / "data"
    data.mkdir()
    with loopback() as remote:
        hang_first(remote, audio)
        (data / "config.toml").write_text(f'[outbound]\nallow = ["{remote.place}"]\n')
        with running_server(data) as server, server.client() as client:
            assert command(data).strip() == "There are no jobs."
            download(client, f"{remote.url}/feed")
            under_way = until(data, lambda found: found["done"] >= _PART)
            assert (under_way["state"], under_way["total"]) == ("running", len(audio))
            assert under_way["title"] == "Sea: One"
            assert "running" in command(data)
            server.stop(signal.SIGKILL)
        assert job(data)["state"] == "running"
        with running_server(data) as server, server.client() as client:
            done = until(data, lambda found: found["finished"] is not None)
            assert (done["state"], done["id"], done["attempts"]) == ("done", under_way["id"], 2)
            assert int(remote.asked("/One.mp3")[-1].headers["range"][6:-1]) >= _PART
            [file] = data.glob("podcasts/Sea/*.mp3")
            assert file.read_bytes() == audio
            assert "done" in command(data, "--follow")


def test_a_command_cancels_a_download_and_what_is_there_of_it_goes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with loopback() as remote:
        hang_first(remote, b"x" * 100_000)
        (data / "config.toml").write_text(f'[outbound]\nallow = ["{remote.place}"]\n')
        with running_server(data) as server, server.client() as client:
            download(client, f"{remote.url}/feed")
            under_way = until(data, lambda found: found["done"] >= _PART)
            assert list(data.glob("podcasts/.parts/*"))
            answer = json.loads(command(data, "cancel", str(under_way["id"]), "--json"))
            assert answer["is_cancelled"]
            until(data, lambda found: found["state"] == "cancelled")
            # The job is over a moment before what it was for.
            deadline = time.monotonic() + 30
            while status(client) != "new":
                assert time.monotonic() < deadline
                time.sleep(0.02)
            assert not list(data.glob("podcasts/.parts/*"))
