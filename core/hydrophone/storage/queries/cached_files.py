"""Music of sources that is on the disk."""

from collections.abc import Iterable

from msgspec import convert
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.cache import CACHE, CachedFile, CacheUse, RemotePlace
from hydrophone.domain.ids import TrackId
from hydrophone.domain.library import Page
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount, Timestamp
from hydrophone.storage.queries import catalogue, counters, remote_origins
from hydrophone.storage.queries.json_document import member
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.native_ids import LOCAL
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.cache import cached_file, deleted_copy, keep
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.playlist import playlist_track


def _is_kept() -> ColumnElement[bool]:
    here = cached_file.c.track_id
    is_starred = exists().where(
        annotation.c.item_id.in_((here, track.c.album_id)), annotation.c.starred.is_not(None)
    )
    return or_(
        exists().where(keep.c.track_id == here),
        is_starred.correlate(cached_file, track),
        exists().where(playlist_track.c.track_id == here),
    )


def _select() -> Select[*tuple[object, ...]]:
    return (
        select(
            cached_file.c.track_id,
            func.coalesce(member(track.c.document, "title"), "").label("title"),
            func.coalesce(member(track.c.document, "display_artist"), "").label("artist"),
            cached_file.c.source,
            origin.c.native_id.label("path"),
            origin.c.size,
            cached_file.c.etag,
            cached_file.c.content_type,
            cached_file.c.created,
            cached_file.c.used,
            _is_kept().label("is_kept"),
        )
        .join_from(cached_file, origin)
        .join(track, track.c.id == cached_file.c.track_id)
    )


def place(connection: Connection, track_id: str) -> RemotePlace | None:
    """Return where a track can be asked for; `None` if no source has it.

    It may be in the library, or only have been shown.
    """
    row = connection.execute(
        select(origin.c.source, origin.c.native_id).where(
            origin.c.track_id == track_id, origin.c.source.not_in((LOCAL, CACHE))
        )
    ).first()
    if row is not None:
        return RemotePlace(source=row.source, native_id=row.native_id)
    shown = remote_origins.track_origin(connection, track_id)
    return None if shown is None else RemotePlace(source=shown.source, native_id=shown.native_id)


def one(connection: Connection, track_id: str) -> CachedFile | None:
    """Return the copy of a track; `None` if there is none."""
    row = connection.execute(_select().where(cached_file.c.track_id == track_id)).first()
    return None if row is None else _cached(row)


def among_tracks(connection: Connection, track_ids: Iterable[str]) -> set[str]:
    """Return which of these tracks have a copy."""
    statement = select(cached_file.c.track_id).where(
        among(cached_file.c.track_id, as_json(track_ids))
    )
    return set(connection.execute(statement).scalars())


def page(connection: Connection, source: str, page: Page) -> tuple[tuple[CachedFile, ...], int]:
    """Return copies of what a source has (of all if it is empty), the newest first, and all."""
    condition = cached_file.c.source == source if source else cached_file.c.source.is_not(None)
    total = select(func.count()).select_from(cached_file).where(condition)
    rows = connection.execute(
        _select()
        .where(condition)
        .order_by(cached_file.c.created.desc(), cached_file.c.origin_row.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    return tuple(map(_cached, rows)), connection.execute(total).scalar_one()


def use(connection: Connection) -> CacheUse:
    """Say how much there is."""
    kept = case((_is_kept(), origin.c.size), else_=0)
    sums = [func.coalesce(func.sum(what), 0) for what in (origin.c.size, kept)]
    statement = select(func.count(), *sums).join_from(cached_file, origin)
    row = connection.execute(statement.join(track, track.c.id == cached_file.c.track_id)).one()
    return CacheUse(files=row[0], used=ByteCount(row[1]), kept=ByteCount(row[2]))


def evictable(connection: Connection, limit: int) -> tuple[CachedFile, ...]:
    """Return copies that nobody keeps, stars or lists, least recently played first."""
    rows = connection.execute(
        _select().where(~_is_kept()).order_by(cached_file.c.used).limit(limit)
    )
    return tuple(map(_cached, rows))


def put(connection: Connection, new: CachedFile, representation: str, described: Track) -> None:
    """Note a copy in place of any other of the track, whose row says from now what is in it."""
    drop(connection, new.track_id)
    values = {
        "source": CACHE,
        "native_id": new.path,
        "track_id": new.track_id,
        "size": new.size,
        "mtime_ns": 0,
        "ctime_ns": 0,
    }
    row = connection.execute(insert(origin).values(values)).lastrowid
    connection.execute(
        insert(cached_file).values(
            origin_row=row,
            track_id=new.track_id,
            source=new.source,
            representation=representation,
            etag=new.etag,
            content_type=new.content_type,
            created=new.created,
            used=new.used,
        )
    )
    connection.execute(delete(deleted_copy).where(deleted_copy.c.track_id == new.track_id))
    catalogue.put_description(connection, described)
    counters.bump(connection, counters.LIBRARY, new.created)


def delete_by_hand(connection: Connection, track_id: str) -> None:
    """Forget the copy of a track, and that anybody keeps it; no star brings it back."""
    drop(connection, track_id)
    connection.execute(delete(keep).where(keep.c.track_id == track_id))
    connection.execute(insert(deleted_copy).values(track_id=track_id).on_conflict_do_nothing())


def drop(connection: Connection, track_id: str) -> None:
    """Forget the copy of a track."""
    connection.execute(
        delete(origin).where(origin.c.track_id == track_id, origin.c.source == CACHE)
    )


def touch(connection: Connection, track_id: TrackId, now: Timestamp) -> None:
    """Note that a copy was played."""
    connection.execute(
        update(cached_file).where(cached_file.c.track_id == track_id).values(used=now)
    )


def _cached(row: Row[*tuple[object, ...]]) -> CachedFile:
    return convert(row, CachedFile, from_attributes=True)
