"""What commands open of plugins, beside a server that may run them as well.

Apart from commands.py, so that a command about users need not load what calls other servers.
Plugins are tried before the first start of a server, too: who only looks leaves nothing where there
is no data folder yet. A command of a plugin makes it, for what it keeps (a login) is to be found
there by the server.
"""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec

from hydrophone.config import Config
from hydrophone.errors import PluginError
from hydrophone.host.lifecycle import Host
from hydrophone.host.records import PluginStatus
from hydrophone.host.registry import Registry
from hydrophone.outbound import Outbound
from hydrophone.plugin import Plugin
from hydrophone.server.data_folder import find_data_dir, prepare
from hydrophone.server.people import build_people
from hydrophone.server.plugins import Contexts, look_at_plugins, make_registry, open_plugins
from hydrophone.services.clock import SystemClock
from hydrophone.services.jobs import Jobs
from hydrophone.services.locations import Locations
from hydrophone.services.plugin_statuses import statuses_of_server
from hydrophone.services.recognition import Recognizing
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.database import Database, open_database


@contextlib.contextmanager
def without_traces(config: Config) -> Iterator[Config]:
    """Yield the configuration with empty folders for the time being if there is no data folder.

    Else as it is. Blocking.
    """
    if config.server.data_dir.exists():
        yield config
        return
    with tempfile.TemporaryDirectory(prefix="hydrophone-") as name:
        folder = Path(name)
        server = msgspec.structs.replace(config.server, data_dir=folder, cache_dir=folder / "cache")
        yield msgspec.structs.replace(config, server=server)


@contextlib.asynccontextmanager
async def open_plugin(config: Config, instance: str) -> AsyncIterator[Plugin[Any]]:
    """Start one plugin of the configuration, beside a server that may run it as well.

    Makes the data folder if need be. Raises PluginError that says why it does not run, StorageError
    if the folder cannot be made or used.
    """
    table = {name: table for name, table in config.plugins.items() if name == instance}
    if not table:
        # Before anything is made: the data folder may be mistyped, and its configuration be meant.
        raise PluginError(f"The configuration has no table [plugins.{instance}].")
    only = msgspec.structs.replace(config, plugins=table)
    async with _open_host(only, make_registry(only, os.environ)) as (host, _):
        yield host.plugin(instance)


@contextlib.asynccontextmanager
async def open_recognizing(config: Config) -> AsyncIterator[Recognizing]:
    """Start all plugins of the configuration, and open what asks those that recognize music.

    Raises StorageError where there is no data folder: what is recognized is looked for in it.
    """
    find_data_dir(config)
    registry = make_registry(config, os.environ)
    async with _open_host(config, registry) as (_, database):
        yield Recognizing(database=database, registry=registry)


@contextlib.asynccontextmanager
async def _open_host(config: Config, registry: Registry) -> AsyncIterator[tuple[Host, Database]]:
    path, registered = await asyncio.to_thread(prepare, config)
    clock = SystemClock()
    async with contextlib.AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(path))
        outbound = Outbound(allow=config.outbound.allow, contact=config.outbound.contact)
        stack.push_async_callback(outbound.close)
        host = await stack.enter_async_context(
            open_plugins(
                config,
                registry,
                Contexts(
                    config,
                    database=database,
                    outbound=outbound,
                    locations=Locations(registered, private=config.server.data_dir),
                    key=build_people(config, database, registered, clock).key,
                    jobs=Jobs(database=database, clock=clock),
                    clock=clock,
                ),
                os.environ,
            )
        )
        yield host, database


async def plugin_statuses(config: Config) -> tuple[PluginStatus, ...]:
    """Return how plugins stand in the server if one runs, else how far each would come.

    Makes nothing where there is no data folder.
    """
    if not (config.server.data_dir / DATABASE).exists():
        return look_at_plugins(config, os.environ)
    path, _ = await asyncio.to_thread(prepare, config, must_exist=True)
    async with open_database(path) as database:
        statuses = await statuses_of_server(database, SystemClock())
    return statuses or look_at_plugins(config, os.environ)
