"""Albums: single ones, and those lists of them that depend on a user or a genre."""

from collections.abc import Collection
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, select

from hydrophone.domain.ids import ALBUM, ArtistId, LibraryId, UserId
from hydrophone.domain.library import AlbumListKind, AlbumPage, Page
from hydrophone.domain.music import Album
from hydrophone.storage.queries.annotated import Annotated, of_kind
from hydrophone.storage.queries.json_document import as_list, numbers
from hydrophone.storage.queries.json_list import Numbers
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import album, album_artist, track, track_artist

Ts = TypeVarTuple("Ts")

ALBUMS = Annotated(album, Album)


def is_there(libraries: Numbers) -> ColumnElement[bool]:
    """Say that an album has tracks and lies in one of these libraries."""
    return and_(album.c.track_count > 0, album.c.library_id.in_(libraries))


def by_artist(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[int],
    artist_id: ArtistId,
    page: Page,
) -> tuple[Album, ...]:
    """Return the albums of an album artist, oldest first."""
    statement = (
        ALBUMS.select(user_id)
        .where(
            is_there(libraries),
            album.c.id.in_(
                select(album_artist.c.album_id).where(album_artist.c.artist_id == artist_id)
            ),
        )
        .order_by(album.c.year, album.c.sort_key, album.c.row)
    )
    return ALBUMS.all(connection, _window(statement, page))


def featuring(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[int],
    artist_id: ArtistId,
    page: Page,
) -> tuple[Album, ...]:
    """Return the albums with a track by this artist that are not the artist's own."""
    theirs = (
        select(track.c.album_id)
        .join(track_artist, track_artist.c.track_id == track.c.id)
        .where(track_artist.c.artist_id == artist_id, track.c.missing_since.is_(None))
    )
    own = select(album_artist.c.album_id).where(album_artist.c.artist_id == artist_id)
    statement = (
        ALBUMS.select(user_id)
        .where(is_there(libraries), album.c.id.in_(theirs), album.c.id.not_in(own))
        .order_by(album.c.year, album.c.sort_key, album.c.row)
    )
    return ALBUMS.all(connection, _window(statement, page))


def in_library(
    connection: Connection, user_id: UserId, library_id: LibraryId, page: Page
) -> tuple[Album, ...]:
    """Return all albums of a library by name."""
    statement = (
        ALBUMS.select(user_id).where(is_there([library_id])).order_by(album.c.sort_key, album.c.row)
    )
    return ALBUMS.all(connection, _window(statement, page))


def by_annotation(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[int],
    kind: AlbumListKind,
    page: Page,
) -> AlbumPage:
    """Return rows of FREQUENT, RECENT, HIGHEST or STARRED albums of a user, the most so first."""
    column = {
        AlbumListKind.FREQUENT: annotation.c.play_count,
        AlbumListKind.RECENT: annotation.c.last_played,
        AlbumListKind.HIGHEST: annotation.c.rating,
        AlbumListKind.STARRED: annotation.c.starred,
    }[kind]
    theirs = (
        select(album.c.row)
        .join(annotation, and_(annotation.c.item_id == album.c.id, annotation.c.user_id == user_id))
        .where(of_kind(ALBUM), is_there(libraries), column > 0)
        .order_by(column.desc(), album.c.row)
    )
    # All of them, for they have to be counted anyway.
    rows = numbers(connection, as_list(theirs))
    return AlbumPage(rows=page.of(rows), total=len(rows))


def _window(statement: Select[*Ts], page: Page) -> Select[*Ts]:
    return statement.limit(page.size).offset(page.offset)
