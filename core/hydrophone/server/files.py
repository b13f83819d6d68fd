"""Answers whose body is a file or a stream: ranges, conditions, and clients that leave.

Plain ASGI: protocol layers call these from their own handlers. uvicorn's `send` keeps silent
after a disconnect, so `receive` is watched all the time; else whole files would be read, and
songs transcoded, for nobody.
"""

import asyncio
import errno
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path

from litestar.types import Receive, Scope, Send
from msgspec import Struct

from hydrophone.domain.units import ByteCount
from hydrophone.errors import HydrophoneError, InvalidInputError, NotFoundError, UnavailableError
from hydrophone.media.byte_range import parse_range
from hydrophone.media.file_reader import FileReader
from hydrophone.server.conditions import judge

logger = logging.getLogger(__name__)

Headers = Sequence[tuple[bytes, bytes]]
GoesOn = Callable[[str, bool], bool]
"""Says, by their tag and whether they are a beginning, if bytes go on with those given before."""

_CHUNK = 128 * 1024
_LISTENER_TIMEOUT = 300.0
"""Seconds after which a paused player loses a stream whose length nobody knew; it may have to
be held in memory for him. Files wait for ever."""
_ZEROS = bytes(64 * 1024)


async def send_file(
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    path: Path,
    content_type: str,
    etag: str = "",
    headers: Headers = (),
    goes_on: GoesOn | None = None,
) -> None:
    """Answer with a file, or with the part of it that the request asks for (RFC 9110).

    Status 200, 206, 304, 412 or 416, as `judge` has it; `If-Range` takes a strong tag or our date.
    `HEAD` gets the headers of the whole. Returns early when the client leaves; a file that
    shrinks or fails meanwhile is logged and the response left incomplete, upon which the server
    cuts the connection: the only way to say so under a Content-Length that was promised, and,
    unlike an error raised here, one that no protocol layer mistakes for a thing to answer.

    `etag` names these bytes, without quotes, and changes when they do (a content hash). If empty
    it is made of the opened file's size and time, which is right for files that others may
    change. `headers` are added to the answers 200, 206 and 304. `goes_on` knows what this client
    was given before: a later part of another file is refused with 416, unless the client asks by
    `If-Range`.

    Raises:
        NotFoundError: Nothing is sent yet: the file is gone, unreadable or no regular file.
        UnavailableError: Nothing is sent yet: too many files are open.
    """
    reader = FileReader(path)
    try:
        await _open(reader, path)
        tag = f'"{etag or f"{reader.modified_ns:x}-{reader.size:x}"}"'.encode("latin-1")
        plan = _plan(scope, reader.size, tag, reader.modified_ns // 1_000_000_000, goes_on)
        common = (*plan.headers, *headers) if plan.status < 400 else plan.headers
        if plan.status in (200, 206):
            common = (*common, (b"content-type", content_type.encode("latin-1")))
        await send({"type": "http.response.start", "status": plan.status, "headers": common})
        if plan.length == 0 or _is_head(scope):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await _until_disconnect(receive, _send_part(send, reader, path, plan))
    finally:
        reader.close()


async def send_stream(
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    chunks: AsyncGenerator[bytes, None],
    content_type: str,
    declared_length: ByteCount | None = None,
    headers: Headers = (),
) -> None:
    """Answer with a body whose length nobody knows beforehand, such as a transcode.

    The generator is closed in every case, at once when the client leaves; for `HEAD` it is not
    even started. Should it fail after its first chunk, that is logged and the response left
    incomplete, as in `send_file`.

    `declared_length` is promised as Content-Length (OpenSubsonic's `estimateContentLength`): a
    longer body is cut there, a shorter one filled up with zero bytes, which players skip.

    Raises:
        HydrophoneError: Nothing is sent yet: what the generator raised instead of a first chunk.
    """
    common = [*headers, (b"content-type", content_type.encode("latin-1"))]
    if declared_length is not None:
        common.append((b"content-length", b"%d" % declared_length))
    if _is_head(scope):
        await chunks.aclose()
        await send({"type": "http.response.start", "status": 200, "headers": common})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    else:
        await _until_disconnect(receive, _send_chunks(send, chunks, common, declared_length))


async def send_growing(
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    chunks: Callable[[int, int | None], AsyncGenerator[bytes, None]],
    size: ByteCount | None,
    content_type: str,
    etag: str,
    headers: Headers = (),
    goes_on: GoesOn | None = None,
) -> None:
    """Answer with a file that is still on its way, or with a part of it, as `send_file` does.

    `chunks` yields its bytes from one place on to before another, waiting for them. Without a
    `size` there are no ranges and no Content-Length: nobody is told a length that is a guess.
    Should the bytes fail to come, the response is left incomplete.

    Raises:
        HydrophoneError: Nothing is sent yet: what `chunks` raised instead of a first one.
    """
    if size is None:
        tagged = (*headers, (b"etag", f'"{etag}"'.encode("latin-1")))
        await send_stream(
            scope,
            receive,
            send,
            chunks=chunks(0, None),
            content_type=content_type,
            headers=tagged,
        )
        return
    plan = _plan(scope, size, f'"{etag}"'.encode("latin-1"), goes_on=goes_on)
    common = (*plan.headers, *headers) if plan.status < 400 else plan.headers
    if plan.status in (200, 206):
        common = (*common, (b"content-type", content_type.encode("latin-1")))
    if plan.length == 0 or _is_head(scope):
        await send({"type": "http.response.start", "status": plan.status, "headers": common})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    else:
        part = chunks(plan.offset, plan.offset + plan.length)
        await _until_disconnect(receive, _send_growing_part(send, part, plan, common))


class _Plan(Struct, frozen=True):
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    offset: int = 0
    length: int = 0


def _is_head(scope: Scope) -> bool:
    return scope.get("method") == "HEAD"


async def _open(reader: FileReader, path: Path) -> None:
    try:
        await reader.open()
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise UnavailableError("Too many files are open at the moment.") from error
        logger.warning("Cannot open %s: %s", path, error.strerror)
        raise NotFoundError("The file is gone or cannot be read.") from error


def _plan(
    scope: Scope,
    size: ByteCount,
    tag: bytes,
    modified: int | None = None,
    goes_on: GoesOn | None = None,
) -> _Plan:
    """Decide what to send, in the order of RFC 9110 13.2.2: conditions first, then the range."""
    requested = dict(scope["headers"])
    validators: tuple[tuple[bytes, bytes], ...] = ((b"etag", tag), (b"accept-ranges", b"bytes"))
    date = b""
    if modified is not None:
        date = formatdate(modified, usegmt=True).encode("ascii")
        validators = (*validators, (b"last-modified", date))
    match judge(scope, tag=tag, modified=modified):
        case HTTPStatus.NOT_MODIFIED:
            return _Plan(304, validators)
        case HTTPStatus.PRECONDITION_FAILED:
            return _Plan(412, (*validators, (b"content-length", b"0")))
    part = None
    # HEAD has no ranges (RFC 9110 14.2). POST has: py-opensonic sends them with its forms.
    if not _is_head(scope) and requested.get(b"if-range", tag) in (tag, date):
        try:
            part = parse_range(requested.get(b"range", b"").decode("latin-1"), size)
        except InvalidInputError:
            return _unsatisfiable(size, validators)
    if goes_on is not None and not _is_head(scope):
        is_beginning = part is None or part.first == 0 or b"if-range" in requested
        if not goes_on(tag.decode("latin-1"), is_beginning):
            # The whole instead would be worse: ExoPlayer skips what lies before its part.
            return _unsatisfiable(size, validators)
    if part is None:
        return _Plan(200, (*validators, (b"content-length", b"%d" % size)), 0, size)
    place = (b"content-range", b"bytes %d-%d/%d" % (part.first, part.last, size))
    length = (b"content-length", b"%d" % part.length)
    return _Plan(206, (*validators, place, length), part.first, part.length)


def _unsatisfiable(size: ByteCount, headers: tuple[tuple[bytes, bytes], ...]) -> _Plan:
    missed = ((b"content-range", b"bytes */%d" % size), (b"content-length", b"0"))
    return _Plan(416, (*headers, *missed))


async def _send_part(send: Send, reader: FileReader, path: Path, plan: _Plan) -> None:
    offset, end = plan.offset, plan.offset + plan.length
    buffer = bytearray(min(_CHUNK, plan.length))
    while offset < end:
        try:
            chunk = await reader.read(buffer, offset, min(_CHUNK, end - offset))
        except OSError as error:
            logger.warning("Reading %s failed at byte %d: %s", path, offset, error.strerror)
            return
        if not chunk:
            logger.warning("%s shrank to %d bytes while it was sent", path, offset)
            return
        offset += len(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": offset < end})
        # A fast client takes every chunk at once, and then neither line above lets others run.
        await asyncio.sleep(0)


async def _send_growing_part(
    send: Send, chunks: AsyncGenerator[bytes, None], plan: _Plan, headers: Headers
) -> None:
    left = int(plan.length)
    async with aclosing(chunks):
        chunk = await anext(chunks, None)
        await send({"type": "http.response.start", "status": plan.status, "headers": headers})
        try:
            while chunk is not None:
                left -= len(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
                await asyncio.sleep(0)
                chunk = await anext(chunks, None)
        except HydrophoneError as error:
            logger.warning("A download broke off while it was heard: %s", error)


async def _send_chunks(
    send: Send, chunks: AsyncGenerator[bytes, None], headers: Headers, length: int | None
) -> None:
    async with aclosing(chunks):
        chunk = await anext(chunks, None)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            while chunk is not None and length != 0:
                if length is not None:
                    chunk = chunk[:length]
                    length -= len(chunk)
                async with asyncio.timeout(_LISTENER_TIMEOUT):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = await anext(chunks, None)
        except TimeoutError:
            logger.info("A stream ended: its listener took nothing for a long time.")
            return
        except HydrophoneError as error:
            logger.warning("A stream broke off: %s", error)
            return
    while length:
        zeros = _ZEROS[:length]
        length -= len(zeros)
        await send({"type": "http.response.body", "body": zeros, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_disconnect(receive: Receive, work: Coroutine[None, None, None]) -> None:
    """Do the work, but cancel it as soon as the client leaves; no task outlives this call."""
    working = asyncio.create_task(work)
    watching = asyncio.create_task(_disconnect(receive))
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
    finally:
        working.cancel()
        watching.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)
    if not working.cancelled():
        working.result()


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
