"""What is near to what, as far as tags tell: common genres, then near years."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Select, func, select

from hydrophone.domain.ids import AlbumId, ArtistId, TrackId, UserId
from hydrophone.domain.music import Artist
from hydrophone.storage.queries import albums, artists, tracks
from hydrophone.storage.tables.music import (
    album,
    album_artist,
    artist,
    track,
    track_artist,
    track_genre,
)


def genres_of_artist(artist_id: ArtistId) -> Select[tuple[str]]:
    """Select the genres of all that an artist is on."""
    return (
        select(track_genre.c.genre_key)
        .join(track_artist, track_artist.c.track_id == track_genre.c.track_id)
        .where(track_artist.c.artist_id == artist_id)
    )


def genres_of_album(album_id: AlbumId) -> Select[tuple[str]]:
    """Select the genres of an album's tracks."""
    return (
        select(track_genre.c.genre_key)
        .join(track, track.c.id == track_genre.c.track_id)
        .where(track.c.album_id == album_id)
    )


def genres_of_track(track_id: TrackId) -> Select[tuple[str]]:
    """Select a track's genres."""
    return select(track_genre.c.genre_key).where(track_genre.c.track_id == track_id)


def similar_artists(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[int],
    artist_id: ArtistId,
    limit: int,
) -> tuple[Artist, ...]:
    """Return album artists who have genres in common with this one, the nearest first."""
    common = func.count(track_genre.c.genre_key.distinct())
    near = (
        select(album_artist.c.artist_id, common.label("common"))
        .join(album, album.c.id == album_artist.c.album_id)
        .join(track, track.c.album_id == album.c.id)
        .join(track_genre, track_genre.c.track_id == track.c.id)
        .where(
            track_genre.c.genre_key.in_(genres_of_artist(artist_id)),
            albums.is_there(libraries),
            album_artist.c.artist_id != artist_id,
        )
        .group_by(album_artist.c.artist_id)
        .subquery()
    )
    statement = (
        artists.ARTISTS.select(user_id)
        .join(near, near.c.artist_id == artist.c.id)
        .order_by(near.c.common.desc(), artist.c.sort_key, artist.c.row)
        .limit(limit)
    )
    return artists.counted(connection, libraries, artists.ARTISTS.all(connection, statement))


def similar_track_rows(
    connection: Connection,
    libraries: Collection[int],
    genres: Select[tuple[str]],
    year: int,
    limit: int,
) -> Sequence[int]:
    """Draw rows of tracks that share a genre; the more genres and the nearer in time, the likelier.

    `year` 0 means that time does not matter. Each call draws anew: apps use it as a radio.
    """
    distance = func.abs(track.c.year - year) if year else func.abs(0)
    jitter = func.abs(func.random() % 20)
    statement = (
        select(track.c.row)
        .join(track_genre, track_genre.c.track_id == track.c.id)
        .where(track_genre.c.genre_key.in_(genres), tracks.is_there(libraries))
        .group_by(track.c.row)
        .order_by(func.count().desc(), distance + jitter, func.random())
        .limit(limit)
    )
    return connection.execute(statement).scalars().all()
