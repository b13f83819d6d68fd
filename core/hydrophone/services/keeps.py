"""What users want to stay on the disk: tracks, albums, and playlists with all their tracks."""

from collections.abc import Sequence

from msgspec.structs import replace

from hydrophone.domain.ids import ALBUM, PLAYLIST, TRACK, AlbumId, PlaylistId, kind_of
from hydrophone.domain.library import Page
from hydrophone.domain.music import Track
from hydrophone.domain.playlist import Playlist
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError, NotPermittedError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.clock import Clock
from hydrophone.services.playlists import Playlists
from hydrophone.services.reading import by_ids, every_page, steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import keeps, tracks
from hydrophone.storage.queries.tracks import TRACKS


class Keeps:
    """Notes wishes; `services/keeping.py` fetches what they name."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        playlists: Playlists,
        catalogue: Catalogue,
    ) -> None:
        self._database = database
        self._clock = clock
        self._playlists = playlists
        self._catalogue = catalogue

    async def page(self, viewer: User, page: Page) -> tuple[Track, ...]:
        """Return the tracks that a user has asked to be kept, the newest first."""
        found = await self._database.read(keeps.kept, viewer.id, page)
        return await by_ids(self._database, TRACKS, viewer, found)

    async def keep(self, viewer: User, identifier: str) -> None:
        """Keep a track, an album or all tracks of a playlist, for ever.

        What is not here is fetched; a playlist keeps what is added to it later as well. What is
        in a library is there anyway. Raises NotFoundError, InvalidInputError for other things, and
        NotPermittedError for the playlist of another.
        """
        if kind_of(identifier) == PLAYLIST:
            playlist = await self._own(viewer, identifier)
            await self._database.write(keeps.keep_playlist, playlist.id, self._clock.now())
            return
        await self._catalogue.adopt(viewer, [identifier])
        for step in steps(await self._tracks(viewer, identifier)):
            await self._database.write(keeps.keep_tracks, viewer.id, step, self._clock.now())

    async def unkeep(self, viewer: User, identifier: str) -> None:
        """Take it back. Copies stay until there is a limit, or somebody deletes them.

        Raises as `keep` does.
        """
        if kind_of(identifier) == PLAYLIST:
            playlist = await self._own(viewer, identifier)
            await self._database.write(keeps.unkeep_playlist, playlist.id)
            return
        for step in steps(await self._tracks(viewer, identifier)):
            await self._database.write(keeps.unkeep_tracks, viewer.id, step)

    async def _own(self, viewer: User, identifier: str) -> Playlist:
        playlist = (await self._playlists.get(viewer, identifier)).playlist
        if playlist.owner != viewer.name:
            raise NotPermittedError("Only its owner has a playlist keep its tracks.")
        if playlist.rules or playlist.is_made:
            raise InvalidInputError("What the server puts into a playlist cannot be kept by it.")
        return replace(playlist, id=PlaylistId(playlist.id))

    async def _tracks(self, viewer: User, identifier: str) -> Sequence[str]:
        if kind_of(identifier) == TRACK:
            found: Sequence[Track] = await by_ids(self._database, TRACKS, viewer, [identifier])
        elif kind_of(identifier) == ALBUM:
            found = await every_page(
                self._database,
                lambda connection, page: tracks.of_album(
                    connection, viewer.id, viewer.libraries, AlbumId(identifier), page
                ),
            )
        else:
            raise InvalidInputError("Tracks, albums and playlists can be kept.")
        if not found:
            raise NotFoundError("There is no such track or album.")
        return [track.id for track in found]
