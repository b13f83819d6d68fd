"""HTTP as uvicorn speaks it, but for clients of HTTP/1.0, such as hardware players."""

from typing import cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle


class HttpProtocol(HttpToolsProtocol):
    """Sends nobody chunks who does not know them (RFC 9112, section 6.1).

    uvicorn cuts each body of unknown length into chunks, without looking at the version. An old
    player took their lengths for sound.
    """

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
