"""Streaming a handle by HTTP, from the beginning or the middle (RFC 9110, section 14)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hydrophone.domain.units import ByteCount
from hydrophone.errors import BadAnswerError
from hydrophone.plugin import HttpBody, http_stream
from hydrophone.plugin.capabilities.source import OpenRequest, StreamHandle

pytestmark = pytest.mark.anyio

HANDLE = StreamHandle(
    representation="1",
    url="http://music.example/1.flac",
    headers={"Authorization": "Bearer x"},
    suffix="flac",
    content_type="audio/flac",
)


class Body:
    """An answer whose head the test has written."""

    def __init__(self, status: int, headers: Mapping[str, str]) -> None:
        self.url = HANDLE.url
        self.status = status
        self.headers = headers

    async def chunks(self) -> AsyncIterator[bytes]:
        yield b"fLaC"


class Client:
    """A client that gives one answer and remembers what it was asked."""

    def __init__(self, status: int, **headers: str) -> None:
        self._body = Body(status, {name.replace("_", "-"): text for name, text in headers.items()})
        self.asked: dict[str, str] = {}

    @asynccontextmanager
    async def stream(self, url: str, **options: Any) -> AsyncIterator[HttpBody]:
        self.asked = {"url": url, **options["headers"]}
        yield self._body


async def streamed(client: Client, offset: int = 0) -> tuple[int, int | None, str]:
    request = OpenRequest(handle=HANDLE, offset=ByteCount(offset))
    async with http_stream(client, request) as stream:  # type: ignore[arg-type]  # only streams
        return stream.offset, stream.size, stream.content_type


async def test_takes_size_and_type_from_the_answer() -> None:
    client = Client(200, content_length="10", content_type="audio/flac; rate=48000")
    assert await streamed(client) == (0, 10, "audio/flac")
    assert client.asked["Authorization"] == "Bearer x"
    assert "Range" not in client.asked


async def test_asks_for_the_rest_and_says_where_it_begins() -> None:
    client = Client(206, content_range="bytes 4-9/10")
    assert await streamed(client, 4) == (4, 10, "")
    assert client.asked["Range"] == "bytes=4-"


async def test_a_size_that_nobody_says_is_unknown() -> None:
    assert await streamed(Client(200)) == (0, None, "")
    assert await streamed(Client(206, content_range="bytes 4-9/*"), 4) == (4, None, "")


async def test_an_ignored_range_is_told_by_the_offset() -> None:
    assert await streamed(Client(200, content_length="10"), 4) == (0, 10, "")


@pytest.mark.parametrize("said", ["bytes 5-9/10", "bytes */10", "lines 4-9/10", ""])
async def test_another_range_than_was_asked_for_is_refused(said: str) -> None:
    with pytest.raises(BadAnswerError):
        await streamed(Client(206, content_range=said), 4)


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"etag": '"a"', "last_modified": "yesterday"}, '"a"'),
        ({"etag": 'W/"a"', "last_modified": "yesterday"}, "yesterday"),
        ({}, ""),
    ],
)
async def test_says_what_changes_with_the_bytes(headers: dict[str, str], validator: str) -> None:
    request = OpenRequest(handle=HANDLE)
    client = Client(200, **headers)
    async with http_stream(client, request) as stream:  # type: ignore[arg-type]  # only streams
        assert stream.validator == validator
