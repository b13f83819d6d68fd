"""Videos and their files, as the scan process knows and writes them."""

from collections.abc import Collection, Iterator, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, update

from hydrophone.domain.collation import sort_key
from hydrophone.domain.ids import LibraryId, VideoId
from hydrophone.domain.library import ScanProblem
from hydrophone.domain.units import Timestamp
from hydrophone.domain.video import Video
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.native_ids import LOCAL
from hydrophone.storage.queries.upsert import insert, upsert
from hydrophone.storage.tables.library import library
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.video import video, video_caption, video_file


class VideoFileRecord(Struct, frozen=True, kw_only=True):
    """A file as it was when it was read."""

    library_id: LibraryId
    path: str
    """Escaped, relative to the root."""
    video_id: VideoId | None
    """`None` for a file that cannot be read, or that has no moving pictures."""
    stat: tuple[int, int, int]
    """Size, mtime and ctime in nanoseconds."""
    beside: str
    """What belonged to it by its name."""
    reading: int
    problem: str = ""


class KnownVideo(Struct, frozen=True, kw_only=True):
    """A video that was there before."""

    id: VideoId
    fingerprint: str
    missing: bool
    created: Timestamp


_KNOWN = select(video.c.id, video.c.fingerprint, video.c.missing_since, video.c.document)


def paths(connection: Connection, library_id: LibraryId) -> frozenset[str]:
    """Return the escaped paths of the known files of a library."""
    statement = select(video_file.c.path).where(video_file.c.library_id == library_id)
    return frozenset(connection.execute(statement).scalars())


def known(connection: Connection, library_id: LibraryId) -> dict[str, VideoFileRecord]:
    """Return the known files of a library by path."""
    rows = connection.execute(select(video_file).where(video_file.c.library_id == library_id)).all()
    return {
        row.path: VideoFileRecord(
            library_id=row.library_id,
            path=row.path,
            video_id=row.video_id,
            stat=(row.size, row.mtime_ns, row.ctime_ns),
            beside=row.beside,
            reading=row.reading,
            problem=row.problem,
        )
        for row in rows
    }


def without_music(connection: Connection, native_ids: Collection[str]) -> frozenset[str]:
    """Return those of these local files (native ids) that were read, and are no music."""
    statement = select(origin.c.native_id).where(
        origin.c.source == LOCAL,
        among(origin.c.native_id, as_json(native_ids)),
        origin.c.track_id.is_(None),
        origin.c.problem == "",
    )
    return frozenset(connection.execute(statement).scalars())


def with_fingerprints(
    connection: Connection, fingerprints: Collection[str], identifiers: Collection[str]
) -> list[KnownVideo]:
    """Return the videos that have one of these fingerprints or ids, the oldest first."""
    wanted = among(video.c.fingerprint, as_json(fingerprints)) | among(
        video.c.id, as_json(identifiers)
    )
    rows = connection.execute(_KNOWN.where(wanted).order_by(video.c.row))
    return [
        KnownVideo(
            id=row.id,
            fingerprint=row.fingerprint,
            missing=row.missing_since is not None,
            created=msgspec.json.decode(row.document, type=Video).created,
        )
        for row in rows
    ]


def is_taken(connection: Connection, video_id: str) -> bool:
    """Say whether there is a video with this id, or has been."""
    statement = select(video.c.id).where(video.c.id == video_id)
    return connection.execute(statement).one_or_none() is not None


def put_video(connection: Connection, thing: Video, fingerprint: str) -> None:
    """Write a video that is there, new or in place of what was known of it."""
    values = {
        "id": thing.id,
        "library_id": thing.library_id,
        "folder_id": thing.folder_id,
        "fingerprint": fingerprint,
        "sort_key": sort_key(thing.title),
        "artwork_id": thing.artwork_id,
        "missing_since": None,
        "hidden": False,
        "document": msgspec.json.encode(thing).decode(),
    }
    upsert(connection, video, ["id"], [values])
    connection.execute(delete(video_caption).where(video_caption.c.video_id == thing.id))
    captions = [{"id": caption.id, "video_id": thing.id} for caption in thing.captions]
    insert(connection, video_caption, captions)


def put(connection: Connection, record: VideoFileRecord) -> None:
    """Write a file, new or in place of what was known of it."""
    size, mtime_ns, ctime_ns = record.stat
    values = {
        "library_id": record.library_id,
        "path": record.path,
        "video_id": record.video_id,
        "size": size,
        "mtime_ns": mtime_ns,
        "ctime_ns": ctime_ns,
        "beside": record.beside,
        "reading": record.reading,
        "problem": record.problem,
    }
    upsert(connection, video_file, ["library_id", "path"], [values])


def forget(connection: Connection, library_id: LibraryId, gone: Collection[str]) -> None:
    """Delete what is known of files (escaped paths) that are gone; the videos stay."""
    connection.execute(
        delete(video_file).where(
            video_file.c.library_id == library_id, among(video_file.c.path, as_json(gone))
        )
    )


def retire(connection: Connection, configured: Sequence[LibraryId], now: Timestamp) -> None:
    """Let go of the files of libraries that are not configured any more."""
    connection.execute(delete(video_file).where(video_file.c.library_id.not_in(configured)))
    mark_missing(connection, now)


def mark_missing(connection: Connection, now: Timestamp) -> int:
    """Mark all videos that have no file left; return how many newly have none."""
    result = connection.execute(
        update(video)
        .where(
            video.c.missing_since.is_(None),
            video.c.id.not_in(
                select(video_file.c.video_id).where(video_file.c.video_id.is_not(None))
            ),
        )
        .values(missing_since=now)
    )
    return result.rowcount


def problems(connection: Connection, limit: int = -1) -> Iterator[ScanProblem]:
    """Yield files that could not be read, by library and path; a limit of -1 is none."""
    rows = connection.execute(
        select(library.c.name, video_file.c.path, video_file.c.problem)
        .join(library, library.c.id == video_file.c.library_id)
        .where(video_file.c.problem != "")
        .order_by(video_file.c.library_id, video_file.c.path)
        .limit(limit)
    )
    for name, path, problem in rows:
        yield ScanProblem(library=name, path=path, reason=problem)


def problem_count(connection: Connection) -> int:
    """Return how many files could not be read."""
    statement = select(func.count()).where(video_file.c.problem != "")
    return connection.execute(statement).scalar_one()
