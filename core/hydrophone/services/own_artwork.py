"""Pictures in files and beside them; untrusted bytes are touched in a child process only."""

import asyncio
import logging
import os
from pathlib import Path

from hydrophone.domain.ids import ArtworkId
from hydrophone.errors import MediaError, NotFoundError, UnavailableError
from hydrophone.plugin.capabilities.artwork import ArtworkRequest
from hydrophone.plugin.capabilities.source import Picture
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.walk import COVER_SUFFIXES
from hydrophone.services.locations import Locations
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.storage.database import Database
from hydrophone.storage.queries import artwork

logger = logging.getLogger(__name__)

_LARGEST_FILE = 32 * 1024 * 1024
_WORKER_MEMORY = 1024 * 1024 * 1024
_READ_TIMEOUT = 15.0


class OwnArtwork:
    """What the library itself has; an ArtworkProvider as those of plugins."""

    def __init__(
        self, *, database: Database, locations: Locations, podcast_files: PodcastFiles
    ) -> None:
        self._database = database
        self._locations = locations
        self._podcast_files = podcast_files
        self._reader: Worker[bytes | None] = Worker(
            "hydrophone.scanner.parse:read_picture", answer=bytes | None, memory=_WORKER_MEMORY
        )
        # A worker does one thing at a time. Who waits for it must not hold a thread meanwhile:
        # files are opened for streaming in the same threads.
        self._reading = asyncio.Semaphore(1)

    def close(self) -> None:
        """End the child process. May be repeated."""
        self._reader.close()

    async def artwork(self, request: ArtworkRequest) -> Picture | None:
        """Return the picture that files have; `None` also if it cannot be read."""
        if not request.artwork_id:
            return None
        try:
            return Picture(content=await self.content(ArtworkId(request.artwork_id)))
        except (MediaError, NotFoundError, UnavailableError) as error:
            # A file of somebody's is at fault, not the library: it is asked as before.
            logger.info("No picture %s: %s", request.artwork_id, error)
            return None

    async def content(self, artwork_id: ArtworkId) -> bytes:
        """Return the bytes of a picture. Raises NotFoundError, MediaError, UnavailableError."""
        place = await self._database.read(artwork.location, artwork_id)
        if place is None:
            return await asyncio.to_thread(_read, self._podcast_files.picture(artwork_id))
        path = self._locations.path(*place)
        if path.suffix.lower().removeprefix(".") in COVER_SUFFIXES:
            return await asyncio.to_thread(lambda: _read(self._locations.beside(*place)))
        async with self._reading:
            data = await asyncio.to_thread(
                self._reader.call, os.fsencode(path), timeout=_READ_TIMEOUT
            )
        if data is None:
            raise NotFoundError("The picture is not in the file any more.")
        return data


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise NotFoundError("The picture's file is gone.")
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise NotFoundError("The picture's file cannot be read.") from error
    if len(data) > _LARGEST_FILE:
        raise MediaError("The picture is larger than 32 MiB.")
    return data
