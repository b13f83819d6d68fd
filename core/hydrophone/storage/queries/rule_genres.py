"""What smart playlists ask of the genres of a track, in SQL."""

from sqlalchemy import ColumnElement, Connection, func, or_, select

from hydrophone.storage.queries.json_document import Predicate
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.unindexed import unindexed
from hydrophone.storage.tables.music import genre, track, track_genre

_MANY_TRACKS = 5000
"""Of fewer the rows are sooner found by their ids than all others are looked at."""
_MANY_GENRES = 8
"""Which are sooner remembered with their tracks than looked for one by one."""


def has_genre(predicate: Predicate, connection: Connection) -> ColumnElement[bool]:
    """Say that one of a track's genres meets a predicate.

    Tracks of what few have are found by their ids; what many have is looked for beside the title.
    To be read in the snapshot in which it is counted.
    """
    found = connection.execute(select(genre.c.key).where(predicate(genre.c.key)))
    keys = found.scalars().all()
    having = select(track_genre.c.track_id).where(among(track_genre.c.genre_key, as_json(keys)))
    some = having.limit(_MANY_TRACKS).subquery()
    count: int = connection.execute(select(func.count()).select_from(some)).scalar_one()
    if count < _MANY_TRACKS:
        return track.c.id.in_(having)
    # A name without a visible sign is its own key, and may be a line's end.
    if len(keys) > _MANY_GENRES or not all(map(str.strip, keys)):
        # The other way round they would be read in the order of their ids, strewn over the file.
        return unindexed(track.c.id.in_(having))
    places = (func.instr(track.c.genre_keys, f"\n{key}\n") for key in keys)
    return or_(*(func.coalesce(place, 0) > 0 for place in places))
