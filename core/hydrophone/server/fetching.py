"""The part of the composition that fetches music of sources, and keeps it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from hydrophone.config import CacheConfig
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount
from hydrophone.host.registry import Registry
from hydrophone.services.cache import Cache
from hydrophone.services.cache_files import CacheFiles
from hydrophone.services.clock import Clock
from hydrophone.services.fetcher import Fetcher
from hydrophone.services.fetches import Fetches
from hydrophone.services.jobs import Jobs
from hydrophone.services.keeping import Keeping
from hydrophone.storage.database import Database

_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Fetching:
    """What brings music of sources here, and what is here of it."""

    files: CacheFiles
    cache: Cache
    fetches: Fetches
    keeping: Keeping


@contextlib.asynccontextmanager
async def open_fetching(
    config: CacheConfig,
    *,
    database: Database,
    registry: Registry,
    jobs: Jobs,
    clock: Clock,
    began: Callable[[Track], Awaitable[None]],
    brought: Callable[[Track], Awaitable[None]],
) -> AsyncIterator[Fetching]:
    """Build them; at the exit downloads are stopped, for the next start to go on with.

    `began` gets each track of which a source gives bytes, `brought` each that is here then.
    """
    files = CacheFiles(config.folder, least_free=ByteCount(config.least_free * _MIB))
    await asyncio.to_thread(files.sweep)
    limit = ByteCount(config.max_size * _MIB)
    cache = Cache(database=database, clock=clock, files=files, limit=limit)
    fetcher = Fetcher(
        registry=registry,
        clock=clock,
        cache=cache,
        files=files,
        quality=config.quality,
        began=began,
    )
    fetches = Fetches(
        database=database,
        jobs=jobs,
        cache=cache,
        files=files,
        fetcher=fetcher,
        began=began,
        brought=brought,
    )
    keeping = Keeping(config, database=database, clock=clock, files=files, fetches=fetches)
    try:
        yield Fetching(files=files, cache=cache, fetches=fetches, keeping=keeping)
    finally:
        await fetches.close()
