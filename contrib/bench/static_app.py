"""The least that uvicorn can do: one fixed answer to everything, as JSON, for comparison.

Run as a program with the port as its argument; the settings are those of `hydrophone serve`.
"""

import sys

import uvicorn
from litestar.types import Receive, Scope, Send

_BODY = (
    b'{"subsonic-response":{"status":"ok","version":"1.16.1","type":"hydrophone",'
    b'"serverVersion":"0.1.0","openSubsonic":true}}'
)
_HEADERS = ((b"content-type", b"application/json"), (b"content-length", b"%d" % len(_BODY)))


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _BODY, "more_body": False})


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
    )
