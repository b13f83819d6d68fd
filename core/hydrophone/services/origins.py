"""Where tracks and episodes are on our disks: the best of the places that each has."""

from pathlib import Path
from typing import NamedTuple

from hydrophone.domain.ids import EPISODE, kind_of
from hydrophone.domain.music import Track
from hydrophone.domain.playback import Playable
from hydrophone.domain.podcast import Episode
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.cache import Cache
from hydrophone.services.cache_files import CacheFiles
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.locations import Locations
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes, tracks
from hydrophone.storage.queries.tracks import TRACKS


class Located(NamedTuple):
    """A track or an episode with its file."""

    item: Playable
    path: Path
    start: Seconds | None
    """Where in the file the track begins; `None` if it is all of the file."""
    etag: str = ""
    """Stands for its bytes; empty if nothing is known that does."""


class Origins:
    """Finds files: in libraries, in the cache, among downloaded episodes."""

    def __init__(
        self,
        *,
        database: Database,
        locations: Locations,
        podcast_files: PodcastFiles,
        cache: Cache,
        cache_files: CacheFiles,
        catalogue: Catalogue,
    ) -> None:
        self._database = database
        self._locations = locations
        self._podcast_files = podcast_files
        self._cache = cache
        self._cache_files = cache_files
        self._catalogue = catalogue

    async def episode(self, viewer: User, episode_id: str) -> Episode:
        """Return an episode, downloaded or not. Raises NotFoundError."""
        found = await self._database.read(episodes.by_ids, viewer.id, [episode_id])
        if episode_id not in found:
            raise NotFoundError("There is no such episode.")
        return found[episode_id]

    async def located(self, viewer: User, identifier: str) -> Located:
        """Find a track or an episode, and its file. Raises NotFoundError."""
        if kind_of(identifier) == EPISODE:
            episode = await self.episode(viewer, identifier)
            path = self._podcast_files.path(episode)
            if path is None:
                raise NotFoundError("This episode is not on the server yet.")
            return Located(episode, path, None)
        found = await self.here(await self.track(viewer, identifier))
        if found is None:
            raise NotFoundError("The file of this track is missing.")
        return found

    async def track(self, viewer: User, identifier: str) -> Track:
        """Return a track, of the library or as a source has shown it.

        Raises NotFoundError if there is none that the viewer may see.
        """
        track = await self._database.read(TRACKS.one, viewer.id, identifier)
        if track is None:
            track = await self._catalogue.track(viewer, identifier)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")
        return track

    async def here(self, track: Track) -> Located | None:
        """Find the best file of a track: that of a library, else a copy; `None` if it has none."""
        file = await self._database.read(tracks.local_file, track.id)
        if file is not None:
            return Located(track, self._locations.path(file.library_id, file.path), file.start)
        cached = await self._cache.find(track.id)
        if cached is None:
            return None
        await self._cache.played(cached)
        return Located(track, self._cache_files.path(cached), None, cached.etag)
