"""What plugins may see of the library: everything in it, and nothing of its users."""

from pathlib import Path

from hydrophone.domain.ids import UserId
from hydrophone.domain.library import Page
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.services.locations import Locations
from hydrophone.storage.database import Database
from hydrophone.storage.queries import remote, tracks
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.artists import ARTISTS

_NOBODY = UserId(0)
_MOST_TRACKS = 5000


class PluginLibrary:
    """Read-only look-ups; implements `LibraryView`."""

    def __init__(self, *, database: Database, locations: Locations) -> None:
        self._database = database
        self._locations = locations

    async def track(self, track_id: str) -> Track | None:
        """Return a track, also one that a source has only shown; `None` if there is none."""
        known = await self._database.read(remote.known_tracks, _NOBODY, [track_id])
        return known.get(track_id)

    async def album(self, album_id: str) -> Album | None:
        """Return an album; `None` if there is none of this id."""
        return await self._database.read(ALBUMS.one, _NOBODY, album_id)

    async def artist(self, artist_id: str) -> Artist | None:
        """Return an artist; `None` if there is none of this id."""
        return await self._database.read(ARTISTS.one, _NOBODY, artist_id)

    async def album_tracks(self, album_id: str) -> tuple[Track, ...]:
        """Return the tracks of an album by disc and number, 5,000 at most."""
        album = await self.album(album_id)
        if album is None:
            return ()
        return await self._database.read(
            tracks.of_album, _NOBODY, [album.library_id], album.id, Page(size=_MOST_TRACKS)
        )

    async def file(self, track_id: str) -> Path | None:
        """Return the track's file on this machine; `None` if it has none."""
        found = await self._database.read(tracks.local_file, track_id)
        return None if found is None else self._locations.path(found.library_id, found.path)
