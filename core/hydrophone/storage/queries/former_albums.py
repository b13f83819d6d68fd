"""On which albums tracks were before: an album may be retagged one file after the other."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import Connection, delete, exists, func, select

from hydrophone.domain.ids import AlbumId, TrackId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries.upsert import upsert
from hydrophone.storage.tables.music import album, former_album, track


class Successor(Struct, frozen=True):
    """What an empty album has become."""

    album_id: AlbumId
    is_other: bool
    """Whether it is an album of its own that the tracks have joined, and not the same one."""


def put(connection: Connection, left: Mapping[TrackId, AlbumId], now: Timestamp) -> None:
    """Note that tracks have left albums; before what else is new on those is written."""
    if not left:
        return
    newest = connection.execute(select(func.max(track.c.row))).scalar_one()
    rows = [
        {"track_id": track_id, "album_id": album_id, "since": now, "newest_row": newest}
        for track_id, album_id in left.items()
    ]
    upsert(connection, former_album, ["track_id", "album_id"], rows)


def emptied(connection: Connection) -> list[AlbumId]:
    """Return albums that tracks have left and that have none now, the oldest first."""
    left = album.c.id.in_(select(former_album.c.album_id))
    there = exists().where(track.c.album_id == album.c.id, track.c.missing_since.is_(None))
    statement = select(album.c.id).where(left, ~there).order_by(album.c.row)
    return [AlbumId(found) for found in connection.execute(statement).scalars()]


def successor(connection: Connection, album_id: AlbumId) -> Successor | None:
    """Return what an empty album has become; `None` if it is only gone.

    That is an album with at least half of its tracks, counted when the first of them left; the
    older of two. Tracks that had gone missing by then do not count. One without any other track,
    but for some that are younger than that, is the same album.
    """
    rows = connection.execute(
        select(former_album, track.c.album_id.label("now"))
        .join(track, track.c.id == former_album.c.track_id)
        .join(album, album.c.id == track.c.album_id)
        .where(former_album.c.album_id == album_id)
        .order_by(album.c.row)
    ).all()
    first = min(rows, key=lambda row: row.since)
    stayed = select(track.c.id).where(
        track.c.album_id == album_id, track.c.missing_since >= first.since
    )
    everything = {row.track_id for row in rows}.union(connection.execute(stayed).scalars())
    shares = Counter(row.now for row in rows if row.now != album_id)
    halves = [
        AlbumId(found) for found, count in shares.most_common() if 2 * count >= len(everything)
    ]
    for found in halves:
        if _is_of_them(connection, found, album_id, first.newest_row):
            return Successor(found, is_other=False)
    there = (found for found in halves if _tracks(connection, found))
    joined = next(there, None)
    return Successor(joined, is_other=True) if joined else None


def forget(connection: Connection, *albums: AlbumId) -> None:
    """Forget which tracks have left some albums."""
    connection.execute(delete(former_album).where(former_album.c.album_id.in_(albums)))


def forget_before(connection: Connection, before: Timestamp) -> None:
    """Forget which tracks have left albums before a time."""
    connection.execute(delete(former_album).where(former_album.c.since < before))


def _is_of_them(
    connection: Connection, album_id: AlbumId, former: AlbumId, newest_row: int | None
) -> bool:
    """Say whether an album has tracks, and none but those of a former one and younger ones."""
    here = _tracks(connection, album_id)
    theirs = select(former_album.c.track_id).where(former_album.c.album_id == former)
    others = here.keys() - set(connection.execute(theirs).scalars())
    elsewhere = select(former_album.c.track_id).where(former_album.c.track_id.in_(others))
    return (
        bool(here)
        and all(newest_row is not None and here[other] > newest_row for other in others)
        and connection.execute(elsewhere).first() is None
    )


def _tracks(connection: Connection, album_id: AlbumId) -> dict[str, int]:
    """Return {track: row} of an album's tracks that are there."""
    rows = connection.execute(
        select(track.c.id, track.c.row).where(
            track.c.album_id == album_id, track.c.missing_since.is_(None)
        )
    )
    return {row.id: row.row for row in rows}
