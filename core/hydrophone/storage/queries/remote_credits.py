"""Whom sources credit, when two artists turn out to be one."""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, Table, func, select

from hydrophone.domain.ids import ArtistId
from hydrophone.storage.queries import shown_recordings
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.music import alias
from hydrophone.storage.tables.remote import (
    remote_album,
    remote_album_artist,
    remote_artist,
    remote_track,
    remote_track_key,
)


def has_any(connection: Connection) -> bool:
    """Say whether sources have shown any artist at all."""
    return connection.execute(select(remote_artist.c.id).limit(1)).first() is not None


def shown(connection: Connection, artist_ids: Iterable[ArtistId]) -> set[ArtistId]:
    """Return which of these artists sources have shown, whatever is in the library."""
    statement = select(remote_artist.c.id).where(among(remote_artist.c.id, as_json(artist_ids)))
    return set(map(ArtistId, connection.execute(statement).scalars()))


def present_ids(connection: Connection, artist_ids: Iterable[str]) -> dict[str, str]:
    """Return {id: present id} of those of these artists who have become others."""
    statement = select(alias).where(among(alias.c.old_id, as_json(artist_ids)))
    return {row.old_id: row.new_id for row in connection.execute(statement)}


def merge(connection: Connection, old: ArtistId, new: ArtistId) -> None:
    """Give another artist all that sources have shown of one; they are asked for him as before."""
    albums = select(remote_album_artist.c.album_id).where(remote_album_artist.c.artist_id == old)
    begin = shown_recordings.artist_key(old)
    # Whatever follows the separator is less than the next character.
    his = remote_track_key.c.key.between(begin, begin[:-1] + chr(ord(begin[-1]) + 1))
    tracks = select(remote_track_key.c.track_id).where(his)
    _rename(connection, remote_album, remote_album.c.id.in_(albums), old, new)
    of_albums = remote_track.c.album_id.in_(albums)
    _rename(connection, remote_track, remote_track.c.id.in_(tracks) | of_albums, old, new)
    key = new + func.substr(remote_track_key.c.key, len(old) + 1)
    _move(connection, remote_track_key, his, {"key": key})
    is_old = remote_album_artist.c.artist_id == old
    _move(connection, remote_album_artist, is_old, {"artist_id": new})
    # Who can be asked for stays, not the mere name.
    names = select(remote_artist.c.library_id).where(
        remote_artist.c.id == old, remote_artist.c.native_id != ""
    )
    connection.execute(
        remote_artist.delete().where(
            remote_artist.c.id == new,
            remote_artist.c.native_id == "",
            remote_artist.c.library_id.in_(names),
        )
    )
    is_old = remote_artist.c.id == old
    _rename(connection, remote_artist, is_old, old, new)
    _move(connection, remote_artist, is_old, {"id": new})


def _rename(
    connection: Connection, table: Table, mine: ColumnElement[bool], old: str, new: str
) -> None:
    """Put one id for another in documents; in its quotes it is part of no other text."""
    renamed = func.replace(table.c.document, f'"{old}"', f'"{new}"')
    connection.execute(table.update().where(mine).values(document=renamed))


def _move(
    connection: Connection, table: Table, mine: ColumnElement[bool], values: Mapping[str, object]
) -> None:
    """Change keys of rows; what would then be there twice goes."""
    connection.execute(table.update().prefix_with("OR IGNORE").where(mine).values(values))
    connection.execute(table.delete().where(mine))
