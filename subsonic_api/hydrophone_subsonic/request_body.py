"""Reading what is POSTed: forms (extension formPost), and JSON (extension transcoding)."""

import asyncio
from typing import cast

from litestar.types import Receive, Scope

from hydrophone.errors import InvalidInputError

MAX_SIZE = 8 * 1024 * 1024
"""Bytes; some 300,000 ids."""

MAX_JSON_SIZE = 256 * 1024
"""Bytes; what apps say of themselves takes some two thousand."""

_MAX_SECONDS = 60
_JSON = b"application/json"
_FORM = b"application/x-www-form-urlencoded"


async def read_form(scope: Scope, receive: Receive) -> bytes | None:
    """Read the body if it is a form; a body of any other type is left alone and counts as empty.

    `None` if the client left before it had sent everything: then nobody waits for an answer.

    Raises:
        InvalidInputError: It is larger than `MAX_SIZE`, or came too slowly.
    """
    return await _read_if(_FORM, MAX_SIZE, scope, receive)


async def read_json(scope: Scope, receive: Receive) -> bytes | None:
    """Read the body if it is JSON, as `read_form` does with forms, up to `MAX_JSON_SIZE`."""
    return await _read_if(_JSON, MAX_JSON_SIZE, scope, receive)


async def _read_if(kind: bytes, limit: int, scope: Scope, receive: Receive) -> bytes | None:
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != kind:
        return b""
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(_MAX_SECONDS):
            return await _read(receive, limit)
    except TimeoutError as error:
        raise InvalidInputError(f"The body took more than {_MAX_SECONDS} seconds.") from error


async def _read(receive: Receive, limit: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += cast(bytes, message.get("body", b""))
        if len(body) > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            return bytes(body)


def _too_large(limit: int) -> InvalidInputError:
    return InvalidInputError(f"The body is larger than {limit // 1024} KiB.")
