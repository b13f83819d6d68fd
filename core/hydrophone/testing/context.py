"""A real context without a server, and plugins that run with it."""

import contextlib
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from hydrophone.config import Config, LibraryConfig, ServerConfig
from hydrophone.host.capabilities import Capability
from hydrophone.host.hooks import collect
from hydrophone.host.registry import Provider, Registry
from hydrophone.host.table import plugin_config
from hydrophone.outbound import Outbound
from hydrophone.plugin import (
    PLUGIN_API,
    Context,
    Manifest,
    Permission,
    PermissionKind,
    Plugin,
)
from hydrophone.server.data_folder import prepare
from hydrophone.server.people import build_people
from hydrophone.server.plugins import Contexts
from hydrophone.services.clock import Clock, SystemClock
from hydrophone.services.jobs import Jobs
from hydrophone.services.locations import Locations
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.database import open_database
from hydrophone.testing.small_library import SmallLibrary

PluginT = TypeVar("PluginT", bound=Plugin[Any])
CapabilityT = TypeVar("CapabilityT")

INSTANCE = "test"
_LOOPBACK = Manifest(
    name=INSTANCE,
    version="1",
    summary="Stands for the plugin that is tested.",
    api=PLUGIN_API,
    permissions=tuple(
        Permission(kind=PermissionKind.NETWORK, target=host, reason="Services of tests.")
        for host in ("127.0.0.1", "localhost")
    ),
)


@contextlib.asynccontextmanager
async def open_context(
    folder: Path, *, library: SmallLibrary | None = None, clock: Clock | None = None
) -> AsyncIterator[Context]:
    """Open what core gives to a plugin, all of it real, in an empty folder.

    Its HTTP client calls this machine and no other. `library` is what its `library` shows, which
    is empty without one. Its jobs are queued, and nobody runs them.
    """
    clock = clock or SystemClock()
    config = Config(
        server=ServerConfig(data_dir=folder / "data", cache_dir=folder / "cache"),
        # A private address that is named in a plugin's table may be called.
        plugins={INSTANCE: {"base_url": "http://127.0.0.1"}},
        libraries=() if library is None else (LibraryConfig(name="Music", path=library.root),),
    )
    if library is not None:
        config.server.data_dir.mkdir()
        shutil.copy(library.database, config.server.data_dir / DATABASE)
    path, registered = prepare(config)
    async with contextlib.AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(path))
        outbound = Outbound()
        stack.push_async_callback(outbound.close)
        contexts = Contexts(
            config,
            database=database,
            outbound=outbound,
            locations=Locations(registered, private=config.server.data_dir),
            key=build_people(config, database, registered, clock).key,
            jobs=Jobs(database=database, clock=clock),
            clock=clock,
        )
        stack.push_async_callback(contexts.close)
        yield contexts.make(INSTANCE, _LOOPBACK)


@dataclass(frozen=True)
class StartedPlugin(Generic[PluginT]):
    """A plugin that runs, and what it can do."""

    plugin: PluginT
    registry: Registry

    def all(self, capability: Capability[CapabilityT]) -> tuple[Provider[CapabilityT], ...]:
        """Return what its hooks have returned of a capability, each behind a strict guard."""
        return self.registry.all(capability)

    def the(self, capability: Capability[CapabilityT]) -> CapabilityT:
        """Return the only object of a capability, to be called without a guard."""
        [provider] = self.all(capability)
        return provider.original


@contextlib.asynccontextmanager
async def started_plugin(
    kind: type[PluginT], context: Context, table: Mapping[str, object] | None = None
) -> AsyncIterator[StartedPlugin[PluginT]]:
    """Start a plugin as the host does, with this table of the configuration; stop it at the exit.

    Raises what the plugin raises, ConfigError for the table, PluginError for its hooks.
    """
    config = plugin_config(context.instance, table or {}, kind.manifest.config, {})
    plugin = kind(config, context)
    registry = Registry(order={}, strict=True)
    try:
        await plugin.start()
        collect(plugin, context.instance, registry)
        yield StartedPlugin(plugin, registry)
    finally:
        await plugin.stop()
