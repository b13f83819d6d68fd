"""Plugins: how each stands, and having one asked again."""

from typing import Annotated

from litestar import Router, delete, get
from litestar.di import NamedDependency
from litestar.params import PathParameter

from hydrophone.host.records import PluginStatus
from hydrophone.server.api.authentication import admins_only
from hydrophone.server.wiring import Server

_LONGEST = 40


@get("/", summary="List plugins", sync_to_thread=False)
def list_plugins(server: NamedDependency[Server]) -> tuple[PluginStatus, ...]:
    """List installed and configured plugins: their state, what they may do, their last errors."""
    return server.plugins.statuses()


@delete("/{plugin:str}/suspension", summary="Have a plugin asked again", sync_to_thread=False)
def resume_plugin(
    server: NamedDependency[Server],
    plugin: Annotated[str, PathParameter(min_length=1, max_length=_LONGEST)],
) -> None:
    """Make all calls of a plugin again at once, also those that failed several times."""
    server.plugins.resume(plugin)


router = Router(
    "/plugins",
    route_handlers=[list_plugins, resume_plugin],
    guards=[admins_only],
    tags=["plugins"],
)
