"""What has to do with other servers: the way out, podcasts, radio."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from hydrophone.config import Config
from hydrophone.outbound import Outbound
from hydrophone.services.clock import Clock
from hydrophone.services.jobs import Jobs
from hydrophone.services.podcast_downloads import PodcastDownloads
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.services.podcast_refresh import PodcastRefresh
from hydrophone.services.podcasts import Podcasts
from hydrophone.services.radio import Radio
from hydrophone.services.subscriptions import Subscriptions
from hydrophone.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class Remote:
    """Services that call other servers."""

    outbound: Outbound
    files: PodcastFiles
    downloads: PodcastDownloads
    refresh: PodcastRefresh
    podcasts: Podcasts
    radio: Radio


@contextlib.asynccontextmanager
async def open_remote(
    config: Config, database: Database, clock: Clock, jobs: Jobs
) -> AsyncIterator[Remote]:
    """Build them; at the exit everything that they have under way is stopped."""
    async with contextlib.AsyncExitStack() as stack:
        outbound = Outbound(allow=config.outbound.allow)
        stack.push_async_callback(outbound.close)
        files = PodcastFiles(config.podcasts.folder)
        downloads = PodcastDownloads(database=database, outbound=outbound, files=files, jobs=jobs)
        stack.push_async_callback(downloads.close)
        refresh = PodcastRefresh(
            config.podcasts,
            database=database,
            clock=clock,
            outbound=outbound,
            files=files,
            downloads=downloads,
        )
        stack.callback(refresh.close)
        radio = Radio(database=database, outbound=outbound)
        stack.push_async_callback(radio.close)
        podcasts = Podcasts(
            database=database,
            clock=clock,
            subscriptions=Subscriptions(database=database, clock=clock, outbound=outbound),
            files=files,
            refresh=refresh,
            downloads=downloads,
        )
        yield Remote(
            outbound=outbound,
            files=files,
            downloads=downloads,
            refresh=refresh,
            podcasts=podcasts,
            radio=radio,
        )
