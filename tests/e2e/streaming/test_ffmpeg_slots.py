"""As many ffmpegs run as may, and only for those who listen."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlencode

from tests.e2e.streaming.songs import ODD_NAMES, await_ffmpegs, kept, titled

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer


@contextmanager
def begun(server: RunningServer, client: SubsonicClient, **parameters: str) -> Iterator[None]:
    """Begin to listen to the long song and read no further."""
    query = urlencode({**client.login, "id": titled(client, "long"), **parameters})
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        connection.sendall(f"GET /rest/stream?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 200")
        yield


def test_a_client_that_leaves_ends_its_ffmpeg(
    odd: SubsonicClient, odd_server: RunningServer
) -> None:
    before = kept(odd_server)
    with begun(odd_server, odd, format="opus"):
        await_ffmpegs(odd_server, 1)
    await_ffmpegs(odd_server, 0)
    # At its end it would have been kept.
    assert kept(odd_server) == before


def test_a_client_that_reads_slowly_holds_up_nobody(
    odd: SubsonicClient, odd_server: RunningServer
) -> None:
    with begun(odd_server, odd):
        for _ in range(20):
            odd.ask("ping")


def test_one_transcode_too_many_is_a_clear_failure(
    odd: SubsonicClient, odd_server: RunningServer
) -> None:
    """The limits are those of the configuration; files as they are have none."""
    with ExitStack() as stack:
        for bit_rate in ("32", "48", "64"):
            stack.enter_context(begun(odd_server, odd, format="opus", maxBitRate=bit_rate))
        answer = odd.get("stream", id=titled(odd, ODD_NAMES[0]), format="opus")
        assert answer.status_code == 200
        error = answer.json()["subsonic-response"]["error"]
        assert error == {
            "code": 0,
            "message": "3 transcodes of yours are running; try again soon.",
        }
        assert odd.get("stream", id=titled(odd, ODD_NAMES[0])).headers["accept-ranges"]
    await_ffmpegs(odd_server, 0)


def test_a_paused_player_leaves_the_slots_to_others(
    odd: SubsonicClient, odd_server: RunningServer
) -> None:
    """They have all their music on the disk; what they do not take costs nobody anything."""
    wanted: list[dict[str, Any]] = [
        {"format": "flac", "timeOffset": f"{offset}"} for offset in (100, 200, 300, 400)
    ]
    with ExitStack() as stack:
        for parameters in wanted[:3]:
            stack.enter_context(begun(odd_server, odd, **parameters))
        await_ffmpegs(odd_server, 0)
        with begun(odd_server, odd, **wanted[3]):
            answer = odd.get("stream", id=titled(odd, "long"), **wanted[0])
        assert answer.headers["accept-ranges"] == "bytes"
