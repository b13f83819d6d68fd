"""What the scan process knows of folders and files; it has a connection of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, delete, exists, func, select, update

from hydrophone.domain.ids import ArtworkId, FolderId, LibraryId, TrackId
from hydrophone.domain.library import ScanProblem
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.storage.queries.native_ids import LOCAL, PART, local_path, whole_file
from hydrophone.storage.queries.upsert import upsert
from hydrophone.storage.tables.library import artwork, folder, library
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.origin import origin

_CHUNK = 500

Item = TypeVar("Item")


class FolderRecord(Struct, frozen=True, kw_only=True):
    """A folder as the walk found it."""

    id: FolderId
    library_id: LibraryId
    parent_id: FolderId | None
    path: str
    """Escaped, relative to the root."""
    name: str
    sort_key: str
    cover: str
    """Name, size, mtime and ctime of the cover file, joined by colons; empty if there is none."""
    artwork_id: ArtworkId | None
    mtime_ns: int = 0
    """When something last came or went directly in it; 0 means that a quick pass has to look."""

    def cover_paths(self) -> list[str]:
        """Return the escaped path of the cover file relative to the root, if there is one."""
        name = self.cover.rsplit(":", 3)[0]
        return [f"{self.path}/{name}" if self.path else name] if name else []


_FOLDER_FIELDS = FolderRecord.__struct_fields__
_FOLDER_COLUMNS = [folder.c[name] for name in _FOLDER_FIELDS]


class KnownFile(Struct, frozen=True, gc=False):
    """A local file as it was at the last scan."""

    tracks: dict[str, TrackId | None]
    """{native id: track}: the file itself, `None` if it could not be read; or the tracks into
    which a CUE sheet cuts it."""
    stat: tuple[int, int, int]
    """Size, mtime and ctime in nanoseconds."""
    reading: int
    """By which program and rules it was read (`hydrophone.scanner.reading`)."""


class OriginRecord(Struct, frozen=True, kw_only=True):
    """A local file as it is now, with the track that it holds or the problem that it has."""

    native_id: str
    track_id: TrackId | None
    library_id: LibraryId
    folder_id: FolderId
    start: Seconds | None = None
    """Where in the file the track begins; `None` if it is all of the file."""
    size: int
    mtime_ns: int
    ctime_ns: int
    problem: str = ""
    reading: int


class LostFile(Struct, frozen=True, gc=False):
    """A local file of a track that is no more."""

    native_id: str
    """Of the file as a whole, if a CUE sheet had cut it."""
    size: int
    mtime_ns: int


def folders(connection: Connection, library_id: LibraryId) -> dict[FolderId, FolderRecord]:
    """Return all known folders of a library."""
    rows = connection.execute(select(*_FOLDER_COLUMNS).where(folder.c.library_id == library_id))
    return {row[0]: _folder(row) for row in rows}


def _folder(row: Row[*tuple[Any, ...]]) -> FolderRecord:
    # Row._asdict, made for rows of any statement, takes three times as long.
    return FolderRecord(**dict(zip(_FOLDER_FIELDS, row, strict=True)))


def children(connection: Connection, parents: Sequence[FolderId]) -> list[FolderId]:
    """Return the folders directly below these."""
    found: list[FolderId] = []
    for chunk in _chunks(parents):
        found += connection.execute(
            select(folder.c.id).where(folder.c.parent_id.in_(chunk))
        ).scalars()
    return found


_FILES = select(
    origin.c.folder_id,
    origin.c.native_id,
    origin.c.track_id,
    origin.c.size,
    origin.c.mtime_ns,
    origin.c.ctime_ns,
    origin.c.reading,
).where(origin.c.folder_id.in_(bindparam("folders", expanding=True)))


def files(connection: Connection, folder_id: FolderId) -> dict[str, KnownFile]:
    """Return the files that were directly in a folder at the last scan, by native id."""
    return files_by_folder(connection, [folder_id])[folder_id]


def files_by_folder(
    connection: Connection, folder_ids: Sequence[FolderId]
) -> dict[FolderId, dict[str, KnownFile]]:
    """Return what `files` does, for some hundreds of folders at once."""
    found: dict[FolderId, dict[str, KnownFile]] = {folder_id: {} for folder_id in folder_ids}
    rows = connection.execute(_FILES, {"folders": folder_ids}).all()
    for folder_id, native_id, track_id, size, mtime_ns, ctime_ns, reading in rows:
        name = native_id.partition(PART)[0]
        known = found[folder_id].get(name)
        if known is None:
            stat = (size, mtime_ns, ctime_ns)
            found[folder_id][name] = KnownFile({native_id: track_id}, stat, reading)
        else:
            known.tracks[native_id] = track_id
    return found


def put_folders(connection: Connection, records: Sequence[FolderRecord]) -> None:
    """Write folders, parents before their children."""
    upsert(connection, folder, ["id"], [msgspec.structs.asdict(record) for record in records])


def put_folder_times(connection: Connection, times: Mapping[FolderId, int]) -> None:
    """Note the times of known folders, in nanoseconds; nothing that users see depends on them."""
    if times:
        connection.exec_driver_sql(
            "UPDATE folder SET mtime_ns = ? WHERE id = ?",
            [(mtime_ns, identifier) for identifier, mtime_ns in times.items()],
        )


def forget_folders(connection: Connection, gone: Sequence[FolderId]) -> None:
    """Delete folders that are no more; the tracks that were in them stay."""
    for chunk in _chunks(gone):
        connection.execute(delete(folder).where(folder.c.id.in_(chunk)))


def put_artwork(
    connection: Connection, library_id: LibraryId, locations: Mapping[ArtworkId, str]
) -> None:
    """Say where pictures are: {id: escaped path of the file that is or holds it}."""
    rows = [
        {"id": artwork_id, "library_id": library_id, "path": path}
        for artwork_id, path in locations.items()
    ]
    upsert(connection, artwork, ["id"], rows)


def rehome_artwork(connection: Connection, library_id: LibraryId, paths: Sequence[str]) -> None:
    """Point pictures whose file (escaped path) is gone or has changed at others that hold them."""
    whole = f"{library_id}/" + artwork.c.path
    still_holds = exists().where(
        origin.c.source == LOCAL,
        (origin.c.native_id == whole)
        # The tracks of a file that is cut: a colon is the character behind the digits.
        | origin.c.native_id.between(whole + PART, whole + PART + ":"),
        track.c.id == origin.c.track_id,
        track.c.artwork_id == artwork.c.id,
    )
    for chunk in _chunks(paths):
        here = (artwork.c.library_id == library_id) & artwork.c.path.in_(chunk)
        lost = connection.execute(select(artwork.c.id).where(here, ~still_holds)).scalars().all()
        if not lost:
            continue
        embedded = connection.execute(
            select(track.c.artwork_id, origin.c.library_id, origin.c.native_id)
            .join(origin, origin.c.track_id == track.c.id)
            .where(track.c.artwork_id.in_(lost), origin.c.source == LOCAL)
        )
        homes = {row[0]: (row[1], local_path(row[2])) for row in embedded}
        shown = select(*_FOLDER_COLUMNS).where(folder.c.artwork_id.in_(lost))
        for record in map(_folder, connection.execute(shown)):
            [path] = record.cover_paths()
            homes[record.artwork_id] = (record.library_id, path)
        rows = [
            {"id": artwork_id, "library_id": home[0], "path": home[1]}
            for artwork_id, home in homes.items()
        ]
        upsert(connection, artwork, ["id"], rows)


def put_origins(connection: Connection, records: Sequence[OriginRecord]) -> None:
    """Write local files, new ones and those that have changed."""
    rows = [msgspec.structs.asdict(record) | {"source": LOCAL} for record in records]
    upsert(connection, origin, ["source", "native_id"], rows)


def forget_origins(connection: Connection, native_ids: Sequence[str]) -> dict[TrackId, LostFile]:
    """Delete local files that are no more; return those of tracks."""
    lost: dict[TrackId, LostFile] = {}
    for chunk in _chunks(native_ids):
        rows = connection.execute(
            delete(origin)
            .where(origin.c.source == LOCAL, origin.c.native_id.in_(chunk))
            .returning(origin.c.track_id, origin.c.native_id, origin.c.size, origin.c.mtime_ns)
        )
        lost |= {
            row.track_id: LostFile(whole_file(row.native_id), row.size, row.mtime_ns)
            for row in rows
            if row.track_id
        }
    return lost


def retire(connection: Connection, configured: Sequence[LibraryId], now: Timestamp) -> None:
    """Let go of the files of libraries that are not configured any more.

    Their tracks are missing from now on: found again under another library's name, or when the
    library comes back, they are the same tracks.
    """
    retired = origin.c.library_id.not_in(configured)
    tracks = select(origin.c.track_id).where(retired)
    connection.execute(
        update(track)
        .where(track.c.id.in_(tracks), track.c.missing_since.is_(None))
        .values(missing_since=now)
    )
    connection.execute(delete(origin).where(retired))


def without_file(connection: Connection, library_id: LibraryId) -> list[TrackId]:
    """Return tracks of a library that have lost their file and are not marked as missing.

    Also those that a scan has left so which was interrupted.
    """
    statement = select(track.c.id).where(
        track.c.library_id == library_id,
        track.c.missing_since.is_(None),
        # All ids at once: a look-up for each takes half as long again. Unreadable files have none.
        track.c.id.not_in(select(origin.c.track_id).where(origin.c.track_id.is_not(None))),
    )
    return [TrackId(found) for found in connection.execute(statement).scalars()]


def mark_missing(
    connection: Connection, candidates: Sequence[TrackId], now: Timestamp
) -> list[TrackId]:
    """Mark those of these tracks that have no origin left; return the newly missing ones."""
    gone: list[TrackId] = []
    for chunk in _chunks(candidates):
        missing = (
            track.c.id.in_(chunk)
            & track.c.missing_since.is_(None)
            & track.c.id.not_in(select(origin.c.track_id).where(origin.c.track_id.in_(chunk)))
        )
        gone += connection.execute(select(track.c.id).where(missing)).scalars()
        connection.execute(update(track).where(missing).values(missing_since=now))
    return gone


def problem_count(connection: Connection) -> int:
    """Return how many files could not be read at the last scan that looked at them."""
    statement = select(func.count()).where(origin.c.problem != "")
    return connection.execute(statement).scalar_one()


def problems(connection: Connection, limit: int) -> Iterator[ScanProblem]:
    """Yield files that could not be read at the last scan that looked at them, by path."""
    rows = connection.execute(
        select(library.c.name, origin.c.native_id, origin.c.problem)
        .join(library, library.c.id == origin.c.library_id)
        .where(origin.c.problem != "")
        .order_by(origin.c.library_id, origin.c.native_id)
        .limit(limit)
    )
    for name, native_id, problem in rows:
        yield ScanProblem(library=name, path=local_path(native_id), reason=problem)


def file_count(connection: Connection, library_id: LibraryId) -> int:
    """Return how many files of a library are known, readable or not."""
    statement = select(func.count()).where(origin.c.library_id == library_id)
    return connection.execute(statement).scalar_one()


def is_read_otherwise(connection: Connection, library_id: LibraryId, reading: int) -> bool:
    """Say whether a library has files that were not read by this program and its rules."""
    other = (origin.c.library_id == library_id) & (origin.c.reading != reading)
    return connection.execute(select(exists().where(other))).scalar_one()


def _chunks(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
