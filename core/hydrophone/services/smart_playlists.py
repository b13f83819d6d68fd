"""What smart playlists have, for who asks."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence

import msgspec

from hydrophone.domain.ids import LibraryId, PlaylistId, UserId
from hydrophone.domain.nsp import read_rules
from hydrophone.domain.playlist import Extent, Playlist
from hydrophone.domain.stored_track import StoredTrack
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import HydrophoneError, UnavailableError
from hydrophone.services.clock import Clock
from hydrophone.services.reading import found_by_rows
from hydrophone.storage.database import Database
from hydrophone.storage.queries import rules
from hydrophone.storage.queries.rules import Viewpoint
from hydrophone.storage.queries.tracks import stored_by_rows

logger = logging.getLogger(__name__)

_LONGEST = 10.0
"""Seconds that somebody waits for one smart playlist."""
_FRESH_MS = 60_000
"""How long a list of playlists shows what was counted: apps ask for it at every start."""
_MOST_KEPT = 4096

_Key = tuple[PlaylistId, Timestamp, UserId, tuple[LibraryId, ...]]


class SmartPlaylists:
    """Evaluates rules for a viewer; his stars, ratings and plays count, and what he may see."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._extents: OrderedDict[_Key, tuple[Timestamp, Extent]] = OrderedDict()

    async def tracks(
        self, viewer: User, playlist: Playlist
    ) -> tuple[Timestamp, tuple[StoredTrack, ...]]:
        """Return the tracks of a smart playlist as of now, and until when they may be kept.

        Raises UnavailableError if that takes too long, InvalidInputError if the rules are of
        another version of this program and cannot be read.
        """
        view = self._view(viewer, playlist)
        chosen = read_rules(playlist.rules)
        async with _in_time():
            found = await self._database.read(rules.rows, chosen, view)
        tracks = await found_by_rows(self._database, stored_by_rows, viewer, found)
        return Timestamp(view.now + _FRESH_MS), tuple(tracks.values())

    async def counted(self, viewer: User, playlists: Sequence[Playlist]) -> tuple[Playlist, ...]:
        """Return playlists with the numbers of the smart ones among them.

        These may be a minute old. One that cannot be counted shows 0, and why is in the log: it
        must not take the others from the list.
        """
        return tuple([await self._counted(viewer, one) if one.rules else one for one in playlists])

    async def _counted(self, viewer: User, playlist: Playlist) -> Playlist:
        try:
            counted, extent = await self._extent(viewer, playlist)
        except HydrophoneError as error:
            logger.warning("Smart playlist %s cannot be counted: %s", playlist.id, error)
            return playlist
        return msgspec.structs.replace(
            playlist,
            track_count=extent.track_count,
            duration=extent.duration,
            valid_until=Timestamp(counted + _FRESH_MS),
        )

    async def _extent(self, viewer: User, playlist: Playlist) -> tuple[Timestamp, Extent]:
        """Return when it was counted, and what was."""
        key = (playlist.id, playlist.changed, viewer.id, viewer.libraries)
        view = self._view(viewer, playlist)
        known = self._extents.get(key)
        if known is not None and 0 <= view.now - known[0] < _FRESH_MS:
            return known
        async with _in_time():
            chosen = read_rules(playlist.rules)
            extent = await self._database.read(rules.extent, chosen, view)
        self._extents[key] = (view.now, extent)
        if len(self._extents) > _MOST_KEPT:
            self._extents.popitem(last=False)
        return view.now, extent

    def _view(self, viewer: User, playlist: Playlist) -> Viewpoint:
        return Viewpoint(
            viewer=viewer.id,
            libraries=viewer.libraries,
            playlist_id=playlist.id,
            now=self._clock.now(),
        )


@contextlib.asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(_LONGEST):
            yield
    except TimeoutError as error:
        raise UnavailableError("This smart playlist takes too long to find.") from error
