"""Playlists and their tracks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from hydrophone.domain.ids import ArtworkId, PlaylistId, UserId
from hydrophone.domain.playlist import Playlist
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.playlist import playlist, playlist_track
from hydrophone.storage.tables.user import user


def visible(connection: Connection, user_id: UserId) -> tuple[Playlist, ...]:
    """Return a user's own and all public playlists by name."""
    statement = _select().where(or_(playlist.c.owner_id == user_id, playlist.c.is_public))
    statement = statement.order_by(func.lower(playlist.c.name), playlist.c.id)
    return tuple(map(_decode, connection.execute(statement)))


def all_of(connection: Connection, owner_key: str) -> tuple[Playlist, ...]:
    """Return all playlists of one owner, private ones too, by name."""
    statement = _select().where(user.c.name_key == owner_key)
    statement = statement.order_by(func.lower(playlist.c.name), playlist.c.id)
    return tuple(map(_decode, connection.execute(statement)))


def one(connection: Connection, playlist_id: str) -> tuple[UserId, Playlist] | None:
    """Return a playlist with its owner's id, whoever may see it."""
    row = connection.execute(_select().where(playlist.c.id == playlist_id)).one_or_none()
    return None if row is None else (UserId(row.owner_id), _decode(row))


def track_ids(connection: Connection, playlist_id: PlaylistId) -> list[str]:
    """Return all ids in order, duplicates and missing tracks included."""
    statement = (
        select(playlist_track.c.track_id)
        .where(playlist_track.c.playlist_id == playlist_id)
        .order_by(playlist_track.c.position)
    )
    return list(connection.execute(statement).scalars())


def put(
    connection: Connection,
    playlist_id: PlaylistId,
    owner_id: UserId,
    *,
    name: str,
    comment: str,
    is_public: bool,
    tracks: Sequence[str],
    now: Timestamp,
) -> None:
    """Write a playlist as a whole, new or in place of what it was."""
    values = {"name": name, "comment": comment, "is_public": is_public, "changed": now}
    changed = connection.execute(
        playlist.update().where(playlist.c.id == playlist_id).values(values)
    )
    if changed.rowcount == 0:
        connection.execute(
            playlist.insert().values(id=playlist_id, owner_id=owner_id, created=now, **values)
        )
    connection.execute(playlist_track.delete().where(playlist_track.c.playlist_id == playlist_id))
    if tracks:
        connection.execute(
            playlist_track.insert(),
            [
                {"playlist_id": playlist_id, "position": position, "track_id": track_id}
                for position, track_id in enumerate(tracks)
            ],
        )


def delete(connection: Connection, playlist_id: PlaylistId) -> None:
    """Delete a playlist with its list of tracks."""
    connection.execute(playlist.delete().where(playlist.c.id == playlist_id))


def _select() -> Select[*tuple[Any, ...]]:
    entries = (
        select(
            playlist_track.c.playlist_id,
            func.count().label("track_count"),
            func.sum(track.c.duration).label("duration"),
        )
        .join(track, track.c.id == playlist_track.c.track_id)
        .group_by(playlist_track.c.playlist_id)
        .subquery()
    )
    artwork = (
        select(track.c.artwork_id)
        .join(playlist_track, playlist_track.c.track_id == track.c.id)
        .where(playlist_track.c.playlist_id == playlist.c.id, track.c.artwork_id.is_not(None))
        .order_by(playlist_track.c.position)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            playlist,
            user.c.name.label("owner"),
            entries.c.track_count,
            entries.c.duration,
            artwork.label("artwork_id"),
        )
        .join(user, user.c.id == playlist.c.owner_id)
        .join(entries, entries.c.playlist_id == playlist.c.id, isouter=True)
    )


def _decode(row: Row[*tuple[Any, ...]]) -> Playlist:
    return Playlist(
        id=PlaylistId(row.id),
        name=row.name,
        comment=row.comment,
        owner=row.owner,
        is_public=row.is_public,
        track_count=row.track_count or 0,
        duration=Seconds(row.duration or 0.0),
        created=Timestamp(row.created),
        changed=Timestamp(row.changed),
        artwork_id=row.artwork_id and ArtworkId(row.artwork_id),
    )
