"""What a user has starred, of every kind."""

from collections.abc import Collection, Mapping

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, Table, bindparam, select

from hydrophone.domain.ids import ALBUM, ARTIST, TRACK, VIDEO, UserId
from hydrophone.storage.queries import albums, artists, tracks, videos
from hydrophone.storage.queries.annotated import of_kind
from hydrophone.storage.queries.json_document import as_list, numbers
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import album, artist, track
from hydrophone.storage.tables.video import video

_LIBRARIES: BindParameter[Collection[int]] = bindparam("libraries", expanding=True)


def _newest_first(table: Table, kind: str, is_there: ColumnElement[bool]) -> Select[str]:
    return as_list(
        select(table.c.row)
        .join(annotation, annotation.c.item_id == table.c.id)
        .where(
            annotation.c.user_id == bindparam("viewer"),
            of_kind(kind),
            annotation.c.starred.is_not(None),
            is_there,
        )
        .order_by(annotation.c.starred.desc(), table.c.row)
    )


# Made once: putting them together takes longer than running most of them.
_ROWS: Mapping[str, Select[str]] = {
    ARTIST: _newest_first(artist, ARTIST, artists.is_there(_LIBRARIES)),
    ALBUM: _newest_first(album, ALBUM, albums.is_there(_LIBRARIES)),
    TRACK: _newest_first(track, TRACK, tracks.is_there(_LIBRARIES)),
    VIDEO: _newest_first(video, VIDEO, videos.is_there(_LIBRARIES)),
}


_TRACK_IDS = (
    select(annotation.c.item_id)
    .where(
        annotation.c.user_id == bindparam("viewer"),
        of_kind(TRACK),
        annotation.c.starred.is_not(None),
    )
    .order_by(annotation.c.starred.desc(), annotation.c.item_id)
    .limit(bindparam("count"))
)


def track_ids(connection: Connection, user_id: UserId, count: int) -> list[str]:
    """Return the ids of some tracks that a user has starred, the newest star first."""
    values = {"viewer": user_id, "count": count}
    return list(connection.execute(_TRACK_IDS, values).scalars())


def rows(
    connection: Connection, user_id: UserId, libraries: Collection[int]
) -> dict[str, list[int]]:
    """Return {kind of id: rows} of all starred artists, albums, tracks and videos that are there.

    The newest star comes first; a kind of which nothing is starred has no rows.
    """
    values = {"viewer": user_id, "libraries": libraries}
    return {kind: numbers(connection, statement, values) for kind, statement in _ROWS.items()}
