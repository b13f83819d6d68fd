"""Players that speak HTTP/1.0 get nothing but the sound from the real server."""

import json
import socket
from urllib.parse import urlencode, urlsplit

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer


def test_a_stream_and_an_answer_have_no_chunks(
    server: RunningServer, client: SubsonicClient
) -> None:
    song = client.songs()[0]["id"]
    sound = _ask(server, "stream", {**client.login, "id": song, "format": "mp3", "maxBitRate": 56})
    assert sound.startswith((b"ID3", b"\xff\xfb"))
    answer = json.loads(_ask(server, "ping", {**client.login, "f": "json"}))
    assert answer["subsonic-response"]["status"] == "ok"


def _ask(server: RunningServer, method: str, parameters: dict[str, object]) -> bytes:
    """Return the body of an answer when the server has closed the connection."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=120) as player:
        player.sendall(f"GET /rest/{method}?{urlencode(parameters)} HTTP/1.0\r\n\r\n".encode())
        answer = b""
        while data := player.recv(65536):
            answer += data
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 200 OK" in head
    assert b"transfer-encoding" not in head.lower()
    return body
