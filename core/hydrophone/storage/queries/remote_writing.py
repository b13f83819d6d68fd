"""Writes what sources have shown, and forgets what nobody wanted."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Table, exists, select
from sqlalchemy.dialects.sqlite import Insert, insert

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import links, shown_recordings
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.remote import Found, FoundAlbum, FoundArtist, FoundTrack
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import album, artist, track
from hydrophone.storage.tables.remote import (
    answer_cache,
    remote_album,
    remote_album_artist,
    remote_artist,
    remote_folder,
    remote_track,
)

_ARTIST, _ALBUM, _TRACK = insert(remote_artist), insert(remote_album), insert(remote_track)
# Whom the source can be asked for is not overwritten by a mere name.
_BETTER_ARTIST = (_ARTIST.excluded.native_id != "") | (remote_artist.c.native_id == "")
# What was opened is not overwritten by what a search shows in passing.
_BETTER_ALBUM = _ALBUM.excluded.is_opened >= remote_album.c.is_opened
_BETTER_TRACK = (_TRACK.excluded.position > 0) | (remote_track.c.position == 0)


def put(connection: Connection, library_id: LibraryId, found: Found, now: Timestamp) -> None:
    """Store what was shown, or that it was shown again.

    To apps it was made when it was first shown, and so were its tracks with it.
    """
    shared = {"library_id": library_id, "seen": now}
    artists = [{**_artist_row(one), **shared} for one in found.artists]
    _put(connection, _ARTIST, ["id", "library_id"], artists, _BETTER_ARTIST)
    _touch(connection, remote_artist, [one.artist.id for one in found.artists], now)
    made = _first_shown(connection, found)
    albums = [
        {**_album_row(one, made.get(one.album.id, now)), **shared, "shown": now}
        for one in found.albums
    ]
    _put(connection, _ALBUM, ["id"], albums, _BETTER_ALBUM)
    _touch(connection, remote_album, [one.album.id for one in found.albums], now)
    _put_credits(connection, found.albums)
    opened = as_json(one.album.id for one in found.albums if one.is_opened)
    # What it does not have any more has no place in it.
    connection.execute(
        remote_track.update().where(among(remote_track.c.album_id, opened)).values(position=0)
    )
    tracks = [
        {**_track_row(one, made.get(one.track.album_id, now)), **shared} for one in found.tracks
    ]
    _put(connection, _TRACK, ["id"], tracks, _BETTER_TRACK)
    _touch(connection, remote_track, [one.track.id for one in found.tracks], now)
    shown_recordings.put(connection, [one.track for one in found.tracks])
    folders = [{**msgspec.structs.asdict(one), **shared} for one in found.folders]
    _put(connection, insert(remote_folder), ["id"], folders)


def forget(connection: Connection, before: Timestamp) -> int:
    """Forget what was last shown before then and nobody wanted; return how many things.

    What has become a part of the library stays, and so does what somebody has left a trace on.
    """
    count = connection.execute(
        answer_cache.delete().where(answer_cache.c.created < before)
    ).rowcount
    for table, shelved in (
        (remote_track, track),
        (remote_album, album),
        (remote_artist, artist),
        (remote_folder, None),
    ):
        old = table.delete().where(table.c.seen < before)
        if shelved is not None:
            old = old.where(
                ~exists().where(shelved.c.id == table.c.id).correlate(table),
                ~exists().where(annotation.c.item_id == table.c.id).correlate(table),
            )
        count += connection.execute(old).rowcount
    links.forget_found(connection)
    shown = exists().where(remote_album.c.id == remote_album_artist.c.album_id)
    connection.execute(remote_album_artist.delete().where(~shown.correlate(remote_album_artist)))
    return count


def _put(
    connection: Connection,
    statement: Insert,
    key: Sequence[str],
    rows: Sequence[dict[str, object]],
    better: ColumnElement[bool] | None = None,
) -> None:
    if rows:
        kept = {*key, "shown"}
        changed = {name: statement.excluded[name] for name in rows[0] if name not in kept}
        upsert = statement.on_conflict_do_update(index_elements=key, set_=changed, where=better)
        connection.execute(upsert, rows)


def _first_shown(connection: Connection, found: Found) -> dict[str, Timestamp]:
    """Return {album id: when it was first shown} of those that were before."""
    asked = {one.album.id for one in found.albums} | {one.track.album_id for one in found.tracks}
    statement = select(remote_album.c.id, remote_album.c.shown).where(
        # Of what was shown before this was written down, it is now.
        among(remote_album.c.id, as_json(asked)),
        remote_album.c.shown > 0,
    )
    return {row.id: Timestamp(row.shown) for row in connection.execute(statement)}


def _touch(connection: Connection, table: Table, ids: Sequence[str], now: Timestamp) -> None:
    connection.execute(table.update().where(among(table.c.id, as_json(ids))).values(seen=now))


def _put_credits(connection: Connection, albums: Sequence[FoundAlbum]) -> None:
    rows = [
        {"album_id": one.album.id, "artist_id": credit.id}
        for one in albums
        for credit in one.album.artists
    ]
    if rows:
        connection.execute(insert(remote_album_artist).on_conflict_do_nothing(), rows)


def _artist_row(found: FoundArtist) -> dict[str, object]:
    return {
        "id": found.artist.id,
        "native_id": found.native_id,
        "artwork_url": found.artwork_url,
        "document": _document(found.artist),
    }


def _album_row(found: FoundAlbum, made: Timestamp) -> dict[str, object]:
    return {
        "id": found.album.id,
        "native_id": found.native_id,
        "group_id": found.group_id,
        "rank": found.rank,
        "artwork_url": found.artwork_url,
        "notes": found.notes,
        "is_opened": found.is_opened,
        "document": _document(replace(found.album, created=made)),
    }


def _track_row(found: FoundTrack, made: Timestamp) -> dict[str, object]:
    return {
        "id": found.track.id,
        "album_id": found.track.album_id,
        "native_id": found.native_id,
        "position": found.position,
        "artwork_url": found.artwork_url,
        "refusal": found.refusal,
        "document": _document(replace(found.track, created=made)),
    }


def _document(thing: Artist | Album | Track) -> str:
    return msgspec.json.encode(thing).decode()
