"""Tracks: single ones, those of an album, folder, genre or artist, and random ones."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, select

from hydrophone.domain.ids import AlbumId, ArtistId, FolderId, LibraryId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.music import Track
from hydrophone.domain.stored_track import StoredTrack
from hydrophone.domain.units import Seconds
from hydrophone.storage.queries.annotated import MAX_ROWS, Annotated, annotation_of
from hydrophone.storage.queries.json_list import Numbers, among, as_json, listed
from hydrophone.storage.queries.native_ids import LOCAL, local_path
from hydrophone.storage.queries.unindexed import unindexed
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.library import folder
from hydrophone.storage.tables.music import track, track_artist
from hydrophone.storage.tables.origin import origin

TRACKS = Annotated(track, Track, known=track.c.hidden.is_(False))


def is_there(libraries: Numbers, *, by_index: bool = True) -> ColumnElement[bool]:
    """Say that a track can be played and lies in one of these libraries.

    Without `by_index` no index is searched for it: for statements that may look through all tracks.
    """
    missing, library = track.c.missing_since, track.c.library_id
    if not by_index:
        return and_(unindexed(missing).is_(None), unindexed(library).in_(libraries))
    return and_(missing.is_(None), library.in_(libraries))


# Made once, as the next ones: putting them together takes longer than running most.
_ASKED = listed(bindparam("identifiers"))
_UNREAD = TRACKS.select(bindparam("viewer")).add_columns(
    track.c.id, track.c.library_id, track.c.duration
)
_STORED = _UNREAD.join(_ASKED, _ASKED.c.value == track.c.id).where(track.c.hidden.is_(False))
_STORED_BY_ROWS = _UNREAD.where(among(track.c.row, bindparam("rows")))


def stored(
    connection: Connection, user_id: UserId, identifiers: Sequence[str]
) -> Iterator[StoredTrack]:
    """Return those of these tracks (at most MAX_ROWS) that exist, unread, whoever may see them."""
    values = {"viewer": user_id, "identifiers": as_json(identifiers[:MAX_ROWS])}
    return map(_stored, connection.execute(_STORED, values).all())


def stored_by_rows(
    connection: Connection, user_id: UserId, rows: Sequence[int]
) -> dict[int, StoredTrack]:
    """Return {row: track} unread for these row numbers, in this order; gone ones are left out.

    At most MAX_ROWS at a time.
    """
    values = {"viewer": user_id, "rows": as_json(rows[:MAX_ROWS])}
    found = {row[0]: row for row in connection.execute(_STORED_BY_ROWS, values).all()}
    return {row: _stored(found[row]) for row in rows if row in found}


def _stored(row: Row[*tuple[Any, ...]]) -> StoredTrack:
    _, document, *traces, average, identifier, library_id, duration = row
    return StoredTrack(
        id=identifier,
        library_id=library_id,
        duration=duration,
        document=document,
        annotation=annotation_of(*traces),
        average_rating=average or 0,
    )


_OF_ALBUM = (
    TRACKS.select(bindparam("viewer"))
    .where(
        track.c.album_id == bindparam("album"),
        is_there(bindparam("libraries", expanding=True)),
    )
    .order_by(track.c.disc_number, track.c.track_number, track.c.row)
    .limit(bindparam("size"))
    .offset(bindparam("offset"))
)


def of_album(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[int],
    album_id: AlbumId,
    page: Page,
) -> tuple[Track, ...]:
    """Return an album's tracks by disc and number."""
    values = {
        "viewer": user_id,
        "album": album_id,
        "libraries": libraries,
        "size": page.size,
        "offset": page.offset,
    }
    return tuple(map(TRACKS.decode, connection.execute(_OF_ALBUM, values).all()))


# By album first, as the index is.
_OF_ALBUMS = (
    TRACKS.select(bindparam("viewer"))
    .where(
        among(track.c.album_id, bindparam("albums")),
        is_there(bindparam("libraries", expanding=True)),
    )
    .order_by(track.c.album_id, track.c.disc_number, track.c.track_number, track.c.row)
    .limit(MAX_ROWS)
)


def of_albums(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[int],
    album_ids: Collection[AlbumId],
) -> dict[AlbumId, list[Track]] | None:
    """Return the tracks of each album by disc and number; `None` if MAX_ROWS or more in all."""
    values = {"viewer": user_id, "albums": as_json(album_ids), "libraries": libraries}
    rows = connection.execute(_OF_ALBUMS, values).all()
    if len(rows) == MAX_ROWS:
        return None
    found: dict[AlbumId, list[Track]] = {one: [] for one in album_ids}
    for one in map(TRACKS.decode, rows):
        found[one.album_id].append(one)
    return found


def in_folder(
    connection: Connection, user_id: UserId, folder_id: FolderId, page: Page
) -> tuple[Track, ...]:
    """Return the tracks whose files lie directly in a folder, by disc, number and name."""
    statement = (
        TRACKS.select(user_id)
        .where(track.c.folder_id == folder_id, track.c.missing_since.is_(None))
        .order_by(track.c.disc_number, track.c.track_number, track.c.name_key, track.c.row)
        .limit(page.size)
        .offset(page.offset)
    )
    return TRACKS.all(connection, statement)


def below_folder(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[int],
    folder_id: FolderId,
    page: Page,
) -> tuple[Track, ...]:
    """Return the tracks in a folder and in all that are below it, by folder, disc and number."""
    below = select(folder.c.id).where(folder.c.id == folder_id).cte(recursive=True)
    below = below.union_all(select(folder.c.id).join(below, folder.c.parent_id == below.c.id))
    statement = (
        TRACKS.select(user_id)
        .join(folder, folder.c.id == track.c.folder_id)
        .where(folder.c.id.in_(select(below.c.id)), is_there(libraries))
        .order_by(folder.c.path, track.c.disc_number, track.c.track_number, track.c.row)
        .limit(page.size)
        .offset(page.offset)
    )
    return TRACKS.all(connection, statement)


def of_artist(
    connection: Connection,
    user_id: UserId,
    libraries: Collection[int],
    artist_id: ArtistId,
    limit: int,
) -> tuple[Track, ...]:
    """Return an artist's tracks: what is played most first, then what this user has rated.

    This user's own plays count twice; of the others only the sum is looked at.
    """
    everybody = annotation.alias()
    played = (
        select(func.coalesce(func.sum(everybody.c.play_count), 0))
        .where(everybody.c.item_id == track.c.id)
        .scalar_subquery()
    )
    theirs = select(track_artist.c.track_id).where(
        track_artist.c.artist_id == artist_id, track_artist.c.role == "artist"
    )
    statement = (
        TRACKS.select(user_id)
        .where(track.c.id.in_(theirs), is_there(libraries))
        .order_by(
            (played + func.coalesce(annotation.c.play_count, 0)).desc(),
            func.coalesce(annotation.c.rating, 0).desc(),
            track.c.year.desc(),
            track.c.row,
        )
        .limit(limit)
    )
    return TRACKS.all(connection, statement)


class LocalFile(Struct, frozen=True, kw_only=True):
    """Where the local file of a track is."""

    library_id: LibraryId
    path: str
    """Escaped, relative to the library's root."""
    start: Seconds | None
    """Where in the file the track begins; `None` if it is all of the file."""


def local_file(connection: Connection, track_id: str) -> LocalFile | None:
    """Return the file of a track; `None` if it has none now."""
    row = connection.execute(
        select(origin.c.library_id, origin.c.native_id, origin.c.start).where(
            origin.c.track_id == track_id, origin.c.source == LOCAL
        )
    ).first()
    if row is None:
        return None
    return LocalFile(library_id=row[0], path=local_path(row[1]), start=row[2])
