"""Writes artists, albums and tracks; what follows from them is written by `indexing`.

Used by the scan process alone, on a connection of its own and within its transactions.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.collation import sort_key
from hydrophone.domain.ids import AlbumId, ArtistId, ArtworkId, FolderId, LibraryId, TrackId
from hydrophone.domain.music import Album, Artist, PartialDate, Track
from hydrophone.domain.rules import day_number
from hydrophone.domain.units import Timestamp
from hydrophone.storage import search_index
from hydrophone.storage.folding import index_text, lower_ascii, name_key
from hydrophone.storage.queries import annotations, artist_order, remote_credits
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.track_facts import facts_of
from hydrophone.storage.queries.upsert import upsert
from hydrophone.storage.tables.music import (
    album,
    album_artist,
    alias,
    artist,
    track,
    track_artist,
)


class TrackRecord(Struct, frozen=True, kw_only=True):
    """A track with what is kept beside its document."""

    track: Track
    fingerprint: str
    own_artwork_id: ArtworkId | None
    """The file's own picture, without the album's in its place."""


class Place(Struct, frozen=True, kw_only=True):
    """Where a known track stands."""

    id: TrackId
    album_id: AlbumId
    folder_id: FolderId
    disc_number: int
    track_number: int
    name_key: str
    fingerprint: str
    missing: bool
    created: Timestamp


_LAST_YEAR = 9999
_PLACE = select(
    track.c.id,
    track.c.album_id,
    track.c.folder_id,
    track.c.disc_number,
    track.c.track_number,
    track.c.name_key,
    track.c.fingerprint,
    track.c.missing_since.is_not(None).label("missing"),
    track.c.created,
)
# Made once: putting a statement together takes longer than running it.
_ALBUM = select(album.c.document).where(album.c.id == bindparam("album_id"))
_ALBUM_BY_KEY = select(album.c.document).where(
    album.c.library_id == bindparam("library_id"), album.c.key == bindparam("key")
)
_KEY_OF_ALBUM = select(album.c.key).where(album.c.id == bindparam("album_id"))
_TRACKS_OF_ALBUM = (
    select(track.c.document, track.c.fingerprint, track.c.artwork_id)
    .where(track.c.album_id == bindparam("album_id"), track.c.missing_since.is_(None))
    .order_by(track.c.disc_number, track.c.track_number, track.c.row)
)
_decode_album = msgspec.json.Decoder(Album).decode
_decode_artist = msgspec.json.Decoder(Artist).decode
_decode_track = msgspec.json.Decoder(Track).decode


def artists(connection: Connection) -> Iterator[Artist]:
    """Yield all artists in the order in which they came."""
    statement = select(artist.c.document).order_by(artist.c.row)
    return map(_decode_artist, connection.execute(statement).scalars())


def aliases(connection: Connection) -> dict[str, str]:
    """Return {old id: present id} of artists that were merged into others."""
    return {row[0]: row[1] for row in connection.execute(select(alias))}


def put_artists(connection: Connection, things: Sequence[Artist]) -> None:
    """Write artists and index their names; albums of theirs that are known follow them."""
    before = artist_order.keys(connection, [thing.id for thing in things])
    rows = [
        {
            "id": thing.id,
            "name": thing.name,
            "name_key": name_key(thing.name),
            "musicbrainz_id": thing.musicbrainz_id,
            "sort_key": sort_key(thing.name, thing.sort_name),
            "document": _document(thing),
        }
        for thing in things
    ]
    upsert(connection, artist, ["id"], rows)
    moved = [row["id"] for row in rows if before.get(row["id"], row["sort_key"]) != row["sort_key"]]
    artist_order.move_albums_of(connection, moved)
    texts: dict[str, str] = {thing.id: index_text(thing.name, thing.sort_name) for thing in things}
    search_index.put(connection, "artist", texts)


def merge_artist(connection: Connection, old: ArtistId, new: ArtistId) -> None:
    """Turn an artist into another with all credits, stars and plays; the old id goes on working."""
    albums = select(album_artist.c.album_id).where(album_artist.c.artist_id == old)
    tracks = select(track_artist.c.track_id).where(track_artist.c.artist_id == old)
    # The credits stand in the documents too; an id occurs in no other text.
    for table, mine in (
        (album, album.c.id.in_(albums)),
        (track, track.c.id.in_(tracks) | track.c.album_id.in_(albums)),
    ):
        replaced = func.replace(table.c.document, f'"{old}"', f'"{new}"')
        connection.execute(update(table).where(mine).values(document=replaced))
    for credits_ in (track_artist, album_artist):
        connection.execute(
            update(credits_).where(credits_.c.artist_id == old).values(artist_id=new)
        )
    put_artists(connection, [_merged(_artist(connection, old), _artist(connection, new))])
    # Also those that only now are his.
    artist_order.move_albums_of(connection, [new])
    row = connection.execute(select(artist.c.row).where(artist.c.id == old)).scalar_one()
    search_index.remove(connection, "artist", [row])
    connection.execute(delete(artist).where(artist.c.id == old))
    remote_credits.merge(connection, old, new)
    put_alias(connection, old, new)
    annotations.move(connection, old, new)


def put_alias(connection: Connection, old: str, new: str) -> None:
    """Remember what a thing has become, so that the id that apps know goes on working."""
    connection.execute(update(alias).where(alias.c.new_id == old).values(new_id=new))
    connection.execute(delete(alias).where(alias.c.old_id.in_([old, new])))
    connection.execute(insert(alias).values(old_id=old, new_id=new))


def successors(connection: Connection) -> dict[str, str]:
    """Return {old id: present id} of all that has become something else and is not there itself.

    A copy that comes again after its file was taken over has its own id again.
    """
    here = exists().where(track.c.id == alias.c.old_id, track.c.missing_since.is_(None))
    has_tracks = exists().where(album.c.id == alias.c.old_id, album.c.track_count > 0)
    statement = select(alias.c.old_id, alias.c.new_id).where(~here, ~has_tracks)
    return {row[0]: row[1] for row in connection.execute(statement)}


def _artist(connection: Connection, artist_id: ArtistId) -> Artist:
    statement = select(artist.c.document).where(artist.c.id == artist_id)
    return _decode_artist(connection.execute(statement).scalar_one())


def _merged(old: Artist, new: Artist) -> Artist:
    return msgspec.structs.replace(
        new,
        roles=tuple(sorted({*old.roles, *new.roles})),
        sort_name=new.sort_name or old.sort_name,
    )


def album_by_key(connection: Connection, library_id: LibraryId, key: str) -> Album | None:
    """Return the album that has this key now."""
    document = connection.execute(
        _ALBUM_BY_KEY, {"library_id": library_id, "key": key}
    ).scalar_one_or_none()
    return None if document is None else _decode_album(document)


def albums_titled(connection: Connection, library_id: LibraryId, title: str) -> list[Album]:
    """Return a library's albums of this title, however it is written, the oldest first."""
    statement = select(album.c.document).where(
        album.c.library_id == library_id, album.c.name_key == name_key(title)
    )
    documents = connection.execute(statement.order_by(album.c.row)).scalars()
    return [_decode_album(document) for document in documents]


def any_missing(connection: Connection) -> bool:
    """Say whether there are tracks without a file."""
    missing = select(track.c.row).where(track.c.missing_since.is_not(None)).limit(1)
    return connection.execute(missing).first() is not None


def album_by_id(connection: Connection, album_id: AlbumId) -> Album | None:
    """Return an album, with or without tracks."""
    document = connection.execute(_ALBUM, {"album_id": album_id}).scalar_one_or_none()
    return None if document is None else _decode_album(document)


def key_of_album(connection: Connection, album_id: AlbumId) -> str:
    """Return the key that an existing album has now."""
    return str(connection.execute(_KEY_OF_ALBUM, {"album_id": album_id}).scalar_one())


def put_album(connection: Connection, key: str, thing: Album) -> None:
    """Write an album under this key; it is to be indexed, too."""
    row: dict[str, object] = {
        "id": thing.id,
        "library_id": thing.library_id,
        "key": key,
        "name_key": name_key(thing.name),
        "sort_key": sort_key(thing.name, thing.sort_name),
        # As printed. Where its artists stand is known when they and its credits are written.
        "artist_sort_key": sort_key(thing.display_artist),
        "year": thing.year,
        "original_day": _day(thing.original_date),
        "release_day": _day(thing.release_date),
        "day": _day(thing.original_date) or _day(thing.release_date),
        "edition_key": lower_ascii(thing.edition) or None,
        "musicbrainz_key": lower_ascii(thing.musicbrainz_id) or None,
        "created": thing.created,
        "track_count": thing.track_count,
        "artwork_id": thing.artwork_id,
        "document": _document(thing),
    }
    upsert(connection, album, ["id"], [row])


def _day(date: PartialDate | None) -> int | None:
    # A source may say that an album is of the year 10^15, of which no number can be kept.
    if date is None or not 0 <= date.year <= _LAST_YEAR:
        return None
    return day_number(date.year, date.month, date.day) or None


def places(connection: Connection, *conditions: ColumnElement[bool]) -> list[Place]:
    """Return where those tracks stand that meet all conditions on the table `track`."""
    rows = connection.execute(_PLACE.where(*conditions).order_by(track.c.row))
    return [Place(**row._asdict()) for row in rows]


def tracks_by_id(connection: Connection, track_ids: Iterable[TrackId]) -> dict[TrackId, Track]:
    """Return tracks, there or missing, by their ids."""
    documents = connection.execute(
        select(track.c.document).where(among(track.c.id, as_json(track_ids)))
    ).scalars()
    return {thing.id: thing for thing in map(_decode_track, documents)}


def tracks_of_album(connection: Connection, album_id: AlbumId) -> list[TrackRecord]:
    """Return an album's tracks that are there, by disc and number."""
    return [
        TrackRecord(track=_decode_track(row[0]), fingerprint=row[1], own_artwork_id=row[2])
        for row in connection.execute(_TRACKS_OF_ALBUM, {"album_id": album_id})
    ]


def put_tracks(connection: Connection, records: Sequence[TrackRecord]) -> None:
    """Write tracks that are there; they are to be indexed, too."""
    upsert(connection, track, ["id"], [_track_row(record) for record in records])


def put_track_documents(connection: Connection, things: Iterable[Track]) -> None:
    """Write documents of tracks of which nothing has changed but the album's picture."""
    rows = [(_document(thing), thing.artwork_id is not None, thing.id) for thing in things]
    if rows:
        connection.exec_driver_sql(
            "UPDATE track SET document = ?, has_artwork = ? WHERE id = ?", rows
        )


def put_description(connection: Connection, thing: Track) -> None:
    """Write what is in a track's audio, and nothing else that it is found by."""
    written = update(track).where(track.c.id == thing.id)
    connection.execute(written.values(document=_document(thing), **facts_of(thing)))


def put_fingerprint(connection: Connection, track_id: TrackId, fingerprint: str) -> None:
    """Write by what audio a track is found."""
    connection.execute(update(track).where(track.c.id == track_id).values(fingerprint=fingerprint))


def _track_row(record: TrackRecord) -> dict[str, object]:
    thing = record.track
    return {
        "id": thing.id,
        "album_id": thing.album_id,
        "library_id": thing.library_id,
        "folder_id": thing.folder_id,
        "fingerprint": record.fingerprint,
        "name_key": name_key(thing.title),
        "disc_number": thing.disc_number,
        "track_number": thing.track_number,
        "year": thing.year,
        "created": thing.created,
        "artwork_id": record.own_artwork_id,
        "missing_since": None,
        "hidden": False,
        "document": _document(thing),
        **facts_of(thing),
    }


def _document(thing: Artist | Album | Track) -> str:
    return msgspec.json.encode(thing).decode()
