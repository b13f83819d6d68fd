"""Files in libraries that are playlists, as the scan process knows them."""

from collections.abc import Collection

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, update

from hydrophone.domain.ids import LibraryId, PlaylistId, TrackId, UserId
from hydrophone.domain.library import ScanProblem
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import Roles
from hydrophone.storage.queries.json_list import as_json
from hydrophone.storage.queries.native_ids import LOCAL, PART
from hydrophone.storage.queries.upsert import upsert
from hydrophone.storage.queries.users import name_key
from hydrophone.storage.tables.library import library
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.playlist import playlist, playlist_file
from hydrophone.storage.tables.user import user


class Said(Struct, frozen=True, kw_only=True):
    """What a file says of its playlist besides the tracks."""

    name: str = ""
    comment: str = ""
    is_public: bool = False


class PlaylistFileRecord(Struct, frozen=True, kw_only=True):
    """A file as it was when it was read."""

    library_id: LibraryId
    path: str
    """Escaped, relative to the root."""
    playlist_id: PlaylistId | None
    """`None` if there is no playlist: the file cannot be read, or nothing of it is there."""
    stat: tuple[int, int, int]
    """Size, mtime and ctime in nanoseconds."""
    digest: str
    unresolved: int
    """Entries that are no tracks."""
    said: Said
    problem: str = ""


def known(connection: Connection, library_id: LibraryId) -> dict[str, PlaylistFileRecord]:
    """Return the known files of a library by path."""
    rows = connection.execute(
        select(playlist_file).where(playlist_file.c.library_id == library_id)
    ).all()
    return {
        row.path: PlaylistFileRecord(
            library_id=row.library_id,
            path=row.path,
            playlist_id=row.playlist_id,
            stat=(row.size, row.mtime_ns, row.ctime_ns),
            digest=row.digest,
            unresolved=row.unresolved,
            said=msgspec.json.decode(row.said, type=Said),
            problem=row.problem,
        )
        for row in rows
    }


def folders(connection: Connection, library_id: LibraryId) -> frozenset[str]:
    """Return the escaped paths of the folders in which there were such files."""
    paths = connection.execute(
        select(playlist_file.c.path).where(playlist_file.c.library_id == library_id)
    )
    return frozenset(path.rpartition("/")[0] for path in paths.scalars())


def put(connection: Connection, record: PlaylistFileRecord) -> None:
    """Write a file, new or in place of what was known of it."""
    size, mtime_ns, ctime_ns = record.stat
    values = {
        "library_id": record.library_id,
        "path": record.path,
        "playlist_id": record.playlist_id,
        "size": size,
        "mtime_ns": mtime_ns,
        "ctime_ns": ctime_ns,
        "digest": record.digest,
        "unresolved": record.unresolved,
        "said": msgspec.json.encode(record.said).decode(),
        "problem": record.problem,
    }
    upsert(connection, playlist_file, ["library_id", "path"], [values])


def rename(connection: Connection, record: PlaylistFileRecord, path: str) -> None:
    """Note that a file is at another place now."""
    connection.execute(
        update(playlist_file)
        .where(playlist_file.c.library_id == record.library_id, playlist_file.c.path == record.path)
        .values(path=path)
    )


def forget(connection: Connection, record: PlaylistFileRecord) -> None:
    """Delete what is known of a file that is gone, with its playlist."""
    connection.execute(
        delete(playlist_file).where(
            playlist_file.c.library_id == record.library_id, playlist_file.c.path == record.path
        )
    )
    connection.execute(delete(playlist).where(playlist.c.id == record.playlist_id))


def owner(connection: Connection, name: str) -> UserId | None:
    """Return the user of this name, without a name the first admin; `None` if there is none."""
    statement = select(user.c.id, user.c.roles).order_by(user.c.id)
    if name:
        statement = statement.where(user.c.name_key == name_key(name))
    for user_id, roles in connection.execute(statement):
        if name or msgspec.json.decode(roles, type=Roles).admin:
            return UserId(user_id)
    return None


def tracks_at(
    connection: Connection, native_ids: Collection[str]
) -> dict[str, list[tuple[Seconds, TrackId]]]:
    """Return {native id of a local file: its tracks} of those that are there and hold any.

    A track is given with where it begins in its file, which is their order: a CUE sheet may cut
    a file into several.
    """
    asked = func.json_each(as_json(native_ids)).table_valued("value")
    name = asked.c.value
    statement = (
        select(name, func.coalesce(origin.c.start, 0.0), origin.c.track_id)
        .join_from(
            asked,
            origin,
            (origin.c.native_id == name)
            # The tracks of a file that is cut: a colon is the character behind the digits.
            | origin.c.native_id.between(name + PART, name + PART + ":"),
        )
        .where(origin.c.source == LOCAL, origin.c.track_id.is_not(None))
        .order_by(name, origin.c.start)
    )
    found: dict[str, list[tuple[Seconds, TrackId]]] = {}
    for native_id, start, track_id in connection.execute(statement):
        found.setdefault(native_id, []).append((start, track_id))
    return found


def problems(connection: Connection, limit: int) -> list[ScanProblem]:
    """Return files that could not be read, by path."""
    rows = connection.execute(
        select(library.c.name, playlist_file.c.path, playlist_file.c.problem)
        .join(library, library.c.id == playlist_file.c.library_id)
        .where(playlist_file.c.problem != "")
        .order_by(playlist_file.c.library_id, playlist_file.c.path)
        .limit(limit)
    )
    return [ScanProblem(library=row[0], path=row[1], reason=row[2]) for row in rows]


def problem_count(connection: Connection) -> int:
    """Return how many files could not be read."""
    statement = select(func.count()).where(playlist_file.c.problem != "")
    return connection.execute(statement).scalar_one()
