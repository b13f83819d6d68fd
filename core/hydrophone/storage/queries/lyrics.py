"""Words that files carry in their tags, and tracks by the names that lyrics go by."""

from collections.abc import Collection

from sqlalchemy import Connection, exists, select

from hydrophone.domain.ids import TrackId
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import tracks
from hydrophone.storage.queries.json_document import member
from hydrophone.storage.tables.music import artist, lyrics, track, track_artist

_FEW = 10
_OF_ONE_TITLE = 500
"""So many of the tracks that are called `Intro` are looked at."""


def embedded(connection: Connection, track_id: TrackId) -> list[str]:
    """Return the words in a track's own tags, those with times first; empty if there are none."""
    statement = select(lyrics.c.text).where(lyrics.c.track_id == track_id)
    return list(connection.execute(statement.order_by(lyrics.c.position)).scalars())


def tracks_named(
    connection: Connection, libraries: Collection[int], artist_name: str, title: str
) -> list[TrackId]:
    """Return tracks of this title by this artist, whatever the case and accents; a few.

    The artist may also be the credit as it is printed (`A feat. B`), which is what apps have as
    the artist of a song, or empty for anybody.
    """
    wanted = name_key(artist_name)
    is_theirs = exists().where(
        track_artist.c.track_id == track.c.id,
        artist.c.id == track_artist.c.artist_id,
        artist.c.name_key == wanted,
    )
    statement = (
        select(track.c.id, is_theirs, member(track.c.document, "display_artist"))
        .where(track.c.name_key == name_key(title), tracks.is_there(libraries))
        .order_by(is_theirs.desc(), track.c.row)
        .limit(_OF_ONE_TITLE)
    )
    return [
        track_id
        for track_id, by_them, credit in connection.execute(statement)
        if by_them or not artist_name or name_key(credit or "") == wanted
    ][:_FEW]
