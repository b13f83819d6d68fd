"""What is like what, and what is the best of an artist, as far as the library itself knows."""

from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, ArtistId, TrackId, kind_of
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
        year = 0
        match kind_of(identifier):
            case "tr":
                genres = similarity.genres_of_track(TrackId(identifier))
                track = await self._database.read(TRACKS.one, viewer.id, identifier)
                year = track.year if track else 0
            case "al":
                genres = similarity.genres_of_album(AlbumId(identifier))
                album = await self._database.read(ALBUMS.one, viewer.id, identifier)
                year = album.year if album else 0
            case "ar":
                genres = similarity.genres_of_artist(ArtistId(identifier))
            case _:
                return ()
        rows = await self._database.read(
            similarity.similar_track_rows, viewer.libraries, genres, year, count + 1
        )
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


def _artist_of(connection: Connection, viewer: User, identifier: str) -> ArtistId | None:
    """Return the artist that an id of an artist, album or track leads to."""
    match kind_of(identifier):
        case "ar":
            return ArtistId(identifier)
        case "al":
            album = ALBUMS.one(connection, viewer.id, identifier)
            return album.artists[0].id if album and album.artists else None
        case "tr":
            track = TRACKS.one(connection, viewer.id, identifier)
            return track.artists[0].id if track and track.artists else None
    return None
