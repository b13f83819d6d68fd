"""HTTP as uvicorn speaks it, but for long addresses, and for players that speak HTTP/1.0."""

import asyncio
from typing import cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from hydrophone.errors import InvalidInputError

LONGEST_ADDRESS = 2 * 1024 * 1024
"""Bytes of path and query: some 80,000 ids, more than protocols take."""
_PARSED_AT_MOST = 65_535
"""Bytes that httptools takes apart; it counts in 16 bits."""
_LONGEST_HEAD = LONGEST_ADDRESS + 256 * 1024
"""Bytes until a body or the next request may begin."""
_HEAD_SECONDS = 60.0
"""Within which a head has to come, as bodies have."""


class HttpProtocol(HttpToolsProtocol):
    """Takes addresses that httptools does not, and sends nobody chunks who does not know them.

    Playlists of thousands of songs come by GET; whether there are too many songs is for the
    protocol layer to say, in the format that was asked for.

    uvicorn cuts each body of unknown length into chunks, without looking at the version. An old
    player took their lengths for sound (RFC 9112, section 6.1).
    """

    _head = 0
    """Bytes that have come since the head of a request began."""
    _is_head = False
    _patience: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Take what comes; a head that does not end is refused, by its size and by its time."""
        super().data_received(data)
        if self._is_head:
            self._head += len(data)
            if self._head > _LONGEST_HEAD:
                self._is_head = False
                self.send_400_response("The head of the request is too long.")

    def on_message_begin(self) -> None:
        """Begin to count."""
        super().on_message_begin()
        self._is_head, self._head = True, 0
        self._patience = self.loop.call_later(_HEAD_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._has_head()
        super().connection_lost(exc)

    def _has_head(self) -> None:
        self._is_head = False
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def on_url(self, url: bytes) -> None:
        """Take a part of the address; too much of it ends the connection with status 400."""
        if len(self.url) + len(url) > LONGEST_ADDRESS:
            raise InvalidInputError("The address is too long.")
        super().on_url(url)

    def on_headers_complete(self) -> None:
        """Begin to answer; the query of a long address is cut off by ourselves."""
        self._has_head()
        if len(self.url) <= _PARSED_AT_MOST:
            super().on_headers_complete()
            return
        address = self.url
        self.url, _, query = address.partition(b"?")
        super().on_headers_complete()
        # The task that answers has not run yet.
        self.scope["query_string"] = query.partition(b"#")[0]
        self.url = address

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if cycle.scope["http_version"] == "1.0":
            # Litestar and uvicorn type the same protocol differently.
            plain = _without_chunks(cast("ASGIApp", app), cycle)
            app = cast("ASGI3Application", plain)
        super()._start_asgi_task(cycle, app)


def _without_chunks(app: ASGIApp, cycle: RequestResponseCycle) -> ASGIApp:
    """Have a body of unknown length end with the connection, which uvicorn closes for 1.0."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        has_length = True

        async def send_plain(message: Message) -> None:
            nonlocal has_length
            if message["type"] == "http.response.start":
                has_length = any(name == b"content-length" for name, _ in message["headers"])
                if not has_length:
                    cycle.chunked_encoding = False
            elif message["type"] == "http.response.body" and not has_length:
                # It compares what is sent with what was promised, which is nothing here.
                cycle.expected_content_length = len(message["body"])
            await send(message)

        await app(scope, receive, send_plain)

    return answer
