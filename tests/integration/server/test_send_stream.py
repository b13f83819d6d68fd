import asyncio
import logging
import socket
import subprocess
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import httpx
import pytest
from litestar.types import ASGIApp, Receive, Scope, Send

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import MediaError
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.media.transcode import TranscodeSpec, format_named
from hydrophone.media.transcode_cache import TranscodeCache
from hydrophone.media.transcoder import Transcoder
from hydrophone.server.files import send_stream

Serve = Callable[[ASGIApp], str]
Eventually = Callable[[Callable[[], bool]], bool]


class StreamApp:
    """Streams `parts`, then, if told so, fails or waits for ever."""

    def __init__(
        self, *parts: bytes, declared: int | None = None, fails: bool = False, hangs: bool = False
    ) -> None:
        self.parts = parts
        self.declared = None if declared is None else ByteCount(declared)
        self.fails = fails
        self.hangs = hangs
        self.started = 0
        self.closed = 0

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        self.started += 1
        try:
            for part in self.parts:
                yield part
            if self.fails:
                raise MediaError("broken")
            if self.hangs:
                await asyncio.Event().wait()
        finally:
            self.closed += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send_stream(
                scope,
                receive,
                send,
                chunks=self.chunks(),
                content_type="audio/mpeg",
                declared_length=self.declared,
                headers=[(b"x-content-duration", b"3")],
            )
        except MediaError as error:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send(
                {"type": "http.response.body", "body": str(error).encode(), "more_body": False}
            )


def test_a_stream_of_unknown_length(serve: Serve) -> None:
    answer = httpx.get(serve(StreamApp(b"abc", b"def")))

    assert answer.content == b"abcdef"
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["x-content-duration"] == "3"
    assert "content-length" not in answer.headers
    assert "accept-ranges" not in answer.headers


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        (6, b"abcdef"),
        (5, b"abcde"),
        (3, b"abc"),
        (2, b"ab"),
        (0, b""),
        (9, b"abcdef\0\0\0"),
        (200_000, b"abcdef" + bytes(199_994)),
    ],
)
def test_a_declared_length_is_always_true(
    serve: Serve, eventually: Eventually, declared: int, body: bytes
) -> None:
    app = StreamApp(b"abc", b"def", declared=declared)

    answer = httpx.get(serve(app))

    assert answer.headers["content-length"] == str(declared)
    assert answer.content == body
    assert eventually(lambda: app.started == app.closed == 1)


def test_head_starts_nothing(serve: Serve) -> None:
    app = StreamApp(b"abc", declared=5)

    answer = httpx.head(serve(app))

    assert answer.headers["content-length"] == "5"
    assert answer.headers["content-type"] == "audio/mpeg"
    assert app.started == 0


def test_a_failure_before_the_first_chunk_is_left_to_the_protocol(serve: Serve) -> None:
    assert httpx.get(serve(StreamApp(fails=True))).text == "broken"


@pytest.mark.parametrize("declared", [None, 1000])
def test_a_later_failure_cuts_the_connection(
    serve: Serve, caplog: pytest.LogCaptureFixture, declared: int | None
) -> None:
    address = serve(StreamApp(b"abc", declared=declared, fails=True))

    with (
        caplog.at_level(logging.WARNING, "hydrophone.server.files"),
        pytest.raises(httpx.RemoteProtocolError),
    ):
        httpx.get(address)

    assert "broke off: broken" in caplog.text


@pytest.mark.parametrize("parts", [(), (b"abc",)])
def test_a_client_that_leaves_ends_the_stream(
    serve: Serve, eventually: Eventually, parts: tuple[bytes, ...]
) -> None:
    app = StreamApp(*parts, hangs=True)
    address = httpx.URL(serve(app))

    with socket.create_connection((address.host, address.port or 0)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert eventually(lambda: app.started == 1)
        if parts:
            assert b"200 OK" in client.recv(1000)
        assert app.closed == 0

    assert eventually(lambda: app.closed == 1)


@pytest.fixture(scope="session")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What takes much longer to convert than anybody listens."""
    path = tmp_path_factory.mktemp("music") / "silence.wav"
    source = ("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "6000", str(path))
    subprocess.run([find_ffmpeg(), "-v", "error", *source], check=True, timeout=120)
    return path


def test_a_listener_who_leaves_ends_the_transcode(
    serve: Serve, eventually: Eventually, silence: Path, tmp_path: Path
) -> None:
    spec = TranscodeSpec(format=format_named("mp3"))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        cache = TranscodeCache(tmp_path / "cache", limit=ByteCount(10**9))
        limits = {"max_concurrent": 1, "max_per_user": 1}
        transcoder = Transcoder(find_ffmpeg(), cache=cache, time_limit=Seconds(20), **limits)
        transcode = await transcoder.look_up(silence, spec, Seconds(6000))
        chunks = transcoder.listen(transcode, user=UserId(1))
        await send_stream(scope, receive, send, chunks=chunks, content_type="audio/mpeg")

    address = httpx.URL(serve(app))
    with socket.create_connection((address.host, address.port or 0)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in client.recv(1000)
        assert len(readers(silence)) == 1

    assert eventually(lambda: not readers(silence))


def readers(path: Path) -> list[Path]:
    """Return the processes that name this file in their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if bytes(path) in (process / "cmdline").read_bytes():
                found.append(process)
        except OSError:
            continue
    return found
