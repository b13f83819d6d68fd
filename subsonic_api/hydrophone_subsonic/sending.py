"""Sending documents: headers, compression, long ones in pieces."""

import asyncio
import re
import zlib
from collections.abc import Iterator, Sequence

from litestar.types import Receive, Scope, Send

from hydrophone_subsonic.encoding.pieces import PIECE_SIZE, gather

Headers = Sequence[tuple[bytes, bytes]]

CROSS_ORIGIN: Headers = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        (
            b"Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag,"
            b" X-Content-Duration, X-Total-Count"
        ),
    ),
)
"""Web players (Feishin, aonsoku, airsonic-refix) come from other origins. No cookie logs in here,
so everybody may be let in."""

_PREFLIGHT: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, DELETE, HEAD, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Accept, Authorization, Content-Type, If-None-Match, If-Range, Range, X-Requested-With",
    ),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
)
_DOCUMENT: Headers = (
    *CROSS_ORIGIN,
    (b"vary", b"Accept-Encoding"),
    # Without it, JSONP could be run as another type of content than it is.
    (b"x-content-type-options", b"nosniff"),
)

_WORTH_COMPRESSING = 1400
"""Bytes; less fits into one packet anyway."""
_QUICKLY_COMPRESSED = 32 * 1024
"""Bytes; more is compressed in a thread."""
_GZIP = 16 + zlib.MAX_WBITS
_ACCEPTS_GZIP = re.compile(rb"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)


class _Compressor:
    """gzip, quick rather than small, and off the event loop for more than a little."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj(1, wbits=_GZIP)

    async def compress(self, data: bytes, *, is_last: bool = False) -> bytes:
        if len(data) <= _QUICKLY_COMPRESSED:
            return self._compress(data, is_last)
        return await asyncio.to_thread(self._compress, data, is_last)

    def _compress(self, data: bytes, is_last: bool) -> bytes:
        compressed = self._stream.compress(data)
        return compressed + self._stream.flush() if is_last else compressed


async def send_preflight(send: Send) -> None:
    """Answer a web client that asks whether it may ask."""
    await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def send_document(
    scope: Scope,
    send: Send,
    parts: Iterator[bytes],
    content_type: bytes,
    headers: Headers = (),
    *,
    status: int = 200,
) -> None:
    """Send a document, usually with status 200, which nearly every answer has, failures included.

    A long one goes out in pieces while it is still being encoded, so without Content-Length.
    """
    pieces = gather(parts)
    body = next(pieces)
    is_whole = len(body) < PIECE_SIZE
    common = [(b"content-type", content_type), *_DOCUMENT, *headers]
    compressor = None
    if len(body) > _WORTH_COMPRESSING and _accepts_gzip(scope):
        common.append((b"content-encoding", b"gzip"))
        compressor = _Compressor()
        body = await compressor.compress(body, is_last=is_whole)
    if is_whole:
        common.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": common})
    await send({"type": "http.response.body", "body": body, "more_body": not is_whole})
    if not is_whole:
        await _send_rest(send, pieces, compressor)


async def _send_rest(send: Send, pieces: Iterator[bytes], compressor: _Compressor | None) -> None:
    for piece in pieces:
        body = piece if compressor is None else await compressor.compress(piece)
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await asyncio.sleep(0)
    body = b"" if compressor is None else await compressor.compress(b"", is_last=True)
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _accepts_gzip(scope: Scope) -> bool:
    return any(
        name == b"accept-encoding" and _ACCEPTS_GZIP.search(value)
        for name, value in scope["headers"]
    )


async def send_text(
    scope: Scope, receive: Receive, send: Send, *, text: bytes, content_type: bytes
) -> None:
    """Send a short text of a type of its own."""
    headers = [
        (b"content-type", content_type),
        (b"content-length", b"%d" % len(text)),
        # It holds tokens.
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})
