"""What sources have shown, under our ids; `remote_writing` writes it."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Table, exists, func, select

from hydrophone.domain.ids import AlbumId, ArtistId, FolderId, TrackId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.storage.queries import tracks
from hydrophone.storage.queries.annotated import MAX_ROWS, Annotated
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.music import album, alias, artist, track
from hydrophone.storage.tables.remote import (
    remote_album,
    remote_album_artist,
    remote_artist,
    remote_folder,
    remote_track,
)

ALBUMS = Annotated(remote_album, Album)
TRACKS = Annotated(remote_track, Track)
_decode_artist = msgspec.json.Decoder(Artist).decode


class FoundArtist(Struct, frozen=True, kw_only=True):
    """An artist with what is kept beside the document."""

    artist: Artist
    native_id: str
    artwork_url: str


class FoundAlbum(Struct, frozen=True, kw_only=True):
    """An album with what is kept beside the document."""

    album: Album
    native_id: str
    """Empty for a track that is an album by itself."""
    group_id: str = ""
    rank: int = 0
    artwork_url: str = ""
    notes: str = ""
    is_opened: bool = False
    """Its tracks were told with it, by `position`."""


class FoundTrack(Struct, frozen=True, kw_only=True):
    """A track with what is kept beside the document."""

    track: Track
    native_id: str
    position: int
    """In its album as it was opened, from 1; 0 if that was not opened."""
    artwork_url: str = ""
    refusal: str = ""
    """Why the source does not play it; empty if it does."""


class FoundFolder(Struct, frozen=True, kw_only=True):
    """A place in the tree of a source."""

    id: FolderId
    parent_id: FolderId
    native_id: str
    title: str
    artwork_url: str = ""


class Found(Struct, frozen=True, kw_only=True):
    """What one answer of a source has shown."""

    artists: tuple[FoundArtist, ...] = ()
    albums: tuple[FoundAlbum, ...] = ()
    tracks: tuple[FoundTrack, ...] = ()
    folders: tuple[FoundFolder, ...] = ()


def artist_ids(connection: Connection, wanted: Mapping[ArtistId, str]) -> dict[ArtistId, ArtistId]:
    """Return {id as computed: id of the artist that we have}, where that is another.

    `wanted` are ids with the name key of those who are known by name alone, else `""`. An id may
    have become another by a scan; a name is the only artist with a MusicBrainz id who has it.
    """
    asked = as_json(wanted)
    merged = select(alias.c.old_id, alias.c.new_id).where(among(alias.c.old_id, asked))
    found = {ArtistId(old): ArtistId(new) for old, new in connection.execute(merged)}
    present = set(
        connection.execute(select(artist.c.id).where(among(artist.c.id, asked))).scalars()
    )
    by_name = {
        name: one
        for one, name in wanted.items()
        if name and one not in found and one not in present
    }
    same = (
        select(artist.c.name_key, func.min(artist.c.id))
        .where(among(artist.c.name_key, as_json(by_name)), artist.c.musicbrainz_id != "")
        .group_by(artist.c.name_key)
        .having(func.count() == 1)
    )
    for name, identifier in connection.execute(same):
        found[by_name[name]] = ArtistId(identifier)
    return found


def artist_one(connection: Connection, libraries: Collection[int], artist_id: str) -> Artist | None:
    """Return an artist whom a source of these libraries has shown."""
    document = connection.execute(
        select(remote_artist.c.document)
        .where(remote_artist.c.id == artist_id, remote_artist.c.library_id.in_(libraries))
        .order_by(remote_artist.c.library_id)
        .limit(1)
    ).scalar_one_or_none()
    return None if document is None else _decode_artist(document)


def artists_by_ids(
    connection: Connection, libraries: Collection[int], identifiers: Sequence[str]
) -> dict[str, Artist]:
    """Return {id: artist} of those whom sources of these libraries have shown."""
    statement = (
        select(remote_artist.c.id, remote_artist.c.document)
        .where(
            among(remote_artist.c.id, as_json(identifiers)),
            remote_artist.c.library_id.in_(libraries),
        )
        .order_by(remote_artist.c.library_id.desc())
    )
    return {row[0]: _decode_artist(row[1]) for row in connection.execute(statement)}


def albums_of_artist(
    connection: Connection, user_id: UserId, libraries: Collection[int], artist_id: str
) -> tuple[Album, ...]:
    """Return the albums by an artist that were shown, versions of one work by rank."""
    credited = select(remote_album_artist.c.album_id).where(
        remote_album_artist.c.artist_id == artist_id
    )
    statement = (
        ALBUMS.select(user_id)
        .where(remote_album.c.id.in_(credited), remote_album.c.library_id.in_(libraries))
        .order_by(remote_album.c.library_id, remote_album.c.row)
        .limit(MAX_ROWS)
    )
    return ALBUMS.all(connection, statement)


class Version(Struct, frozen=True, kw_only=True):
    """Which one an album is among the versions of a work."""

    work: str
    """The same for all versions, and for those of no other work of any source."""
    rank: int
    """The lowest is shown first."""


def versions(connection: Connection, identifiers: Sequence[str]) -> dict[str, Version]:
    """Return {id: version} of those albums (at most MAX_ROWS) that are one of several."""
    names = (remote_album.c.id, remote_album.c.library_id, remote_album.c.group_id)
    statement = select(*names, remote_album.c.rank).where(
        among(remote_album.c.id, as_json(identifiers)), remote_album.c.group_id != ""
    )
    return {
        row.id: Version(work=f"{row.library_id}\x1f{row.group_id}", rank=row.rank)
        for row in connection.execute(statement)
    }


def tracks_of_album(
    connection: Connection, user_id: UserId, album_id: str, page: Page
) -> tuple[Track, ...]:
    """Return the tracks of an album in its order, or those that were shown if nobody opened it."""
    is_opened = exists().where(remote_album.c.id == album_id, remote_album.c.is_opened)
    statement = (
        TRACKS.select(user_id)
        .where(remote_track.c.album_id == album_id, (remote_track.c.position > 0) | ~is_opened)
        .order_by(remote_track.c.position, remote_track.c.row)
        .limit(page.size)
        .offset(page.offset)
    )
    return TRACKS.all(connection, statement)


def known_tracks(
    connection: Connection, user_id: UserId, identifiers: Sequence[str]
) -> dict[str, Track]:
    """Return {id: track} of what is in the library or was shown; at most MAX_ROWS.

    Of what is both, as the library has it.
    """
    return {
        **TRACKS.by_ids(connection, user_id, identifiers),
        **tracks.TRACKS.by_ids(connection, user_id, identifiers),
    }


def refusal(connection: Connection, track_id: str) -> str:
    """Return why a source does not play a track; empty if it does, or never showed it."""
    statement = select(remote_track.c.refusal).where(remote_track.c.id == track_id)
    return connection.execute(statement).scalar_one_or_none() or ""


def album_notes(connection: Connection, libraries: Collection[int], album_id: str) -> str:
    """Return what a source of these libraries tells of an album; empty if it tells nothing."""
    statement = select(remote_album.c.notes).where(
        remote_album.c.id == album_id, remote_album.c.library_id.in_(libraries)
    )
    return connection.execute(statement).scalar_one_or_none() or ""


def folder_one(
    connection: Connection, libraries: Collection[int], folder_id: str
) -> FoundFolder | None:
    """Return a place that a source of these libraries has shown."""
    names = FoundFolder.__struct_fields__
    row = connection.execute(
        select(*(remote_folder.c[name] for name in names)).where(
            remote_folder.c.id == folder_id, remote_folder.c.library_id.in_(libraries)
        )
    ).one_or_none()
    return None if row is None else FoundFolder(**row._asdict())


def folders_by_ids(connection: Connection, identifiers: Sequence[str]) -> tuple[FoundFolder, ...]:
    """Return places in the order of these ids; what is forgotten is left out."""
    names = FoundFolder.__struct_fields__
    rows = connection.execute(
        select(*(remote_folder.c[name] for name in names)).where(
            among(remote_folder.c.id, as_json(identifiers))
        )
    )
    found = {row.id: FoundFolder(**row._asdict()) for row in rows}
    return tuple(found[one] for one in identifiers if one in found)


class Unshelved(Struct, frozen=True, kw_only=True):
    """What was only shown, of ids that somebody wants to leave something on."""

    tracks: tuple[TrackId, ...]
    albums: tuple[AlbumId, ...]
    artists: tuple[ArtistId, ...]


def unshelved(
    connection: Connection, libraries: Collection[int], identifiers: Sequence[str]
) -> Unshelved:
    """Return which of these ids (at most MAX_ROWS) sources have shown and the library lacks."""
    asked = as_json(identifiers)

    def lacking(shown: Table, shelved: Table) -> tuple[str, ...]:
        statement = select(shown.c.id).where(
            among(shown.c.id, asked),
            shown.c.library_id.in_(libraries),
            ~exists().where(shelved.c.id == shown.c.id).correlate(shown),
        )
        return tuple(dict.fromkeys(connection.execute(statement).scalars()))

    return Unshelved(
        tracks=tuple(map(TrackId, lacking(remote_track, track))),
        albums=tuple(map(AlbumId, lacking(remote_album, album))),
        artists=tuple(map(ArtistId, lacking(remote_artist, artist))),
    )


def found_tracks(connection: Connection, identifiers: Sequence[str]) -> tuple[FoundTrack, ...]:
    """Return tracks (at most MAX_ROWS) as they were shown, in no order."""
    rows = connection.execute(
        select(remote_track).where(among(remote_track.c.id, as_json(identifiers)))
    )
    return tuple(
        FoundTrack(
            track=msgspec.json.decode(row.document, type=Track),
            native_id=row.native_id,
            position=row.position,
            artwork_url=row.artwork_url,
            refusal=row.refusal,
        )
        for row in rows
    )


def found_albums(connection: Connection, identifiers: Sequence[str]) -> tuple[FoundAlbum, ...]:
    """Return albums (at most MAX_ROWS) as they were shown, in no order."""
    rows = connection.execute(
        select(remote_album).where(among(remote_album.c.id, as_json(identifiers)))
    )
    return tuple(
        FoundAlbum(
            album=msgspec.json.decode(row.document, type=Album),
            native_id=row.native_id,
            group_id=row.group_id,
            rank=row.rank,
            artwork_url=row.artwork_url,
            notes=row.notes,
            is_opened=row.is_opened,
        )
        for row in rows
    )
