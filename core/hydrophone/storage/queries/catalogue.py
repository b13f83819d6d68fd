"""Writes artists, albums and tracks with their credits, genres and search texts.

Used by the scan process alone, on a connection of its own and within its transactions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.collation import sort_key
from hydrophone.domain.ids import AlbumId, ArtistId, ArtworkId, FolderId, LibraryId, TrackId
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.units import Timestamp
from hydrophone.storage import search_index
from hydrophone.storage.folding import index_text, name_key
from hydrophone.storage.queries import annotations
from hydrophone.storage.queries.upsert import upsert
from hydrophone.storage.tables.music import (
    album,
    album_artist,
    alias,
    artist,
    genre,
    lyrics,
    track,
    track_artist,
    track_genre,
)

Identifier = TypeVar("Identifier", ArtistId, AlbumId, TrackId)


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
    """Write artists and index their names."""
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
    texts = {thing.id: index_text(thing.name, thing.sort_name) for thing in things}
    search_index.put(connection, "artist", _by_row(connection, artist, texts))


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
    row = connection.execute(select(artist.c.row).where(artist.c.id == old)).scalar_one()
    search_index.remove(connection, "artist", [row])
    connection.execute(delete(artist).where(artist.c.id == old))
    connection.execute(update(alias).where(alias.c.new_id == old).values(new_id=new))
    connection.execute(insert(alias).values(old_id=old, new_id=new))
    annotations.move(connection, old, new)


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
        select(album.c.document).where(album.c.library_id == library_id, album.c.key == key)
    ).scalar_one_or_none()
    return None if document is None else _decode_album(document)


def album_by_id(connection: Connection, album_id: AlbumId) -> Album | None:
    """Return an album, with or without tracks."""
    document = connection.execute(
        select(album.c.document).where(album.c.id == album_id)
    ).scalar_one_or_none()
    return None if document is None else _decode_album(document)


def key_of_album(connection: Connection, album_id: AlbumId) -> str:
    """Return the key that an existing album has now."""
    return str(connection.execute(select(album.c.key).where(album.c.id == album_id)).scalar_one())


def put_album(connection: Connection, key: str, thing: Album) -> None:
    """Write an album under this key with its credits, and index it."""
    row: dict[str, object] = {
        "id": thing.id,
        "library_id": thing.library_id,
        "key": key,
        "name_key": name_key(thing.name),
        "sort_key": sort_key(thing.name, thing.sort_name),
        "artist_sort_key": sort_key(thing.display_artist),
        "year": thing.year,
        "created": thing.created,
        "track_count": thing.track_count,
        "artwork_id": thing.artwork_id,
        "document": _document(thing),
    }
    upsert(connection, album, ["id"], [row])
    connection.execute(delete(album_artist).where(album_artist.c.album_id == thing.id))
    if thing.artists:
        connection.execute(
            album_artist.insert(),
            [
                {"album_id": thing.id, "position": position, "artist_id": credit.id}
                for position, credit in enumerate(thing.artists)
            ],
        )
    names = [thing.name, thing.display_artist, *(credit.name for credit in thing.artists)]
    texts = {thing.id: index_text(*names)}
    search_index.put(connection, "album", _by_row(connection, album, texts))


def places(connection: Connection, *conditions: ColumnElement[bool]) -> list[Place]:
    """Return where those tracks stand that meet all conditions on the table `track`."""
    rows = connection.execute(_PLACE.where(*conditions).order_by(track.c.row))
    return [Place(**row._asdict()) for row in rows]


def tracks_of_album(connection: Connection, album_id: AlbumId) -> list[TrackRecord]:
    """Return an album's tracks that are there, by disc and number."""
    rows = connection.execute(
        select(track.c.document, track.c.fingerprint, track.c.artwork_id)
        .where(track.c.album_id == album_id, track.c.missing_since.is_(None))
        .order_by(track.c.disc_number, track.c.track_number, track.c.row)
    )
    return [
        TrackRecord(track=_decode_track(row[0]), fingerprint=row[1], own_artwork_id=row[2])
        for row in rows
    ]


def put_tracks(connection: Connection, records: Sequence[TrackRecord]) -> None:
    """Write tracks that are there, with credits and genres, and index them."""
    if not records:
        return
    upsert(connection, track, ["id"], [_track_row(record) for record in records])
    ids = [record.track.id for record in records]
    connection.execute(delete(track_artist).where(track_artist.c.track_id.in_(ids)))
    connection.execute(delete(track_genre).where(track_genre.c.track_id.in_(ids)))
    credits_ = [row for record in records for row in _credit_rows(record.track)]
    if credits_:
        connection.execute(track_artist.insert(), credits_)
    _put_genres(connection, [record.track for record in records])
    texts = {record.track.id: _search_text(record.track) for record in records}
    search_index.put(connection, "track", _by_row(connection, track, texts))


def put_track_documents(connection: Connection, things: Iterable[Track]) -> None:
    """Write documents of tracks of which nothing else has changed (the album's picture)."""
    for thing in things:
        connection.execute(
            update(track).where(track.c.id == thing.id).values(document=_document(thing))
        )


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
        "duration": thing.duration,
        "created": thing.created,
        "artwork_id": record.own_artwork_id,
        "missing_since": None,
        "hidden": False,
        "document": _document(thing),
    }


def _credit_rows(thing: Track) -> Iterator[dict[str, object]]:
    roles: dict[str, list[ArtistId]] = {"artist": [credit.id for credit in thing.artists]}
    for contributor in thing.contributors:
        roles.setdefault(contributor.role, []).append(contributor.artist.id)
    for role, credited in roles.items():
        for position, artist_id in enumerate(credited):
            yield {
                "track_id": thing.id,
                "role": role,
                "position": position,
                "artist_id": artist_id,
            }


def _put_genres(connection: Connection, things: Sequence[Track]) -> None:
    names: dict[str, str] = {}
    links: dict[tuple[str, str], None] = {}
    for thing in things:
        for name in thing.genres:
            key = name_key(name)
            names.setdefault(key, name)
            links[thing.id, key] = None
    if names:
        connection.execute(
            insert(genre).on_conflict_do_nothing(),
            [{"key": key, "name": name} for key, name in names.items()],
        )
        connection.execute(
            track_genre.insert(),
            [{"track_id": track_id, "genre_key": key} for track_id, key in links],
        )


def _search_text(thing: Track) -> str:
    return index_text(
        thing.title,
        thing.display_artist,
        *(credit.name for credit in thing.artists),
        thing.album_name,
    )


def _by_row(
    connection: Connection, table: Table, texts: Mapping[Identifier, str]
) -> list[tuple[int, str]]:
    rows = connection.execute(select(table.c.row, table.c.id).where(table.c.id.in_(texts)))
    return [(row, texts[identifier]) for row, identifier in rows]


def _document(thing: Artist | Album | Track) -> str:
    return msgspec.json.encode(thing).decode()


def put_lyrics(connection: Connection, texts: Mapping[TrackId, str]) -> None:
    """Write the words that files carry; an empty text takes them away."""
    connection.execute(delete(lyrics).where(lyrics.c.track_id.in_(texts)))
    rows = [{"track_id": track_id, "text": text} for track_id, text in texts.items() if text]
    if rows:
        connection.execute(lyrics.insert(), rows)
