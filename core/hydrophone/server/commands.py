"""What commands open that may run beside a server: a few services, and no background work.

All raise StorageError where there is no database yet, unless they are told to make one.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from hydrophone.config import Config
from hydrophone.domain.library import Library
from hydrophone.domain.units import ByteCount, Milliseconds
from hydrophone.outbound import Outbound
from hydrophone.server.data_folder import prepare
from hydrophone.server.people import People, build_people
from hydrophone.services.answers import Answers
from hydrophone.services.cache import Cache
from hydrophone.services.cache_files import CacheFiles
from hydrophone.services.clock import SystemClock
from hydrophone.services.jobs import Jobs
from hydrophone.services.playlist_files import PlaylistFiles
from hydrophone.services.playlists import Playlists
from hydrophone.services.subscriptions import Subscriptions
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import libraries


@contextlib.asynccontextmanager
async def open_people(config: Config, *, make: bool = False) -> AsyncIterator[People]:
    """Open just what has to do with accounts; with `make` also where no server ever ran."""
    path, registered = await asyncio.to_thread(prepare, config, must_exist=not make)
    async with open_database(path) as database:
        people = await people_of(config, database, registered)
        with contextlib.closing(people.renderer):
            yield people


@contextlib.asynccontextmanager
async def open_playlists(config: Config) -> AsyncIterator[tuple[People, PlaylistFiles]]:
    """Open accounts and playlists."""
    path, registered = await asyncio.to_thread(prepare, config, must_exist=True)
    clock = SystemClock()
    async with open_database(path) as database:
        playlists = Playlists(database=database, clock=clock)
        yield (
            await people_of(config, database, registered),
            PlaylistFiles(database=database, playlists=playlists),
        )


@contextlib.asynccontextmanager
async def open_cache(config: Config) -> AsyncIterator[Cache]:
    """Open the music of sources that is here."""
    path, _ = await asyncio.to_thread(prepare, config, must_exist=True)
    files = CacheFiles(config.cache.folder, least_free=ByteCount(0))
    async with open_database(path) as database:
        yield Cache(database=database, clock=SystemClock(), files=files, limit=ByteCount(0))


@contextlib.asynccontextmanager
async def open_jobs(config: Config) -> AsyncIterator[Jobs]:
    """Open the queue of jobs."""
    path, _ = await asyncio.to_thread(prepare, config, must_exist=True)
    async with open_database(path) as database:
        yield Jobs(database=database, clock=SystemClock())


@contextlib.asynccontextmanager
async def open_subscriptions(config: Config, *, make: bool = False) -> AsyncIterator[Subscriptions]:
    """Open the list of podcasts; with `make` also where no server ever ran."""
    path, _ = await asyncio.to_thread(prepare, config, must_exist=not make)
    outbound = Outbound(allow=config.outbound.allow, contact=config.outbound.contact)
    try:
        async with open_database(path) as database:
            yield Subscriptions(database=database, clock=SystemClock(), outbound=outbound)
    finally:
        await outbound.close()


@contextlib.asynccontextmanager
async def open_answers(config: Config) -> AsyncIterator[Answers]:
    """Open the cache of what sources have answered."""
    path, _ = await asyncio.to_thread(prepare, config, must_exist=True)
    async with open_database(path) as database:
        yield Answers(database=database, clock=SystemClock(), fresh=Milliseconds(0))


async def people_of(config: Config, database: Database, registered: Sequence[Library]) -> People:
    """Build what has to do with accounts; all sources that ever ran are libraries, too.

    So are all folders that ever were where the configuration names none: those of a server that
    was started with `--music` are known to the database alone.
    """
    others = await database.read(libraries.sources)
    if not registered:
        others += await database.read(libraries.everything)
    return build_people(config, database, registered, SystemClock(), sources=others)
