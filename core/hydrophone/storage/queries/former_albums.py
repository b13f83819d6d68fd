"""On which albums tracks were before: an album may be retagged one file after the other."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, delete, exists, select

from hydrophone.domain.ids import AlbumId, TrackId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries.upsert import upsert
from hydrophone.storage.tables.music import album, former_album, track


def put(connection: Connection, left: Mapping[TrackId, AlbumId], now: Timestamp) -> None:
    """Note that tracks have left albums."""
    rows = [
        {"track_id": track_id, "album_id": album_id, "since": now}
        for track_id, album_id in left.items()
    ]
    upsert(connection, former_album, ["track_id", "album_id"], rows)


def emptied(connection: Connection) -> list[AlbumId]:
    """Return albums that tracks have left and that have none now, the oldest first."""
    left = album.c.id.in_(select(former_album.c.album_id))
    there = exists().where(track.c.album_id == album.c.id, track.c.missing_since.is_(None))
    statement = select(album.c.id).where(left, ~there).order_by(album.c.row)
    return [AlbumId(found) for found in connection.execute(statement).scalars()]


def heir(connection: Connection, album_id: AlbumId) -> AlbumId | None:
    """Return the album that an empty one has become; `None` if there is none.

    That is the one with at least half of its tracks, counted when the first of them left, and
    without any other; the older of two. Tracks that had gone missing by then do not count.
    """
    rows = connection.execute(
        select(former_album.c.track_id, former_album.c.since, track.c.album_id)
        .join(track, track.c.id == former_album.c.track_id)
        .join(album, album.c.id == track.c.album_id)
        .where(former_album.c.album_id == album_id)
        .order_by(album.c.row)
    ).all()
    first = min(since for _, since, _ in rows)
    stayed = select(track.c.id).where(track.c.album_id == album_id, track.c.missing_since >= first)
    everything = {row.track_id for row in rows}.union(connection.execute(stayed).scalars())
    shares = Counter(row.album_id for row in rows if row.album_id != album_id)
    for found, count in shares.most_common():
        if 2 * count >= len(everything) and _is_of_them(connection, found, album_id):
            return AlbumId(found)
    return None


def forget(connection: Connection, *albums: AlbumId) -> None:
    """Forget which tracks have left some albums."""
    connection.execute(delete(former_album).where(former_album.c.album_id.in_(albums)))


def forget_before(connection: Connection, before: Timestamp) -> None:
    """Forget which tracks have left albums before a time."""
    connection.execute(delete(former_album).where(former_album.c.since < before))


def _is_of_them(connection: Connection, album_id: str, former: AlbumId) -> bool:
    """Say whether an album has tracks, and none that was not on a former one."""
    tracks = select(track.c.id).where(track.c.album_id == album_id, track.c.missing_since.is_(None))
    here = set(connection.execute(tracks).scalars())
    theirs = select(former_album.c.track_id).where(former_album.c.album_id == former)
    return bool(here) and here <= set(connection.execute(theirs).scalars())
