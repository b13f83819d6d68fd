"""Where an album stands among those of other artists: by the sort names of its artists.

These come with any of their tracks, so an album may move because another one was read.
"""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select, update

from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.music import album, album_artist, artist

_SEPARATOR = "\x1f"
"""Below all that is in sort keys: whoever is credited with others stands in front of those whose
names begin with his, Simon & Garfunkel before Simon Bolivar."""

# Made once: putting a statement together takes longer than running it.
_KEYS_OF_ALBUMS = (
    select(album_artist.c.album_id, artist.c.sort_key)
    .join(artist, artist.c.id == album_artist.c.artist_id)
    .where(among(album_artist.c.album_id, bindparam("albums")))
    .order_by(album_artist.c.album_id, album_artist.c.position)
)
_KEYS_OF_ARTISTS = select(artist.c.id, artist.c.sort_key).where(
    among(artist.c.id, bindparam("artists"))
)
_ALBUMS_OF_ARTISTS = (
    select(album_artist.c.album_id)
    .where(among(album_artist.c.artist_id, bindparam("artists")))
    .distinct()
)
_MOVE = (
    update(album)
    .where(album.c.id == bindparam("album_id"), album.c.artist_sort_key != bindparam("place"))
    .values(artist_sort_key=bindparam("place"))
)


def keys(connection: Connection, artist_ids: Collection[str]) -> dict[str, str]:
    """Return {id: sort key} of those artists that are known."""
    rows = connection.execute(_KEYS_OF_ARTISTS, {"artists": as_json(artist_ids)})
    return {row.id: row.sort_key for row in rows}


def move_albums(connection: Connection, album_ids: Collection[str]) -> None:
    """Give albums the place that their credits and artists, as written, tell.

    One that is credited to nobody keeps the place by its printed credit.
    """
    found: dict[str, list[str]] = {}
    for row in connection.execute(_KEYS_OF_ALBUMS, {"albums": as_json(album_ids)}):
        found.setdefault(row.album_id, []).append(row.sort_key)
    if found:
        places = [
            {"album_id": one, "place": _SEPARATOR.join(parts)} for one, parts in found.items()
        ]
        connection.execute(_MOVE, places)


def move_albums_of(connection: Connection, artist_ids: Collection[str]) -> None:
    """Give all albums of artists their place, after the sort keys of these have changed."""
    if artist_ids:
        found = connection.execute(_ALBUMS_OF_ARTISTS, {"artists": as_json(artist_ids)})
        move_albums(connection, found.scalars().all())
