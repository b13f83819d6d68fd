"""What is like what, and what is the best of an artist, as far as the library itself knows."""

from collections.abc import Sequence

from sqlalchemy import Connection, Select

from hydrophone.domain.ids import ArtistId, kind_of
from hydrophone.domain.music import Artist, Track
from hydrophone.domain.user import User
from hydrophone.services.reading import by_rows
from hydrophone.storage.database import Database
from hydrophone.storage.queries import artists, similarity, tracks
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.tracks import TRACKS


class Similarity:
    """Answers from genres, years and plays; empty rather than an error when nothing is known."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def similar_artists(
        self, viewer: User, identifier: str, count: int
    ) -> tuple[Artist, ...]:
        """Return artists like that of an artist, album or track id, the nearest first."""

        def query(connection: Connection) -> tuple[Artist, ...]:
            artist_id = _artist_of(connection, viewer, identifier)
            if artist_id is None:
                return ()
            return similarity.similar_artists(
                connection, viewer.id, viewer.libraries, artist_id, count
            )

        return await self._database.read(query)

    async def similar_tracks(self, viewer: User, identifier: str, count: int) -> tuple[Track, ...]:
        """Return tracks like an artist, album or track, drawn anew each time."""

        def query(connection: Connection) -> Sequence[int]:
            near = _genres_and_year(connection, viewer, identifier)
            if near is None:
                return ()
            return similarity.similar_track_rows(connection, viewer.libraries, *near, count + 1)

        rows = await self._database.read(query)
        found = await by_rows(self._database, TRACKS, viewer, rows)
        return tuple(t for t in found.values() if t.id != identifier)[:count]

    async def top_tracks(self, viewer: User, artist_name: str, count: int) -> tuple[Track, ...]:
        """Return the best tracks of an artist by name, whatever its case; empty if unknown."""
        for artist_id in await self._database.read(artists.by_name, artist_name):
            found = await self.top_tracks_of(viewer, artist_id, count)
            if found:
                return found
        return ()

    async def top_tracks_of(self, viewer: User, artist_id: str, count: int) -> tuple[Track, ...]:
        """Return the tracks of an artist that the viewer plays most, then the best rated."""
        return await self._database.read(
            tracks.of_artist, viewer.id, viewer.libraries, ArtistId(artist_id), count
        )


def _genres_and_year(
    connection: Connection, viewer: User, identifier: str
) -> tuple[Select[tuple[str]], int] | None:
    """Return what makes things similar to this one; `None` if the viewer may not see it."""
    match kind_of(identifier):
        case "tr":
            track = TRACKS.one(connection, viewer.id, identifier)
            if track is not None and track.library_id in viewer.libraries:
                return similarity.genres_of_track(track.id), track.year
        case "al":
            album = ALBUMS.one(connection, viewer.id, identifier)
            if album is not None and album.library_id in viewer.libraries:
                return similarity.genres_of_album(album.id), album.year
        case "ar":
            artist = artists.one(connection, viewer.id, viewer.libraries, identifier)
            if artist is not None:
                return similarity.genres_of_artist(artist.id), 0
    return None


def _artist_of(connection: Connection, viewer: User, identifier: str) -> ArtistId | None:
    """Return the artist that an id of an artist, album or track leads to."""
    match kind_of(identifier):
        case "ar":
            artist = artists.one(connection, viewer.id, viewer.libraries, identifier)
            return artist.id if artist else None
        case "al":
            album = ALBUMS.one(connection, viewer.id, identifier)
            visible = album is not None and album.library_id in viewer.libraries
            return album.artists[0].id if album and visible and album.artists else None
        case "tr":
            track = TRACKS.one(connection, viewer.id, identifier)
            visible = track is not None and track.library_id in viewer.libraries
            return track.artists[0].id if track and visible and track.artists else None
    return None
