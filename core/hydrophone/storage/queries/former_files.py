"""Which files tracks had before they took over those of copies: a disk may come back."""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import Column, Connection, Exists, and_, delete, exists, insert, or_, select

from hydrophone.domain.ids import LibraryId, TrackId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries.inventory import LostFile
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.music import former_file, track
from hydrophone.storage.tables.origin import origin


class Return(Struct, frozen=True, kw_only=True):
    """A track whose own file is there again while it has that of a copy."""

    track_id: TrackId
    copy_id: TrackId
    fingerprint: str
    """That of its own file."""


def put(connection: Connection, taken: Return, file: LostFile, now: Timestamp) -> None:
    """Note which file a track had until it took over that of a copy."""
    connection.execute(delete(former_file).where(former_file.c.copy_id == taken.copy_id))
    connection.execute(
        insert(former_file).values(
            copy_id=taken.copy_id,
            track_id=taken.track_id,
            fingerprint=taken.fingerprint,
            native_id=file.native_id,
            size=file.size,
            mtime_ns=file.mtime_ns,
            since=now,
        )
    )


def some(connection: Connection) -> bool:
    """Say whether there are any."""
    return bool(connection.execute(select(exists(select(former_file)))).scalar_one())


def returned(connection: Connection, files: Mapping[str, tuple[int, int]]) -> list[Return]:
    """Return the tracks of which one of some files {native id: (size, mtime)} is the former one.

    With another size or time it is another file, though it may be a copy with the same audio.
    Only those that have the file of a copy which has none itself.
    """
    rows = connection.execute(
        select(former_file).where(among(former_file.c.native_id, as_json(files)))
    ).all()
    back = {row.track_id: row for row in rows if files[row.native_id] == (row.size, row.mtime_ns)}
    # Who has taken over from several has the file of the last one now.
    latest = connection.execute(
        select(former_file.c.track_id, former_file.c.copy_id)
        .where(
            among(former_file.c.track_id, as_json(back)),
            _has_file(former_file.c.track_id),
            ~_has_file(former_file.c.copy_id),
        )
        .order_by(former_file.c.since)
    )
    copies = {row.track_id: row.copy_id for row in latest}
    return [
        Return(track_id=track_id, copy_id=copy_id, fingerprint=back[track_id].fingerprint)
        for track_id, copy_id in copies.items()
    ]


def bereft(connection: Connection, library_id: LibraryId) -> list[TrackId]:
    """Return missing tracks of a library that have given the file of a copy back, for nothing.

    Their own could not be read, or a scan was interrupted before it was.
    """
    statement = select(track.c.id).where(
        track.c.library_id == library_id,
        track.c.missing_since.is_not(None),
        exists().where(former_file.c.track_id == track.c.id, _has_file(former_file.c.copy_id)),
    )
    return [TrackId(found) for found in connection.execute(statement).scalars()]


def forget_settled(connection: Connection) -> None:
    """Forget all files of tracks that have theirs again, or whose copy has another one."""
    has_own = exists().where(
        origin.c.native_id == former_file.c.native_id, origin.c.track_id == former_file.c.track_id
    )
    both = and_(_has_file(former_file.c.track_id), _has_file(former_file.c.copy_id))
    settled = select(former_file.c.track_id).where(or_(has_own, both))
    connection.execute(delete(former_file).where(former_file.c.track_id.in_(settled)))


def _has_file(column: Column[str]) -> Exists:
    return exists().where(origin.c.track_id == column)
