"""Where what sources have shown is to be asked for."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import Connection, Table, select

from hydrophone.domain.ids import LibraryId
from hydrophone.storage.tables.library import library
from hydrophone.storage.tables.remote import (
    remote_album,
    remote_artist,
    remote_folder,
    remote_track,
)


class Origin(Struct, frozen=True, kw_only=True):
    """Where a thing that a source has shown is to be asked for."""

    source: str
    """The instance of the plugin."""
    library_id: LibraryId
    native_id: str
    """Empty if the source cannot be asked for the thing itself."""
    artwork_url: str
    """Empty if the source has not told one."""


def album_origin(connection: Connection, album_id: str) -> Origin | None:
    """Return where an album that was shown is to be asked for."""
    return _origin(connection, remote_album, album_id)


def track_origin(connection: Connection, track_id: str) -> Origin | None:
    """Return where a track that was shown is to be asked for and streamed from."""
    return _origin(connection, remote_track, track_id)


def folder_origin(connection: Connection, folder_id: str) -> Origin | None:
    """Return where a place in the tree of a source is to be asked for."""
    return _origin(connection, remote_folder, folder_id)


def artist_origins(
    connection: Connection, libraries: Collection[int], artist_id: str
) -> tuple[Origin, ...]:
    """Return where an artist is to be asked for, at each source that has shown him."""
    statement = (
        select(
            library.c.source,
            library.c.id.label("library_id"),
            remote_artist.c.native_id,
            remote_artist.c.artwork_url,
        )
        .join(library, library.c.id == remote_artist.c.library_id)
        .where(remote_artist.c.id == artist_id, library.c.id.in_(libraries))
        .order_by(library.c.id)
    )
    return tuple(Origin(**row._asdict()) for row in connection.execute(statement))


def _origin(connection: Connection, table: Table, identifier: str) -> Origin | None:
    row = connection.execute(
        select(
            library.c.source,
            library.c.id.label("library_id"),
            table.c.native_id,
            table.c.artwork_url,
        )
        .join(library, library.c.id == table.c.library_id)
        .where(table.c.id == identifier)
    ).one_or_none()
    return None if row is None else Origin(**row._asdict())
