"""Listens on record: by scrobbles, by reports of players, or by both, and then as one."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, func, literal, select, union, union_all
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.listening import Listen
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import annotations
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.music import album_artist, track, track_artist
from hydrophone.storage.tables.playback import play
from hydrophone.storage.tables.podcast import podcast_episode
from hydrophone.storage.tables.video import video

_SLACK_MS = 60_000
"""How far an app's clock may be wrong, or its scrobble late, to be of a listen it reported."""


def record(
    connection: Connection,
    user_id: UserId,
    listens: Sequence[tuple[str, Timestamp]],
    client: str,
) -> list[tuple[str, Timestamp]]:
    """Put scrobbled listens (track, episode or video, when) on record.

    Each counts on track, album and artists, or on its episode or video.

    At most MAX_ROWS at a time. Returns those that were new: the same listen scrobbled again
    changes nothing, nor does one that this client has reported while it was played, nor one of a
    thing that does not exist.
    """
    new = _not_reported(connection, user_id, listens, client)
    heard = func.json_each(as_json(new)).table_valued("value")
    known = union_all(
        *(
            select(
                literal(user_id), item, func.json_extract(heard.c.value, "$[1]"), literal(client)
            ).where(item == func.json_extract(heard.c.value, "$[0]"))
            for item in (track.c.id, podcast_episode.c.id, video.c.id)
        )
    )
    rows = connection.execute(
        insert(play)
        .from_select(["user_id", "track_id", "played", "client"], known)
        .on_conflict_do_nothing()
        .returning(play.c.track_id, play.c.played)
    ).all()
    recorded = [(track_id, Timestamp(played)) for track_id, played in rows]
    _count(connection, user_id, recorded)
    return recorded


def last_scrobbled(
    connection: Connection, user_id: UserId, track_ids: Collection[str], client: str
) -> dict[str, Timestamp]:
    """Return {id: when} of the newest listen to each of these that a client has scrobbled.

    Those without any are left out.
    """
    if not track_ids:
        return {}
    statement = (
        select(play.c.track_id, func.max(play.c.played))
        .where(
            play.c.user_id == user_id,
            among(play.c.track_id, as_json(track_ids)),
            play.c.client == client,
            play.c.scrobbled,
        )
        .group_by(play.c.track_id)
    )
    return {track_id: Timestamp(when) for track_id, when in connection.execute(statement)}


def record_listen(connection: Connection, user_id: UserId, listen: Listen, client: str) -> bool:
    """Put a reported listen on record, unless the client has scrobbled it already.

    Returns whether there is one play more now.
    """
    scrobbled = connection.execute(
        select(play.c.row)
        .where(
            play.c.user_id == user_id,
            play.c.track_id == listen.track_id,
            play.c.client == client,
            play.c.listen_started.is_(None),
            play.c.played.between(listen.started - _SLACK_MS, listen.reported + _SLACK_MS),
        )
        .order_by(play.c.played)
    ).scalar()
    span = {"listen_started": listen.started, "listen_ended": listen.expected_end}
    if scrobbled is not None:
        connection.execute(play.update().where(play.c.row == scrobbled).values(span))
        return False
    values = {
        "user_id": user_id,
        "track_id": listen.track_id,
        "played": listen.started,
        "client": client,
        "scrobbled": False,
    }
    new = connection.execute(insert(play).values(values | span).on_conflict_do_nothing())
    if new.rowcount:
        _count(connection, user_id, [(listen.track_id, listen.started)])
    return bool(new.rowcount)


def extend_listen(connection: Connection, user_id: UserId, listen: Listen, client: str) -> None:
    """Note that a reported listen that is on record goes on."""
    connection.execute(
        play.update()
        .where(
            play.c.user_id == user_id,
            play.c.track_id == listen.track_id,
            play.c.client == client,
            play.c.listen_started == listen.started,
        )
        .values(listen_ended=listen.expected_end)
    )


def _not_reported(
    connection: Connection,
    user_id: UserId,
    listens: Sequence[tuple[str, Timestamp]],
    client: str,
) -> list[tuple[str, Timestamp]]:
    """Return the listens that this client has not reported; note that the others are scrobbled.

    A play that was reported stands for one scrobble. It gets the scrobble's time, by which the
    same scrobble is known if it comes again.
    """
    these = among(play.c.track_id, as_json({track_id for track_id, _ in listens}))
    statement = (
        select(play.c.row, play.c.track_id, play.c.listen_started, play.c.listen_ended)
        .where(play.c.user_id == user_id, these, play.c.client == client, ~play.c.scrobbled)
        .order_by(play.c.listen_started)
    )
    reported = list(connection.execute(statement))
    if not reported:
        return list(listens)
    new = []
    for track_id, when in listens:
        found = next(
            (
                row
                for row in reported
                if row.track_id == track_id
                and row.listen_started - _SLACK_MS <= when <= row.listen_ended + _SLACK_MS
            ),
            None,
        )
        if found is None:
            new.append((track_id, when))
            continue
        reported.remove(found)
        taken = select(play.c.row).where(
            play.c.user_id == user_id, play.c.track_id == track_id, play.c.played == when
        )
        if connection.execute(taken).first() in (None, (found.row,)):
            connection.execute(
                play.update().where(play.c.row == found.row).values(scrobbled=True, played=when)
            )
    return new


def _count(
    connection: Connection, user_id: UserId, listens: Sequence[tuple[str, Timestamp]]
) -> None:
    things = _things(connection, [track_id for track_id, _ in listens])
    plays = [(thing, played) for track_id, played in listens for thing in things[track_id]]
    annotations.count_plays(connection, user_id, plays)


def _things(connection: Connection, track_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return, for each of these, itself, and of tracks album and the artists of both, each once."""
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
