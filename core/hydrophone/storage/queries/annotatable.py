"""What a user may star or rate: which ids annotations are kept under.

Each function looks up at most MAX_ROWS ids of one kind and returns those that somebody who sees
these libraries may annotate, {id as asked: ids that annotations are kept under}.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Table, func, select

from hydrophone.storage.queries import artists as artist_queries
from hydrophone.storage.queries import folders as folder_queries
from hydrophone.storage.queries import tracks as track_queries
from hydrophone.storage.queries.albums import is_there
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.library import folder
from hydrophone.storage.tables.music import album, alias, artist, track
from hydrophone.storage.tables.video import video

_MOST_IN_FOLDER = 20
"""Albums that a folder stands for; one with more is a heap of files and not albums."""


def tracks(
    connection: Connection, libraries: Collection[int], identifiers: Sequence[str]
) -> dict[str, list[str]]:
    """Look up tracks, those included that are missing for now."""
    return _not_hidden(connection, track, libraries, identifiers)


def albums(
    connection: Connection, libraries: Collection[int], identifiers: Sequence[str]
) -> dict[str, list[str]]:
    """Look up albums."""
    statement = select(album.c.id).where(
        among(album.c.id, as_json(identifiers)), is_there(libraries)
    )
    return {found: [found] for found in connection.execute(statement).scalars()}


def artists(
    connection: Connection, libraries: Collection[int], identifiers: Sequence[str]
) -> dict[str, list[str]]:
    """Look up artists; an id from before a MusicBrainz id was known stands for the present one."""
    asked = func.json_each(as_json(identifiers)).table_valued("value")
    statement = (
        select(asked.c.value, artist.c.id)
        .select_from(asked)
        .join(alias, alias.c.old_id == asked.c.value, isouter=True)
        .join(artist, artist.c.id == func.coalesce(alias.c.new_id, asked.c.value))
        .where(artist_queries.is_there(libraries))
    )
    return {identifier: [current] for identifier, current in connection.execute(statement)}


def folders(
    connection: Connection, libraries: Collection[int], identifiers: Sequence[str]
) -> dict[str, list[str]]:
    """Look up folders; each stands for the album whose files lie directly in it.

    One without files, or with files of several albums, stands for what `folders.subjects` finds,
    and if it finds nothing for all those albums.
    """
    inside = (
        select(track.c.folder_id, track.c.album_id)
        .where(among(track.c.folder_id, as_json(identifiers)), track_queries.is_there(libraries))
        .distinct()
        .subquery()
    )
    number = func.row_number().over(partition_by=inside.c.folder_id, order_by=inside.c.album_id)
    numbered = select(inside, number.label("number")).subquery()
    statement = select(numbered.c.folder_id, numbered.c.album_id).where(
        numbered.c.number <= _MOST_IN_FOLDER
    )
    found: dict[str, list[str]] = {}
    for folder_id, album_id in connection.execute(statement):
        found.setdefault(folder_id, []).append(album_id)
    rest = select(folder.c.id).where(
        among(folder.c.id, as_json([one for one in identifiers if len(found.get(one, ())) != 1])),
        folder.c.library_id.in_(libraries),
    )
    subjects = folder_queries.subjects(connection, connection.execute(rest).scalars().all())
    return found | {folder_id: [subject] for folder_id, subject in subjects.items()}


def videos(
    connection: Connection, libraries: Collection[int], identifiers: Sequence[str]
) -> dict[str, list[str]]:
    """Look up videos, those included that are missing for now."""
    return _not_hidden(connection, video, libraries, identifiers)


def _not_hidden(
    connection: Connection, table: Table, libraries: Collection[int], identifiers: Sequence[str]
) -> dict[str, list[str]]:
    statement = select(table.c.id).where(
        among(table.c.id, as_json(identifiers)),
        table.c.library_id.in_(libraries),
        table.c.hidden.is_(False),
    )
    return {found: [found] for found in connection.execute(statement).scalars()}
