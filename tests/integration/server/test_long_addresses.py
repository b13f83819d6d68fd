"""Addresses that are longer than the library takes which takes them apart."""

import socket
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from hydrophone.server.http_protocol import LONGEST_ADDRESS


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == ScopeType.HTTP
    body = b"%s %d %s" % (
        scope["path"].encode(),
        len(scope["query_string"]),
        scope["query_string"][-3:],
    )
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def ask(url: str, *addresses: str) -> bytes:
    """Ask for all of them over one connection; return everything that is answered."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as client:
        for number, address in enumerate(addresses, start=1):
            closes = "Connection: close\r\n" if number == len(addresses) else ""
            client.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\n{closes}\r\n".encode())
        answer = b""
        while data := client.recv(65536):
            answer += data
    return answer


@pytest.fixture(scope="module")
def url(serve: Callable[[ASGIApp], str]) -> str:
    return serve(echo)


@pytest.mark.parametrize("size", [1_000, 65_500, 65_536, 70_000, 1_000_000])
def test_the_whole_query_arrives(url: str, size: int) -> None:
    query = "id=" + "x" * (size - 6) + "end"
    answer = ask(url, f"/rest/create%50laylist?{query}#part")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"/rest/createPlaylist %d end" % size)


def test_the_next_request_of_the_connection_has_its_own(url: str) -> None:
    answer = ask(url, "/long?" + "x" * 100_000, "/short?a=b")
    assert b"/long 100000 xxx" in answer
    assert answer.endswith(b"/short 3 a=b")


def test_there_is_a_limit(url: str) -> None:
    answer = ask(url, "/long?" + "x" * (LONGEST_ADDRESS - 6))
    assert answer.startswith(b"HTTP/1.1 200 ")
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as client:
        client.sendall(b"GET /" + b"x" * LONGEST_ADDRESS)
        assert client.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_a_head_that_does_not_end_is_refused(url: str) -> None:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as client:
        client.sendall(b"GET /rest/ping HTTP/1.1\r\nX: ")
        # The server may have closed before all is sent.
        with suppress(OSError):
            for _ in range(400):
                client.sendall(b"x" * 10_000)
        answer = b""
        with suppress(OSError):
            answer = client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 400 ") or not answer
    assert b"/rest/ping 0 " in ask(url, "/rest/ping")
