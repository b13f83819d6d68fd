"""The ASGI application: protocol layers, the native API, health, shares, a page for people."""

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from litestar import Litestar
from litestar.di import Provide
from litestar.types import ASGIApp

from hydrophone import __version__
from hydrophone.config import Config
from hydrophone.server import api, health, shares, webhooks, welcome
from hydrophone.server.address import PublicAddress
from hydrophone.server.body_time import BodyTime
from hydrophone.server.files import send_file, send_growing, send_stream
from hydrophone.server.mounts import Mounts
from hydrophone.server.pictures import send_picture
from hydrophone.server.protocols import ProtocolTools, discover
from hydrophone.server.requests import RequestLayer, note_request
from hydrophone.server.wiring import Server, open_server


def create_app(
    config: Config,
    *,
    config_file: Path | None = None,
    opened: Callable[[Server], None] = lambda server: None,
) -> ASGIApp:
    """Build the application; everything is opened when its lifespan begins.

    `config_file` is what the configuration was read from, if there is one. `opened` is called
    before the first request. Works under any ASGI server, in one process.
    """
    layers: dict[str, ASGIApp] = {}
    running: list[Server] = []
    found = list(discover())
    address = PublicAddress(config.server)

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with open_server(config, config_file=config_file) as server:
            tools = ProtocolTools(
                version=__version__,
                address=address,
                help_path=f"/{welcome.APP_PASSWORDS}",
                send_file=send_file,
                send_growing=send_growing,
                send_stream=send_stream,
                send_picture=send_picture,
                on_library_change=server.on_library_change,
                on_podcast_change=server.on_podcast_change,
                on_choice_change=server.on_choice_change,
                background=server.background,
                note=note_request,
            )
            for layer in found:
                layers[config.server.base_path + layer.path] = layer(server.services, tools)
            layers[config.server.base_path + shares.PATH] = shares.SharePages(
                server.services.share_visits, address, base_path=config.server.base_path
            )
            layers[config.server.base_path + api.PATH] = api.create_api(
                server, base_path=config.server.base_path
            )
            running[:] = [server]
            opened(server)
            yield
            running.clear()

    application = Litestar(
        route_handlers=[health.live, health.ready, welcome.welcome, webhooks.webhook],
        path=config.server.base_path or None,
        lifespan=[lifespan],
        middleware=[BodyTime],
        dependencies={"server": Provide(lambda: running[0], sync_to_thread=False)},
        # The native API has a page of its own; one for health alone would say nothing.
        openapi_config=None,
        # Ours; Litestar's would replace it.
        logging_config=None,
    )
    mounts = Mounts(application, layers)
    return RequestLayer(mounts, slow_ms=config.logging.slow_request_ms)
