"""Reading forms that are POSTed (extension formPost)."""

import asyncio
from typing import cast

from litestar.types import Receive, Scope

from hydrophone.errors import InvalidInputError

MAX_SIZE = 8 * 1024 * 1024
"""Bytes; some 300,000 ids."""

_MAX_SECONDS = 60
_FORM = b"application/x-www-form-urlencoded"


async def read_form(scope: Scope, receive: Receive) -> bytes | None:
    """Read the body if it is a form; a body of any other type is left alone and counts as empty.

    `None` if the client left before it had sent everything: then nobody waits for an answer.

    Raises:
        InvalidInputError: It is larger than `MAX_SIZE`, or came too slowly.
    """
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != _FORM:
        return b""
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > MAX_SIZE:
        raise _too_large()
    try:
        async with asyncio.timeout(_MAX_SECONDS):
            return await _read(receive)
    except TimeoutError as error:
        raise InvalidInputError(f"The form took more than {_MAX_SECONDS} seconds.") from error


async def _read(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += cast(bytes, message.get("body", b""))
        if len(body) > MAX_SIZE:
            raise _too_large()
        if not message.get("more_body", False):
            return bytes(body)


def _too_large() -> InvalidInputError:
    return InvalidInputError(f"The form is larger than {MAX_SIZE // 1024 // 1024} MiB.")
