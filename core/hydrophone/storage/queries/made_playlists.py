"""What is in the playlists that the server makes."""

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, select, union_all

from hydrophone.domain.ids import LibraryId, UserId
from hydrophone.domain.made_playlist import MadeKind
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries.tracks import is_there
from hydrophone.storage.queries.unindexed import unindexed
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.cache import cached_file, keep, kept_playlist
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.playback import play
from hydrophone.storage.tables.playlist import playlist, playlist_track
from hydrophone.storage.tables.remote import remote_album, remote_track

_MOST = 100
_ALBUMS = 50
_WEEK_MS = 7 * 24 * 60 * 60 * 1000


class Chosen(Struct, frozen=True, kw_only=True):
    """Tracks of the library, or such as sources have only shown, in their order."""

    track_ids: tuple[str, ...] = ()
    changed: Timestamp = Timestamp(0)
    """When it became what it is."""


def chosen(
    connection: Connection,
    kind: MadeKind,
    user_id: UserId,
    libraries: Collection[LibraryId],
    now: Timestamp | None,
) -> Chosen:
    """Return what is in a user's playlist; at most a hundred tracks.

    Without a time, a week is that before the user's last play.
    """
    return _BY_KIND[kind](connection, user_id, libraries, now)


def _most_played(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[LibraryId],
    now: Timestamp | None,
) -> Chosen:
    last = select(func.max(play.c.played)).where(play.c.user_id == user_id)
    if now is None:
        now = Timestamp(connection.execute(last).scalar_one() or 0)
    since = now - _WEEK_MS
    count, latest = func.count(), func.max(play.c.played)
    rows = connection.execute(
        select(play.c.track_id)
        .join(track, track.c.id == play.c.track_id)
        .where(play.c.user_id == user_id, play.c.played.between(since, now), is_there(libraries))
        # By the index of times, for in that of tracks all that was ever played is gone through.
        .group_by(unindexed(play.c.track_id))
        .order_by(count.desc(), latest.desc(), play.c.track_id)
        .limit(_MOST)
    )
    added = connection.execute(last.where(play.c.played <= now)).scalar_one() or 0
    dropped = connection.execute(last.where(play.c.played < since)).scalar_one() or 0
    return Chosen(
        track_ids=tuple(rows.scalars()), changed=Timestamp(max(added, dropped + _WEEK_MS))
    )


def _recently_kept(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[LibraryId],
    _: Timestamp | None,
) -> Chosen:
    album_id = (
        select(track.c.album_id)
        .where(track.c.id == cached_file.c.track_id)
        .correlate(cached_file)
        .scalar_subquery()
    )
    wanted = union_all(
        select(keep.c.track_id, keep.c.created.label("since")).where(keep.c.user_id == user_id),
        # What is starred is kept if there was room: then there is a copy.
        select(cached_file.c.track_id, _starred(user_id, cached_file.c.track_id)),
        select(cached_file.c.track_id, _starred(user_id, album_id)),
        select(cached_file.c.track_id, cached_file.c.created)
        .join(playlist_track, playlist_track.c.track_id == cached_file.c.track_id)
        .join(kept_playlist, kept_playlist.c.playlist_id == playlist_track.c.playlist_id)
        .join(playlist, playlist.c.id == kept_playlist.c.playlist_id)
        .where(playlist.c.owner_id == user_id),
    ).subquery()
    since = func.max(wanted.c.since)
    rows = connection.execute(
        select(wanted.c.track_id, since)
        .join(track, track.c.id == wanted.c.track_id)
        .where(wanted.c.since.is_not(None), is_there(libraries))
        .group_by(wanted.c.track_id)
        .order_by(since.desc(), track.c.album_id, track.c.disc_number, track.c.track_number)
        .limit(_MOST)
    ).all()
    return Chosen(
        track_ids=tuple(row[0] for row in rows),
        changed=Timestamp(rows[0][1] if rows else 0),
    )


def _starred(user_id: UserId, item_id: ColumnElement[str]) -> ScalarSelect[int]:
    """Select when a user has starred a thing: there are fewer copies than marks, so not a join."""
    return (
        select(annotation.c.starred)
        .where(annotation.c.user_id == user_id, annotation.c.item_id == item_id)
        .correlate(cached_file)
        .scalar_subquery()
    )


def _new_from_sources(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[LibraryId],
    _: Timestamp | None,
) -> Chosen:
    albums = (
        select(
            remote_album.c.id, remote_album.c.row, remote_album.c.is_opened, remote_album.c.shown
        )
        .where(remote_album.c.library_id.in_(libraries))
        .order_by(remote_album.c.shown.desc(), remote_album.c.row.desc())
        .limit(_ALBUMS)
        .subquery()
    )
    rows = connection.execute(
        select(remote_track.c.id, albums.c.shown)
        .join(albums, albums.c.id == remote_track.c.album_id)
        .where(remote_track.c.refusal == "", (remote_track.c.position > 0) | ~albums.c.is_opened)
        .order_by(
            albums.c.shown.desc(),
            albums.c.row.desc(),
            remote_track.c.position,
            remote_track.c.row,
        )
        .limit(_MOST)
    ).all()
    return Chosen(
        track_ids=tuple(row.id for row in rows),
        changed=Timestamp(max((row.shown for row in rows), default=0)),
    )


_BY_KIND: Mapping[
    MadeKind,
    Callable[[Connection, UserId, Collection[LibraryId], Timestamp | None], Chosen],
] = {
    MadeKind.MOST_PLAYED: _most_played,
    MadeKind.RECENTLY_KEPT: _recently_kept,
    MadeKind.NEW_FROM_SOURCES: _new_from_sources,
}
