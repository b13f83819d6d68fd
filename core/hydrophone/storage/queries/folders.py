"""The real folder tree."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, select

from hydrophone.domain.ids import FolderId, LibraryId, UserId
from hydrophone.domain.library import Folder
from hydrophone.storage.queries import albums
from hydrophone.storage.tables.library import folder

_COLUMNS = (folder.c.id, folder.c.library_id, folder.c.parent_id, folder.c.name)


def one(connection: Connection, libraries: Collection[int], folder_id: str) -> Folder | None:
    """Return a folder of one of these libraries."""
    statement = select(*_COLUMNS).where(
        folder.c.id == folder_id, folder.c.library_id.in_(libraries)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else Folder(**row._asdict())


def root(connection: Connection, library_id: LibraryId) -> Folder | None:
    """Return a library's root folder; `None` before its first scan."""
    statement = select(*_COLUMNS).where(folder.c.library_id == library_id, folder.c.path == "")
    row = connection.execute(statement).one_or_none()
    return None if row is None else Folder(**row._asdict())


def children(connection: Connection, user_id: UserId, parent_id: FolderId) -> tuple[Folder, ...]:
    """Return the folders directly below one in natural order, each with its album if it is one."""
    statement = (
        select(*_COLUMNS)
        .where(folder.c.parent_id == parent_id)
        .order_by(folder.c.sort_key, folder.c.id)
    )
    return tuple(
        with_album(connection, user_id, Folder(**row._asdict()))
        for row in connection.execute(statement).all()
    )


def with_album(connection: Connection, user_id: UserId, of: Folder) -> Folder:
    """Add the album that a folder's own files make up, if it is exactly one."""
    found = albums.in_folder(connection, user_id, of.id)
    return msgspec.structs.replace(of, album=found[0]) if len(found) == 1 else of


def local_path(connection: Connection, folder_id: str) -> tuple[int, str] | None:
    """Return (library id, escaped relative path) of a folder."""
    row = connection.execute(
        select(folder.c.library_id, folder.c.path).where(folder.c.id == folder_id)
    ).one_or_none()
    return None if row is None else (row.library_id, row.path)
