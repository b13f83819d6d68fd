"""Remarks on files: written by scans, listed by reports."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, Text, cast, func, select, union

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.report import Duplicates, FilePlace, Note, Remark, RemarkKind
from hydrophone.storage.queries import video_files
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.native_ids import LOCAL, PART, local_path
from hydrophone.storage.queries.upsert import insert
from hydrophone.storage.tables.library import library
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.remark import remark

_STREAMED = {"yield_per": 500}
"""Rows that are fetched at once, however many there are."""


def put(
    connection: Connection,
    library_id: LibraryId,
    notes: Mapping[str, Sequence[Note]],
    kinds: Collection[RemarkKind],
) -> None:
    """Write what there is to say about files {escaped path: notes}, all of these kinds.

    It takes the place of what was said of these kinds.
    """
    clear(connection, library_id, notes, kinds)
    insert(
        connection,
        remark,
        [
            {"library_id": library_id, "path": path, "kind": note.kind, "reason": note.reason}
            for path, those in notes.items()
            for note in those
        ],
    )


def clear(
    connection: Connection,
    library_id: LibraryId,
    paths: Collection[str],
    kinds: Collection[RemarkKind] = tuple(RemarkKind),
) -> None:
    """Forget what was said about files (escaped paths), of these kinds alone."""
    if paths:
        here = among(remark.c.path, as_json(paths))
        of_kind = remark.c.kind.in_(kinds)
        connection.execute(remark.delete().where(remark.c.library_id == library_id, of_kind, here))


def paths(
    connection: Connection, library_id: LibraryId, kinds: Collection[RemarkKind]
) -> list[str]:
    """Return on what in a library (escaped paths) there are remarks of these kinds."""
    of_kind = remark.c.kind.in_(kinds)
    statement = select(remark.c.path).where(remark.c.library_id == library_id, of_kind)
    return list(connection.execute(statement.distinct()).scalars())


def retire(connection: Connection, configured: Sequence[LibraryId]) -> None:
    """Forget remarks on libraries that are not configured any more."""
    connection.execute(remark.delete().where(remark.c.library_id.not_in(configured)))


def file_count(connection: Connection) -> int:
    """Return on how many files, folders and pictures there are remarks; duplicates are none."""
    name = cast(remark.c.library_id, Text) + "/" + remark.c.path
    unreadable = select(origin.c.native_id).where(origin.c.problem != "")
    told = union(select(name), unreadable).subquery()
    told_of_music = connection.execute(select(func.count()).select_from(told)).scalar_one()
    return told_of_music + video_files.problem_count(connection)


def remarks(connection: Connection) -> Iterator[Remark]:
    """Yield all remarks by kind, library and path, in the memory of a few hundred."""
    yield from _paused(connection)
    yield from _unreadable_files(connection)
    for problem in video_files.problems(connection):
        yield Remark(
            kind=RemarkKind.UNREADABLE,
            library=problem.library,
            path=problem.path,
            reason=problem.reason,
        )
    for kind in RemarkKind:
        rows = connection.execute(
            select(library.c.name, remark.c.path, remark.c.reason)
            .join(library, library.c.id == remark.c.library_id)
            .where(remark.c.kind == kind)
            .order_by(remark.c.library_id, remark.c.path),
            execution_options=_STREAMED,
        )
        for name, path, reason in rows:
            yield Remark(kind=kind, library=name, path=path, reason=reason)


def duplicates(connection: Connection) -> Iterator[Duplicates]:
    """Yield groups of files with equal audio by their sound, in the memory of a few hundred.

    A file that a CUE sheet cuts is told by its first track, so it is compared with files that
    are cut at the same place only.
    """
    # Both sides of the index on fingerprints: first those that several tracks share.
    shared = select(track.c.fingerprint).group_by(track.c.fingerprint).having(func.count() > 1)
    rows = connection.execute(
        select(track.c.fingerprint, library.c.name, origin.c.native_id)
        .join(origin, origin.c.track_id == track.c.id)
        .join(library, library.c.id == origin.c.library_id)
        .where(
            origin.c.source == LOCAL,
            track.c.fingerprint.in_(shared),
            origin.c.native_id.not_like(f"%{PART}%") | origin.c.native_id.like(f"%{PART}1"),
        )
        .order_by(track.c.fingerprint),
        execution_options=_STREAMED,
    )
    for _, group in groupby(rows, key=lambda row: row.fingerprint):
        places = sorted((row.name, local_path(row.native_id)) for row in group)
        if len(places) > 1:
            yield Duplicates(
                files=tuple(FilePlace(library=name, path=path) for name, path in places),
                reason=f"the same sound in {len(places)} files",
            )


def _paused(connection: Connection) -> Iterator[Remark]:
    rows = connection.execute(
        select(library.c.name, library.c.problem)
        .where(library.c.problem != "")
        .order_by(library.c.id)
    )
    for name, problem in rows:
        yield Remark(kind=RemarkKind.UNREADABLE, library=name, path="", reason=problem)


def _unreadable_files(connection: Connection) -> Iterator[Remark]:
    rows = connection.execute(
        select(library.c.name, origin.c.native_id, origin.c.problem)
        .join(library, library.c.id == origin.c.library_id)
        .where(origin.c.source == LOCAL, origin.c.problem != "")
        .order_by(origin.c.native_id),
        execution_options=_STREAMED,
    )
    for name, native_id, problem in rows:
        yield Remark(
            kind=RemarkKind.UNREADABLE, library=name, path=local_path(native_id), reason=problem
        )
