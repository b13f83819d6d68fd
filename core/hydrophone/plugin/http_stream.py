"""Streams a handle by plain HTTP, which is what most sources do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hydrophone.domain.units import ByteCount
from hydrophone.errors import BadAnswerError
from hydrophone.plugin.capabilities.source import OpenedStream, OpenRequest
from hydrophone.plugin.http import HttpBody, HttpClient


class _HttpStream:
    def __init__(self, body: HttpBody, offset: ByteCount, size: ByteCount | None) -> None:
        self._body = body
        self.offset = offset
        self.size = size
        self.content_type = body.headers.get("content-type", "").partition(";")[0].strip()
        etag = body.headers.get("etag", "")
        # A weak one may stay while bytes change (RFC 9110, 8.8.1).
        is_strong = etag.startswith('"')
        self.validator = etag if is_strong else body.headers.get("last-modified", "")

    def chunks(self) -> AsyncIterator[bytes]:
        return self._body.chunks()


@asynccontextmanager
async def http_stream(http: HttpClient, request: OpenRequest) -> AsyncIterator[OpenedStream]:
    """Open the address of a handle, from the offset on if there is one (RFC 9110, section 14).

    A server that ignores the range gives the whole file, and the stream says so by its offset.
    Raises as `HttpClient.stream`, and BadAnswerError if another range comes than was asked for.
    """
    headers = {**request.handle.headers, "Accept-Encoding": "identity"}
    if request.offset:
        headers["Range"] = f"bytes={request.offset}-"
    async with http.stream(request.handle.url, headers=headers) as body:
        if body.status == 206:
            first, size = _content_range(body.headers.get("content-range", ""))
            if first != request.offset:
                raise BadAnswerError("Another part of the file comes than was asked for.")
            yield _HttpStream(body, first, size)
        else:
            length = body.headers.get("content-length", "")
            size = ByteCount(int(length)) if length.isdecimal() else None
            yield _HttpStream(body, ByteCount(0), size)


def _content_range(text: str) -> tuple[ByteCount | None, ByteCount | None]:
    """Read `bytes 5-9/10` as (5, 10); `None` for what is not said."""
    unit, _, rest = text.partition(" ")
    span, _, size = rest.partition("/")
    first = span.partition("-")[0]
    if unit != "bytes" or not first.isdecimal():
        return None, None
    return ByteCount(int(first)), ByteCount(int(size)) if size.isdecimal() else None
