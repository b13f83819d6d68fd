"""Playlists and their tracks."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    false,
    func,
    or_,
    select,
)

from hydrophone.domain.ids import MOSAIC, PlaylistId, UserId, make_id
from hydrophone.domain.library import Page
from hydrophone.domain.music import Track
from hydrophone.domain.paths import escape_path
from hydrophone.domain.playlist import Extent, Playlist, PlaylistFile
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.storage.queries import counters
from hydrophone.storage.queries.json_document import as_list
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.native_ids import LOCAL, local_path
from hydrophone.storage.tables.library import library
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.playlist import playlist, playlist_file, playlist_track
from hydrophone.storage.tables.user import user

_decode_ids = msgspec.json.Decoder(tuple[str, ...]).decode

_FILE = (
    select(library.c.name + "/" + playlist_file.c.path)
    .join_from(playlist_file, library, library.c.id == playlist_file.c.library_id)
    .where(playlist_file.c.playlist_id == playlist.c.id)
    .correlate(playlist)
    .scalar_subquery()
)

_SELECT = select(playlist, user.c.name.label("owner"), _FILE.label("file")).join(
    user, user.c.id == playlist.c.owner_id
)


def visible(connection: Connection, user_id: UserId, page: Page) -> tuple[Playlist, ...]:
    """Return a user's own and all public playlists by name.

    What is in them depends on who looks, and is in `extents`: `track_count` and `duration` are 0.
    """
    return _listed(connection, or_(playlist.c.owner_id == user_id, playlist.c.is_public), page)


def all_of(connection: Connection, owner_key: str, page: Page) -> tuple[Playlist, ...]:
    """Return all playlists of one owner, private ones too, as `visible` does."""
    return _listed(connection, user.c.name_key == owner_key, page)


def extents(
    connection: Connection, playlist_ids: Collection[str], libraries: Collection[int]
) -> dict[str, Extent]:
    """Return {id: what is in it for who sees these libraries}, empty ones left out.

    Of a smart playlist nothing is said: its tracks are not written down.
    """
    inside = (
        select(playlist_track.c.playlist_id, func.count(), func.total(track.c.duration))
        .join(track, track.c.id == playlist_track.c.track_id)
        .where(
            among(playlist_track.c.playlist_id, as_json(playlist_ids)),
            _is_shown(libraries),
        )
        .group_by(playlist_track.c.playlist_id)
    )
    return {
        playlist_id: Extent(track_count=count, duration=Seconds(duration))
        for playlist_id, count, duration in connection.execute(inside)
    }


def one(connection: Connection, playlist_id: str) -> tuple[UserId, Playlist] | None:
    """Return a playlist with its owner's id, whoever may see it, as `visible` does."""
    return _one(connection, playlist.c.id == playlist_id)


def of_picture(connection: Connection, picture_id: str) -> tuple[UserId, Playlist] | None:
    """Return what `one` does, by the id of the playlist's picture."""
    return _one(connection, playlist.c.picture_id == picture_id)


def _one(connection: Connection, condition: ColumnElement[bool]) -> tuple[UserId, Playlist] | None:
    statement = _SELECT.where(condition)
    row = connection.execute(statement).one_or_none()
    return None if row is None else (UserId(row.owner_id), _decode(row))


def track_ids(connection: Connection, playlist_id: PlaylistId) -> tuple[str, ...]:
    """Return all ids in order, duplicates and those that the reader may not see included."""
    statement = (
        select(playlist_track.c.track_id)
        .where(playlist_track.c.playlist_id == playlist_id)
        .order_by(playlist_track.c.position)
    )
    return _decode_ids(connection.execute(as_list(statement)).scalar_one())


def changed_last(connection: Connection, count: int) -> list[PlaylistId]:
    """Return the ids of some playlists, whoever's, those changed last first."""
    statement = (
        select(playlist.c.id).order_by(playlist.c.changed.desc(), playlist.c.id).limit(count)
    )
    return list(connection.execute(statement).scalars())


def entries(
    connection: Connection, playlist_id: PlaylistId, libraries: Collection[int]
) -> list[tuple[str, bool]]:
    """Return all of (track id, whether it is shown to who sees these libraries) in order."""
    statement = (
        select(playlist_track.c.track_id, func.coalesce(_is_shown(libraries), false()))
        .join(track, track.c.id == playlist_track.c.track_id, isouter=True)
        .where(playlist_track.c.playlist_id == playlist_id)
        .order_by(playlist_track.c.position)
    )
    return [(track_id, bool(shown)) for track_id, shown in connection.execute(statement)]


def behind(
    connection: Connection, user_id: UserId, before: str, heard: str, count: int
) -> tuple[str, ...]:
    """Return what follows two tracks that stand one behind the other in a playlist, in its order.

    Of several playlists that a user may see the one that was changed last counts, own ones first;
    empty if there is none.
    """
    first, second = playlist_track.alias(), playlist_track.alias()
    place = connection.execute(
        select(second.c.playlist_id, second.c.position)
        .join_from(
            first,
            second,
            and_(
                second.c.playlist_id == first.c.playlist_id,
                second.c.position == first.c.position + 1,
            ),
        )
        .join(playlist, playlist.c.id == first.c.playlist_id)
        .where(
            first.c.track_id == before,
            second.c.track_id == heard,
            or_(playlist.c.owner_id == user_id, playlist.c.is_public),
        )
        .order_by(playlist.c.owner_id != user_id, playlist.c.changed.desc(), second.c.position)
        .limit(1)
    ).one_or_none()
    if place is None:
        return ()
    statement = (
        select(playlist_track.c.track_id)
        .where(
            playlist_track.c.playlist_id == place.playlist_id,
            playlist_track.c.position > place.position,
        )
        .order_by(playlist_track.c.position)
        .limit(count)
    )
    return tuple(connection.execute(statement).scalars())


def everything(connection: Connection) -> list[Playlist]:
    """Return every playlist of every user, in a stable order, as `one` does."""
    statement = _SELECT.order_by(user.c.name_key, playlist.c.created, playlist.c.id)
    return [_decode(row) for row in connection.execute(statement)]


def files(connection: Connection, identifiers: Sequence[str]) -> Iterator[PlaylistFile]:
    """Yield the entries of a playlist (ids of tracks) with their files, in order."""
    first = (
        select(origin.c.row)
        .where(origin.c.track_id == track.c.id, origin.c.source == LOCAL)
        .order_by(origin.c.native_id)
        .limit(1)
        .correlate(track)
        .scalar_subquery()
    )
    entry = func.json_each(as_json(identifiers)).table_valued("key", "value")
    statement = (
        select(
            entry.c.value,
            track.c.document,
            library.c.path,
            origin.c.native_id,
            origin.c.start,
        )
        .join(track, track.c.id == entry.c.value, isouter=True)
        .join(library, library.c.id == track.c.library_id, isouter=True)
        .join(origin, origin.c.row == first, isouter=True)
        .order_by(entry.c.key)
    )
    for track_id, document, root, place, start in connection.execute(statement):
        if document is None:
            yield PlaylistFile(track_id=track_id)
            continue
        known = msgspec.json.decode(document, type=Track)
        yield PlaylistFile(
            track_id=track_id,
            title=known.title,
            artist=known.display_artist,
            duration=known.duration,
            path=f"{escape_path(root)}/{local_path(place)}" if place else "",
            start=start,
        )


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
    rules: str = "",
) -> None:
    """Write a playlist as a whole, new or in place of what it was."""
    values = {
        "name": name,
        "comment": comment,
        "is_public": is_public,
        "changed": now,
        "rules": rules,
        "picture_id": make_id(MOSAIC, playlist_id, str(now)),
    }
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
        counters.bump(connection, counters.CHOICES)


def delete(connection: Connection, playlist_id: PlaylistId) -> None:
    """Delete a playlist with its list of tracks."""
    connection.execute(playlist.delete().where(playlist.c.id == playlist_id))


def _is_shown(libraries: Collection[int]) -> ColumnElement[bool]:
    """Say that a reader who sees these libraries is shown a track in a playlist."""
    return and_(track.c.hidden.is_(False), track.c.library_id.in_(libraries))


def _listed(
    connection: Connection, condition: ColumnElement[bool], page: Page
) -> tuple[Playlist, ...]:
    statement = (
        _SELECT.where(condition)
        .order_by(func.lower(playlist.c.name), playlist.c.id)
        .limit(page.size)
        .offset(page.offset)
    )
    return tuple(map(_decode, connection.execute(statement)))


def _decode(row: Row[*tuple[Any, ...]]) -> Playlist:
    return Playlist(
        id=PlaylistId(row.id),
        name=row.name,
        comment=row.comment,
        owner=row.owner,
        is_public=row.is_public,
        track_count=0,
        duration=Seconds(0),
        created=Timestamp(row.created),
        changed=Timestamp(row.changed),
        picture_id=row.picture_id or row.id,
        rules=row.rules,
        file=row.file or "",
    )
