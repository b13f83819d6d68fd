"""Which files tracks had before they took over those of copies: a disk may come back."""

from collections.abc import Collection, Mapping

from msgspec import Struct
from sqlalchemy import Connection, delete, exists, insert, select

from hydrophone.domain.ids import TrackId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries.inventory import LostFile
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.music import former_file


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
    """
    rows = connection.execute(
        select(former_file).where(among(former_file.c.native_id, as_json(files)))
    ).all()
    back = {row.track_id: row for row in rows if files[row.native_id] == (row.size, row.mtime_ns)}
    # Who has taken over from several has the file of the last one now.
    latest = connection.execute(
        select(former_file.c.track_id, former_file.c.copy_id)
        .where(among(former_file.c.track_id, as_json(back)))
        .order_by(former_file.c.since)
    )
    copies = {row.track_id: row.copy_id for row in latest}
    return [
        Return(track_id=track_id, copy_id=copies[track_id], fingerprint=row.fingerprint)
        for track_id, row in back.items()
    ]


def forget(connection: Connection, track_ids: Collection[TrackId]) -> None:
    """Forget which files tracks had before."""
    connection.execute(delete(former_file).where(former_file.c.track_id.in_(track_ids)))
