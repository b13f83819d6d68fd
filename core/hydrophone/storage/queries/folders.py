"""The real folder tree."""

from collections import Counter
from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Table,
    exists,
    func,
    literal_column,
    select,
    union_all,
)

from hydrophone.domain.ids import FolderId, LibraryId, UserId
from hydrophone.domain.library import Folder
from hydrophone.domain.music import Album, Artist
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.library import folder
from hydrophone.storage.tables.music import album, album_artist, artist, track
from hydrophone.storage.tables.video import video

_COLUMNS = (folder.c.id, folder.c.library_id, folder.c.parent_id, folder.c.name)
_MOST_BELOW = 200
"""Sub-folders that are looked into; a folder with more is a shelf and no artist."""


def one(connection: Connection, libraries: Collection[int], folder_id: str) -> Folder | None:
    """Return a folder of one of these libraries."""
    statement = select(*_COLUMNS).where(
        folder.c.id == folder_id, folder.c.library_id.in_(libraries)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else Folder(**row._asdict())


def root(connection: Connection, library_id: LibraryId) -> Folder | None:
    """Return a library's root folder; `None` before its first scan."""
    statement = select(*_COLUMNS).where(folder.c.library_id == library_id, folder.c.path == "")
    row = connection.execute(statement).one_or_none()
    return None if row is None else Folder(**row._asdict())


def roots_with_tracks(
    connection: Connection, libraries: Collection[int]
) -> dict[LibraryId, FolderId]:
    """Return {library: its root folder} of those libraries in whose root there are songs."""
    return _roots_with(connection, libraries, track)


def roots_with_videos(
    connection: Connection, libraries: Collection[int]
) -> dict[LibraryId, FolderId]:
    """Return {library: its root folder} of those libraries in whose root there are videos."""
    return _roots_with(connection, libraries, video)


def _roots_with(
    connection: Connection, libraries: Collection[int], things: Table
) -> dict[LibraryId, FolderId]:
    is_there = exists().where(things.c.folder_id == folder.c.id, things.c.missing_since.is_(None))
    statement = select(folder.c.library_id, folder.c.id).where(
        folder.c.library_id.in_(libraries), folder.c.path == "", is_there
    )
    return {LibraryId(row[0]): FolderId(row[1]) for row in connection.execute(statement)}


def children(connection: Connection, parent_id: FolderId) -> Sequence[FolderId]:
    """Return the ids of all folders directly below one, in natural order."""
    statement = (
        select(folder.c.id)
        .where(folder.c.parent_id == parent_id)
        .order_by(folder.c.sort_key, folder.c.id)
    )
    return list(map(FolderId, connection.execute(statement).scalars()))


def some(
    connection: Connection, user_id: UserId, identifiers: Sequence[FolderId]
) -> tuple[Folder, ...]:
    """Return these folders (at most 500) in their order, each with what it stands for."""
    statement = select(*_COLUMNS).where(among(folder.c.id, as_json(identifiers)))
    known = {row.id: Folder(**row._asdict()) for row in connection.execute(statement)}
    return with_subjects(connection, user_id, [known[i] for i in identifiers if i in known])


def with_subjects(
    connection: Connection, user_id: UserId, found: Sequence[Folder]
) -> tuple[Folder, ...]:
    """Add to each folder its album, if it is exactly one, or what was left on its artist."""
    statement = (
        select(track.c.folder_id, func.min(track.c.album_id))
        .where(
            among(track.c.folder_id, as_json([folder.id for folder in found])),
            track.c.missing_since.is_(None),
        )
        .group_by(track.c.folder_id)
        .having(func.min(track.c.album_id) == func.max(track.c.album_id))
    )
    only = {row[0]: row[1] for row in connection.execute(statement)}
    rest = [folder.id for folder in found if folder.id not in only]
    subject_of = subjects(connection, rest) | only
    known_albums = ALBUMS.by_ids(connection, user_id, subject_of.values())
    known_artists = ARTISTS.by_ids(connection, user_id, subject_of.values())
    return tuple(
        _described(
            of,
            known_albums.get(subject_of.get(of.id, "")),
            known_artists.get(subject_of.get(of.id, "")),
        )
        for of in found
    )


def _described(of: Folder, its_album: Album | None, its_artist: Artist | None) -> Folder:
    if its_artist is None:
        return msgspec.structs.replace(of, album=its_album)
    return msgspec.structs.replace(
        of, annotation=its_artist.annotation, average_rating=its_artist.average_rating
    )


def subjects(connection: Connection, identifiers: Sequence[str]) -> dict[str, str]:
    """Return {folder: artist or album} for folders (at most 500) that stand for one.

    For those that do not hold the files of exactly one album. One with files of several stands for
    the artist that it is called like, if they are by him. Of one without files of its own, one file
    of each folder in it, and of each folder in those, is looked at: most of them have to be on
    albums by the same artist first named. But a folder of which all sub-folders hold one album, its
    discs, stands for that album. The root of a library stands for nothing.
    """
    return _by_name(connection, identifiers) | _by_what_lies_below(connection, identifiers)


def _by_name(connection: Connection, identifiers: Sequence[str]) -> dict[str, str]:
    """Return {folder: artist} for folders with several albums of an artist that are named so."""
    named = select(folder.c.id, folder.c.name).where(
        among(folder.c.id, as_json(identifiers)), folder.c.parent_id.is_not(None)
    )
    keys = {row[0]: name_key(row[1]) for row in connection.execute(named)}
    count = func.count(album_artist.c.album_id.distinct())
    theirs = (
        select(track.c.folder_id, artist.c.name_key, artist.c.id)
        .join_from(track, album_artist, album_artist.c.album_id == track.c.album_id)
        .join(artist, artist.c.id == album_artist.c.artist_id)
        .where(
            among(track.c.folder_id, as_json(keys)),
            track.c.missing_since.is_(None),
            album_artist.c.position == 0,
            among(artist.c.name_key, as_json(set(keys.values()))),
        )
        .group_by(track.c.folder_id, artist.c.id)
        .having(count > 1)
        .order_by(count)
    )
    found = connection.execute(theirs)
    return {
        identifier: artist_id for identifier, key, artist_id in found if keys[identifier] == key
    }


def _by_what_lies_below(connection: Connection, identifiers: Sequence[str]) -> dict[str, str]:
    top, inside, deeper = folder.alias("top"), folder.alias("inside"), folder.alias("deeper")
    asked = (
        among(top.c.id, as_json(identifiers)),
        top.c.parent_id.is_not(None),
        ~exists().where(track.c.folder_id == top.c.id, track.c.missing_since.is_(None)),
        _is_small(top),
    )
    directly = (
        select(top.c.id.label("top"), inside.c.id.label("id"), literal_column("1").label("depth"))
        .join_from(top, inside, inside.c.parent_id == top.c.id)
        .where(*asked)
    )
    below_those = (
        select(top.c.id, deeper.c.id, literal_column("2"))
        .join_from(top, inside, inside.c.parent_id == top.c.id)
        .join(deeper, deeper.c.parent_id == inside.c.id)
        .where(*asked, _is_small(inside))
    )
    below = union_all(directly, below_those).subquery()
    of_a_file = (
        select(track.c.album_id)
        .where(track.c.folder_id == below.c.id, track.c.missing_since.is_(None))
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(below.c.top, below.c.depth, album.c.id, album_artist.c.artist_id)
        .join_from(below, album, album.c.id == of_a_file)
        .join(
            album_artist,
            (album_artist.c.album_id == album.c.id) & (album_artist.c.position == 0),
            isouter=True,
        )
    )
    found: dict[str, list[tuple[int, str, str | None]]] = {}
    for identifier, depth, album_id, artist_id in connection.execute(statement):
        found.setdefault(identifier, []).append((depth, album_id, artist_id))
    known = ((identifier, _subject(places)) for identifier, places in found.items())
    return {identifier: subject for identifier, subject in known if subject is not None}


def _is_small(of: FromClause) -> ColumnElement[bool]:
    inside = folder.alias()
    one_too_many = select(inside.c.id).where(inside.c.parent_id == of.c.id).offset(_MOST_BELOW)
    return one_too_many.limit(1).scalar_subquery().is_(None)


def _subject(places: Sequence[tuple[int, str, str | None]]) -> str | None:
    """Return what folders stand for together of which (depth, album, artist) are known."""
    depths, albums, artists = zip(*places, strict=True)
    if len(places) > 1 and set(depths) == {1} and len(set(albums)) == 1:
        return str(albums[0])
    (artist_id, count), *_ = Counter(artists).most_common(1)
    return artist_id if 2 * count > len(places) else None


def local_path(connection: Connection, folder_id: str) -> tuple[int, str] | None:
    """Return (library id, escaped relative path) of a folder."""
    row = connection.execute(
        select(folder.c.library_id, folder.c.path).where(folder.c.id == folder_id)
    ).one_or_none()
    return None if row is None else (row.library_id, row.path)
