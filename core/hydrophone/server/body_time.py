"""A time limit for what clients send: who sends too slowly holds a place of others."""

import asyncio
from http import HTTPStatus

from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Receive, ReceiveMessage, Scope, Send

from hydrophone.domain.units import Seconds

LONGEST = Seconds(60.0)


class BodyTime:
    """A middleware for Litestar: all of a body comes in time, or the request fails with 408."""

    def __init__(self, app: ASGIApp, longest: Seconds = LONGEST) -> None:
        self._app = app
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. What comes behind its body (that a client leaves) is waited for."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        ends = asyncio.get_running_loop().time() + self._longest
        is_whole = False

        async def receive_in_time() -> ReceiveMessage:
            nonlocal is_whole
            if is_whole:
                return await receive()
            try:
                async with asyncio.timeout_at(ends):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(
                    f"The body did not come within {self._longest:g} seconds.",
                    status_code=HTTPStatus.REQUEST_TIMEOUT,
                    # The rest of the body is not waited for either (RFC 9110, section 15.5.9).
                    headers={"Connection": "close"},
                ) from error
            is_whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)
