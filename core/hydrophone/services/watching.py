"""Has the libraries watched, and polls those that cannot be: what changes is scanned."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence

import msgspec

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.domain.units import Seconds
from hydrophone.errors import ScanError
from hydrophone.scanner.messages import (
    FoldersChanged,
    RootGone,
    RootWatched,
    WatchMessage,
    WatchRequest,
)
from hydrophone.services.child_process import child_process
from hydrophone.services.scans import Scans
from hydrophone.storage.database import Database
from hydrophone.storage.queries import libraries as queries

logger = logging.getLogger(__name__)

_READY_SECONDS = 15.0
"""A disk that has to wake up may take longer; then the first scan does not wait for the watch."""
_decode = msgspec.json.Decoder(WatchMessage).decode


class Watching:
    """Runs the watch process, and hands on what it tells to the scans."""

    def __init__(self, *, database: Database, scans: Scans, libraries: Sequence[Library]) -> None:
        self._database = database
        self._scans = scans
        self._libraries = {library.id: library for library in libraries}
        self._polled: dict[LibraryId, str] = {}
        self._unheard = set(self._libraries)
        self._all_heard = asyncio.Event()
        if not self._unheard:
            self._all_heard.set()

    async def ready(self) -> None:
        """Wait until it is known of all libraries how they are watched; 15 seconds at most.

        A scan that begins then misses nothing: what it came too early for is told.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_READY_SECONDS):
                await self._all_heard.wait()

    async def run(self) -> None:
        """Watch until cancelled. Raises ScanError if the watch process ends by itself."""
        request = WatchRequest(libraries=tuple(self._libraries.values()))
        async with child_process("hydrophone.scanner.watch", request) as child:
            async for line in child.lines:
                await self._hear(_decode(line))
        raise ScanError("The process that watches the libraries has ended.")

    async def poll(self, every: Seconds) -> None:
        """Have a quick look at what cannot be watched, again and again until cancelled."""
        while True:
            await asyncio.sleep(every)
            polled = [library_id for library_id, why in self._polled.items() if why]
            if polled:
                self._scans.look_quickly(polled)

    async def _hear(self, message: WatchMessage) -> None:
        match message:
            case FoldersChanged(library=library_id, folders=folders):
                self._scans.look(library_id, folders)
            case RootGone(library=library_id):
                # The scan finds out what is wrong, and says so.
                self._heard(library_id)
            case RootWatched(library=library_id, polled=why):
                await self._note(self._libraries[library_id], why)
                self._heard(library_id)

    def _heard(self, library_id: LibraryId) -> None:
        """Look at a library whose root has come or gone; at first the start decides on that."""
        if library_id in self._unheard:
            self._unheard.discard(library_id)
            if not self._unheard:
                self._all_heard.set()
        else:
            self._scans.look_at(library_id)

    async def _note(self, library: Library, why: str) -> None:
        """Remember, and say once, why a library is not watched."""
        if self._polled.get(library.id, "") == why:
            return
        self._polled[library.id] = why
        if why:
            logger.warning("The library %r is not watched, but polled: %s", library.name, why)
        else:
            logger.info("The library %r is watched again.", library.name)
        await self._database.write(queries.put_polled, library.id, why)
