import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from litestar.types import ASGIApp, Receive, Scope, Send

from hydrophone.errors import NotFoundError
from hydrophone.server.files import send_file

Serve = Callable[[ASGIApp], str]
Eventually = Callable[[Callable[[], bool]], bool]

CONTENT = bytes(range(256)) * 2000
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


class FileApp:
    """Serves one file, as a protocol layer would, and counts what became of the requests."""

    def __init__(self, path: Path, etag: str = "") -> None:
        self.path = path
        self.etag = etag
        self.finished = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send_file(
                scope,
                receive,
                send,
                path=self.path,
                content_type="audio/flac",
                etag=self.etag,
                headers=[(b"cache-control", b"private")],
            )
        except NotFoundError:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"not found", "more_body": False})
        finally:
            self.finished += 1


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.flac"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture(scope="module")
def address(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("music") / "song.flac"
    path.write_bytes(CONTENT)
    os.utime(path, (784111777, 784111777))
    return serve(FileApp(path, etag="v1"))


def is_open(path: Path) -> bool:
    for link in Path("/proc/self/fd").iterdir():
        try:
            if link.readlink() == path:
                return True
        except OSError:
            continue
    return False


def test_whole_file_with_its_validators(address: str) -> None:
    answer = httpx.get(address)

    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["content-type"] == "audio/flac"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == '"v1"'
    assert answer.headers["last-modified"] == DATE
    assert answer.headers["cache-control"] == "private"
    assert "content-range" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-", 0, 511999), ("0-0", 0, 0), ("200000-400000", 200000, 400000), ("-1", 511999, 511999)],
)
def test_part_of_a_file(address: str, method: str, asked: str, first: int, last: int) -> None:
    answer = httpx.request(method, address, headers={"Range": f"bytes={asked}"})

    assert answer.status_code == 206
    assert answer.content == CONTENT[first : last + 1]
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.headers["content-length"] == str(last - first + 1)


def test_a_range_past_the_end_is_416(address: str) -> None:
    answer = httpx.get(address, headers={"Range": "bytes=512000-"})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */512000"
    assert answer.content == b""
    assert "content-type" not in answer.headers


def test_several_ranges_give_the_whole(address: str) -> None:
    answer = httpx.get(address, headers={"Range": "bytes=0-1,5-6"})

    assert answer.status_code == 200
    assert answer.content == CONTENT


def test_head_has_the_headers_of_the_whole(address: str) -> None:
    with httpx.Client() as client:
        answer = client.head(address, headers={"Range": "bytes=5-"})
        again = client.get(address)

    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.content == b""
    assert again.content == CONTENT


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ('"v1"', 206),
        (DATE, 206),
        ('"v2"', 200),
        ('W/"v1"', 200),
        ("Sun, 06 Nov 1994 08:49:38 GMT", 200),
        ("v1", 200),
    ],
)
def test_if_range_needs_the_same_bytes(address: str, condition: str, status: int) -> None:
    answer = httpx.get(address, headers={"Range": "bytes=10-19", "If-Range": condition})

    assert answer.status_code == status
    assert answer.content == (CONTENT[10:20] if status == 206 else CONTENT)


@pytest.mark.parametrize("known", ['"v1"', 'W/"v1"', '"v0", "v1"', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_known_bytes_are_not_sent_again(address: str, known: str, method: str) -> None:
    headers = {"If-None-Match": known, "Range": "bytes=0-1"}

    answer = httpx.request(method, address, headers=headers)

    assert answer.status_code == 304
    assert answer.headers["etag"] == '"v1"'
    assert answer.headers["cache-control"] == "private"
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("known", ['"v2"', "v1", '"v11"', ""])
def test_other_bytes_are_sent(address: str, known: str) -> None:
    assert httpx.get(address, headers={"If-None-Match": known}).status_code == 200


def test_without_a_name_the_tag_follows_the_file(serve: Serve, song: Path) -> None:
    address = serve(FileApp(song))

    before = httpx.get(address).headers["etag"]
    same = httpx.get(address).headers["etag"]
    song.write_bytes(CONTENT[::-1])
    after = httpx.get(address).headers["etag"]

    assert before == same != after


def test_an_empty_file(serve: Serve, song: Path) -> None:
    song.write_bytes(b"")
    address = serve(FileApp(song))

    assert httpx.get(address).status_code == 200
    assert httpx.get(address, headers={"Range": "bytes=-5"}).status_code == 200
    assert httpx.get(address, headers={"Range": "bytes=0-"}).status_code == 416


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "below a file", "dangling link"])
def test_what_cannot_be_read_is_left_to_the_protocol(
    serve: Serve, song: Path, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "other"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "below a file":
        path = song / "x"
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "nowhere")

    answer = httpx.get(serve(FileApp(path)))

    assert answer.text == "not found"
    assert not is_open(path)


def test_a_client_that_leaves_closes_the_file(
    serve: Serve, eventually: Eventually, tmp_path: Path
) -> None:
    path = sparse_file(tmp_path)
    app = FileApp(path)
    address = httpx.URL(serve(app))

    with socket.create_connection((address.host, address.port or 0)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        client.recv(1000)
        assert is_open(path)

    assert eventually(lambda: app.finished == 1)
    assert not is_open(path)


def test_a_client_that_stops_reading_is_waited_for(
    serve: Serve, eventually: Eventually, tmp_path: Path
) -> None:
    path = sparse_file(tmp_path)
    app = FileApp(path)
    address = httpx.URL(serve(app))

    with socket.create_connection((address.host, address.port or 0)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        client.recv(1000)
        # The server goes on to serve others meanwhile.
        assert httpx.head(str(address)).status_code == 200
        assert eventually(lambda: app.finished == 1)
        assert is_open(path)
    assert eventually(lambda: app.finished == 2)


def test_a_file_that_shrinks_cuts_the_connection(
    serve: Serve,
    eventually: Eventually,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = sparse_file(tmp_path)
    address = serve(FileApp(path))

    with (
        caplog.at_level(logging.WARNING, "hydrophone.server.files"),
        httpx.stream("GET", address) as answer,
    ):
        assert answer.headers["content-length"] == str(path_size())
        os.truncate(path, 100_000)
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
            answer.read()

    assert "shrank" in caplog.text
    assert eventually(lambda: not is_open(path))


def sparse_file(folder: Path) -> Path:
    """Make a file larger than all socket buffers on the way."""
    path = folder / "large.flac"
    with path.open("wb") as file:
        file.truncate(path_size())
    return path


def path_size() -> int:
    return 256 * 1024 * 1024
