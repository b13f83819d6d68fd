"""Writes what follows from albums and tracks: credits, genres, lyrics, search texts.

Nobody reads it while a scan shelves, so it is written for many albums at once.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import insert as insert_or

from hydrophone.domain.ids import ArtistId, TrackId
from hydrophone.domain.music import Album, Track
from hydrophone.storage import search_index
from hydrophone.storage.folding import index_text, name_key
from hydrophone.storage.queries import artist_order
from hydrophone.storage.queries.upsert import insert
from hydrophone.storage.tables.music import (
    album_artist,
    genre,
    lyrics,
    track_artist,
    track_genre,
)

_NEW_GENRES = insert_or(genre).on_conflict_do_nothing()


def index_albums(connection: Connection, things: Collection[Album]) -> None:
    """Write the credits of albums and let them be found."""
    _clear(connection, album_artist, "album_id", [thing.id for thing in things])
    credits_ = [
        {"album_id": thing.id, "position": position, "artist_id": credit.id}
        for thing in things
        for position, credit in enumerate(thing.artists)
    ]
    insert(connection, album_artist, credits_)
    artist_order.move_albums(connection, [thing.id for thing in things])
    search_index.put(connection, "album", {thing.id: _album_text(thing) for thing in things})


def index_tracks(connection: Connection, things: Collection[Track]) -> None:
    """Write the credits and genres of tracks and let them be found."""
    ids = [thing.id for thing in things]
    _clear(connection, track_artist, "track_id", ids)
    _clear(connection, track_genre, "track_id", ids)
    insert(connection, track_artist, [row for thing in things for row in _credit_rows(thing)])
    _put_genres(connection, things)
    search_index.put(connection, "track", {thing.id: _track_text(thing) for thing in things})


def put_lyrics(connection: Connection, texts: Mapping[TrackId, Sequence[str]]) -> None:
    """Write the words that files carry; no texts take them away."""
    _clear(connection, lyrics, "track_id", texts)
    rows = [
        {"track_id": track_id, "position": position, "text": text}
        for track_id, those in texts.items()
        for position, text in enumerate(those)
    ]
    insert(connection, lyrics, rows)


def _clear(connection: Connection, table: Table, column: str, ids: Collection[str]) -> None:
    if ids:
        connection.exec_driver_sql(
            f"DELETE FROM {table.name} WHERE {column} = ?",  # noqa: S608 - our own names
            [(identifier,) for identifier in ids],
        )


def _credit_rows(thing: Track) -> Iterator[dict[str, object]]:
    roles: dict[str, list[ArtistId]] = {"artist": [credit.id for credit in thing.artists]}
    for contributor in thing.contributors:
        roles.setdefault(contributor.role, []).append(contributor.artist.id)
    for role, credited in roles.items():
        for position, artist_id in enumerate(credited):
            yield {
                "track_id": thing.id,
                "role": role,
                "position": position,
                "artist_id": artist_id,
            }


def _put_genres(connection: Connection, things: Collection[Track]) -> None:
    names: dict[str, str] = {}
    links: dict[tuple[str, str], None] = {}
    for thing in things:
        for name in thing.genres:
            key = name_key(name)
            names.setdefault(key, name)
            links[thing.id, key] = None
    if names:
        rows = [{"key": key, "name": name} for key, name in names.items()]
        connection.execute(_NEW_GENRES, rows)
    insert(
        connection,
        track_genre,
        [{"track_id": track_id, "genre_key": key} for track_id, key in links],
    )


def _track_text(thing: Track) -> str:
    return index_text(
        thing.title,
        thing.display_artist,
        *(credit.name for credit in thing.artists),
        thing.album_name,
    )


def _album_text(thing: Album) -> str:
    return index_text(thing.name, thing.display_artist, *(credit.name for credit in thing.artists))
