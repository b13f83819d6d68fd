"""The outermost layer: gives each request an id and a line in the log."""

import asyncio
import secrets
from http import HTTPStatus
from time import perf_counter

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hydrophone.server.logs import RequestContext, log_request, request_context
from hydrophone.server.protocols import STOPPING

_RETRY_AFTER = b"10"
"""Seconds; a restart takes less."""
_PROBLEM = (
    b'{"title":"Service Unavailable","status":503,"detail":"%s","type":"about:blank"}'
    % STOPPING.encode()
)
"""As those of the native API (RFC 9457)."""


class RequestLayer:
    """Wraps the application; nothing of what it does depends on a protocol."""

    def __init__(self, app: ASGIApp, *, slow_ms: int) -> None:
        self._app = app
        self._slow_ms = slow_ms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; log it when its answer is complete.

        Its duration runs to the first byte: how long a song streams is up to the listener. A
        WebSocket is logged when it is closed, with the status of its handshake.
        """
        if scope["type"] not in (ScopeType.HTTP, ScopeType.WEBSOCKET):
            await self._app(scope, receive, send)
            return
        context = RequestContext(request_id=secrets.token_hex(4))
        token = request_context.set(context)
        # Kept here: Litestar normalizes the path in the scope itself.
        path = scope["path"]
        started = perf_counter()
        status = 0
        seconds = 0.0

        async def send_noted(message: Message) -> None:
            nonlocal status, seconds
            if not status:
                status = _status_of(message)
                seconds = perf_counter() - started
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except asyncio.CancelledError:
            # The server gives up what is under way when it stops; it would answer with a bare 500.
            if not status and scope["type"] == ScopeType.HTTP:
                context.error = STOPPING
                await _refuse(send_noted)
            raise
        finally:
            log_request(
                method=scope["method"] if scope["type"] == ScopeType.HTTP else "WEBSOCKET",
                path=path,
                status=status,
                duration_ms=(seconds or perf_counter() - started) * 1000,
                slow_ms=self._slow_ms,
                error=context.error,
            )
            request_context.reset(token)


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(_PROBLEM)),
        (b"retry-after", _RETRY_AFTER),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": _PROBLEM, "more_body": False})


def _status_of(message: Message) -> int:
    """Return the status that the first message of an answer stands for."""
    match message["type"]:
        case "http.response.start":
            return int(message["status"])
        case "websocket.accept":
            return HTTPStatus.SWITCHING_PROTOCOLS
    # A handshake that is closed at once is refused by uvicorn in this way.
    return HTTPStatus.FORBIDDEN


def note_request(*, user: str = "", client: str = "", error: str = "") -> None:
    """Add to the log line of the present request; see `protocols.NoteRequest`."""
    context = request_context.get()
    if context is not None:
        context.user = user or context.user
        context.client = client or context.client
        context.error = error or context.error
