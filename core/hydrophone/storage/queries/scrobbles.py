"""Which plays a scrobbler has yet to be told of."""

from msgspec import Struct
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.playback import play
from hydrophone.storage.tables.scrobble import scrobble_place as table


class PendingPlay(Struct, frozen=True, kw_only=True):
    """A play that is to be handed on."""

    row: int
    track_id: str
    """Or an episode or a video."""
    played: Timestamp
    client: str


def place(connection: Connection, instance: str, user_id: UserId) -> int | None:
    """Return the row of the last play that was handed on; `None` if there was never a place."""
    statement = select(table.c.play_row).where(
        table.c.instance == instance, table.c.user_id == user_id
    )
    return connection.execute(statement).scalar_one_or_none()


def begin(connection: Connection, instance: str, user_id: UserId) -> None:
    """Begin behind the last play of a user: what was before is nobody's business."""
    last = select(func.coalesce(func.max(play.c.row), 0)).where(play.c.user_id == user_id)
    move(connection, instance, user_id, connection.execute(last).scalar_one())


def move(connection: Connection, instance: str, user_id: UserId, play_row: int) -> None:
    """Note that a user's plays have been handed on up to this row."""
    statement = insert(table).values(instance=instance, user_id=user_id, play_row=play_row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.instance, table.c.user_id], set_={"play_row": play_row}
        )
    )


def pending(
    connection: Connection, user_id: UserId, after: int, limit: int
) -> tuple[PendingPlay, ...]:
    """Return the next plays of a user behind a row, in the order in which they came in."""
    rows = connection.execute(
        select(play.c.row, play.c.track_id, play.c.played, play.c.client)
        .where(play.c.user_id == user_id, play.c.row > after)
        .order_by(play.c.row)
        .limit(limit)
    )
    return tuple(
        PendingPlay(
            row=row.row, track_id=row.track_id, played=Timestamp(row.played), client=row.client
        )
        for row in rows
    )
