"""The part of the composition that follows podcasts and radio stations."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from hydrophone.server.foundation import Foundation
from hydrophone.services.podcast_downloads import PodcastDownloads
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.services.podcast_refresh import PodcastRefresh
from hydrophone.services.podcasts import Podcasts
from hydrophone.services.radio import Radio
from hydrophone.services.subscriptions import Subscriptions


@dataclass(frozen=True, kw_only=True)
class Broadcasts:
    """What others broadcast."""

    files: PodcastFiles
    downloads: PodcastDownloads
    refresh: PodcastRefresh
    podcasts: Podcasts
    radio: Radio


@contextlib.asynccontextmanager
async def open_broadcasts(foundation: Foundation) -> AsyncIterator[Broadcasts]:
    """Build them; at the exit everything that they have under way is stopped."""
    config, clock = foundation.config, foundation.clock
    database, outbound = foundation.database, foundation.outbound
    async with contextlib.AsyncExitStack() as stack:
        files = PodcastFiles(config.podcasts.folder)
        downloads = PodcastDownloads(
            database=database, outbound=outbound, files=files, jobs=foundation.jobs
        )
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
        yield Broadcasts(
            files=files,
            downloads=downloads,
            refresh=refresh,
            podcasts=podcasts,
            radio=radio,
        )
