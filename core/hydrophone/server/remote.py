"""What has to do with other servers: the way out, podcasts, radio."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from hydrophone.outbound import Outbound
from hydrophone.server.foundation import Foundation
from hydrophone.services.podcast_downloads import PodcastDownloads
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.services.podcast_refresh import PodcastRefresh
from hydrophone.services.podcasts import Podcasts
from hydrophone.services.radio import Radio
from hydrophone.services.subscriptions import Subscriptions


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
async def open_remote(foundation: Foundation) -> AsyncIterator[Remote]:
    """Build them; at the exit everything that they have under way is stopped."""
    config, database, clock = foundation.config, foundation.database, foundation.clock
    async with contextlib.AsyncExitStack() as stack:
        outbound = Outbound(allow=config.outbound.allow)
        stack.push_async_callback(outbound.close)
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
        yield Remote(
            outbound=outbound,
            files=files,
            downloads=downloads,
            refresh=refresh,
            podcasts=podcasts,
            radio=radio,
        )
