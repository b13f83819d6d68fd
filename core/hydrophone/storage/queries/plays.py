"""Listens on record."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import annotations
from hydrophone.storage.tables.music import album_artist, track, track_artist
from hydrophone.storage.tables.playback import play


def record(
    connection: Connection, user_id: UserId, track_id: str, played: Timestamp, client: str
) -> bool:
    """Put a listen on record and count it on track, album and artists.

    Returns whether it was new: the same listen reported again changes nothing.
    """
    inserted = connection.execute(
        insert(play)
        .values(user_id=user_id, track_id=track_id, played=played, client=client)
        .on_conflict_do_nothing()
    )
    if inserted.rowcount == 0:
        return False
    album_id = connection.execute(
        select(track.c.album_id).where(track.c.id == track_id)
    ).scalar_one()
    artists = connection.execute(
        select(track_artist.c.artist_id)
        .where(track_artist.c.track_id == track_id, track_artist.c.role == "artist")
        .union(select(album_artist.c.artist_id).where(album_artist.c.album_id == album_id))
    ).scalars()
    annotations.count_play(connection, user_id, [track_id, album_id, *artists], played)
    return True
