"""The one saved play queue of each user."""

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Milliseconds, Timestamp
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


def save(connection: Connection, user_id: UserId, queue: SavedQueue) -> None:
    """Replace a user's queue."""
    values = {
        "track_ids": msgspec.json.encode(queue.track_ids).decode(),
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
