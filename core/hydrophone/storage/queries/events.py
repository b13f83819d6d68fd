"""Events, in the order in which they happened."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select

from hydrophone.domain.event import EventId, EventKind, LiveEvent, NewEvent
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.event import event

_columns = event.c


def add(connection: Connection, news: Sequence[NewEvent], now: Timestamp) -> None:
    """Tell some things (one at least), within the transaction that does them."""
    connection.execute(
        event.insert(),
        [
            {
                "kind": new.kind,
                "at": now,
                "data": new.data.decode(),
                "is_public": new.is_public,
                "user_id": new.user_id,
                "library_id": new.library_id,
            }
            for new in news
        ],
    )


def after(connection: Connection, event_id: EventId, limit: int) -> tuple[LiveEvent, ...]:
    """Return the events behind one, the oldest first."""
    rows = connection.execute(
        select(event).where(_columns.id > event_id).order_by(_columns.id).limit(limit)
    )
    return tuple(
        LiveEvent(
            id=EventId(row.id),
            at=Timestamp(row.at),
            kind=EventKind(row.kind),
            data=row.data.encode(),
            is_public=row.is_public,
            user_id=row.user_id,
            library_id=row.library_id,
        )
        for row in rows
    )


def span(connection: Connection) -> tuple[EventId, EventId]:
    """Return the first and the last event that are kept; both 0 if there never was one."""
    first, last = connection.execute(select(func.min(_columns.id), func.max(_columns.id))).one()
    return EventId(first or 0), EventId(last or 0)


def prune(connection: Connection, before: Timestamp, most: int) -> None:
    """Forget events from before a time, and the oldest above a number; the last one stays.

    From the last one it is seen whether an app has missed any.
    """
    last = connection.execute(select(func.max(_columns.id))).scalar_one()
    if last is not None:
        is_old = (_columns.at < before) | (_columns.id <= last - most)
        connection.execute(delete(event).where(is_old, _columns.id < last))
