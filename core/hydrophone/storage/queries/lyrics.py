"""Words that files carry in their tags, and tracks by the names that lyrics go by."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from hydrophone.domain.ids import TrackId
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import tracks
from hydrophone.storage.tables.music import artist, lyrics, track, track_artist

_FEW = 10


def embedded(connection: Connection, track_id: TrackId) -> list[str]:
    """Return the words in a track's own tags, those with times first; empty if there are none."""
    statement = select(lyrics.c.text).where(lyrics.c.track_id == track_id)
    return list(connection.execute(statement.order_by(lyrics.c.position)).scalars())


def tracks_named(
    connection: Connection, libraries: Collection[int], artist_name: str, title: str
) -> list[TrackId]:
    """Return tracks of this title by this artist, whatever the case and accents; a few."""
    theirs = (
        select(track_artist.c.track_id)
        .join(artist, artist.c.id == track_artist.c.artist_id)
        .where(artist.c.name_key == name_key(artist_name))
    )
    statement = select(track.c.id).where(
        track.c.name_key == name_key(title), track.c.id.in_(theirs), tracks.is_there(libraries)
    )
    return list(connection.execute(statement.order_by(track.c.row).limit(_FEW)).scalars())
