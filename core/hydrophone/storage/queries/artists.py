"""Artists, with the number of their albums that the asking user can see."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from hydrophone.domain.ids import ARTIST, ArtistId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.music import Artist
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import albums, tracks
from hydrophone.storage.queries.annotated import Annotated, of_kind
from hydrophone.storage.queries.json_list import Numbers, among, as_json
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import album, album_artist, alias, artist, track, track_artist
from hydrophone.storage.tables.remote import remote_artist

ARTISTS = Annotated(artist, Artist)


def is_there(libraries: Numbers) -> ColumnElement[bool]:
    """Say that the artist of the statement around it is on anything that these libraries have."""
    on_album = (
        exists()
        .where(album_artist.c.artist_id == artist.c.id)
        .where(album.c.id == album_artist.c.album_id, albums.is_there(libraries))
    )
    on_track = (
        exists()
        .where(track_artist.c.artist_id == artist.c.id)
        .where(track.c.id == track_artist.c.track_id, tracks.is_there(libraries))
    )
    # Somebody has starred or rated an artist of whom nothing is here.
    at_source = exists().where(
        remote_artist.c.id == artist.c.id, remote_artist.c.library_id.in_(libraries)
    )
    return or_(on_album, on_track, at_source)


# Made once: putting such statements together takes longer than running them.
_LIBRARIES: BindParameter[Collection[int]] = bindparam("libraries", expanding=True)
_IS_VISIBLE = select(exists().where(artist.c.id == bindparam("artist"), is_there(_LIBRARIES)))
# As a join this may begin with all albums of the libraries.
_ALBUM_COUNTS = (
    select(album_artist.c.artist_id, func.count(album_artist.c.album_id.distinct()))
    .where(
        among(album_artist.c.artist_id, bindparam("artists")),
        exists().where(album.c.id == album_artist.c.album_id, albums.is_there(_LIBRARIES)),
    )
    .group_by(album_artist.c.artist_id)
)
_WITH_STAR = (
    ARTISTS.select(bindparam("viewer"))
    .where(
        of_kind(ARTIST),
        annotation.c.starred.is_not(None),
    )
    .order_by(annotation.c.item_id)
    .limit(bindparam("size"))
    .offset(bindparam("offset"))
)


def one(
    connection: Connection, user_id: UserId, libraries: Collection[int], artist_id: str
) -> Artist | None:
    """Return an artist who is on an album or a track that these libraries have.

    An id that an artist had before a MusicBrainz id was known still works.
    """
    current = connection.execute(
        select(alias.c.new_id).where(alias.c.old_id == artist_id)
    ).scalar_one_or_none()
    found = ARTISTS.one(connection, user_id, current or artist_id)
    if found is None or not is_visible(connection, libraries, found.id):
        return None
    return counted(connection, libraries, [found])[0]


def is_visible(connection: Connection, libraries: Collection[int], artist_id: ArtistId) -> bool:
    """Say whether an artist is on anything in these libraries."""
    values = {"artist": artist_id, "libraries": libraries}
    return bool(connection.execute(_IS_VISIBLE, values).scalar_one())


def counted(
    connection: Connection, libraries: Collection[int], found: Sequence[Artist]
) -> tuple[Artist, ...]:
    """Return the same artists with their album counts; at most 500."""
    if not found:
        return ()
    values = {"artists": as_json([artist.id for artist in found]), "libraries": libraries}
    counts = {row[0]: row[1] for row in connection.execute(_ALBUM_COUNTS, values)}
    return tuple(
        msgspec.structs.replace(artist, album_count=counts.get(artist.id, 0)) for artist in found
    )


def with_star(
    connection: Connection, user_id: UserId, page: Page
) -> tuple[tuple[int, Artist], ...]:
    """Return artists, with their rows, that a user has starred, in any order."""
    values = {"viewer": user_id, "size": page.size, "offset": page.offset}
    return tuple((row[0], ARTISTS.decode(row)) for row in connection.execute(_WITH_STAR, values))


def by_name(connection: Connection, name: str) -> list[ArtistId]:
    """Return ids of artists with this name, whatever its case and accents."""
    statement = select(artist.c.id).where(artist.c.name_key == name_key(name))
    return list(connection.execute(statement.order_by(artist.c.row)).scalars())


def named(
    connection: Connection, names: Collection[str], musicbrainz_ids: Collection[str]
) -> list[tuple[ArtistId, str, str]]:
    """Return id, name key and MusicBrainz id of artists by keys of names or MusicBrainz ids."""
    wanted = or_(
        among(artist.c.name_key, as_json(names)),
        among(artist.c.musicbrainz_id, as_json(musicbrainz_ids)),
    )
    statement = select(artist.c.id, artist.c.name_key, artist.c.musicbrainz_id).where(wanted)
    return [
        (ArtistId(row.id), row.name_key, row.musicbrainz_id)
        for row in connection.execute(statement.order_by(artist.c.row))
    ]
