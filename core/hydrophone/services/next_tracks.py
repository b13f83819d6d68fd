"""Fetches what comes behind the track that is heard, for apps that do not save their play queue."""

import asyncio
import logging
from collections.abc import Sequence

from hydrophone.domain.ids import TrackId, UserId
from hydrophone.domain.job import JobPriority
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import HydrophoneError
from hydrophone.media.in_thread import in_thread
from hydrophone.services.cache_files import CacheFiles
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.clock import Clock
from hydrophone.services.fetches import Fetches
from hydrophone.storage.database import Database
from hydrophone.storage.queries import cached_files, play_queue, playlists, remote
from hydrophone.storage.queries.play_queue import SavedQueue

logger = logging.getLogger(__name__)

_LISTENING_MS = 3 * 3600 * 1000
"""A play queue that was saved since says better what comes: see `services/keeping.py`."""


class NextTracks:
    """Queues the next tracks of the playlist or album that somebody hears, if a source has them."""

    def __init__(
        self,
        count: int,
        *,
        database: Database,
        clock: Clock,
        catalogue: Catalogue,
        files: CacheFiles,
        fetches: Fetches,
    ) -> None:
        """`count` is how many tracks ahead; 0 does nothing."""
        self._count = count
        self._database = database
        self._clock = clock
        self._catalogue = catalogue
        self._files = files
        self._fetches = fetches
        self._last: dict[UserId, TrackId] = {}
        """What each user heard last: an app asks for a track again and again, part by part."""
        self._heard: dict[UserId, tuple[User, Track, TrackId | None]] = {}
        """Who hears what, and what he heard before."""
        self._news = asyncio.Event()

    def heard(self, viewer: User, track: Track) -> None:
        """Note that somebody hears a track now; costs nothing."""
        if self._count and self._last.get(viewer.id) != track.id:
            before = self._last.get(viewer.id)
            self._last[viewer.id] = track.id
            self._heard[viewer.id] = (viewer, track, before)
            self._news.set()

    async def run(self) -> None:
        """Queue what comes next until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._heard:
                _, (viewer, track, before) = self._heard.popitem()
                try:
                    await self._queue(viewer, await self._next(viewer, track, before))
                except HydrophoneError as error:
                    logger.info("Nothing behind %s is fetched ahead: %s", track.id, error)

    async def _next(self, viewer: User, track: Track, before: TrackId | None) -> Sequence[str]:
        """Return what comes behind a track: in a playlist that is gone through, else its album."""
        if await self._has_queue(viewer, track):
            return ()
        if before is not None:
            listed = await self._database.read(
                playlists.behind, viewer.id, before, track.id, self._count
            )
            if listed:
                return [one for one in listed if await self._fetches.has_place(TrackId(one))]
        if not await self._fetches.has_place(track.id):
            return ()
        album = await self._catalogue.album(viewer, track.album_id)
        order = [] if album is None else [one.id for one in album.tracks]
        return order[order.index(track.id) + 1 :][: self._count] if track.id in order else ()

    async def _queue(self, viewer: User, behind: Sequence[str]) -> None:
        here = await self._database.read(cached_files.among_tracks, behind)
        lacking = [one for one in behind if one not in here]
        if not lacking:
            return
        await in_thread(self._files.check_room, 0)
        # What was only shown is not ours before it has come: the source may not give it.
        known = await self._database.read(remote.known_tracks, viewer.id, lacking)
        for one in lacking:
            if one in known and known[one].library_id in viewer.libraries:
                await self._fetches.request(known[one], viewer.id, JobPriority.PREFETCH)

    async def _has_queue(self, viewer: User, track: Track) -> bool:
        saved: SavedQueue | None = await self._database.read(play_queue.load, viewer.id)
        since = Timestamp(self._clock.now() - _LISTENING_MS)
        return saved is not None and saved.changed > since and track.id in saved.track_ids
