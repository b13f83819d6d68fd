"""What stands at the top of the library, by letter, with marks that tell what has changed.

Each function reads everything at once, for a thread that holds nobody up.
"""

from array import array
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, func, select

from hydrophone.domain.collation import key_letter
from hydrophone.domain.ids import FolderId
from hydrophone.domain.library import ArtistLetter, FolderLetter
from hydrophone.storage.queries import albums, folders
from hydrophone.storage.queries.annotated import MAX_ROWS
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.library import folder
from hydrophone.storage.tables.music import album, album_artist, artist, track


def of_artists(
    connection: Connection, libraries: Collection[int]
) -> tuple[Sequence[int], tuple[ArtistLetter, ...]]:
    """Return the album artists of some libraries: all rows in collation order, and by letter."""
    statement = (
        select(
            artist.c.row,
            func.count(album.c.id.distinct()),
            artist.c.sort_key,
            artist.c.document,
        )
        .join(album_artist, album_artist.c.artist_id == artist.c.id)
        .join(album, album.c.id == album_artist.c.album_id)
        .where(albums.is_there(libraries))
        .group_by(artist.c.row)
        .order_by(artist.c.sort_key, artist.c.row)
    )
    everybody = array("I")
    letters: dict[str, tuple[array[int], array[int], list[int]]] = {}
    for row, album_count, key, document in connection.execute(statement):
        rows, album_counts, marks = letters.setdefault(
            key_letter(key), (array("I"), array("I"), [])
        )
        everybody.append(row)
        rows.append(row)
        album_counts.append(album_count)
        marks += (row, album_count, hash(document))
    return everybody, tuple(
        ArtistLetter(name=name, keys=rows, album_counts=album_counts, mark=hash(tuple(marks)))
        for name, (rows, album_counts, marks) in letters.items()
    )


def of_folders(connection: Connection, libraries: Collection[int]) -> tuple[FolderLetter, ...]:
    """Return the folders directly below the roots of some libraries."""
    roots = select(folder.c.id).where(folder.c.library_id.in_(libraries), folder.c.path == "")
    only = (
        select(track.c.folder_id, func.min(track.c.album_id).label("album_id"))
        .where(track.c.missing_since.is_(None))
        .group_by(track.c.folder_id)
        .having(func.min(track.c.album_id) == func.max(track.c.album_id))
        .subquery()
    )
    statement = (
        select(
            folder.c.id,
            folder.c.name,
            folder.c.sort_key,
            func.coalesce(album.c.row, 0),
            album.c.document,
        )
        .join(only, only.c.folder_id == folder.c.id, isouter=True)
        .join(album, album.c.id == only.c.album_id, isouter=True)
        .where(folder.c.parent_id.in_(roots))
        .order_by(folder.c.sort_key, folder.c.id)
    )
    letters: dict[str, list[tuple[str, str]]] = {}
    marks: dict[str, list[int]] = {}
    album_rows: dict[str, array[int]] = {}
    artist_rows: dict[str, array[int]] = {}
    # What all albums are is not held at once, only whether it is still the same.
    found_folders = [
        (identifier, name, key_letter(key), row, hash(document))
        for identifier, name, key, row, document in connection.execute(statement)
    ]
    below = _rows_of_subjects(connection, [row[0] for row in found_folders if not row[3]])
    for identifier, name, letter, own, document_hash in found_folders:
        artist_row, album_row, mark = below.get(identifier, (0, own, document_hash))
        letters.setdefault(letter, []).append((identifier, name))
        marks.setdefault(letter, []).extend((album_row, artist_row, mark))
        album_rows.setdefault(letter, array("I")).append(album_row)
        artist_rows.setdefault(letter, array("I")).append(artist_row)
    return tuple(
        FolderLetter(
            name=letter,
            keys=tuple(FolderId(identifier) for identifier, _ in found),
            names=tuple(name for _, name in found),
            albums=album_rows[letter],
            artists=artist_rows[letter],
            mark=hash((*found, *marks[letter])),
        )
        for letter, found in letters.items()
    )


def _rows_of_subjects(
    connection: Connection, identifiers: Sequence[str]
) -> dict[str, tuple[int, int, int]]:
    """Return {folder: (row of its artist or 0, row and mark of its album or 0)} by what lies below.

    Of an artist the folder shows nothing that a scan changes.
    """
    found: dict[str, tuple[int, int, int]] = {}
    for start in range(0, len(identifiers), MAX_ROWS):
        subjects = folders.subjects(connection, identifiers[start : start + MAX_ROWS])
        wanted = as_json(set(subjects.values()))
        artists = select(artist.c.id, artist.c.row).where(among(artist.c.id, wanted))
        rows = {row[0]: (row[1], 0, 0) for row in connection.execute(artists)}
        columns = album.c.id, album.c.row, album.c.document
        albums_found = connection.execute(select(*columns).where(among(album.c.id, wanted)))
        rows |= {row[0]: (0, row[1], hash(row[2])) for row in albums_found}
        found |= {identifier: rows[subject] for identifier, subject in subjects.items()}
    return found
