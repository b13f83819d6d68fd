"""Has on the server's disk what its jukebox plays: mpv opens files, whole ones."""

import logging
from collections.abc import Sequence

from hydrophone.domain.job import JobPriority
from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import HydrophoneError, NotFoundError, UnavailableError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.fetches import Fetches
from hydrophone.services.origins import Located, Origins
from hydrophone.services.reading import by_ids
from hydrophone.storage.database import Database
from hydrophone.storage.queries import cached_files
from hydrophone.storage.queries.tracks import TRACKS

logger = logging.getLogger(__name__)


class JukeboxFiles:
    """Finds tracks and their files; what a source has is downloaded first."""

    def __init__(
        self, *, database: Database, catalogue: Catalogue, origins: Origins, fetches: Fetches
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._origins = origins
        self._fetches = fetches

    async def tracks(self, viewer: User, track_ids: Sequence[str]) -> tuple[Track, ...]:
        """Return tracks in this order, those that a user may see. Unknown ones are left out."""
        await self._catalogue.adopt(viewer, track_ids)
        return await by_ids(self._database, TRACKS, viewer, track_ids)

    async def find(self, track: Track) -> Located | None:
        """Return the file of a track; `None` if it is still at its source.

        Raises NotFoundError if it is nowhere.
        """
        found = await self._origins.here(track)
        if found is None and await self._database.read(cached_files.place, track.id) is None:
            raise NotFoundError("The file of this track is missing.")
        return found

    async def bring(self, track: Track) -> None:
        """Have a track here before this returns.

        Raises as `Fetches.bring` does, and UnavailableError if the cache has no room for it.
        """
        await self._fetches.bring(track)
        if await self._origins.here(track) is None:
            raise UnavailableError("There was no room for its copy.")

    async def expect(self, track: Track) -> None:
        """Have a track downloaded soon, if a source has it; it is no loss if that fails."""
        try:
            if await self.find(track) is None:
                await self._fetches.request(track, None, JobPriority.PREFETCH)
        except HydrophoneError as error:
            logger.info("%s is not downloaded before its turn: %s", track.id, error)
