"""When the server scans its libraries: at the start, by the clock, and as they change."""

from collections.abc import Sequence

from hydrophone.config import ScanConfig
from hydrophone.domain.library import Library
from hydrophone.domain.units import Seconds
from hydrophone.server.background import Background
from hydrophone.services.scans import Scans
from hydrophone.services.watching import Watching
from hydrophone.storage.database import Database
from hydrophone.storage.queries import libraries


async def keep_scanning(
    config: ScanConfig,
    registered: Sequence[Library],
    *,
    database: Database,
    scans: Scans,
    background: Background,
) -> None:
    """Have these libraries scanned and watched in the background, as the configuration says.

    Whatever an earlier server noted of libraries that it polled is forgotten.
    """
    await database.write(libraries.forget_polled)
    if not registered:
        return
    watching = Watching(
        database=database, scans=scans, libraries=registered if config.watch else ()
    )
    interval = Seconds(config.interval_minutes * 60.0) if config.interval_minutes else None

    async def scan() -> None:
        await watching.ready()
        await scans.run(at_once=config.on_start, interval=interval)

    background(scan)
    if config.watch:
        background(watching.run)
    if config.watch and config.poll_minutes:
        background(lambda: watching.poll(Seconds(config.poll_minutes * 60.0)))
