"""Bodies that are huge, slow or broken off: nobody else is held up."""

import json
import re
import select
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from tests.e2e.bad_input.exchange import FORM, assert_envelope, connection

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer

MEGABYTE = 1024 * 1024


def memory(server: RunningServer) -> int:
    """Return how many bytes the server holds in memory, at most so far."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert match
    return int(match[1]) * 1024


@pytest.mark.parametrize("with_length", [True, False], ids=["length", "chunked"])
@pytest.mark.parametrize("content_type", [FORM, "application/json"])
def test_a_huge_body_is_refused_early(
    server: RunningServer, client: SubsonicClient, content_type: str, *, with_length: bool
) -> None:
    """It is not held in memory, and whoever sends it is told, if he listens."""
    size = 100 * MEGABYTE
    before = memory(server)
    path = f"/rest/createPlaylist?{urlencode({**client.login, 'f': 'json'})}"
    framing = f"Content-Length: {size}" if with_length else "Transfer-Encoding: chunked"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n{framing}\r\n\r\n"
    block = b"songId=" + b"a" * (MEGABYTE - 7)
    chunk = block if with_length else b"%x\r\n%b\r\n" % (len(block), block)
    with connection(server) as connected:
        connected.sendall(head.encode())
        sent = 0
        answer = b""
        with suppress(OSError):
            while sent < size and not select.select([connected], [], [], 0)[0]:
                connected.sendall(chunk)
                sent += len(block)
        with suppress(OSError):
            while b"}}" not in answer and (part := connected.recv(65536)):
                answer += part
    assert sent < size
    assert memory(server) - before < 40 * MEGABYTE
    assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
    assert b'"status":"failed"' in answer
    assert client.ask("ping")


@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=x"])
def test_a_client_that_sends_all_before_it_reads_is_told(
    server: RunningServer, client: SubsonicClient, content_type: str
) -> None:
    """urllib asks that the connection be closed, which would break it off while it sends."""
    asked = Request(
        f"{server.url}/rest/ping?{urlencode({**client.login, 'f': 'json'})}",
        data=b"a=" + b"b" * 30 * MEGABYTE,
        headers={"Content-Type": content_type},
    )
    with urlopen(asked, timeout=120) as answer:
        error = json.load(answer)["subsonic-response"]["error"]
    assert (error["code"], error["message"][:3]) in ((0, "The"), (0, "For"))


def test_bodies_that_stop_coming_hold_up_nobody(
    server: RunningServer, client: SubsonicClient
) -> None:
    head = f"POST /rest/ping HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
    with ExitStack() as stack:
        for _ in range(20):
            slow = stack.enter_context(connection(server))
            slow.sendall((head + "Content-Length: 1000\r\n\r\nu=ad").encode())
        for _ in range(20):
            client.ask("ping")
    client.ask("ping")


def test_a_body_that_comes_byte_by_byte_is_read(
    server: RunningServer, client: SubsonicClient
) -> None:
    form = urlencode({**client.login, "f": "json"}).encode()
    head = f"POST /rest/ping HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nConnection: close\r\n"
    with connection(server) as connected:
        connected.sendall(f"{head}Content-Length: {len(form)}\r\n\r\n".encode())
        for byte in form:
            connected.sendall(bytes([byte]))
            time.sleep(0.001)
        answer = b""
        while part := connected.recv(65536):
            answer += part
    assert b'"status":"ok"' in answer


@pytest.mark.parametrize("endpoint", ["ping", "stream", "search3", "getCoverArt"])
def test_clients_that_leave_early(
    server: RunningServer, client: SubsonicClient, song: str, endpoint: str
) -> None:
    """Before the request is whole, before the answer comes, and in the middle of it."""
    target = f"/rest/{endpoint}?{urlencode({**client.login, 'id': song, 'query': ''})}"
    whole = f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(10):
        for sent, read in ((whole[:20], 0), (whole[:-2], 0), (whole, 0), (whole, 10)):
            with connection(server) as connected:
                connected.sendall(sent)
                if read:
                    connected.recv(read)
        with connection(server) as connected:
            head = f"POST /rest/{endpoint} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
            connected.sendall((head + "Content-Length: 5000\r\n\r\nu=admin").encode())
    client.ask("ping")


@pytest.mark.parametrize("post", [False, True], ids=["GET", "POST"])
def test_a_thousand_songs_in_one_call(client: SubsonicClient, song: str, *, post: bool) -> None:
    """A request line ends near 65,500 bytes, so in a GET there is room for some 2,700 ids."""
    number = 1000 if post else 2500
    login = {**client.login, "f": "json", "name": "Long"}
    songs = [("songId", song)] * number
    parameters = [*login.items(), *songs]
    answer = (
        client.http.post(
            "/rest/createPlaylist",
            content=urlencode(parameters).encode(),
            headers={"Content-Type": FORM},
        )
        if post
        else client.http.get(f"/rest/createPlaylist?{urlencode(parameters)}")
    )
    playlist = assert_envelope(answer)["playlist"]
    assert playlist["songCount"] == len(playlist["entry"]) == number
    client.ask("deletePlaylist", id=playlist["id"])
