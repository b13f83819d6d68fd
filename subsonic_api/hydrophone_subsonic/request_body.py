"""Reading what is POSTed: forms (extension formPost), and JSON (extension transcoding)."""

import asyncio
from typing import cast

from litestar.types import Receive, Scope

from hydrophone.errors import InvalidInputError

MAX_SIZE = 8 * 1024 * 1024
"""Bytes; some 300,000 ids."""

MAX_JSON_SIZE = 256 * 1024
"""Bytes; what apps say of themselves takes some two thousand."""

MOST_READ = 64 * 1024 * 1024
"""Bytes. What is too large is read to its end up to here: a client that sends all before it reads
(urllib, requests) sees a broken connection otherwise, and not why it was refused."""

_MAX_SECONDS = 60
_JSON = b"application/json"
_FORM = b"application/x-www-form-urlencoded"
_PARTS = b"multipart/form-data"


async def read_form(scope: Scope, receive: Receive) -> bytes | None:
    """Read the body if it is a form; a body of any other type is left alone and counts as empty.

    `None` if the client left before it had sent everything: then nobody waits for an answer.

    Raises:
        InvalidInputError: It is larger than `MAX_SIZE`, or came too slowly, or is a form in parts,
            which carries files and has no place in the protocol.
    """
    kind = _type_of(scope)
    if kind == _PARTS:
        words = f"Forms are read as {_FORM.decode()}, not as {_PARTS.decode()}."
        return await _read_all(scope, receive, 0, InvalidInputError(words))
    return await _read_all(scope, receive, MAX_SIZE) if kind == _FORM else b""


async def read_json(scope: Scope, receive: Receive) -> bytes | None:
    """Read the body if it is JSON, as `read_form` does with forms, up to `MAX_JSON_SIZE`."""
    return await _read_all(scope, receive, MAX_JSON_SIZE) if _type_of(scope) == _JSON else b""


def _type_of(scope: Scope) -> bytes:
    return _header(scope, b"content-type").partition(b";")[0].strip().lower()


def _header(scope: Scope, name: bytes) -> bytes:
    return dict(scope["headers"]).get(name, b"")


async def _read_all(
    scope: Scope, receive: Receive, limit: int, refusal: InvalidInputError | None = None
) -> bytes | None:
    """Read a body; raise the refusal if it has more than `limit` bytes."""
    if refusal is None:
        refusal = InvalidInputError(f"The body is larger than {limit // 1024} KiB.")
    announced = _header(scope, b"content-length")
    length = int(announced) if announced.isdigit() else 0
    # Who expects a word before he sends it (curl) is refused before it.
    if length > MOST_READ or (length > limit and _header(scope, b"expect")):
        raise refusal
    try:
        async with asyncio.timeout(_MAX_SECONDS):
            return await _read(receive, limit, refusal)
    except TimeoutError as error:
        raise InvalidInputError(f"The body took more than {_MAX_SECONDS} seconds.") from error


async def _read(receive: Receive, limit: int, refusal: InvalidInputError) -> bytes | None:
    body = bytearray()
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        # Of a TypedDict that is a union, mypy knows no values.
        part = cast(bytes, message.get("body", b""))
        size += len(part)
        is_over = size > MOST_READ or not message.get("more_body", False)
        if size <= limit:
            body += part
        elif is_over:
            raise refusal
        if is_over:
            return bytes(body)
