"""What all of a server stands on: the data folder with its database, the way to other servers."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from hydrophone.config import Config
from hydrophone.domain.library import Library
from hydrophone.host.registry import Registry
from hydrophone.outbound import Outbound
from hydrophone.server.data_folder import prepare, server_lock
from hydrophone.server.plugins import make_registry
from hydrophone.services.clock import Clock
from hydrophone.services.events import Events
from hydrophone.services.jobs import Jobs
from hydrophone.services.locations import Locations
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.read_model import ReadModel


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """What each part of the composition may build upon."""

    config: Config
    path: Path
    """The database's, for processes that open it themselves."""
    libraries: tuple[Library, ...]
    """Those of the configuration, in its order."""
    locations: Locations
    database: Database
    read_model: ReadModel
    registry: Registry
    """What plugins and core itself can do; filled as they are built."""
    outbound: Outbound
    """The one way to other servers, with the limits of the configuration."""
    events: Events
    jobs: Jobs
    clock: Clock


@contextlib.asynccontextmanager
async def open_foundation(config: Config, clock: Clock) -> AsyncIterator[Foundation]:
    """Hold the data folder until the exit, and open the database in it.

    Raises ConflictError if another server runs on the data folder, StorageError if it or its
    database cannot be used.
    """
    with server_lock(config):
        path, libraries = await asyncio.to_thread(prepare, config)
        async with open_database(path) as database, contextlib.AsyncExitStack() as stack:
            outbound = Outbound(allow=config.outbound.allow, contact=config.outbound.contact)
            stack.push_async_callback(outbound.close)
            events = Events(database=database, clock=clock)
            yield Foundation(
                config=config,
                path=path,
                libraries=libraries,
                locations=Locations(libraries, private=config.server.data_dir),
                database=database,
                read_model=ReadModel(path),
                registry=make_registry(config, os.environ),
                outbound=outbound,
                events=events,
                jobs=Jobs(database=database, clock=clock, events=events),
                clock=clock,
            )
