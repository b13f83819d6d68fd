"""What is to be on the disk and is not yet: kept, starred and listed tracks of sources."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.cache import CACHE
from hydrophone.domain.ids import PlaylistId, TrackId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.units import ByteCount, Timestamp
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.native_ids import LOCAL
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.cache import cached_file, deleted_copy, keep, kept_playlist
from hydrophone.storage.tables.job import IS_ACTIVE, job
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.playback import play_queue
from hydrophone.storage.tables.playlist import playlist, playlist_track


class Wanted(Struct, frozen=True, kw_only=True):
    """A track that somebody wants to be on the disk."""

    track_id: TrackId
    user_id: UserId
    size: ByteCount
    """As far as it is known; 0 if not."""


def keep_tracks(
    connection: Connection, user_id: UserId, track_ids: Sequence[str], now: Timestamp
) -> None:
    """Note that a user wants tracks to stay, from now on: what failed before is tried again."""
    rows = [{"user_id": user_id, "track_id": one, "created": now} for one in track_ids]
    if rows:
        statement = insert(keep)
        connection.execute(
            statement.on_conflict_do_update(set_={"created": statement.excluded.created}), rows
        )
        connection.execute(
            delete(deleted_copy).where(among(deleted_copy.c.track_id, as_json(track_ids)))
        )


def unkeep_tracks(connection: Connection, user_id: UserId, track_ids: Sequence[str]) -> None:
    """Note that a user does not ask for tracks to stay any more."""
    connection.execute(
        delete(keep).where(keep.c.user_id == user_id, among(keep.c.track_id, as_json(track_ids)))
    )


def kept(connection: Connection, user_id: UserId, page: Page) -> tuple[str, ...]:
    """Return the tracks that a user has asked to be kept, the newest first."""
    rows = connection.execute(
        select(keep.c.track_id)
        .where(keep.c.user_id == user_id)
        .order_by(keep.c.created.desc(), keep.c.track_id)
        .limit(page.size)
        .offset(page.offset)
    )
    return tuple(rows.scalars())


def keep_playlist(connection: Connection, playlist_id: PlaylistId, now: Timestamp) -> None:
    """Have a playlist keep all its tracks from now on."""
    statement = insert(kept_playlist).values(playlist_id=playlist_id, created=now)
    connection.execute(statement.on_conflict_do_nothing())


def unkeep_playlist(connection: Connection, playlist_id: PlaylistId) -> None:
    """Have a playlist keep nothing any more."""
    connection.execute(delete(kept_playlist).where(kept_playlist.c.playlist_id == playlist_id))


def who_wants(
    connection: Connection, *, with_stars: bool, failed_after: Timestamp
) -> tuple[UserId, ...]:
    """Return the users for whom there are `wanted` tracks."""
    wishes = _wishes(with_stars=with_stars)
    statement = (
        select(wishes.c.user_id)
        .join(origin, origin.c.track_id == wishes.c.track_id)
        .where(_is_missing(wishes, failed_after))
        .distinct()
    )
    return tuple(connection.execute(statement).scalars())


def wanted(
    connection: Connection,
    user_id: UserId,
    *,
    with_stars: bool,
    failed_after: Timestamp,
    largest: ByteCount | None,
    limit: int,
) -> tuple[Wanted, ...]:
    """Return tracks that are to be fetched for a user, in the order in which he wanted them.

    Those are left out that are here, that are on their way, that were deleted by hand, whose
    download somebody has cancelled since he wanted them, or failed since then and `failed_after`;
    and those of more than `largest` bytes.
    """
    wishes = _wishes(with_stars=with_stars)
    size = func.max(origin.c.size)
    statement = (
        select(wishes.c.track_id, wishes.c.user_id, size)
        .join(origin, origin.c.track_id == wishes.c.track_id)
        .where(wishes.c.user_id == user_id, _is_missing(wishes, failed_after))
        .group_by(wishes.c.track_id)
        .order_by(func.min(wishes.c.created))
        .limit(limit)
    )
    if largest is not None:
        statement = statement.having(size <= largest)
    return tuple(
        Wanted(track_id=row[0], user_id=row[1], size=row[2])
        for row in connection.execute(statement)
    )


def queued_next(
    connection: Connection, count: int, *, changed_after: Timestamp, failed_after: Timestamp
) -> tuple[Wanted, ...]:
    """Return what comes next in the play queues of those who listen, and is not here.

    From each queue that has changed since then `count` tracks behind the one that is played.
    """
    entry = func.json_each(play_queue.c.track_ids).table_valued(
        "key", "value", joins_implicitly=True
    )
    behind = entry.c.key - play_queue.c.current_index
    statement = (
        select(entry.c.value, play_queue.c.user_id, origin.c.size)
        .select_from(play_queue)
        .join(origin, origin.c.track_id == entry.c.value)
        .where(
            play_queue.c.changed > changed_after,
            behind.between(1, count),
            origin.c.source.not_in((LOCAL, CACHE)),
            ~_is_here(entry.c.value),
            ~_has_job(entry.c.value, literal(0), failed_after),
        )
        .order_by(behind)
    )
    return tuple(
        Wanted(track_id=row[0], user_id=row[1], size=row[2])
        for row in connection.execute(statement)
    )


def used_by(connection: Connection, user_id: UserId, *, with_stars: bool) -> ByteCount:
    """Return how many bytes a user wants in the cache that are there, or on their way to it."""
    wishes = _wishes(with_stars=with_stars)
    of_user = select(wishes.c.track_id).where(wishes.c.user_id == user_id)
    here = (
        select(func.coalesce(func.sum(origin.c.size), 0))
        .join_from(cached_file, origin)
        .where(cached_file.c.track_id.in_(of_user))
    )
    sizes = (
        select(func.max(origin.c.size).label("size"))
        .where(
            origin.c.track_id.in_(of_user),
            ~_is_here(origin.c.track_id),
            _is_on_its_way(origin.c.track_id),
        )
        .group_by(origin.c.track_id)
        .subquery()
    )
    coming = select(func.coalesce(func.sum(sizes.c.size), 0))
    return ByteCount(
        connection.execute(here).scalar_one() + connection.execute(coming).scalar_one()
    )


def _wishes(*, with_stars: bool) -> Subquery:
    """Select (track_id, user_id, created) of all that users want to stay."""
    asked = select(keep.c.track_id, keep.c.user_id, keep.c.created)
    listed = (
        select(playlist_track.c.track_id, playlist.c.owner_id, kept_playlist.c.created)
        .join_from(kept_playlist, playlist)
        .join(playlist_track, playlist_track.c.playlist_id == playlist.c.id)
    )
    parts: list[Select[tuple[str, int, int]]] = [asked, listed]
    if with_stars:
        is_starred = annotation.c.starred.is_not(None)
        stars = annotation.c.user_id, annotation.c.starred
        parts.append(
            select(track.c.id, *stars)
            .join_from(annotation, track, track.c.id == annotation.c.item_id)
            .where(is_starred)
        )
        parts.append(
            select(track.c.id, *stars)
            .join_from(annotation, track, track.c.album_id == annotation.c.item_id)
            .where(is_starred)
        )
    return union_all(*parts).subquery("wish")


def _is_here(track_id: ColumnElement[str]) -> ColumnElement[bool]:
    here = origin.alias("here")
    return exists(
        select(literal(1)).where(here.c.track_id == track_id, here.c.source.in_((LOCAL, CACHE)))
    )


def _is_missing(wishes: Subquery, failed_after: Timestamp) -> ColumnElement[bool]:
    """Whether what is wished for has an `origin` elsewhere, and is neither here nor on its way."""
    return and_(
        origin.c.source.not_in((LOCAL, CACHE)),
        ~_is_here(wishes.c.track_id),
        ~exists().where(deleted_copy.c.track_id == wishes.c.track_id),
        ~_has_job(wishes.c.track_id, wishes.c.created, failed_after),
    )


def _is_on_its_way(track_id: ColumnElement[str]) -> ColumnElement[bool]:
    return exists(select(literal(1)).where(job.c.kind == "fetch", job.c.key == track_id, IS_ACTIVE))


def _has_job(
    track_id: ColumnElement[str], wanted: ColumnElement[int], failed_after: Timestamp
) -> ColumnElement[bool]:
    """Whether a download is on its way, or has ended without success since it was wanted."""
    is_over = or_(
        job.c.state == "cancelled",
        and_(job.c.state == "failed", job.c.finished > failed_after),
    )
    ended = select(literal(1)).where(
        job.c.kind == "fetch", job.c.key == track_id, is_over, job.c.finished > wanted
    )
    return or_(_is_on_its_way(track_id), exists(ended))
