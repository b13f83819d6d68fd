"""Clients of HTTP/1.0 over a bare socket: no chunks; a body without a length ends by closing."""

import socket
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import httpx
import pytest
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from hydrophone.domain.units import ByteCount
from hydrophone.errors import MediaError
from hydrophone.server.files import send_file, send_stream

Serve = Callable[[ASGIApp], str]


class Answers:
    """Answers by path with a stream, one that breaks off, one with a length, a file and JSON."""

    def __init__(self, song: Path) -> None:
        self.song = song

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == ScopeType.HTTP
        match scope["path"]:
            case "/json":
                await send_json(send, [(b"content-length", b"2")])
            case "/json-without-length":
                await send_json(send, [])
            case "/file":
                await send_file(scope, receive, send, path=self.song, content_type="audio/flac")
            case path:
                await stream(scope, receive, send, path)


async def send_json(send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}", "more_body": False})


async def stream(scope: HTTPScope, receive: Receive, send: Send, path: str) -> None:
    async def chunks() -> AsyncGenerator[bytes, None]:
        yield b"ID3"
        yield b"sound"
        if path == "/broken":
            raise MediaError("broken")

    length = ByteCount(8) if path == "/declared" else None
    await send_stream(
        scope,
        receive,
        send,
        chunks=chunks(),
        content_type="audio/mpeg",
        declared_length=length,
    )


@pytest.fixture(scope="module")
def address(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> httpx.URL:
    song = tmp_path_factory.mktemp("music") / "song.flac"
    song.write_bytes(b"fLaCsound")
    return httpx.URL(serve(Answers(song)))


def ask(address: httpx.URL, request: str) -> tuple[bytes, bytes]:
    """Return the head of an answer, in small letters, and its body, when the server has closed."""
    with socket.create_connection((address.host, address.port or 0), timeout=120) as client:
        client.sendall(request.encode())
        answer = b""
        while data := client.recv(65536):
            answer += data
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.lower(), body


@pytest.mark.parametrize("extra", ["", "Host: x\r\n", "Connection: keep-alive\r\n"])
@pytest.mark.parametrize(
    ("path", "length", "body"),
    [
        ("/stream", None, b"ID3sound"),
        ("/broken", None, b"ID3sound"),
        ("/declared", 8, b"ID3sound"),
        ("/file", 9, b"fLaCsound"),
        ("/json", 2, b"{}"),
        ("/json-without-length", None, b"{}"),
    ],
)
def test_the_body_is_nothing_but_the_body(
    address: httpx.URL, path: str, length: int | None, body: bytes, extra: str
) -> None:
    head, got = ask(address, f"GET {path} HTTP/1.0\r\n{extra}\r\n")
    assert b" 200 ok" in head
    assert b"transfer-encoding" not in head
    assert b"connection: close" in head
    assert (b"content-length: %d" % length in head) if length else (b"content-length" not in head)
    assert got == body


def test_head_has_no_body(address: httpx.URL) -> None:
    head, body = ask(address, "HEAD /stream HTTP/1.0\r\n\r\n")
    assert (b"transfer-encoding" in head, body) == (False, b"")


def test_others_get_chunks(address: httpx.URL) -> None:
    head, body = ask(address, "GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"transfer-encoding: chunked" in head
    assert body == b"3\r\nID3\r\n5\r\nsound\r\n0\r\n\r\n"
