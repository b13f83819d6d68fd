"""Genres with the tracks and albums that users of some libraries can see of them."""

from array import array
from collections.abc import Collection, Iterator, Sequence

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
_YEARS = 1 << 16
"""More than there are: a year has four digits."""
_ROW_AND_YEAR = (track.c.row * _YEARS + track.c.year).label("row_and_year")
"""One number sorts by row, and as an object takes a quarter of what a pair of numbers does."""


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
    of_tracks = select(_KEY, _ROW_AND_YEAR).join_from(track, track_genre, _HAS_GENRE)
    there = tracks.is_there(libraries)
    # An album is looked up once, and not for each of its tracks.
    having = (
        select(_KEY, track.c.album_id)
        .join_from(track, track_genre, _HAS_GENRE)
        .where(there)
        .distinct()
        .subquery()
    )
    of_albums = select(having.c.key, album.c.row).join(album, album.c.id == having.c.album_id)
    with_albums = {
        key: array("I", rows)
        for key, rows in _lists(connection, of_albums.where(albums.is_there(libraries)))
    }
    names = {row.key: row.name for row in connection.execute(select(genre))}
    places = {row: place for place, row in enumerate(albums_by_name)}
    found = {}
    for key, rows_and_years in _lists(connection, of_tracks.where(there)):
        # What came since the albums were put into order has no place yet.
        by_name = [row for row in with_albums.get(key, ()) if row in places]
        found[key] = GenreMembers(
            genre=Genre(name=names[key], track_count=len(rows_and_years), album_count=len(by_name)),
            tracks=array("I", (both // _YEARS for both in rows_and_years)),
            years=array("H", (both % _YEARS for both in rows_and_years)),
            albums=array("I", sorted(by_name, key=places.__getitem__)),
        )
    return dict(sorted(found.items()))


def _lists(connection: Connection, statement: Select[str, int]) -> Iterator[tuple[str, list[int]]]:
    """Yield each genre's key with the numbers of the other column, sorted.

    SQLite makes the lists: to fetch 200,000 rows one by one would hold up others for longer. Only
    one at a time becomes objects, which for all of them take ten times as much as is kept.
    """
    rows = statement.subquery()
    key, numbers = rows.c
    grouped = select(key, func.json_group_array(numbers)).group_by(key)
    for name, text in connection.execute(grouped):
        yield name, sorted(_decode_numbers(text))
