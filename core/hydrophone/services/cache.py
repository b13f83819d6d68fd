"""The music of sources that is whole on our disk: looked at, made room in, deleted by hand."""

import logging

from hydrophone.domain.cache import CachedFile, CacheUse
from hydrophone.domain.ids import TrackId
from hydrophone.domain.library import Page
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount
from hydrophone.errors import NotFoundError
from hydrophone.media.in_thread import in_thread
from hydrophone.services.cache_files import CacheFiles
from hydrophone.services.clock import Clock
from hydrophone.storage.database import Database
from hydrophone.storage.queries import cached_files

logger = logging.getLogger(__name__)

_HOUR_MS = 3_600_000
_STEP = 100


class Cache:
    """Copies of tracks of sources. They stay for ever unless there is a limit."""

    def __init__(
        self, *, database: Database, clock: Clock, files: CacheFiles, limit: ByteCount
    ) -> None:
        """`limit` is how much there may be in all, in bytes; 0 is no limit."""
        self._database = database
        self._clock = clock
        self._files = files
        self._limit = limit

    async def find(self, track_id: str) -> CachedFile | None:
        """Return the copy of a track; `None` if there is none, or none any more."""
        cached = await self._database.read(cached_files.one, track_id)
        if cached is None or await in_thread(self._files.has, cached):
            return cached
        logger.warning("%s is gone from the cache, or was changed there.", cached.path)
        await self._database.write(cached_files.drop, track_id)
        return None

    async def played(self, cached: CachedFile) -> None:
        """Note that a copy is heard now; what was heard long ago is evicted first."""
        now = self._clock.now()
        if now - cached.used >= _HOUR_MS:
            await self._database.write_soon(cached_files.touch, cached.track_id, now)

    async def add(self, cached: CachedFile, representation: str, described: Track) -> None:
        """Note a new copy; others may have to go for it if there is a limit."""
        await self._database.write(cached_files.put, cached, representation, described)
        if self._limit:
            await self._make_room(cached.track_id)

    async def page(self, source: str, page: Page) -> tuple[tuple[CachedFile, ...], int]:
        """Return copies of what a source has, or of all sources if it is empty, and all of them.

        The newest come first.
        """
        return await self._database.read(cached_files.page, source, page)

    async def use(self) -> CacheUse:
        """Say how much there is."""
        return await self._database.read(cached_files.use)

    async def delete(self, track_id: str) -> CachedFile:
        """Delete the copy of a track; the track itself, its stars and lists stay.

        Nobody keeps it any more, and no star or playlist brings it back: it comes again when it is
        played. Raises NotFoundError.
        """
        cached = await self._database.read(cached_files.one, track_id)
        if cached is None:
            raise NotFoundError("There is no copy of this track.")
        await self._database.write(cached_files.delete_by_hand, track_id)
        await in_thread(self._files.remove, cached)
        return cached

    async def _remove(self, cached: CachedFile) -> None:
        # The row first: what is listed is there.
        await self._database.write(cached_files.drop, cached.track_id)
        await in_thread(self._files.remove, cached)

    async def _make_room(self, newest: TrackId) -> None:
        excess = (await self._database.read(cached_files.use)).used - self._limit
        while excess > 0:
            found = await self._database.read(cached_files.evictable, _STEP)
            others = [one for one in found if one.track_id != newest]
            if not others:
                logger.warning("The cache is over its limit, and all of it is kept.")
                return
            for one in others:
                if excess <= 0:
                    return
                await self._remove(one)
                excess -= one.size
