"""Stars and ratings."""

from collections.abc import Sequence

from sqlalchemy import Connection

from hydrophone.domain.ids import kind_of
from hydrophone.domain.library import Starred
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError
from hydrophone.services.clock import Clock
from hydrophone.services.reading import by_rows, visible_libraries
from hydrophone.storage.database import Database
from hydrophone.storage.queries import albums, annotations, artists, folders, tracks
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.tracks import TRACKS

_HIGHEST_RATING = 5


class Annotations:
    """Writes and lists what users leave on artists, albums and tracks."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def starred(self, viewer: User, library_id: int | None = None) -> Starred:
        """Return all that a user has starred, newest star first."""
        libraries = visible_libraries(viewer, library_id)
        album_rows = await self._database.read(albums.starred_rows, viewer.id, libraries)
        track_rows = await self._database.read(tracks.starred_rows, viewer.id, libraries)
        albums_found = await by_rows(self._database, ALBUMS, viewer, album_rows)
        tracks_found = await by_rows(self._database, TRACKS, viewer, track_rows)
        return Starred(
            artists=await self._database.read(artists.starred, viewer.id, libraries),
            albums=tuple(albums_found.values()),
            tracks=tuple(tracks_found.values()),
        )

    async def star(self, viewer: User, identifiers: Sequence[str]) -> None:
        """Star artists, albums and tracks; a folder stands for the albums in it.

        Raises NotFoundError if one of them does not exist; then none is starred.
        """
        now = self._clock.now()

        def write(connection: Connection) -> None:
            known = _resolve(connection, viewer, identifiers)
            annotations.star(connection, viewer.id, known, now)

        await self._database.write(write)

    async def unstar(self, viewer: User, identifiers: Sequence[str]) -> None:
        """Take stars away. Raises NotFoundError as `star` does."""

        def write(connection: Connection) -> None:
            known = _resolve(connection, viewer, identifiers)
            annotations.unstar(connection, viewer.id, known)

        await self._database.write(write)

    async def rate(self, viewer: User, identifier: str, rating: int) -> None:
        """Rate something with 1 to 5; 0 takes the rating away.

        Raises NotFoundError, and InvalidInputError for another rating.
        """
        if not 0 <= rating <= _HIGHEST_RATING:
            raise InvalidInputError("A rating is a number from 0 to 5.")

        def write(connection: Connection) -> None:
            for known in _resolve(connection, viewer, [identifier]):
                annotations.rate(connection, viewer.id, known, rating)

        await self._database.write(write)


def _resolve(connection: Connection, viewer: User, identifiers: Sequence[str]) -> list[str]:
    """Return the ids that annotations are kept under."""
    known: list[str] = []
    for identifier in identifiers:
        found = _known(connection, viewer, identifier)
        if not found:
            raise NotFoundError(f"There is nothing with the id {identifier!r}.")
        known += found
    return known


def _known(connection: Connection, viewer: User, identifier: str) -> list[str]:
    match kind_of(identifier):
        case "tr":
            track = TRACKS.one(connection, viewer.id, identifier)
            visible = track is not None and track.library_id in viewer.libraries
            return [identifier] if visible else []
        case "al":
            visible = albums.is_visible(connection, viewer.libraries, identifier)
            return [identifier] if visible else []
        case "ar":
            artist = artists.one(connection, viewer.id, viewer.libraries, identifier)
            return [artist.id] if artist else []
        case "fo":
            folder = folders.one(connection, viewer.libraries, identifier)
            inside = albums.in_folder(connection, viewer.id, folder.id, limit=20) if folder else ()
            return [album.id for album in inside]
    return []
