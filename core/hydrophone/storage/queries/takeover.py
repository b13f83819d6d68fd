"""Hands what hangs on one track or album to another that it turned out to be."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Column, Connection, and_, exists, func, select, text, update

from hydrophone.domain.ids import AlbumId, LibraryId, TrackId
from hydrophone.domain.music import Album, Track
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import annotations, catalogue, former_albums, links
from hydrophone.storage.queries.catalogue import Place, TrackRecord
from hydrophone.storage.queries.former_files import Return
from hydrophone.storage.tables.music import album, alias, track
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.playback import play, play_queue, player
from hydrophone.storage.tables.playlist import playlist, playlist_track
from hydrophone.storage.tables.share import share


def later_copies(
    connection: Connection,
    place: Place,
    albums: Collection[AlbumId],
    libraries: Collection[LibraryId],
) -> list[Place]:
    """Return tracks in some libraries that came later and may be what a missing one was.

    Those alone that are there: with the same audio, then with the same title and number on one of
    the albums that may be its own (a better file that was beside the other for a while); the
    oldest first.
    """
    row = select(track.c.row).where(track.c.id == place.id).scalar_subquery()
    same = track.c.fingerprint == place.fingerprint
    if place.track_number:
        same |= and_(
            track.c.album_id.in_(albums),
            # No disc is the first one.
            track.c.disc_number.in_([0, 1] if place.disc_number <= 1 else [place.disc_number]),
            track.c.track_number == place.track_number,
            # Not by its index: thousands of tracks are called "Track 1".
            track.c.name_key.concat("") == place.name_key,
        )
    found = catalogue.places(
        connection,
        same,
        track.c.row > row,
        track.c.missing_since.is_(None),
        track.c.library_id.in_(libraries),
        exists().where(origin.c.track_id == track.c.id),
    )
    return sorted(found, key=lambda copy: copy.fingerprint != place.fingerprint)


def take_file(connection: Connection, copy: Place, original: Place, now: Timestamp) -> Track:
    """Give a copy's files, and what was read of them, to a missing track; return that.

    The copy is missing from then on. What is indexed of the track is left to the caller.
    """
    row = connection.execute(
        select(track.c.document, track.c.fingerprint, track.c.artwork_id).where(
            track.c.id == copy.id
        )
    ).one()
    thing = msgspec.structs.replace(
        msgspec.json.decode(row.document, type=Track),
        id=original.id,
        created=min(original.created, copy.created),
    )
    record = TrackRecord(track=thing, fingerprint=row.fingerprint, own_artwork_id=row.artwork_id)
    catalogue.put_tracks(connection, [record])
    connection.execute(
        update(origin).where(origin.c.track_id == copy.id).values(track_id=original.id)
    )
    connection.execute(update(track).where(track.c.id == copy.id).values(missing_since=now))
    return thing


def move_track_traces(connection: Connection, old: TrackId, new: TrackId, now: Timestamp) -> None:
    """Hand all that users have left on one track to another, and what apps ask by its id."""
    catalogue.put_alias(connection, old, new)
    annotations.hand_on(connection, old, new)
    lists = select(playlist_track.c.playlist_id).where(playlist_track.c.track_id == old)
    # Apps fetch a playlist again when it has changed.
    connection.execute(update(playlist).where(playlist.c.id.in_(lists)).values(changed=now))
    for table in (playlist_track, player):
        connection.execute(update(table).where(table.c.track_id == old).values(track_id=new))
    # Both may have been played in the same millisecond: then that is one play.
    connection.execute(
        text("UPDATE OR IGNORE play SET track_id = :new WHERE track_id = :old"),
        {"old": old, "new": new},
    )
    connection.execute(play.delete().where(play.c.track_id == old))
    links.move(connection, old, new)
    _replace_in_list(connection, play_queue.c.track_ids, old, new)
    _replace_in_shares(connection, old, new)


def take_album(connection: Connection, copy: AlbumId, original: AlbumId) -> list[Track]:
    """Turn an album into an older one that is empty; return its tracks, which are to be indexed.

    Both keep their keys if those differ only by the folder, which tells copies apart: the next
    file beside the others is then found to belong to the older one. Else they exchange them.
    """
    tracks = _move_tracks(connection, copy, original, keep=_is_beside(connection, copy, original))
    catalogue.put_alias(connection, copy, original)
    former_albums.forget(connection, copy, original)
    annotations.hand_on(connection, copy, original)
    _replace_in_shares(connection, copy, original)
    return tracks


def join_album(connection: Connection, old: AlbumId, new: AlbumId) -> None:
    """Let the id of an empty album go on working as another name of the one its tracks joined.

    Stars and ratings are seen on that if it has none of its own, and are there again if the
    tracks leave it.
    """
    catalogue.put_alias(connection, old, new)
    former_albums.forget(connection, old)
    annotations.share(connection, old, new)
    _replace_in_shares(connection, old, new)


def give_back(connection: Connection, back: Return, now: Timestamp) -> list[Track]:
    """Give the file of a copy back to it; return what is to be indexed.

    The track whose own file is there again is missing until that is read. If its album has taken
    over that of the copy, that is undone as well.
    """
    original, copy = _place(connection, back.track_id), _place(connection, back.copy_id)
    tracks: list[Track] = []
    was_taken = select(alias).where(
        alias.c.old_id == copy.album_id, alias.c.new_id == original.album_id
    )
    if connection.execute(was_taken).first() and not catalogue.tracks_of_album(
        connection, copy.album_id
    ):
        keep = _is_beside(connection, copy.album_id, original.album_id)
        tracks = _move_tracks(connection, original.album_id, copy.album_id, keep=keep)
        former_albums.put(connection, {t.id: original.album_id for t in tracks}, now)
    tracks.append(take_file(connection, original, copy, now))
    catalogue.put_fingerprint(connection, original.id, back.fingerprint)
    return tracks


def _move_tracks(
    connection: Connection, source: AlbumId, target: AlbumId, *, keep: bool
) -> list[Track]:
    """Put all tracks of an album on an empty one, which becomes what that was; return them.

    They keep or exchange their keys.
    """
    old, new = _album(connection, source), _album(connection, target)
    old_key = catalogue.key_of_album(connection, source)
    new_key = catalogue.key_of_album(connection, target)
    records = [
        msgspec.structs.replace(
            record, track=msgspec.structs.replace(record.track, album_id=target)
        )
        for record in catalogue.tracks_of_album(connection, source)
    ]
    catalogue.put_tracks(connection, records)
    taken = msgspec.structs.replace(old, id=target)
    if keep:
        catalogue.put_album(connection, new_key, taken)
    else:
        # A key is one album's in its library, so the source lets go of its own first.
        connection.execute(update(album).where(album.c.id == source).values(key=source))
        catalogue.put_album(connection, old_key, taken)
        left = msgspec.structs.replace(old, library_id=new.library_id)
        catalogue.put_album(connection, new_key, left)
    return [record.track for record in records]


def _is_beside(connection: Connection, copy: AlbumId, original: AlbumId) -> bool:
    """Say whether only the folder in its key tells a copy of an album from it."""
    libraries = {_album(connection, one).library_id for one in (copy, original)}
    key = catalogue.key_of_album(connection, original)
    return len(libraries) == 1 and catalogue.key_of_album(connection, copy).startswith(f"{key}\x1f")


def _place(connection: Connection, track_id: TrackId) -> Place:
    [place] = catalogue.places(connection, track.c.id == track_id)
    return place


def _album(connection: Connection, album_id: AlbumId) -> Album:
    found = catalogue.album_by_id(connection, album_id)
    if found is None:
        raise AssertionError("an album of tracks is known")
    return found


def _replace_in_shares(connection: Connection, old: str, new: str) -> None:
    """Put one id for another in shares; what has both shows that once."""
    items = share.c.item_ids
    has_both = and_(func.instr(items, f'"{old}"') > 0, func.instr(items, f'"{new}"') > 0)
    without = func.replace(func.replace(items, f',"{old}"', ""), f'"{old}",', "")
    connection.execute(update(share).where(has_both).values(item_ids=without))
    _replace_in_list(connection, items, old, new)


def _replace_in_list(connection: Connection, column: Column[str], old: str, new: str) -> None:
    """Put one id for another in lists of ids; in its quotes it is part of no other."""
    statement = update(column.table).where(func.instr(column, f'"{old}"') > 0)
    replaced = func.replace(column, f'"{old}"', f'"{new}"')
    connection.execute(statement.values({column: replaced}))
