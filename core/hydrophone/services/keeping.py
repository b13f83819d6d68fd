"""Sees to it that what users want on the disk gets there: kept, starred, listed, next in a queue.

It looks at what is wanted and what is here, again and again, rather than at what somebody does: so
nothing is forgotten by a restart, a full disk or a source that was down.
"""

import asyncio
import logging
from functools import partial

from hydrophone.config import CacheConfig
from hydrophone.domain.ids import UserId
from hydrophone.domain.job import JobPriority
from hydrophone.domain.units import ByteCount, Seconds, Timestamp
from hydrophone.errors import StorageError, UnavailableError
from hydrophone.media.in_thread import in_thread
from hydrophone.services.cache_files import CacheFiles
from hydrophone.services.clock import Clock
from hydrophone.services.fetches import Fetches
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes, keeps
from hydrophone.storage.queries.keeps import Wanted
from hydrophone.storage.queries.tracks import TRACKS

logger = logging.getLogger(__name__)

_LOOK_SECONDS = Seconds(5.0)
_STEP = 100
_DAY_MS = 24 * 3600 * 1000
_LISTENING_MS = 3 * 3600 * 1000
"""A play queue that was not saved for longer is nobody's who listens now."""
_MIB = 1024 * 1024


class Keeping:
    """Queues downloads that nobody waits for."""

    def __init__(
        self,
        config: CacheConfig,
        *,
        database: Database,
        clock: Clock,
        files: CacheFiles,
        fetches: Fetches,
    ) -> None:
        self._config = config
        self._database = database
        self._clock = clock
        self._files = files
        self._fetches = fetches
        self._problem = ""

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except (StorageError, UnavailableError) as error:
                self._say(str(error))
            await asyncio.sleep(_LOOK_SECONDS)

    async def look(self) -> None:
        """Queue what is wanted and not here.

        Raises UnavailableError if the disk is nearly full: nothing is queued then.
        """
        with_stars = self._config.keep_starred
        day_ago = Timestamp(self._clock.now() - _DAY_MS)
        next_ones: tuple[Wanted, ...] = ()
        if self._config.prefetch:
            next_ones = await self._database.read(
                keeps.queued_next,
                self._config.prefetch,
                changed_after=Timestamp(self._clock.now() - _LISTENING_MS),
                failed_after=day_ago,
            )
        users = await self._database.read(
            keeps.who_wants, with_stars=with_stars, failed_after=day_ago
        )
        if not next_ones and not users:
            return
        await in_thread(self._files.check_room, 0)
        for one in next_ones:
            await self._request(one, JobPriority.PREFETCH)
        for user_id in users:
            await self._fetch_for(user_id, day_ago)

    async def _fetch_for(self, user_id: UserId, failed_after: Timestamp) -> None:
        """Queue what a user wants, as far as his quota goes; what is on its way counts."""
        with_stars = self._config.keep_starred
        wanted = partial(
            keeps.wanted, user_id=user_id, with_stars=with_stars, failed_after=failed_after
        )
        if not self._config.user_quota:
            for one in await self._database.read(wanted, largest=None, limit=_STEP):
                await self._request(one, JobPriority.BULK)
            return
        used = await self._database.read(keeps.used_by, user_id, with_stars=with_stars)
        left = self._config.user_quota * _MIB - used
        for one in await self._database.read(wanted, largest=ByteCount(left), limit=_STEP):
            # Of unknown size it goes as long as there is anything left.
            if 0 < left >= one.size:
                left -= one.size
                await self._request(one, JobPriority.BULK)
        if await self._database.read(wanted, largest=None, limit=1):
            self._say(f"The quota of user {user_id} is used up: nothing more is kept.")

    async def _request(self, wanted: Wanted, priority: JobPriority) -> None:
        track = await self._database.read(TRACKS.one, episodes.NOBODY, wanted.track_id)
        if track is not None:
            await self._fetches.request(track, wanted.user_id, priority)

    def _say(self, problem: str) -> None:
        """Log what keeps music away, once."""
        if problem != self._problem:
            logger.warning("%s", problem)
        self._problem = problem
