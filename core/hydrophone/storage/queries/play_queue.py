"""The one saved play queue of each user."""

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.storage.queries import counters
from hydrophone.storage.tables.playback import play_queue


class SavedQueue(Struct, frozen=True, kw_only=True):
    """A queue as saved: ids only, some of which may be gone by now."""

    track_ids: tuple[str, ...]
    current_index: int
    position: Milliseconds
    changed: Timestamp
    changed_by: str


def load(connection: Connection, user_id: UserId) -> SavedQueue | None:
    """Return a user's queue; `None` if nothing is saved."""
    row = connection.execute(
        select(play_queue).where(play_queue.c.user_id == user_id)
    ).one_or_none()
    if row is None:
        return None
    return SavedQueue(
        track_ids=msgspec.json.decode(row.track_ids, type=tuple[str, ...]),
        current_index=row.current_index,
        position=Milliseconds(row.position_ms),
        changed=Timestamp(row.changed),
        changed_by=row.changed_by,
    )


def saved_last(connection: Connection, count: int) -> list[UserId]:
    """Return whose queues were saved last, the last one first."""
    statement = select(play_queue.c.user_id).order_by(play_queue.c.changed.desc()).limit(count)
    return list(connection.execute(statement).scalars())


def save(connection: Connection, user_id: UserId, queue: SavedQueue) -> None:
    """Replace a user's queue."""
    track_ids = msgspec.json.encode(queue.track_ids).decode()
    # Apps save the same queue every few seconds, with another position.
    same = (play_queue.c.user_id == user_id, play_queue.c.track_ids == track_ids)
    if connection.execute(select(play_queue.c.user_id).where(*same)).first() is None:
        counters.bump(connection, counters.CHOICES)
    values = {
        "track_ids": track_ids,
        "current_index": queue.current_index,
        "position_ms": queue.position,
        "changed": queue.changed,
        "changed_by": queue.changed_by,
    }
    statement = insert(play_queue).values(user_id=user_id, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[play_queue.c.user_id], set_=values)
    )


def clear(connection: Connection, user_id: UserId) -> None:
    """Forget a user's queue."""
    connection.execute(play_queue.delete().where(play_queue.c.user_id == user_id))
