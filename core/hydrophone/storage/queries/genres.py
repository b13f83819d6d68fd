"""Genres with the tracks and albums that users of some libraries can see of them."""

from array import array
from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, Text, func, literal_column, select

from hydrophone.domain.music import Genre
from hydrophone.storage.queries import albums, tracks
from hydrophone.storage.tables.music import album, genre, track, track_genre

_decode_numbers = msgspec.json.Decoder(list[int]).decode
_HAS_GENRE = track_genre.c.track_id == track.c.id
# The sign keeps SQLite from going through the genres first and looking for each track anew, which
# takes three times as long.
_KEY = literal_column("+track_genre.genre_key", Text).label("key")


class GenreMembers(Struct, frozen=True, kw_only=True):
    """A genre with all that has it."""

    genre: Genre
    tracks: Sequence[int]
    """Rows in the stable order of the library."""
    years: Sequence[int]
    """Those of the tracks; 0 if unknown."""
    albums: Sequence[int]
    """Rows, by name, of albums with at least one track of it."""


NO_MEMBERS = GenreMembers(
    genre=Genre(name="", track_count=0, album_count=0), tracks=(), years=(), albums=()
)
"""For a genre that nothing has."""


def members(
    connection: Connection, libraries: Collection[int], albums_by_name: Sequence[int]
) -> dict[str, GenreMembers]:
    """Return {key: genre} of the genres that have at least one track, by key.

    `albums_by_name` are the rows of all albums of these libraries. Reads everything at once, in
    some 0.35 s for 100,000 tracks, for a thread that holds nobody up.
    """
    of_tracks = select(_KEY, track.c.row, track.c.year).join_from(track, track_genre, _HAS_GENRE)
    of_albums = (
        select(_KEY, album.c.row)
        .join_from(track, track_genre, _HAS_GENRE)
        .join(album, album.c.id == track.c.album_id)
        .distinct()
    )
    there = tracks.is_there(libraries)
    with_albums = _lists(connection, of_albums.where(there, albums.is_there(libraries)))
    names = {row.key: row.name for row in connection.execute(select(genre))}
    places = {row: place for place, row in enumerate(albums_by_name)}
    found = {}
    for key, (rows, years) in sorted(_lists(connection, of_tracks.where(there)).items()):
        (album_rows,) = with_albums.get(key, ([],))
        # What came since the albums were put into order has no place yet.
        by_name = sorted((row for row in album_rows if row in places), key=places.__getitem__)
        in_order = sorted(zip(rows, years, strict=True))
        found[key] = GenreMembers(
            genre=Genre(name=names[key], track_count=len(rows), album_count=len(by_name)),
            tracks=array("I", (row for row, _ in in_order)),
            years=array("i", (year for _, year in in_order)),
            albums=array("I", by_name),
        )
    return found


def _lists(
    connection: Connection, statement: Select[*tuple[Any, ...]]
) -> dict[str, list[list[int]]]:
    """Return {genre's key: a list for each further column}, in no order.

    SQLite makes the lists: to fetch 200,000 rows one by one would hold up others for longer.
    """
    rows = statement.subquery()
    key, *columns = rows.c
    grouped = select(key, *map(func.json_group_array, columns)).group_by(key)
    return {
        name: [_decode_numbers(text) for text in texts]
        for name, *texts in connection.execute(grouped)
    }
