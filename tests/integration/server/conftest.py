import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any, cast

import pytest
import uvicorn
from litestar.types import ASGIApp

from hydrophone.server.http_protocol import HttpProtocol

Serve = Callable[[ASGIApp], str]
Eventually = Callable[[Callable[[], bool]], bool]


@contextmanager
def _running(app: ASGIApp, loop: str) -> Iterator[str]:
    # Named as TCP, or asyncio waits for a full packet, and so 40 ms for each answer.
    with closing(socket.socket(proto=socket.IPPROTO_TCP)) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = uvicorn.Config(
            # Litestar and uvicorn type the same protocol differently.
            cast("Any", app),
            loop=loop,
            http=HttpProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            assert not thread.is_alive()


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def serve(request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Serve ASGI applications by uvicorn on free ports; each call returns an address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(_running(app, request.param))


@pytest.fixture
def eventually() -> Eventually:
    """Wait until a condition holds; return whether it did so within half a minute."""

    def wait(condition: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if condition():
                return True
            time.sleep(0.01)
        return False

    return wait
