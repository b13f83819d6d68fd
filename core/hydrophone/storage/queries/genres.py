"""Genres with the numbers of tracks and albums that a user can see of them."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from hydrophone.domain.music import Genre
from hydrophone.storage.queries import tracks
from hydrophone.storage.tables.music import genre, track, track_genre


def all_genres(connection: Connection, libraries: Collection[int]) -> tuple[Genre, ...]:
    """Return the genres that have at least one track, by name."""
    statement = (
        select(genre.c.name, func.count(), func.count(track.c.album_id.distinct()))
        .join(track_genre, track_genre.c.genre_key == genre.c.key)
        .join(track, track.c.id == track_genre.c.track_id)
        .where(tracks.is_there(libraries))
        .group_by(genre.c.key)
        .order_by(genre.c.key)
    )
    return tuple(
        Genre(name=name, track_count=track_count, album_count=album_count)
        for name, track_count, album_count in connection.execute(statement)
    )
