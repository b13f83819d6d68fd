"""Plugins: how each stands."""

from litestar import get
from litestar.di import NamedDependency

from hydrophone.host.records import PluginStatus
from hydrophone.server.api.authentication import admins_only
from hydrophone.server.wiring import Server


@get(
    "/plugins",
    summary="List plugins",
    guards=[admins_only],
    tags=["plugins"],
    sync_to_thread=False,
)
def list_plugins(server: NamedDependency[Server]) -> tuple[PluginStatus, ...]:
    """List installed and configured plugins: their state, what they may do, their last errors."""
    return server.plugins.statuses()
