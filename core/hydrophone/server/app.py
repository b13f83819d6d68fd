"""The ASGI application: protocol layers, health, and a page for people."""

import contextlib
from collections.abc import AsyncIterator, Callable

from litestar import Litestar, asgi
from litestar.di import Provide
from litestar.handlers import ASGIRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from hydrophone import __version__
from hydrophone.config import Config
from hydrophone.server import health, welcome
from hydrophone.server.files import send_file, send_stream
from hydrophone.server.protocols import ProtocolLayer, ProtocolTools, discover
from hydrophone.server.requests import RequestLayer, note_request
from hydrophone.server.wiring import Server, open_server


def create_app(
    config: Config, *, opened: Callable[[Server], None] = lambda server: None
) -> ASGIApp:
    """Build the application; everything is opened when its lifespan begins.

    `opened` is called then, before the first request. Works under any ASGI server.
    """
    layers: dict[str, ProtocolLayer] = {}
    running: list[Server] = []
    found = list(discover())

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        tools = ProtocolTools(
            version=__version__,
            help_path=f"{config.server.base_path}/{welcome.APP_PASSWORDS}",
            send_file=send_file,
            send_stream=send_stream,
            note=note_request,
        )
        async with open_server(config) as server:
            for layer in found:
                layers[layer.path] = layer(server.services, tools)
            running[:] = [server]
            opened(server)
            yield
            running.clear()

    application = Litestar(
        route_handlers=[
            health.live,
            health.ready,
            welcome.welcome,
            *(_mount(layer.path, layers) for layer in found),
        ],
        path=config.server.base_path or None,
        lifespan=[lifespan],
        dependencies={"server": Provide(lambda: running[0], sync_to_thread=False)},
        # The native API brings its pages; a generated one for health alone says nothing.
        openapi_config=None,
        # Ours; Litestar's would replace it.
        logging_config=None,
    )
    return RequestLayer(application, slow_ms=config.logging.slow_request_ms)


def _mount(path: str, layers: dict[str, ProtocolLayer]) -> ASGIRouteHandler:
    @asgi(path, is_mount=True, copy_scope=False)
    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await layers[path](scope, receive, send)

    return mounted
