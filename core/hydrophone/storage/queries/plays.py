"""Listens on record."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, literal, select, union
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import annotations
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.music import album_artist, track, track_artist
from hydrophone.storage.tables.playback import play


def record(
    connection: Connection,
    user_id: UserId,
    listens: Sequence[tuple[str, Timestamp]],
    client: str,
) -> int:
    """Put listens (track, when) on record and count each on its track, album and artists.

    At most MAX_ROWS at a time. Returns how many were new: the same listen reported again
    changes nothing, nor does one of a track that does not exist.
    """
    heard = func.json_each(as_json(listens)).table_valued("value")
    known = select(
        literal(user_id), track.c.id, func.json_extract(heard.c.value, "$[1]"), literal(client)
    ).where(track.c.id == func.json_extract(heard.c.value, "$[0]"))
    new = connection.execute(
        insert(play)
        .from_select(["user_id", "track_id", "played", "client"], known)
        .on_conflict_do_nothing()
        .returning(play.c.track_id, play.c.played)
    ).all()
    things = _things(connection, [track_id for track_id, _ in new])
    plays = [(thing, played) for track_id, played in new for thing in things[track_id]]
    annotations.count_plays(connection, user_id, plays)
    return len(new)


def _things(connection: Connection, track_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return, for each of these tracks, itself, its album and the artists of both, each once."""
    these = among(track.c.id, as_json(track_ids))
    statement = union(
        select(track.c.id, track.c.album_id).where(these),
        select(track.c.id, track_artist.c.artist_id)
        .join(track_artist, track_artist.c.track_id == track.c.id)
        .where(these, track_artist.c.role == "artist"),
        select(track.c.id, album_artist.c.artist_id)
        .join(album_artist, album_artist.c.album_id == track.c.album_id)
        .where(these),
    )
    things = {track_id: [track_id] for track_id in track_ids}
    for track_id, thing in connection.execute(statement):
        things[track_id].append(thing)
    return things
