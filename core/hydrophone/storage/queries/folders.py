"""The real folder tree."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection, func, select

from hydrophone.domain.ids import FolderId, LibraryId, UserId
from hydrophone.domain.library import Folder
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.library import folder
from hydrophone.storage.tables.music import track

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


def children(connection: Connection, parent_id: FolderId) -> Sequence[FolderId]:
    """Return the ids of all folders directly below one, in natural order."""
    statement = (
        select(folder.c.id)
        .where(folder.c.parent_id == parent_id)
        .order_by(folder.c.sort_key, folder.c.id)
    )
    return list(map(FolderId, connection.execute(statement).scalars()))


def some(
    connection: Connection, user_id: UserId, identifiers: Sequence[FolderId]
) -> tuple[Folder, ...]:
    """Return these folders (at most 500) in their order, each with its album if it is one."""
    statement = select(*_COLUMNS).where(among(folder.c.id, as_json(identifiers)))
    known = {row.id: Folder(**row._asdict()) for row in connection.execute(statement)}
    return with_albums(connection, user_id, [known[i] for i in identifiers if i in known])


def with_albums(
    connection: Connection, user_id: UserId, found: Sequence[Folder]
) -> tuple[Folder, ...]:
    """Add to each folder the album that its own files make up, if they make up exactly one."""
    statement = (
        select(track.c.folder_id, func.min(track.c.album_id))
        .where(
            among(track.c.folder_id, as_json([folder.id for folder in found])),
            track.c.missing_since.is_(None),
        )
        .group_by(track.c.folder_id)
        .having(func.min(track.c.album_id) == func.max(track.c.album_id))
    )
    only = {row[0]: row[1] for row in connection.execute(statement)}
    known = ALBUMS.by_ids(connection, user_id, only.values())
    return tuple(msgspec.structs.replace(of, album=known.get(only.get(of.id, ""))) for of in found)


def local_path(connection: Connection, folder_id: str) -> tuple[int, str] | None:
    """Return (library id, escaped relative path) of a folder."""
    row = connection.execute(
        select(folder.c.library_id, folder.c.path).where(folder.c.id == folder_id)
    ).one_or_none()
    return None if row is None else (row.library_id, row.path)
